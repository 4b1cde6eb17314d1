//! Templates of answers.

pub mod fill;
pub mod query;
pub mod retire;
pub mod save;
pub mod types;
