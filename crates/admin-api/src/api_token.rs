//! Tokens by which programs read.

pub mod issue;
pub mod query;
pub mod revoke;
pub mod types;
