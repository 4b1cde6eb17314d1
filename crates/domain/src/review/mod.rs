//! 要確認: what somebody has to look at because it may be wrong. What is suspected is found again and again by the same pure rules; what
//! somebody decided about it is an event, so that the same suspicion does not come back.
//!
//! A suspicion is known by its *ground*: what makes it the same one when it is found again. Nothing personal is in it but keyed hashes.
//! See ADR 42.

mod compare;
mod decide;
mod event;
mod find;
mod kind;
mod page;
mod provider;

pub use compare::{Changes, Known, Standing, compare};
pub use decide::{ReviewProblem, decide_reason};
pub use event::{Decided, PagesRequested, ReviewEvent, SCHEMA_VERSION, SearchRequested, TAG_REVIEW};
pub use find::{MEMBERS_MAX, ReviewRules, Seen, Suspicion, digest, find, still_found};
pub use kind::{Act, Lasting, ReviewKind, ReviewRule, Verdict};
pub use page::{PageAnswer, PageState};
pub use provider::is_anybodys;
