//! What needs a second person: the inbox, asking, deciding.

pub mod content;
pub mod decide;
pub mod query;
pub mod request;
pub mod types;
pub mod watch;
