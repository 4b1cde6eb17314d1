//! From a draft to the bytes of RFC 5322: plain text in UTF-8, headers in ASCII, lines ended by CRLF.
//!
//! lettre 0.11.23 panics on a line break in a display name and loses a header with a NUL in it. A draft holds neither, it is
//! looked at again here, and a panic would be an error of this one message.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use domain::mailing::{Address, Draft, DraftProblem, MessageId, Outcome, Recipient};
use domain::reason::{Reason, ReasonCode};
use email_encoding::headers::rfc2047;
use email_encoding::headers::writer::EmailWriter;
use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};

/// Who mail is from: configured, not typed for each message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// What stands in `From`.
    pub from: Recipient,
    /// Where answers go, if not to `from`. A draft may say otherwise.
    pub reply_to: Option<Address>,
    /// Where the relays of others send what they cannot deliver, if not to `from`. `{id}` in it becomes the id of the message, so that
    /// a report says by its own address which one it is about (VERP).
    pub return_path: Option<Address>,
}

/// A message ready for the wire. Its `Debug` shows its id and its size.
#[derive(Clone)]
pub struct Message {
    id: MessageId,
    date: DateTime<Utc>,
    return_path: lettre::Address,
    recipient: lettre::Address,
    bytes: Vec<u8>,
}

impl Message {
    /// The same at every attempt.
    pub const fn id(&self) -> &MessageId {
        &self.id
    }

    /// What stands in `Date`.
    pub const fn date(&self) -> DateTime<Utc> {
        self.date
    }

    /// The domain that receives it, for its rate.
    pub fn recipient_domain(&self) -> &str {
        self.recipient.domain()
    }

    /// The whole message, headers first, every line ended by CRLF.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) const fn return_path(&self) -> &lettre::Address {
        &self.return_path
    }

    pub(crate) const fn recipient(&self) -> &lettre::Address {
        &self.recipient
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({}, {} bytes)", self.id, self.bytes.len())
    }
}

/// Why no message can be made. Each is a defect or an old row, as drafts are looked at when they are written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A part that no mail can hold.
    #[error("the message cannot be built ({0}): correct that part and send it again")]
    Part(DraftProblem),
    /// lettre refuses an address that we took.
    #[error("the message cannot be built (the {which} address is refused): correct it and send it again")]
    Address {
        /// `recipient`, `sender`, `reply` or `return path`.
        which: &'static str,
    },
    /// lettre refuses the whole.
    #[error("the message cannot be built: report this, and cancel the message")]
    Refused,
    /// lettre panicked.
    #[error("the program failed while it built the message: report this, and cancel the message")]
    Panicked,
}

impl BuildError {
    /// It, as it is kept beside the message.
    pub fn reason(&self) -> Reason {
        let code = match self {
            Self::Panicked => ReasonCode::MailPanicked,
            Self::Part(_) | Self::Address { .. } | Self::Refused => ReasonCode::Unbuildable,
        };
        Reason::new(code, self.to_string())
    }
}

impl From<BuildError> for Outcome {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Panicked => Self::Panicked,
            other => Self::Unbuildable { why: other.reason() },
        }
    }
}

/// Makes the message. `date` is when it was queued, the same at every attempt, so that the bytes are the same too.
pub fn build(
    draft: &Draft,
    sender: &Sender,
    id: &MessageId,
    date: DateTime<Utc>,
) -> Result<Message, BuildError> {
    draft.check().map_err(BuildError::Part)?;
    sender.from.check().map_err(BuildError::Part)?;
    without_panic(|| assemble(draft, sender, id, date))
}

/// What the panic said may repeat what it failed at, so it is not kept.
fn without_panic<T>(work: impl FnOnce() -> Result<T, BuildError>) -> Result<T, BuildError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(BuildError::Panicked))
}

