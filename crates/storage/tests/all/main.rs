//! Every query and every projection, on both engines.

mod calendar;
mod declarations;
mod inline;
mod plans;
mod projection;
mod rebuild;
mod state;
mod support;
mod transfer;
