//! Imports: saying how a file is read, beginning, stopping, discarding, and looking at what was found in its rows. The file itself comes by
//! `POST /uploads/imports`.

pub mod discard;
pub mod map;
pub mod query;
pub mod start;
pub mod touch;
pub mod types;
