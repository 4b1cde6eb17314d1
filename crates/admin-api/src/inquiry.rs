//! Inquiries: the queues of the desk, a thread, and what is done with it.

pub mod bulk;
pub mod change;
pub mod charset;
pub mod context;
pub mod draft;
pub mod entry;
pub mod merge;
pub mod numbers;
pub mod query;
pub mod reply;
pub mod split;
pub mod types;
pub mod watch;
pub mod withdraw;
