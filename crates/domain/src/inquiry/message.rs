//! A message as an inquiry knows it, without its words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::IncomingMailId;
use crate::wire::wire_enum;

wire_enum! {
    /// What a message is.
    MessageKind {
        /// Somebody wrote it.
        Human = "human",
        /// A program answers, or says something by itself.
        AutoReply = "auto_reply",
        /// It went to a list.
        List = "list",
        /// A person has to look at what it is.
        Unreadable = "unreadable",
    }
}

/// A message that came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Which: where its bytes are kept as they came.
    pub id: IncomingMailId,
    /// What it is.
    pub kind: MessageKind,
    /// When it was taken, in microseconds.
    pub taken_at: i64,
    /// Keyed hash of its Message-ID, hexadecimal; none: it has none.
    pub message_hash: Option<String>,
    /// Keyed hash of the address that it is from, hexadecimal; none: it says nothing that mail can be sent to.
    pub correspondent_hash: Option<String>,
    /// How many files are attached to it.
    pub attachments: u32,
    /// The charset that its text was read with.
    pub charset: String,
    /// Whether a program may answer it (RFC 3834).
    pub may_be_answered: bool,
}

impl Message {
    /// When it was taken.
    pub fn taken_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.taken_at).unwrap_or_default()
    }
}
