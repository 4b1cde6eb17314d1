//! Mail that came in: what a raw message says, and how sure that is. Nothing here keeps anything; the raw message is what is kept, and
//! reading it again with a better reader or another charset gives another [`Reading`] of the same.

mod bounce;
mod charset;
mod encoded_word;
mod header;
mod html;
mod iso_2022_jp;
mod kind;
mod limits;
mod mailbox;
pub mod mbox;
mod parameter;
mod part;
mod text;
mod transfer;

use chrono::{DateTime, Utc};

pub use bounce::{Bounce, BounceKind};
pub use charset::{CharsetDecision, CharsetReason};
pub use kind::MailKind;
pub use limits::{ReadLimits, TooMuch};
pub use mailbox::Correspondent;
pub use part::Attachment;

use header::Header;
use part::{Parts, Wanted};

/// How a raw message is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it is.
    pub kind: MailKind,
    /// Why it could not be taken apart; `None`: it could.
    pub problem: Option<Unreadable>,
    /// Who it says it is from.
    pub sender: Option<Correspondent>,
    /// Where it wants its answer, when that is somewhere else.
    pub reply_to: Vec<Correspondent>,
    /// To whom it went.
    pub to: Vec<Correspondent>,
    /// To whom a copy went.
    pub cc: Vec<Correspondent>,
    /// Its subject, on one line.
    pub subject: String,
    /// Its text, with `\n` at the end of lines and nothing behind the last one.
    pub text: String,
    /// Its HTML, cleaned of all that runs or loads; still to be shown in a frame without rights.
    pub html: Option<String>,
    /// With which charset the text was read.
    pub charset: CharsetDecision,
    /// What was attached, in order.
    pub attachments: Vec<Attachment>,
    /// What it reports, when it is a bounce.
    pub bounce: Option<Bounce>,
    /// Whether a program may answer it (RFC 3834).
    pub may_be_answered: bool,
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// What it answers: ids of messages, the nearest first.
    pub answers: Vec<String>,
    /// When it says that it was written.
    pub date: Option<DateTime<Utc>>,
}

/// Why a message was not taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It has no header.
    #[error("the bytes have no header fields, so they are no message")]
    NoMessage,
    /// It costs too much.
    #[error(transparent)]
    TooMuch(#[from] TooMuch),
}

/// So many bytes of a message that is too large are looked at, for a person to see what it is.
pub const BEGINNING: usize = 64 << 10;

/// Whether there is a charset of this name, in any of its spellings.
pub fn is_charset(name: &str) -> bool {
    charset::is_known(name)
}

/// What is to be said of a message that has more bytes than are read: who it is from, and its subject.
pub fn too_large(beginning: &[u8], size: u64, limits: &ReadLimits) -> Reading {
    let beginning = beginning.get(..BEGINNING).unwrap_or(beginning);
    let (header, _) = Header::read(beginning);
    let problem = TooMuch::Size {
        size: usize::try_from(size).unwrap_or(usize::MAX),
        most: limits.size,
    };
    Reading {
        sender: sender(&header),
        subject: header.text("subject").unwrap_or_default(),
        message_id: message_id(&header),
        date: header.get("date").and_then(|it| date(&it)),
        ..unreadable(beginning, problem.into())
    }
}

/// Reads a raw message. Never fails: what cannot be read says so, and is for a person.
pub fn read(raw: &[u8], limits: &ReadLimits) -> Reading {
    read_as(raw, limits, None)
}

