//! Mail that comes in: kept as it came before anything looks into it, then read, and what it reports about mail of ours written down.
//!
//! What a raw message says is for whoever reads it (`crates/mail`); here is what becomes of it.

mod content;
mod read;
mod take;

use uuid::Uuid;

pub use content::{AttachedFile, Correspondent, MailContent, MailContents, NamedFile, RawBytes};
pub use read::{IncomingKind, Report, ReportsAbout, WaitingMail, WhatItIs};
pub use storage::incoming_mail::MailboxCursor;
pub use take::{MailSource, RawMail, TakenMail};

/// What the bytes of a message are sealed for.
fn content_label(id: Uuid) -> String {
    format!("incoming-mail/{id}")
}
