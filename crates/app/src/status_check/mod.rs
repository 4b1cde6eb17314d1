//! 照会: where many declarations stand on a day, for other offices, by the numbers that these have.

mod check;
mod report;
mod sheet;
mod wire;

pub use check::{CheckStatus, CheckStatusError, Counts, ROWS_MAX, RowAnswer, RowAsked, StatusReport};
pub use sheet::{FILE_BYTES_MAX, Sheet, SheetError, SheetProblem, SheetRow};
pub use wire::{Question, ReportJson, SheetJson};
