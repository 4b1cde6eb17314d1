//! Filling an empty log: all or nothing, in one transaction.

use super::check::{Broken, LogCheck};
use super::load_rows as write;
use super::rows::{LogHead, StoredEvent, StoredKey, StoredReceipt, StoredSecret};
use crate::database::{Connection, Database, DatabaseError, Engine, Sql, WriteTx};
use crate::each_engine;
use crate::event::RecordedEvent;
use crate::keyring::{KeyEncryptionKeys, rows};
use crate::query::Position;
use crate::read::{self, ReadError};

/// Why a log could not be filled. Nothing of it stays.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is a log already, or rows of one.
    #[error("the database holds a register already; name one that is empty")]
    NotEmpty,
    /// The keyring has keys, and others were to be put in.
    #[error("the keyring holds keys already; name an empty one, or keep its keys")]
    KeysNotEmpty,
    /// What was handed in is no log.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The database does not answer or refused a row.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<sqlx::Error> for LoadError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

const FIRST_HEAD: &str = "INSERT INTO log_head (only_row, origin, position, recorded_at) VALUES (1, $1, 0, 0) ON CONFLICT DO NOTHING";
const HEAD: &str = "UPDATE log_head SET position = $1, recorded_at = $2";
const IS_EMPTY: &str = "SELECT NOT (EXISTS (SELECT 1 FROM event) OR EXISTS (SELECT 1 FROM event_tag)
     OR EXISTS (SELECT 1 FROM command_receipt))";
const KEYS_ARE_EMPTY: Sql = Sql {
    sqlite: "SELECT NOT (EXISTS (SELECT 1 FROM subject_key) OR EXISTS (SELECT 1 FROM keyring_secret))",
    postgres: "SELECT NOT (EXISTS (SELECT 1 FROM sengen_keys.subject_key)
               OR EXISTS (SELECT 1 FROM sengen_keys.keyring_secret))",
};

/// The index of tags follows from the events.
const TAGS: Sql = Sql {
    sqlite: "INSERT INTO event_tag (tag, position, event_type)
             SELECT t.value, e.position, e.event_type FROM event AS e CROSS JOIN json_each(e.tags) AS t
             WHERE e.position > $1 AND e.position <= $2 ORDER BY t.value, e.position",
    postgres: "INSERT INTO event_tag (tag, position, event_type)
               SELECT t.tag, e.position, e.event_type
               FROM event AS e CROSS JOIN json_array_elements_text(e.tags::json) AS t (tag)
               WHERE e.position > $1 AND e.position <= $2 ORDER BY t.tag COLLATE \"C\", e.position",
};
const ANALYZE: &str = "ANALYZE event, event_tag, command_receipt";

/// How many events a step of it takes: sorted at once a B-tree on disk is filled from left to right; on PostgreSQL smaller
/// sorts stay in memory.
const fn tags_at_once(engine: Engine) -> i64 {
    match engine {
        Engine::Sqlite => i64::MAX,
        Engine::Postgres => 200_000,
    }
}

/// Fills the log and the keyring of a database. Dropped without [`Loader::commit`], the database is as it was.
pub struct Loader {
    tx: WriteTx,
    /// Where keys are in a database of their own.
    keys: Option<WriteTx>,
    head: LogHead,
    check: LogCheck,
}

impl Loader {
    /// Begins, and refuses a database that holds a log. `keys` is the keyring's database where it is another one; with
    /// `keep_keys` it stays as it is, and otherwise it must be empty.
    pub async fn begin(
        database: &Database,
        keys: Option<&Database>,
        keep_keys: bool,
        head: LogHead,
    ) -> Result<Self, LoadError> {
        let mut tx = database.begin_write().await?;
        let keys = match keys {
            Some(keys) => Some(keys.begin_write().await?),
            None => None,
        };
        // A program that opens the log meanwhile waits for this row, or was first.
        let made = each_engine!(tx, c => {
            sqlx::query(FIRST_HEAD).bind(&head.origin).execute(c).await.map(|done| done.rows_affected())
        })?;
        let is_empty: bool = each_engine!(tx, c => sqlx::query_scalar(IS_EMPTY).fetch_one(c).await)?;
        if made != 1 || !is_empty {
            return Err(LoadError::NotEmpty);
        }
        let check = LogCheck::new(&head.origin);
        let mut loader = Self {
            tx,
            keys,
            head,
            check,
        };
        let connection = loader.key_connection();
        let text = KEYS_ARE_EMPTY.on(connection);
        let no_keys: bool = each_engine!(connection, c => sqlx::query_scalar(text).fetch_one(c).await)?;
        if !keep_keys && !no_keys {
            return Err(LoadError::KeysNotEmpty);
        }
        Ok(loader)
    }

