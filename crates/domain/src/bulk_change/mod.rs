//! One change that is made to many declarations: which changes there are, what becomes of one record, and what the log keeps of it.
//!
//! Each record goes through the decision that the same change of one record goes through; nothing is decided anew here. See ADR 40.

mod action;
mod event;
mod judge;

pub use action::{BulkAction, BulkField, BulkKind};
pub use event::{BulkChangeEvent, Frozen, PART_CONTENT, SCHEMA_VERSION, Started, TAG_BULK_CHANGE};
pub use judge::{BulkRefusal, Difference, On, Outcome, Verdict, differences, judge};
