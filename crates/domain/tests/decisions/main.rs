//! Decisions of a declaration: given its history, when a command comes, then these events or this refusal.

mod axes;
mod bulk;
mod conflict;
mod contact;
mod correct;
mod evidence;
mod flags;
mod forget;
mod forgotten;
mod hand_over;
mod harness;
mod link;
mod logo;
mod look_up;
mod make;
mod merge;
mod publish;
mod redo;
mod register;
mod size;
mod sole_trader;
mod star;
mod status_check;
mod stop;
mod undo;
