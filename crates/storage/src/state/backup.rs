//! Which backups this register made, where they were written, and until when they may exist: a person whose key was
//! destroyed is forgotten in them only when they are destroyed too.

use chrono::{DateTime, Utc};
use event_store::{Connection, Database, Position, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros};

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Its id, as in its manifest.
    pub id: Uuid,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The last event in it.
    pub position: Position,
    /// Where it was written; it may have been moved since.
    pub path: String,
    /// Its size.
    pub bytes: i64,
    /// Of the whole file, in hexadecimal: tells a moved copy from another file.
    pub sha256: String,
    /// Whether the wrapped keys are in it.
    pub with_keys: bool,
    /// When its copies are to be destroyed.
    pub expires_at: DateTime<Utc>,
}

const ADD: Sql = Sql::same(
    "INSERT INTO backup (id, made_at, position, path, bytes, sha256, with_keys, expires_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
);
const LIST: Sql = Sql::same(
    "SELECT id, made_at, position, path, bytes, sha256, with_keys, expires_at FROM backup ORDER BY made_at, id",
);
const REMOVE: Sql = Sql::same("DELETE FROM backup WHERE id = $1");

#[derive(FromRow)]
struct Row {
    id: Uuid,
    made_at: i64,
    position: i64,
    path: String,
    bytes: i64,
    sha256: String,
    with_keys: i64,
    expires_at: i64,
}

impl TryFrom<Row> for Backup {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "backup",
            id: &row.id,
        };
        Ok(Self {
            made_at: columns.instant("made_at", row.made_at)?,
            expires_at: columns.instant("expires_at", row.expires_at)?,
            id: row.id,
            position: Position::new(row.position),
            path: row.path,
            bytes: row.bytes,
            sha256: row.sha256,
            with_keys: row.with_keys != 0,
        })
    }
}

/// Puts a backup on the list. Call it before the file gets its name, so that no file is without its entry.
pub async fn add(database: &Database, backup: &Backup) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    add_on(&mut tx, backup).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction.
pub async fn add_on(connection: &mut Connection, backup: &Backup) -> Result<(), StorageError> {
    let text = ADD.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(backup.id)
            .bind(micros(backup.made_at))
            .bind(backup.position.get())
            .bind(&backup.path)
            .bind(backup.bytes)
            .bind(&backup.sha256)
            .bind(i64::from(backup.with_keys))
            .bind(micros(backup.expires_at))
            .execute(c).await.map(drop)
    })?;
    Ok(())
}

/// All backups that may still exist, the oldest first.
pub async fn list(database: &Database) -> Result<Vec<Backup>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LIST.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => sqlx::query_as(text).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, _>>()?)
}

/// Takes backups from the list that do not exist any more.
pub async fn remove(database: &Database, ids: &[Uuid]) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = REMOVE.on(&tx);
    for id in ids {
        each_engine!(tx, c => sqlx::query(text).bind(id).execute(c).await.map(drop))?;
    }
    Ok(tx.commit().await?)
}
