//! Mail that goes out: the ledger, one message, what people decide about it, and to whom nothing goes.

pub mod decide;
pub mod lift;
pub mod query;
pub mod suppress;
pub mod suppression;
pub mod test;
pub mod types;
pub mod words;
