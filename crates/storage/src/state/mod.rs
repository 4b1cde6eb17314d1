//! Operational tables: what is no fact of the register, and so not in the log.

pub mod attachment;
pub mod backup;
pub mod bulk_change_row;
pub mod clock;
pub mod credential;
pub mod export_piece;
pub mod identity;
pub mod identity_attempt;
pub mod invitation;
pub mod job;
pub mod lease;
pub mod list_view;
pub mod mail;
pub mod mail_link;
pub mod passkey;
pub mod passkey_ceremony;
pub mod password_link;
pub mod read_audit;
pub mod read_record;
pub mod recovery_code;
pub mod security_record;
pub mod session;
pub mod sign_in_attempt;
pub mod sign_in_delay;
pub mod totp;
pub mod viewer;
