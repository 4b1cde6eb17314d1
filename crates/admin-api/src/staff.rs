//! Sessions and accounts of staff.

pub mod accept_invitation;
pub mod accounts;
pub mod change_account;
pub mod invite;
pub mod mail;
pub mod passkey;
pub mod passkey_sign_in;
pub mod password;
pub mod password_link;
pub mod provider;
pub mod reset_second_factor;
pub mod same_person;
pub mod second_factor;
pub mod session;
pub mod sessions;
pub mod sign_in;
pub mod types;
