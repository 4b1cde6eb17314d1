//! Who read whose personal data.

pub mod query;
pub mod security;
pub mod types;
