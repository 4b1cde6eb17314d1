//! Rows as they are stored. Their JSON stands in backups: **never change it**; a new form is a new version of the archive.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::text;
use crate::query::Position;
use crate::read::EventRow;

/// The head of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
#[serde(deny_unknown_fields)]
pub struct LogHead {
    /// The name of the log.
    pub origin: String,
    /// Its last position.
    pub position: i64,
    /// When that was recorded, microseconds since 1970 UTC.
    pub recorded_at: i64,
}

/// An event as it is stored, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredEvent(pub(crate) EventRow);

impl StoredEvent {
    /// Its place in the log.
    pub fn position(&self) -> Position {
        Position::new(self.0.position)
    }

    /// Its type.
    pub fn event_type(&self) -> &str {
        &self.0.event_type
    }
}

/// What a command got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
#[serde(deny_unknown_fields)]
pub struct StoredReceipt {
    pub(crate) command_id: Uuid,
    #[serde(with = "text::hexadecimal")]
    pub(crate) request_hash: Vec<u8>,
    pub(crate) first_position: i64,
    pub(crate) last_position: i64,
}

impl StoredReceipt {
    /// The last position that it covers.
    pub fn last(&self) -> Position {
        Position::new(self.last_position)
    }
}

/// A subject's key, wrapped, or the tombstone of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
#[serde(deny_unknown_fields)]
pub struct StoredKey {
    pub(crate) subject_id: Uuid,
    pub(crate) key_id: Uuid,
    #[serde(with = "text::base64_or_none")]
    pub(crate) wrapped: Option<Vec<u8>>,
    pub(crate) wrapped_by: String,
    pub(crate) created_at: i64,
    pub(crate) destroyed_at: Option<i64>,
}

/// A secret of the keyring, wrapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
#[serde(deny_unknown_fields)]
pub struct StoredSecret {
    pub(crate) name: String,
    #[serde(with = "text::base64")]
    pub(crate) wrapped: Vec<u8>,
    pub(crate) wrapped_by: String,
}
