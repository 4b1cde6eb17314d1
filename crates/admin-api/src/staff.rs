//! Sessions and accounts of staff.

pub mod accept_invitation;
pub mod session;
pub mod sign_in;
pub mod types;
