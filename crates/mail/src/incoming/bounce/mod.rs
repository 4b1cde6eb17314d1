//! Reports of mail servers that a message did not arrive: as RFC 3464 has them, and in the prose of those that never read it.

mod judge;
mod prose;
mod report;

use serde::Serialize;

use super::header::Header;
use super::part::Parts;

/// A report about one recipient. The first that failed, where a message had several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bounce {
    /// How bad it is.
    pub kind: BounceKind,
    /// Whose address it is about, as the report has it.
    pub recipient: Option<String>,
    /// Its code (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// The Message-ID of the message that did not arrive, without angle brackets.
    pub original_message_id: Option<String>,
}

/// How bad a report is for the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BounceKind {
    /// There is no such address: nothing will ever arrive there.
    Hard,
    /// Not now, not this message, or not from here.
    Soft,
}

impl BounceKind {
    /// A stable code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
        }
    }
}

/// Reads a report; `None`: the message is none.
pub(super) fn read(header: &Header<'_>, parts: &Parts, text: &str) -> Option<Bounce> {
    let original = parts.reported.as_deref().and_then(message_id);
    if let Some(status) = &parts.delivery_status {
        let mut bounce = report::read(status, text)?;
        bounce.original_message_id = original.or_else(|| prose::message_id(text));
        return Some(bounce);
    }
    let mut bounce = prose::read(header, text)?;
    let enclosed = parts
        .attachments
        .iter()
        .filter(|it| it.content_type.starts_with("message/"));
    bounce.original_message_id = original
        .or_else(|| enclosed.into_iter().find_map(|it| message_id(&it.bytes)))
        .or_else(|| prose::message_id(text));
    Some(bounce)
}

fn message_id(raw: &[u8]) -> Option<String> {
    super::ids(&Header::read(raw).0.get("message-id")?)
        .into_iter()
        .next()
}