/// Reads a raw message with a charset that a person chose for its text; one that is unknown changes nothing.
pub fn read_as(raw: &[u8], limits: &ReadLimits, charset: Option<&str>) -> Reading {
    match limits.check(raw) {
        Ok(()) => {}
        Err(TooMuch::Size { size, .. }) => {
            return too_large(raw, u64::try_from(size).unwrap_or(u64::MAX), limits);
        }
        Err(problem) => return unreadable(raw, problem.into()),
    }
    let (header, _) = Header::read(raw);
    if header.is_empty() {
        return unreadable(raw, Unreadable::NoMessage);
    }
    let mut parts = Parts::read(raw, Wanted { limits, charset });
    let (text, html) = parts.bodies();
    let bounce = bounce::read(&header, &parts, &text);
    let kind = if bounce.is_some() {
        MailKind::Bounce
    } else {
        kind::of(&header, parts.is_a_report())
    };
    let sender = sender(&header);
    Reading {
        kind,
        problem: None,
        may_be_answered: kind::may_be_answered(kind, &header, sender.as_ref().map(|it| it.address.as_str())),
        sender,
        reply_to: people(&header, "reply-to"),
        to: people(&header, "to"),
        cc: people(&header, "cc"),
        subject: header.text("subject").unwrap_or_default(),
        text,
        html,
        charset: parts.charset.take().unwrap_or_else(nothing_to_decode),
        attachments: parts.attachments,
        bounce,
        message_id: header
            .get("message-id")
            .and_then(|it| ids(&it).into_iter().next()),
        answers: answers(&header),
        date: header.get("date").and_then(|it| date(&it)),
    }
}

fn unreadable(raw: &[u8], problem: Unreadable) -> Reading {
    let seen = raw.get(..BEGINNING).unwrap_or(raw);
    let decoded = charset::decode(seen, None);
    Reading {
        kind: MailKind::Unreadable,
        problem: Some(problem),
        sender: None,
        reply_to: Vec::new(),
        to: Vec::new(),
        cc: Vec::new(),
        subject: String::new(),
        text: text::clean(&decoded.text).trim_end().to_owned(),
        html: None,
        charset: decoded.decision,
        attachments: Vec::new(),
        bounce: None,
        may_be_answered: false,
        message_id: None,
        answers: Vec::new(),
        date: None,
    }
}

fn people(header: &Header<'_>, name: &str) -> Vec<Correspondent> {
    header.all(name).flat_map(|value| mailbox::read(&value)).collect()
}

fn sender(header: &Header<'_>) -> Option<Correspondent> {
    ["from", "sender", "reply-to"]
        .into_iter()
        .find_map(|name| people(header, name).into_iter().next())
}

fn message_id(header: &Header<'_>) -> Option<String> {
    ids(&header.get("message-id")?).into_iter().next()
}

fn nothing_to_decode() -> CharsetDecision {
    charset::decode(b"", None).decision
}

/// What a message answers: its nearest first, then those before it.
fn answers(header: &Header<'_>) -> Vec<String> {
    const MOST: usize = 100;
    let nearest = header.all("in-reply-to").flat_map(|value| ids(&value));
    let mut before: Vec<String> = header.all("references").flat_map(|value| ids(&value)).collect();
    before.reverse();
    let mut answers: Vec<String> = Vec::new();
    for id in nearest.chain(before).take(MOST) {
        if !answers.contains(&id) {
            answers.push(id);
        }
    }
    answers
}

/// Message-IDs of a field, without angle brackets; one that has none is taken as it is.
pub(super) fn ids(value: &str) -> Vec<String> {
    const LENGTH_MAX: usize = 998;
    let inside: Vec<String> = value
        .split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .map(|(id, _)| id.split_whitespace().collect::<String>())
        .collect();
    let ids = if inside.is_empty() {
        value
            .split_whitespace()
            .filter(|it| it.contains('@'))
            .map(str::to_owned)
            .collect()
    } else {
        inside
    };
    ids.into_iter()
        .filter(|id| !id.is_empty() && id.len() <= LENGTH_MAX)
        .collect()
}

fn date(value: &str) -> Option<DateTime<Utc>> {
    let date = mail_parser::DateTime::parse_rfc822(value)?;
    if !date.is_valid() {
        return None;
    }
    DateTime::from_timestamp(date.to_timestamp(), 0)
}
