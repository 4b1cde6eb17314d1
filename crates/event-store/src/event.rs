//! Events as they are handed in and as they are read back.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::query::{Position, Tag};

/// One person in one role (representative, contact, sole trader, …): the unit that can be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId(pub Uuid);

/// Personal data of an event, in the clear. It is sealed before it leaves the process.
#[derive(Clone, PartialEq)]
pub struct PersonalPart {
    /// Whom it is about, and so under which key it is sealed.
    pub subject: SubjectId,
    /// Name of the part, unique in its event: 1 to 60 characters of `a-z`, `0-9`, `_`, `-` and `.`.
    pub name: String,
    /// What it says.
    pub body: Value,
}

impl std::fmt::Debug for PersonalPart {
    // The body must not reach a log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PersonalPart")
            .field("subject", &self.subject)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// An event to be appended.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// Its id, UUID v7.
    pub id: Uuid,
    /// Its type, for example `declaration.made`: 1 to 100 characters of `a-z`, `0-9`, `_`, `-` and `.`.
    pub event_type: String,
    /// The version of the shape of `data` and `personal`, from 1.
    pub schema_version: u16,
    /// What it is about; order and repetition do not matter.
    pub tags: Vec<Tag>,
    /// From when it holds (Asia/Tokyo calendar day).
    pub effective_at: NaiveDate,
    /// What happened, without personal data.
    pub data: Value,
    /// What happened to whom: sealed.
    pub personal: Vec<PersonalPart>,
}

/// An event of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedEvent {
    /// Its place in the log.
    pub position: Position,
    /// Its id.
    pub id: Uuid,
    /// Its type.
    pub event_type: String,
    /// The version of its shape.
    pub schema_version: u16,
    /// What it is about, sorted.
    pub tags: Vec<Tag>,
    /// When the log took it, to the microsecond; never before the previous event's.
    pub recorded_at: DateTime<Utc>,
    /// From when it holds.
    pub effective_at: NaiveDate,
    /// Who did it.
    pub actor: String,
    /// The command that caused it.
    pub command_id: Uuid,
    /// The request, job or conversation that it belongs to.
    pub correlation_id: Uuid,
    /// What happened.
    pub data: Value,
    /// The personal parts, opened where the key still exists. A command's reason is among them, named `reason`.
    pub personal: Vec<ReadPart>,
    /// RFC 6962 leaf hash; `position - 1` is the leaf index.
    pub leaf_hash: [u8; 32],
}

impl RecordedEvent {
    /// The personal part of this name.
    pub fn part(&self, name: &str) -> Option<&ReadPart> {
        self.personal.iter().find(|part| part.name == name)
    }
}

/// A personal part as it is read back.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadPart {
    /// Whom it is about.
    pub subject: SubjectId,
    /// Its name, unique in its event.
    pub name: String,
    /// What it says, while the person has not been forgotten.
    pub body: PartBody,
}

/// The content of a personal part.
#[derive(Clone, PartialEq)]
pub enum PartBody {
    /// The key exists.
    Open(Value),
    /// The key was destroyed (or is not in this keyring).
    Redacted,
}

impl std::fmt::Debug for PartBody {
    // The body must not reach a log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Open(_) => "Open(..)",
            Self::Redacted => "Redacted",
        })
    }
}
