//! Requests of data subjects: the list, a case, what we hold, opening, changing.

pub mod change;
pub mod holdings;
pub mod open;
pub mod query;
pub mod types;
