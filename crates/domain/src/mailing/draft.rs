//! A message before it is sent: to one person, with nothing in it that mail cannot carry or a reader cannot see.

use std::fmt;
use std::str::FromStr;

use super::address::{Address, AddressProblem};
use crate::Personal;
use crate::text::{self, Lines, TextProblem};
use crate::value::plain;

/// The most characters of a display name.
const LONGEST_NAME: usize = 100;
/// The most characters of a subject.
const LONGEST_SUBJECT: usize = 200;
/// The most bytes of a text.
const LONGEST_TEXT: usize = 256 << 10;
/// The most messages that one answers: the first of a thread and the nearest.
const MOST_REFERENCES: usize = 30;
/// The most bytes of the id of a message of others: a line of a header has 998.
const LONGEST_REFERENCE: usize = 900;
/// The most characters of a sender's key.
const LONGEST_KEY: usize = 32;

/// Which of the configured senders a message is from, such as `office`: lower-case ASCII letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SenderKey(String);

impl SenderKey {
    /// The key as it stands in the configuration.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SenderKey {
    type Err = DraftProblem;

    fn from_str(text: &str) -> Result<Self, DraftProblem> {
        let fits = (1..=LONGEST_KEY).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(DraftField::Sender.with(Problem::SenderKey))
        }
    }
}

impl fmt::Display for SenderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a message is sent, which decides whether its reader may say no to more of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// An answer to what somebody did: a receipt, a reply, a code.
    Transactional,
    /// What the office has to tell: a deadline, maintenance, a change of rules.
    Administrative,
    /// Advertising: needs consent where the law on it applies.
    Promotional,
    /// Useful and no more: news, hints.
    Optional,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 4] = [
        Self::Transactional,
        Self::Administrative,
        Self::Promotional,
        Self::Optional,
    ];

    /// The name in events and in the ledger.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transactional => "transactional",
            Self::Administrative => "administrative",
            Self::Promotional => "promotional",
            Self::Optional => "optional",
        }
    }

    /// Whether somebody who opted out gets none of it.
    pub const fn can_be_opted_out_of(self) -> bool {
        matches!(self, Self::Promotional | Self::Optional)
    }
}

/// The text names no class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no class of mail is called {0:?}; there are transactional, administrative, promotional and optional"
)]
pub struct UnknownClass(pub String);

impl FromStr for Class {
    type Err = UnknownClass;

    fn from_str(text: &str) -> Result<Self, UnknownClass> {
        Self::ALL
            .into_iter()
            .find(|class| class.as_str() == text)
            .ok_or_else(|| UnknownClass(text.to_owned()))
    }
}

/// Who gets a message: an address, and the name beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    address: Address,
    name: Option<Personal<String>>,
}

impl Recipient {
    /// Reads what was typed. A name with nothing to see in it is none.
    pub fn parse(address: &str, name: Option<&str>) -> Result<Self, DraftProblem> {
        let address =
            Address::parse(address).map_err(|problem| DraftField::Address.with(Problem::Address(problem)))?;
        let name = name.map(without_spaces).filter(|name| !name.is_empty());
        let recipient = Self {
            address,
            name: name.map(|name| Personal::new(name.to_owned())),
        };
        recipient.check()?;
        Ok(recipient)
    }

    /// Where it goes.
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// The name beside the address.
    pub fn name(&self) -> Option<&str> {
        self.name.as_ref().map(|name| name.reveal().as_str())
    }

    /// Looks again at what was looked at when it was read, for whoever stands before a library that must not see more.
    pub fn check(&self) -> Result<(), DraftProblem> {
        self.name()
            .map_or(Ok(()), |name| line(DraftField::Name, name, LONGEST_NAME))
    }
}

/// What a message is made of, before anybody looked at it.
#[derive(Clone, Copy)]
pub struct DraftInput<'a> {
    /// Which of the configured senders.
    pub sender: &'a str,
    /// Whom to.
    pub to: &'a str,
    /// The name beside the address.
    pub name: Option<&'a str>,
    /// One line.
    pub subject: &'a str,
    /// Plain text with any kind of line ends.
    pub text: &'a str,
    /// Why it is sent.
    pub class: Class,
    /// Whether no person wrote it, so that no machine answers it (RFC 3834).
    pub auto: bool,
    /// Where answers go, if not where the sender says.
    pub reply_to: Option<&'a str>,
    /// Message-IDs of the thread that it belongs to, without angle brackets, in order; it answers the last of them.
    pub references: &'a [String],
}

/// A message that can be sent to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    sender: SenderKey,
    to: Recipient,
    subject: Personal<String>,
    text: Personal<String>,
    class: Class,
    auto: bool,
    reply_to: Option<Address>,
    references: Vec<String>,
}

impl Draft {
    /// Looks at every part. Line ends of the text become LF; spaces around subject and name go.
    pub fn new(input: &DraftInput<'_>) -> Result<Self, DraftProblem> {
        if input.text.len() > LONGEST_TEXT {
            return Err(too_long_text());
        }
        let reply_to = input.reply_to.map(Address::parse).transpose();
        let draft = Self {
            sender: input.sender.parse()?,
            to: Recipient::parse(input.to, input.name)?,
            subject: Personal::new(without_spaces(input.subject).to_owned()),
            text: Personal::new(input.text.replace("\r\n", "\n").replace('\r', "\n")),
            class: input.class,
            auto: input.auto,
            reply_to: reply_to.map_err(|problem| DraftField::ReplyTo.with(Problem::Address(problem)))?,
            references: references(input.references),
        };
        draft.check()?;
        Ok(draft)
    }