    /// The transaction, for tables beside the log, and the keys' where it is another one.
    pub fn connections(&mut self) -> (&mut Connection, Option<&mut Connection>) {
        let keys = self.keys.as_deref_mut();
        (&mut self.tx, keys)
    }

    fn key_connection(&mut self) -> &mut Connection {
        match self.connections() {
            (_, Some(keys)) => keys,
            (log, None) => log,
        }
    }

    /// The next events.
    pub async fn events(&mut self, events: &[StoredEvent]) -> Result<(), LoadError> {
        for event in events {
            self.check.event(event)?;
        }
        Ok(write::events(&mut self.tx, events).await?)
    }

    /// The next receipts, in the order of positions, after all events that they cover.
    pub async fn receipts(&mut self, receipts: &[StoredReceipt]) -> Result<(), LoadError> {
        for receipt in receipts {
            self.check.receipt(receipt)?;
        }
        Ok(write::receipts(&mut self.tx, receipts).await?)
    }

    /// Keys and tombstones.
    pub async fn keys(&mut self, keys: &[StoredKey]) -> Result<(), LoadError> {
        Ok(write::keys(self.key_connection(), keys).await?)
    }

    /// Secrets of the keyring.
    pub async fn secrets(&mut self, secrets: &[StoredSecret]) -> Result<(), LoadError> {
        Ok(write::secrets(self.key_connection(), secrets).await?)
    }

    /// After the last event and receipt: checks that nothing is missing, makes the index of tags, and moves the head.
    pub async fn finish(&mut self) -> Result<(), LoadError> {
        self.check.finish(&self.head)?;
        let step = tags_at_once(self.tx.engine());
        let text = TAGS.on(&self.tx);
        let mut after = 0_i64;
        while after < self.head.position {
            let to = after.saturating_add(step).min(self.head.position);
            each_engine!(self.tx, c => sqlx::query(text).bind(after).bind(to).execute(c).await.map(|_| ()))?;
            after = to;
        }
        if self.tx.engine() == Engine::Postgres {
            // Without it the first plans would be those of empty tables.
            each_engine!(self.tx, c => sqlx::query(ANALYZE).execute(c).await.map(|_| ()))?;
        }
        let (position, recorded_at) = (self.head.position, self.head.recorded_at);
        each_engine!(self.tx, c => {
            sqlx::query(HEAD).bind(position).bind(recorded_at).execute(c).await.map(|_| ())
        })?;
        Ok(())
    }

    /// Whether one of these keys opens the keyring; `None` when the keyring is empty.
    pub async fn opens(&mut self, encryption_keys: &KeyEncryptionKeys) -> Result<Option<bool>, LoadError> {
        Ok(rows::is_wrapped_by(self.key_connection(), encryption_keys).await?)
    }

    /// Loaded events after a position, of the types that are wanted and opened where a key exists; and the position
    /// reached: `None` after the last.
    pub async fn opened(
        &mut self,
        after: Position,
        limit: u32,
        wanted: impl Fn(&str) -> bool,
        encryption_keys: &KeyEncryptionKeys,
    ) -> Result<(Vec<RecordedEvent>, Option<Position>), ReadError> {
        let mut page = read::all(&mut self.tx, after, limit).await?;
        let reached = page.last().map(|row| Position::new(row.position));
        page.retain(|row| wanted(&row.event_type));
        let origin = self.head.origin.clone();
        let events = read::events_under(page, &origin, self.key_connection(), encryption_keys).await?;
        Ok((events, reached))
    }

    /// The Merkle root over what was loaded.
    pub fn root(&self) -> [u8; 32] {
        self.check.root()
    }

    /// Makes it last: the keys first, because a key without an event is harmless.
    pub async fn commit(self) -> Result<(), LoadError> {
        if let Some(keys) = self.keys {
            keys.commit().await?;
        }
        Ok(self.tx.commit().await?)
    }
}
