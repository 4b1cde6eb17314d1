//! Events whose personal parts stay sealed until somebody needs one: what whole logs are folded from.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{ReadError, day};
use crate::event::{PartBody, SubjectId};
use crate::personal::{self, Context, FramedPart, Keys, SealedPart};
use crate::query::Position;

/// The columns of [`SealedRow`], in its order. What is short comes as one text: on SQLite each column of a row is a piece of
/// memory of its own, made on one thread and given back on another.
macro_rules! sealed_columns {
    () => {
        "e.position, e.event_id, e.event_type || ' ' || e.schema_version || ' ' || e.recorded_at || ' ' || e.effective_at, \
         e.data, e.personal"
    };
}
pub(crate) use sealed_columns;

/// A row by the places of its columns: looking names up costs as much as reading the values.
pub(crate) type SealedRow = (i64, Uuid, String, String, Vec<u8>);

/// An event of the log without what only readers of single events want, its personal parts sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedEvent {
    /// Its place in the log.
    pub position: Position,
    /// Its type.
    pub event_type: String,
    /// The version of its shape.
    pub schema_version: u16,
    /// When the log took it.
    pub recorded_at: DateTime<Utc>,
    /// From when it holds.
    pub effective_at: NaiveDate,
    /// What happened: JSON.
    pub data: String,
    id: Uuid,
    personal: Vec<u8>,
}

impl std::fmt::Debug for SealedEvent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SealedEvent")
            .field("position", &self.position)
            .field("event_type", &self.event_type)
            .finish_non_exhaustive()
    }
}

impl TryFrom<SealedRow> for SealedEvent {
    type Error = ReadError;

    fn try_from(row: SealedRow) -> Result<Self, ReadError> {
        let (position, id, mut head, data, personal) = row;
        let position = Position::new(position);
        let damaged = |reason: &str| ReadError::Damaged {
            position,
            reason: reason.to_owned(),
        };
        // From the end: only the type is a text of ours.
        let mut words = head.rsplitn(4, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (effective_at, recorded_at, schema_version, event_type) = (word(), word(), word(), word());
        let effective_at = day(effective_at).ok_or_else(|| damaged("its effective_at"))?;
        let recorded_at = recorded_at.parse().ok().and_then(DateTime::from_timestamp_micros);
        let recorded_at = recorded_at.ok_or_else(|| damaged("its recorded_at"))?;
        let schema_version = schema_version
            .parse()
            .map_err(|_| damaged("its schema version"))?;
        let length = event_type.len();
        head.truncate(length);
        Ok(Self {
            position,
            event_type: head,
            schema_version,
            recorded_at,
            effective_at,
            data,
            id,
            personal,
        })
    }
}

impl SealedEvent {
    /// Whether it has a personal part of this name.
    pub fn has_part(&self, name: &str) -> Result<bool, ReadError> {
        Ok(self.find(name)?.is_some())
    }

    /// The personal part of this name.
    pub fn part(&self, name: &str) -> Result<Option<Sealed>, ReadError> {
        Ok(self.find(name)?.map(|part| Sealed {
            position: self.position,
            event_id: self.id,
            event_type: self.event_type.as_str().into(),
            schema_version: i64::from(self.schema_version),
            part: part.to_part(),
        }))
    }

    fn find(&self, name: &str) -> Result<Option<FramedPart<'_>>, ReadError> {
        personal::find(&self.personal, name).ok_or_else(|| ReadError::Damaged {
            position: self.position,
            reason: "its personal parts are not in a known frame".to_owned(),
        })
    }
}

/// A personal part that was not opened, with everything but the key that opening it takes.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    position: Position,
    event_id: Uuid,
    event_type: Box<str>,
    schema_version: i64,
    part: SealedPart,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Sealed")
            .field("position", &self.position)
            .field("subject", &self.part.subject)
            .finish_non_exhaustive()
    }
}

impl Sealed {
    /// Of its event.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Its name within its event.
    pub fn name(&self) -> &str {
        &self.part.name
    }

    /// Whom it is about.
    pub fn subject(&self) -> SubjectId {
        self.part.subject
    }

    /// How many bytes it takes in memory.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.event_type.len() + self.part.name.len() + self.part.sealed.len()
    }
}

/// Keys at hand, to open parts with.
pub struct Opener {
    origin: Arc<str>,
    keys: Keys,
}

impl std::fmt::Debug for Opener {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Opener(..)")
    }
}

impl Opener {
    pub(crate) fn new(origin: Arc<str>, keys: Keys) -> Self {
        Self { origin, keys }
    }

    /// What a part says; redacted when its key was not among those asked for, or is destroyed.
    pub fn open(&self, sealed: &Sealed) -> Result<PartBody, ReadError> {
        let context = Context {
            origin: &self.origin,
            event_id: sealed.event_id,
            event_type: &sealed.event_type,
            schema_version: sealed.schema_version,
        };
        sealed
            .part
            .open(context, &self.keys)
            .map_err(|_| ReadError::Damaged {
                position: sealed.position,
                reason: "a personal part does not open under its key".to_owned(),
            })
    }
}
