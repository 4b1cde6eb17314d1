//! Changes of many declarations: choosing records, beginning, stopping, taking back, and looking at what became of each.

pub mod freeze;
pub mod query;
pub mod start;
pub mod touch;
pub mod types;
pub mod undo;
