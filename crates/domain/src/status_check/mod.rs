//! 照会: what other offices ask about many declarations at once, and what each is told. Whoever grants a subsidy asks for numbers that
//! somebody typed into a form, on a day in the past; a buyer asks for those of all its suppliers.

mod answer;
mod ask;
mod columns;
mod name;

pub use answer::{Answer, Candidate, Outcome, OutcomeKind, Record, answer, choose};
pub use ask::{AskProblem, Asked, NAME_MAX, Typed, ask};
pub use columns::{Column, Columns, guess};
pub use name::{NameCheck, NameOnRecord, check_name};
