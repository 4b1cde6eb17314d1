//! The event store: one log in one database.

use std::sync::Arc;

use futures::Stream;
use tokio::sync::watch;
use uuid::Uuid;

use crate::append::{Append, AppendError, Appended, InlineProjector, Receipt};
use crate::database::{Database, DatabaseError};
use crate::event::RecordedEvent;
use crate::keyring::Keyring;
use crate::query::{Position, Query};
use crate::read::{FollowError, ReadError};
use crate::verify::VerifyReport;

/// What a store is opened with.
pub struct OpenOptions {
    /// A migrated database.
    pub database: Database,
    /// The keys for personal parts.
    pub keyring: Keyring,
    /// The name of this log, for ever: it enters every leaf hash, for example `register.example.jp`.
    pub origin: String,
    /// What is written in the same transaction as the events.
    pub inline: Vec<Arc<dyn InlineProjector>>,
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database holds the log of another origin.
    #[error("the database holds the log {found:?}, not {wanted:?}; the origin of a log never changes")]
    OtherOrigin {
        /// The origin in the database.
        found: String,
        /// The origin asked for.
        wanted: String,
    },
    /// The origin is empty or longer than 200 bytes.
    #[error("the origin of a log must have 1 to 200 bytes")]
    BadOrigin,
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// The log. Cloning shares it.
#[derive(Clone)]
pub struct EventStore {
    database: Database,
    keyring: Keyring,
    head: watch::Receiver<Position>,
}

impl EventStore {
    /// Opens the log, made when the database has none.
    pub async fn open(_options: OpenOptions) -> Result<Self, OpenError> {
        unimplemented!("lands with the log")
    }

    /// Appends a command's events, or says what it lost to.
    pub async fn append(&self, _append: Append) -> Result<Appended, AppendError> {
        unimplemented!("lands with the log")
    }

    /// The receipt of a command, when it has been taken.
    pub async fn receipt(&self, _command_id: Uuid) -> Result<Option<Receipt>, DatabaseError> {
        unimplemented!("lands with the log")
    }

    /// Events that match, after a position, in order, at most `limit`.
    pub async fn read(
        &self,
        _query: &Query,
        _after: Position,
        _limit: u32,
    ) -> Result<Vec<RecordedEvent>, ReadError> {
        unimplemented!("lands with the log")
    }

    /// All events that match, after a position, for ever; it waits for new ones. It ends after an error.
    pub fn follow(
        &self,
        _query: Query,
        _after: Position,
    ) -> impl Stream<Item = Result<RecordedEvent, FollowError>> + Send + use<> {
        futures::stream::pending()
    }

    /// The position of the last event.
    pub async fn head(&self) -> Result<Position, DatabaseError> {
        unimplemented!("lands with the log")
    }

    /// Walks a range (both ends belong to it) and reports everything that is wrong.
    pub async fn verify(&self, _from: Position, _to: Position) -> Result<VerifyReport, ReadError> {
        unimplemented!("lands with the log")
    }

    /// The database that the log is in.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The keys of the log.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Says that the head has moved, also when another process moved it. A hint: it may come late or several at once.
    pub fn head_changed(&self) -> watch::Receiver<Position> {
        self.head.clone()
    }
}