fn assemble(
    draft: &Draft,
    sender: &Sender,
    id: &MessageId,
    date: DateTime<Utc>,
) -> Result<Message, BuildError> {
    let from = mailbox(&sender.from, "sender")?;
    let to = mailbox(draft.to(), "recipient")?;
    let recipient = to.email.clone();
    let return_path = match &sender.return_path {
        Some(address) => parse(&returned_to(address, id)?, "return path")?,
        None => from.email.clone(),
    };
    let envelope = Envelope::new(Some(return_path.clone()), vec![recipient.clone()]);
    let mut builder = lettre::Message::builder()
        .from(from)
        .to(to)
        .raw_header(subject(draft.subject()))
        .date(SystemTime::from(date))
        .message_id(Some(id.to_string()))
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        // Else lettre would read its own `To` again, which it cannot always.
        .envelope(envelope.map_err(|_| BuildError::Refused)?);
    if let Some(address) = draft.reply_to().or(sender.reply_to.as_ref()) {
        builder = builder.reply_to(parse(address, "reply")?.into());
    }
    if draft.auto() {
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        let answers = !draft.references().is_empty();
        let how = if answers { "auto-replied" } else { "auto-generated" };
        builder = builder.raw_header(HeaderValue::new(name, how.to_owned()));
    }
    if let Some(nearest) = draft.references().last() {
        builder = builder
            .raw_header(ids("In-Reply-To", std::slice::from_ref(nearest)))
            .raw_header(ids("References", draft.references()));
    }
    // lettre puts in each CR by moving the rest of the text, which takes seconds for a long list of short lines.
    let mut text = draft.text().replace('\n', "\r\n");
    if !text.ends_with('\n') {
        text.push_str("\r\n");
    }
    let message = builder.body(text).map_err(|_| BuildError::Refused)?;
    let mut bytes = message.formatted();
    if !bytes.ends_with(b"\r\n") {
        bytes.extend_from_slice(b"\r\n");
    }
    Ok(Message {
        id: id.clone(),
        date,
        return_path,
        recipient,
        bytes,
    })
}

/// The return path of this message.
fn returned_to(address: &Address, id: &MessageId) -> Result<Address, BuildError> {
    let named = address.typed().replace("{id}", &id.row().to_string());
    let which = "return path";
    Address::parse(&named).map_err(|_| BuildError::Address { which })
}

fn mailbox(who: &Recipient, which: &'static str) -> Result<Mailbox, BuildError> {
    let name = who.name().map(ToOwned::to_owned);
    Ok(Mailbox::new(name, parse(who.address(), which)?))
}

fn parse(address: &Address, which: &'static str) -> Result<lettre::Address, BuildError> {
    let wire_form = address.wire_form().into_revealed();
    wire_form.try_into().map_err(|_| BuildError::Address { which })
}

/// The subject as one piece: lettre encodes word by word, which loses the second of two spaces between Japanese words, and
/// lets stand what looks encoded already, which a reader would then decode.
fn subject(text: &str) -> HeaderValue {
    const NAME: &str = "Subject";
    let name = HeaderName::new_from_ascii_str(NAME);
    if text.is_ascii() && !text.contains("=?") {
        return HeaderValue::new(name, text.to_owned());
    }
    let mut encoded = String::new();
    {
        let mut writer = EmailWriter::new(&mut encoded, NAME.len() + ": ".len(), 0, false);
        rfc2047::encode(text, &mut writer).expect("a String takes everything");
    }
    HeaderValue::dangerous_new_pre_encoded(name, text.to_owned(), encoded)
}

/// Ids of messages, each on a line of its own: lettre would break or encode those of others where they are long.
fn ids(name: &'static str, ids: &[String]) -> HeaderValue {
    let ids: Vec<String> = ids.iter().map(|id| format!("<{id}>")).collect();
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, ids.join(" "), ids.join("\r\n "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_of_one_message() {
        let outcome = without_panic::<()>(|| panic!("見本 花子"));
        assert_eq!(outcome, Err(BuildError::Panicked));
        assert_eq!(Outcome::from(BuildError::Panicked), Outcome::Panicked);
    }
}
