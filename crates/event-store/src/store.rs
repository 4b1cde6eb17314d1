//! The event store: one log in one database.

use std::sync::Arc;

use futures::Stream;
use tokio::sync::watch;
use uuid::Uuid;

use crate::append::{self, Append, AppendError, Appended, InlineProjector, Queue, Receipt, Sequencer};
use crate::database::{Database, DatabaseError};
use crate::each_engine;
use crate::event::{RecordedEvent, SubjectId};
use crate::keyring::Keyring;
use crate::query::{Guard, Position, Query, Tag};
use crate::read::{self, FollowError, Opener, Outline, ReadError, SealedEvent};
use crate::tree::is_key_name;
use crate::verify::{self, VerifyOptions, VerifyReport};
use crate::wake;

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
    /// The origin is empty, longer than 200 bytes, or no name for the key that signs the log.
    #[error("the origin of a log has 1 to 200 bytes, without spaces, control characters and +")]
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
    origin: Arc<str>,
    queue: Queue,
    head: watch::Receiver<Position>,
}

const HEAD_ROW: &str = "SELECT origin, position FROM log_head";
const FIRST_HEAD_ROW: &str =
    "INSERT INTO log_head (only_row, origin, position, recorded_at) VALUES (1, $1, 0, 0)
                              ON CONFLICT (only_row) DO NOTHING";
const RECEIPT: &str = "SELECT first_position, last_position FROM command_receipt WHERE command_id = $1";

impl EventStore {
    /// The name of the log that a migrated database holds; none when it holds none yet. Where there is a log its keys
    /// exist, and a missing key file is a lost one.
    pub async fn stored_origin(database: &Database) -> Result<Option<String>, DatabaseError> {
        let mut connection = database.acquire_read().await?;
        let row: Option<(String, i64)> = each_engine!(connection, c => {
            sqlx::query_as(HEAD_ROW).fetch_optional(c).await
        })?;
        Ok(row.map(|(origin, _)| origin))
    }

    /// Opens the log, made when the database has none.
    pub async fn open(options: OpenOptions) -> Result<Self, OpenError> {
        let OpenOptions {
            database,
            keyring,
            origin: wanted,
            inline,
        } = options;
        if wanted.len() > 200 || !is_key_name(&wanted) {
            return Err(OpenError::BadOrigin);
        }
        let (found, position) = head_row(&database, &wanted).await?;
        if found != wanted {
            return Err(OpenError::OtherOrigin { found, wanted });
        }
        let (sender, head) = watch::channel(Position::new(position));
        let origin: Arc<str> = wanted.into();
        wake::start(database.clone(), sender.clone());
        let queue = Sequencer::start(&database, keyring.clone(), Arc::clone(&origin), inline, sender);
        Ok(Self {
            database,
            keyring,
            origin,
            queue,
            head,
        })
    }

