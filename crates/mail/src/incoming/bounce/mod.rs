//! Reports of mail servers that a message did not arrive: as RFC 3464 has them, and in the prose of those that never read it.

mod judge;
mod prose;
mod recipient;
mod report;
mod server;
mod vocabulary;

use serde::Serialize;

use super::header::Header;
use super::part::Parts;

/// A report about one recipient. The first that failed, where a message had several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bounce {
    /// How bad it is.
    pub kind: BounceKind,
    /// Whether the message is still on its way.
    pub is_delay: bool,
    /// Whose address it is about, as the report has it, without quotes that are only for the way.
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
    if parts.reports_something_else() {
        return None;
    }
    // What a person encloses is not what they report.
    let is_of_a_server = server::sender(header) != server::Sender::Person;
    let enclosed = |types: &'static [&'static str]| {
        let mut attachments = parts.attachments.iter();
        let found = attachments.find(|it| is_of_a_server && types.contains(&it.content_type.as_str()));
        found.map(|it| it.bytes.as_slice())
    };
    let status = parts
        .delivery_status
        .as_deref()
        .or_else(|| enclosed(&["message/delivery-status", "message/global-delivery-status"]));
    let original = parts.reported.as_deref().or_else(|| {
        enclosed(&[
            "message/rfc822",
            "message/global",
            "text/rfc822-headers",
            "message/global-headers",
        ])
    });
    let original = original.map(|it| Header::read(it).0);
    let said = beginning(parts.said.as_deref().unwrap_or(text));
    let mut bounce = match status.map(|it| report::read(it, prose::without_copy(said))) {
        Some(report::Outcome::Failed(bounce)) => bounce,
        Some(report::Outcome::Arrived) => return None,
        Some(report::Outcome::Nothing) | None => prose::read(header, original.as_ref(), said)?,
    };
    bounce.recipient = bounce
        .recipient
        .or_else(|| original.as_ref().and_then(recipient::of_original))
        .or_else(|| recipient::of_envelope(header))
        .map(recipient::unquoted);
    bounce.original_message_id = original
        .and_then(|it| message_id(&it, "message-id"))
        .or_else(|| report::original_message_id(status?))
        .or_else(|| prose::message_id(text))
        .or_else(|| recipient::id_of_envelope(header));
    Some(bounce)
}

/// What a server has to say it says at once; behind that stands what it sends back.
fn beginning(text: &str) -> &str {
    const SEEN_MAX: usize = 64 << 10;
    text.get(..text.floor_char_boundary(SEEN_MAX)).unwrap_or(text)
}

fn message_id(header: &Header<'_>, name: &str) -> Option<String> {
    super::ids(&header.get(name)?).into_iter().next()
}
