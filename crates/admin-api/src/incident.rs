//! Incidents: the list, a case, whose data may have been seen, the report, opening, changing.

pub mod affected;
pub mod change;
pub mod open;
pub mod query;
pub mod types;
