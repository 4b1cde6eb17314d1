//! Reading an old register row by row. Pure: files, encodings and look-ups are the caller's.
//!
//! [`Columns::read`] understands the heading, [`Columns::read_row`] everything about a row that needs no look-up, and
//! [`judge`] what the rows accepted before mean for it. A row is refused for the first of: ragged, number, name, date,
//! star, length, conflict. Warnings never stop a row.

mod columns;
mod judge;
mod row;
mod standing;
mod words;

pub use columns::{Columns, HEADINGS, HeadingError};
pub use judge::{Earlier, Verdict, duplicate, judge};
pub use row::{LegacyRow, Refusal, RefusalCode, RowReading, Warning};
pub use words::Words;
