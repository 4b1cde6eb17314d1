//! Files that leave with a view of the register: asking for one, stopping, destroying, and looking at them. The bytes leave by
//! `POST /exports/declarations`.

pub mod query;
pub mod request;
pub mod touch;
pub mod types;