    /// Looks again at what was looked at when it was made, for whoever stands before a library that must not see more.
    pub fn check(&self) -> Result<(), DraftProblem> {
        self.to.check()?;
        line(DraftField::Subject, self.subject(), LONGEST_SUBJECT)?;
        let text = self.text();
        if text.len() > LONGEST_TEXT {
            return Err(too_long_text());
        }
        if plain::is_blank(text) {
            return Err(DraftField::Text.with(Problem::Text(TextProblem::Empty)));
        }
        // A reply quotes what others wrote, with marks that nobody sees: in a text they do no harm, only controls do.
        let control = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        control.map_or(Ok(()), |character| {
            Err(DraftField::Text.with(Problem::Text(TextProblem::Control { character })))
        })
    }

    /// Which of the configured senders.
    pub const fn sender(&self) -> &SenderKey {
        &self.sender
    }

    /// The one person who gets it.
    pub const fn to(&self) -> &Recipient {
        &self.to
    }

    /// One line of at most 200 characters.
    pub fn subject(&self) -> &str {
        self.subject.reveal()
    }

    /// Plain text of at most 256 KiB, lines ended by LF.
    pub fn text(&self) -> &str {
        self.text.reveal()
    }

    /// The same for people who look at what was sent: a one-time link stands there without its token, which would open what is
    /// its reader's.
    #[must_use]
    pub fn without_tokens(mut self) -> Self {
        self.text = Personal::new(without_tokens(self.text.reveal()));
        self
    }

    /// Why it is sent.
    pub const fn class(&self) -> Class {
        self.class
    }

    /// Whether no person wrote it.
    pub const fn auto(&self) -> bool {
        self.auto
    }

    /// Where answers go, if not where the sender says.
    pub const fn reply_to(&self) -> Option<&Address> {
        self.reply_to.as_ref()
    }

    /// Message-IDs of the thread that it belongs to, without angle brackets, in order; it answers the last of them.
    pub fn references(&self) -> &[String] {
        &self.references
    }
}

/// What others made up as the id of their message, as far as a header can carry it.
fn references(given: &[String]) -> Vec<String> {
    let is_sound = |id: &&String| {
        (1..=LONGEST_REFERENCE).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'))
    };
    let mut kept: Vec<String> = Vec::new();
    for id in given.iter().filter(is_sound) {
        kept.retain(|it| it != id);
        kept.push(id.clone());
    }
    if kept.len() > MOST_REFERENCES {
        kept.drain(1..=kept.len() - MOST_REFERENCES);
    }
    kept
}

/// Spaces of both widths go, and nothing else: a line break at the end is refused like one in the middle.
pub(super) fn without_spaces(text: &str) -> &str {
    text.trim_matches([' ', '\u{3000}'])
}

/// A token is what stands behind `#`: 43 or more characters as tokens have them.
fn without_tokens(text: &str) -> String {
    const TOKEN: usize = 43;
    let mut pieces = text.split('#');
    let mut shown = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is_of_token = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let length = piece.chars().take_while(is_of_token).count();
        let rest = if length >= TOKEN { &piece[length..] } else { piece };
        shown.push('#');
        shown.push_str(if length >= TOKEN { "…" } else { "" });
        shown.push_str(rest);
    }
    shown
}

fn line(field: DraftField, text: &str, max: usize) -> Result<(), DraftProblem> {
    text::check(text, max, Lines::One).map_err(|problem| field.with(Problem::Text(problem)))
}

const fn too_long_text() -> DraftProblem {
    DraftField::Text.with(Problem::TooManyBytes {
        at_most: LONGEST_TEXT,
    })
}

/// A part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DraftField {
    /// The key of the sender.
    Sender,
    /// The recipient's address.
    Address,
    /// The recipient's name.
    Name,
    /// The subject.
    Subject,
    /// The text.
    Text,
    /// The address for answers.
    ReplyTo,
}

impl DraftField {
    /// The name in messages and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Address => "address",
            Self::Name => "name",
            Self::Subject => "subject",
            Self::Text => "text",
            Self::ReplyTo => "reply_to",
        }
    }

    const fn with(self, problem: Problem) -> DraftProblem {
        DraftProblem { field: self, problem }
    }
}

impl fmt::Display for DraftField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a message is refused, and which part of it. What stood there is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct DraftProblem {
    /// The part.
    pub field: DraftField,
    /// What is wrong with it.
    pub problem: Problem,
}

impl DraftProblem {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match &self.problem {
            Problem::Text(problem) => problem.code(),
            Problem::Address(problem) => problem.code(),
            Problem::TooManyBytes { .. } => "too_long",
            Problem::SenderKey => "sender_key",
        }
    }

    /// One sentence for the person who typed it.
    pub fn japanese(&self) -> String {
        match &self.problem {
            Problem::Text(problem) => problem.japanese(),
            Problem::Address(problem) => problem.japanese().to_owned(),
            Problem::TooManyBytes { at_most } => {
                format!("{}KB以内で入力してください。", at_most >> 10)
            }
            Problem::SenderKey => {
                "差出人の識別子は半角の英小文字、数字、ハイフンで入力してください。".to_owned()
            }
        }
    }
}

/// What can be wrong with a part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A character that may not stand there, nothing at all, or too much.
    #[error(transparent)]
    Text(TextProblem),
    /// Nothing that mail can be sent to.
    #[error(transparent)]
    Address(AddressProblem),
    /// More bytes than a message takes.
    #[error("the text has more than {at_most} bytes")]
    TooManyBytes {
        /// The most it takes.
        at_most: usize,
    },
    /// No key of a sender.
    #[error("a sender is named by 1 to 32 lower-case letters, digits and hyphens")]
    SenderKey,
}

#[cfg(test)]
mod tests;
