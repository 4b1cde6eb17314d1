//! Inquiries: to which one a message belongs, written with the event, and the list of them.
//!
//! The list is a projection of its own, in the background, with its own checkpoint: a row follows from all events of its inquiry, so writing
//! it again changes nothing, and rows of another version are written over while they are read.

pub(crate) mod forget;
mod list;
mod message;
mod numbers;
mod page;
mod project;
mod queue;
mod runner;
mod search;
mod write;

pub use list::{
    COUNTED_MAX, InquiryFilter, InquiryPlace, InquiryRow, InquirySort, Queue, RowWords, count, explain_count,
    explain_list, list, over_before,
};
pub(crate) use message::InquiryMessageTable;
pub use message::{Direction, NamedMessage, acknowledged_since, correspondence, named};
pub use numbers::{Counted, CourseRow, DayCount, NumberSpan, counted, courses};
pub use runner::InquiryProjection;
pub use search::{SEARCH_LENGTH_MAX, SEARCH_TERMS_MAX, Search, SearchError};

/// The name of this projection in `projection_checkpoint`.
pub(crate) const NAME: &str = "inquiries";
/// Of the code that makes the rows. Raise it when they change: the next start then writes them anew.
pub(crate) const VERSION: i64 = 3;