    /// Appends a command's events, or says what it lost to.
    ///
    /// Once it has been called the command may be taken even if the future is dropped; ask again with the same id.
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        self.queue.append(append).await
    }

    /// The receipt of a command, when it has been taken.
    pub async fn receipt(&self, command_id: Uuid) -> Result<Option<Receipt>, DatabaseError> {
        let mut connection = self.database.acquire_read().await?;
        let row: Option<(i64, i64)> = each_engine!(connection, c => {
            sqlx::query_as(RECEIPT).bind(command_id).fetch_optional(c).await
        })?;
        Ok(row.map(|(first, last)| Receipt {
            command_id,
            first: Position::new(first),
            last: Position::new(last),
        }))
    }

    /// Events that match, after a position, in order, at most `limit`.
    pub async fn read(
        &self,
        query: &Query,
        after: Position,
        limit: u32,
    ) -> Result<Vec<RecordedEvent>, ReadError> {
        let mut connection = self.database.acquire_read().await?;
        let rows = if query.is_all() {
            read::all(&mut connection, after, limit).await?
        } else {
            let head = read::head(&mut connection).await?;
            read::matching(&mut connection, query, after, head, limit).await?
        };
        drop(connection);
        read::events(rows, &self.origin, &self.keyring).await
    }

    /// The events at these positions, in order. Ask for some hundred at a time.
    pub async fn at(&self, positions: &[Position]) -> Result<Vec<RecordedEvent>, ReadError> {
        let mut connection = self.database.acquire_read().await?;
        let rows = read::at(&mut connection, positions).await?;
        drop(connection);
        read::events(rows, &self.origin, &self.keyring).await
    }

    /// Every event after a position in order, up to a position (both of the log; `None`: its head), in pages that are read
    /// ahead. The personal parts are left sealed, and only the columns are read that a projection needs: what is folded into a
    /// few rows need not be opened event by event. See [`EventStore::opener`]. It ends after an error.
    pub fn read_sealed(
        &self,
        after: Position,
        to: Option<Position>,
    ) -> impl Stream<Item = Result<Vec<SealedEvent>, ReadError>> + Send + use<> {
        read::sealed(self, after, to)
    }

    /// The events with any of these tags, up to a position, in order, with their personal parts sealed. Some thousand tags at once are
    /// fine: it is one statement.
    pub async fn sealed_tagged(&self, tags: &[Tag], to: Position) -> Result<Vec<SealedEvent>, ReadError> {
        let mut connection = self.database.acquire_read().await?;
        read::sealed_tagged(&mut connection, tags, to).await
    }

    /// The same without what they say.
    pub async fn outlines_tagged(&self, tags: &[Tag], to: Position) -> Result<Vec<Outline>, ReadError> {
        let mut connection = self.database.acquire_read().await?;
        read::outlines_tagged(&mut connection, tags, to).await
    }

    /// The plan by which the database would look for these tags, in its own words: to look for scans of whole tables.
    pub async fn explain_tagged(&self, tags: &[Tag]) -> Result<Vec<String>, ReadError> {
        let mut connection = self.database.acquire_read().await?;
        read::explain_tagged(&mut connection, tags).await
    }

    /// Opens the parts of these subjects that [`EventStore::read_sealed`] and its like left sealed. Thousands at once are fine.
    pub async fn opener(&self, subjects: &[SubjectId]) -> Result<Opener, ReadError> {
        let keys = self.keyring.opening_once(subjects).await?;
        Ok(Opener::new(Arc::clone(&self.origin), keys))
    }

    /// All events that match, after a position, for ever; it waits for new ones. It ends after an error.
    pub fn follow(
        &self,
        query: Query,
        after: Position,
    ) -> impl Stream<Item = Result<RecordedEvent, FollowError>> + Send + use<> {
        read::follow(self.clone(), query, after)
    }

    /// What happened after a position and up to another, without what it says. Ask for some hundred at a time.
    pub async fn outlines(&self, after: Position, to: Position) -> Result<Vec<Outline>, ReadError> {
        let mut connection = self.database.acquire_read().await?;
        read::outlines(&mut connection, after, to).await
    }

    /// The position of the last event.
    pub async fn head(&self) -> Result<Position, DatabaseError> {
        let mut connection = self.database.acquire_read().await?;
        Ok(read::head(&mut connection).await?)
    }

    /// What the leaf hash of an event is made of: it has commitments in place of personal parts.
    pub async fn entry(&self, position: Position) -> Result<Vec<u8>, ReadError> {
        let mut connection = self.database.acquire_read().await?;
        read::entry(&mut connection, &self.origin, position).await
    }

    /// Walks a range (both ends belong to it) and reports everything that is wrong.
    pub async fn verify(&self, from: Position, to: Position) -> Result<VerifyReport, ReadError> {
        self.verify_with(VerifyOptions::between(from, to), |_| {}).await
    }

    /// The same with the signatures of the heads, a head from outside, and somebody who hears how far it is.
    pub async fn verify_with(
        &self,
        options: VerifyOptions<'_>,
        progress: impl FnMut(Position),
    ) -> Result<VerifyReport, ReadError> {
        verify::walk(self, options, progress).await
    }

    /// The plan by which the database would check these guards, in its own words: to look for scans of whole tables.
    pub async fn explain_guards(&self, guards: &[Guard]) -> Result<Vec<String>, DatabaseError> {
        append::explain(&self.database, guards).await
    }

    /// The database that the log is in.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The keys of the log.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Says that the head has moved, also when another process moved it. A hint: it may come late or several at once.
    pub fn head_changed(&self) -> watch::Receiver<Position> {
        self.head.clone()
    }
}

/// Origin and position of the log, made when there is none.
async fn head_row(database: &Database, origin: &str) -> Result<(String, i64), DatabaseError> {
    let mut reader = database.acquire_read().await?;
    let row: Option<(String, i64)> =
        each_engine!(reader, c => sqlx::query_as(HEAD_ROW).fetch_optional(c).await)?;
    drop(reader);
    if let Some(row) = row {
        return Ok(row);
    }
    let mut tx = database.begin_write().await?;
    each_engine!(tx, c => sqlx::query(FIRST_HEAD_ROW).bind(origin).execute(c).await.map(|_| ()))?;
    let row = each_engine!(tx, c => sqlx::query_as(HEAD_ROW).fetch_one(c).await)?;
    tx.commit().await?;
    Ok(row)
}
