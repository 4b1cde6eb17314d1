//! Schedules: what fires when, what became of it, and what staff do with them.

pub mod change;
pub mod define;
pub mod fields;
pub mod outcome;
pub mod pause;
pub mod query;
pub mod remove;
pub mod resume;
pub mod run_now;
pub mod types;
