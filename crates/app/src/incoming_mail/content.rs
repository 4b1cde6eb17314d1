//! What a raw message says, and what reads it: the program that knows how mail is written is not of this crate.

use chrono::{DateTime, Utc};
use domain::Personal;
use domain::inquiry::Hazard;

/// Reads raw messages, without any memory: the same bytes say the same.
pub trait MailContents: Send + Sync {
    /// What a message says; `charset`: read its text with this one. None: the reader failed on it.
    fn read(&self, mail: &RawBytes<'_>, charset: Option<&str>) -> Option<MailContent>;

    /// The bytes of one file that is attached to a message, by its place among those that [`MailContents::read`] names.
    fn file(&self, mail: &RawBytes<'_>, index: usize) -> Option<NamedFile>;

    /// The HTML of a message, cleaned of all that runs or loads: still to be shown in a frame without rights. None: it has none.
    fn html(&self, mail: &RawBytes<'_>, charset: Option<&str>) -> Option<Personal<String>>;

    /// Whether there is a charset of this name.
    fn is_charset(&self, name: &str) -> bool;
}

/// The bytes of a message as they came.
#[derive(Clone, Copy)]
pub struct RawBytes<'a> {
    /// They, or their beginning.
    pub bytes: &'a [u8],
    /// How many it has.
    pub size: u64,
    /// Whether all of them are here.
    pub is_whole: bool,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailContent {
    /// Who it says it is from.
    pub sender: Option<Personal<Correspondent>>,
    /// Where it wants its answer, when that is somewhere else.
    pub reply_to: Option<Personal<Correspondent>>,
    /// Its subject, on one line.
    pub subject: Personal<String>,
    /// Its text.
    pub text: Personal<String>,
    /// Whether it came as HTML, too.
    pub has_html: bool,
    /// With which charset the text was read.
    pub charset: String,
    /// What is attached to it.
    pub attachments: Vec<Personal<AttachedFile>>,
    /// Whether a program may answer it (RFC 3834).
    pub may_be_answered: bool,
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<Personal<String>>,
    /// What it answers: ids of messages, the nearest first.
    pub answers: Vec<Personal<String>>,
    /// When it says that it was written.
    pub written_at: Option<DateTime<Utc>>,
}

/// Somebody's address, with the name beside it.
#[derive(Clone, PartialEq, Eq)]
pub struct Correspondent {
    /// May be empty.
    pub name: String,
    /// As it was written.
    pub address: String,
}

/// A file that is attached to a message.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachedFile {
    /// What it is called; may be empty.
    pub name: String,
    /// What it says that it is.
    pub media_type: String,
    /// How many bytes it has.
    pub size: u64,
    /// Why it is kept in quarantine, if it is.
    pub hazard: Option<Hazard>,
}

/// A file with its bytes.
pub struct NamedFile {
    /// What it is called; may be empty.
    pub name: String,
    /// They.
    pub bytes: Vec<u8>,
}
