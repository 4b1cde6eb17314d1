//! Figures: how many declarations there are on a day, and of which kind.
//!
//! What is counted of one declaration ([`Counted`]) is constant over spans of days. [`spans`] folds them from [`Step`]s, which
//! are read from events without anything personal in them. [`changes`] says by how much each [`Cell`] changes on which day; the sum of all
//! changes until a day is how many declarations are in that cell on it.

mod asked;
mod cell;
mod counted;
mod span;
mod step;

pub use asked::{AsOfError, FIRST_DAY, is_planned, latest_day, read_as_of};
pub use cell::{Cell, Dimension, Value, changes};
pub use counted::{Counted, Month, Standing, StandingKind};
pub use span::{Span, spans};
pub use step::Step;
