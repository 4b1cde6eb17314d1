//! A row of the log, and how it becomes an event again.

use chrono::DateTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ReadError, day};
use crate::database::Connection;
use crate::event::{RecordedEvent, SubjectId};
use crate::keyring::{KeyEncryptionKeys, Keyring, rows};
use crate::leaf::{self, Entry};
use crate::personal::{Context, Keys, SealedPart, unframe};
use crate::query::{Position, Tag};
use crate::transfer::text;

/// The columns of [`EventRow`], of a table that the statement calls `e`.
macro_rules! event_columns {
    () => {
        "e.position, e.event_id, e.event_type, e.schema_version, e.tags, e.recorded_at, e.effective_at, e.actor, \
         e.command_id, e.correlation_id, e.data, e.personal, e.leaf_hash"
    };
}
pub(crate) use event_columns;

/// A row of `event`. As JSON, in this order, it stands in backups: **its form there never changes**.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventRow {
    pub position: i64,
    pub event_id: Uuid,
    pub event_type: String,
    pub schema_version: i64,
    pub tags: String,
    pub recorded_at: i64,
    pub effective_at: String,
    pub actor: String,
    pub command_id: Uuid,
    pub correlation_id: Uuid,
    pub data: String,
    #[serde(with = "text::base64")]
    pub personal: Vec<u8>,
    #[serde(with = "text::hexadecimal")]
    pub leaf_hash: Vec<u8>,
}

impl EventRow {
    /// What its personal parts are bound to.
    pub(crate) fn context<'c>(&'c self, origin: &'c str) -> Context<'c> {
        Context {
            origin,
            event_id: self.event_id,
            event_type: &self.event_type,
            schema_version: self.schema_version,
        }
    }

    /// Its tags as they are stored.
    pub(crate) fn tag_texts(&self) -> Option<Vec<String>> {
        serde_json::from_str(&self.tags).ok()
    }

    fn event(self, origin: &str, parts: Vec<SealedPart>, keys: &Keys) -> Result<RecordedEvent, ReadError> {
        let position = Position::new(self.position);
        let damaged = |reason: &str| ReadError::Damaged {
            position,
            reason: reason.to_owned(),
        };
        let context = self.context(origin);
        let personal = parts
            .into_iter()
            .map(|part| part.read(context, keys))
            .collect::<Result<_, _>>()
            .map_err(|_| damaged("a personal part does not open under its key"))?;
        let tags = self
            .tag_texts()
            .ok_or_else(|| damaged("its tags are not a list"))?;
        Ok(RecordedEvent {
            position,
            id: self.event_id,
            schema_version: u16::try_from(self.schema_version).map_err(|_| damaged("its schema version"))?,
            tags: tags.into_iter().map(Tag::stored).collect(),
            recorded_at: DateTime::from_timestamp_micros(self.recorded_at)
                .ok_or_else(|| damaged("its recorded_at"))?,
            effective_at: day(&self.effective_at).ok_or_else(|| damaged("its effective_at"))?,
            data: serde_json::from_str(&self.data).map_err(|_| damaged("its data are not JSON"))?,
            leaf_hash: self
                .leaf_hash
                .try_into()
                .map_err(|_| damaged("its leaf hash is not 32 bytes"))?,
            event_type: self.event_type,
            actor: self.actor,
            command_id: self.command_id,
            correlation_id: self.correlation_id,
            personal,
        })
    }
}

/// What the leaf hash of this row is made of, with the tags and parts that were read from it.
pub(crate) fn entry_bytes(row: &EventRow, origin: &str, tags: &[String], parts: &[SealedPart]) -> Vec<u8> {
    let tags: Vec<_> = tags.iter().map(String::as_str).collect();
    let commitments: Vec<_> = parts
        .iter()
        .map(|part| (part.name.as_str(), part.subject.0, part.commitment))
        .collect();
    let entry = Entry {
        origin,
        position: row.position,
        event_id: row.event_id,
        event_type: &row.event_type,
        schema_version: row.schema_version,
        recorded_at: row.recorded_at,
        effective_at: &row.effective_at,
        actor: &row.actor,
        command_id: row.command_id,
        correlation_id: row.correlation_id,
        tags: &tags,
        data_hash: leaf::data_hash(&row.data),
        personal: &commitments,
    };
    entry.bytes()
}

/// The events of these rows, with their personal parts opened where a key exists.
pub(crate) async fn events(
    rows: Vec<EventRow>,
    origin: &str,
    keyring: &Keyring,
) -> Result<Vec<RecordedEvent>, ReadError> {
    let framed = Framed::of(rows)?;
    let keys = keyring.opening(&framed.subjects()).await?;
    framed.open(origin, &keys)
}

/// The same with the keys on an open connection, which may be in a transaction that wrote them.
pub(crate) async fn events_under(
    rows: Vec<EventRow>,
    origin: &str,
    keys: &mut Connection,
    encryption_keys: &KeyEncryptionKeys,
) -> Result<Vec<RecordedEvent>, ReadError> {
    let framed = Framed::of(rows)?;
    let keys = rows::existing_on(keys, encryption_keys, &framed.subjects()).await?;
    framed.open(origin, &keys)
}

/// Rows whose frames of personal parts were read.
struct Framed(Vec<(EventRow, Vec<SealedPart>)>);

impl Framed {
    fn of(rows: Vec<EventRow>) -> Result<Self, ReadError> {
        let framed = rows.into_iter().map(|row| {
            let parts = unframe(&row.personal).ok_or_else(|| ReadError::Damaged {
                position: Position::new(row.position),
                reason: "its personal parts are not in a known frame".to_owned(),
            })?;
            Ok((row, parts))
        });
        framed.collect::<Result<_, _>>().map(Self)
    }

    fn subjects(&self) -> Vec<SubjectId> {
        let parts = self.0.iter().flat_map(|(_, parts)| parts);
        parts.map(|part| part.subject).collect()
    }

    fn open(self, origin: &str, keys: &Keys) -> Result<Vec<RecordedEvent>, ReadError> {
        let rows = self.0.into_iter();
        rows.map(|(row, parts)| row.event(origin, parts, keys)).collect()
    }
}
