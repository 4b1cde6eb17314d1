//! 要確認: the queues of suspicions, one of them, who works on it, and what is decided.

pub mod ask_pages;
pub mod claim;
pub mod decide;
pub mod find;
pub mod query;
pub mod types;
