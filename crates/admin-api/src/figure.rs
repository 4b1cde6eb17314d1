//! Figures of the register.

pub mod query;
pub mod types;
