//! Articles of the frequently asked questions, and which of them may answer an inquiry.

pub mod change;
pub mod query;
pub mod save;
pub mod types;
