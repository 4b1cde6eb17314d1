//! Saved views of the list of declarations.

pub mod make_default;
pub mod query;
pub mod remove;
pub mod save;
