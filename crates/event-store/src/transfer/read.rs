//! Reading a register's log and keys as they are stored, page by page.
//!
//! Give all functions the same connection of [`Database::begin_snapshot`]. Keys are read in a snapshot that began *after*
//! that of the log: a key is durable before the event that it seals, so no event is without its key.

use std::path::Path;

use uuid::Uuid;

use super::rows::{LogHead, StoredEvent, StoredKey, StoredReceipt, StoredSecret};
use crate::database::{
    Connection, Database, DatabaseError, DatabaseOptions, MigrateError, Sql, SqliteDatabase,
};
use crate::each_engine;
use crate::query::Position;
use crate::read::{self, ReadError};

const HEAD: &str = "SELECT origin, position, recorded_at FROM log_head";

/// By way of the events, because receipts have no index by position.
const RECEIPTS: &str = "SELECT r.command_id, r.request_hash, r.first_position, r.last_position
     FROM event AS e CROSS JOIN command_receipt AS r
     WHERE e.position > $1 AND e.position <= $1 + $2
       AND r.command_id = e.command_id AND r.first_position = e.position
     ORDER BY e.position";
const RECEIPTS_AT_ALL: &str = "SELECT count(*) FROM command_receipt";

const KEYS: Sql = Sql {
    sqlite: "SELECT subject_id, key_id, wrapped, wrapped_by, created_at, destroyed_at FROM subject_key
             WHERE subject_id >= $1 ORDER BY subject_id LIMIT $2",
    postgres:
        "SELECT subject_id, key_id, wrapped, wrapped_by, created_at, destroyed_at FROM sengen_keys.subject_key
               WHERE subject_id >= $1 ORDER BY subject_id LIMIT $2",
};
const SECRETS: Sql = Sql {
    sqlite: "SELECT name, wrapped, wrapped_by FROM keyring_secret ORDER BY name",
    postgres: "SELECT name, wrapped, wrapped_by FROM sengen_keys.keyring_secret ORDER BY name COLLATE \"C\"",
};

/// The database of a register's keys, brought to this binary's schema: beside the database, or where `url` says. No wrapping
/// key is needed to move keys.
pub async fn keys_of(database: &Database, url: Option<&str>) -> Result<Database, MigrateError> {
    let keys = match url {
        Some(url) => crate::keyring::database_at(url).await?,
        None => crate::keyring::database_beside(database).await?,
    };
    keys.migrate_keys().await?;
    Ok(keys)
}

/// The same for the file of a keyring, made when it is missing.
pub async fn keys_in(path: &Path) -> Result<Database, MigrateError> {
    let keys = SqliteDatabase::open(path, DatabaseOptions::default()).await?;
    let keys = Database::Sqlite(keys);
    keys.migrate_keys().await?;
    Ok(keys)
}

/// The head of the log; `None` when the database has none.
pub async fn head(connection: &mut Connection) -> Result<Option<LogHead>, DatabaseError> {
    Ok(each_engine!(connection, c => sqlx::query_as(HEAD).fetch_optional(c).await)?)
}

/// The events after a position; fails when one is missing between them.
pub async fn events(
    connection: &mut Connection,
    after: Position,
    limit: u32,
) -> Result<Vec<StoredEvent>, ReadError> {
    let rows = read::all(connection, after, limit).await?;
    Ok(rows.into_iter().map(StoredEvent).collect())
}

/// The receipts of the commands whose first event is among the `window` events after a position.
pub async fn receipts(
    connection: &mut Connection,
    after: Position,
    window: u32,
) -> Result<Vec<StoredReceipt>, DatabaseError> {
    Ok(each_engine!(connection, c => {
        sqlx::query_as(RECEIPTS).bind(after.get()).bind(i64::from(window)).fetch_all(c).await
    })?)
}

/// How many receipts there are, also those that belong to no event.
pub async fn receipt_count(connection: &mut Connection) -> Result<u64, DatabaseError> {
    let count: i64 = each_engine!(connection, c => sqlx::query_scalar(RECEIPTS_AT_ALL).fetch_one(c).await)?;
    Ok(count.unsigned_abs())
}

/// A page of keys and tombstones by subject, from one on (the first is [`Uuid::nil`]), and where the next page begins:
/// `None` after the last.
pub async fn keys(
    connection: &mut Connection,
    from: Uuid,
    limit: u32,
) -> Result<(Vec<StoredKey>, Option<Uuid>), DatabaseError> {
    let text = KEYS.on(connection);
    let keys: Vec<StoredKey> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(from).bind(i64::from(limit)).fetch_all(c).await
    })?;
    let last = keys.last().filter(|_| keys.len() == limit as usize);
    let next = last.and_then(|key| key.subject_id.as_u128().checked_add(1));
    Ok((keys, next.map(Uuid::from_u128)))
}

/// The secrets of the keyring; there are few.
pub async fn secrets(connection: &mut Connection) -> Result<Vec<StoredSecret>, DatabaseError> {
    let text = SECRETS.on(connection);
    Ok(each_engine!(connection, c => sqlx::query_as(text).fetch_all(c).await)?)
}
