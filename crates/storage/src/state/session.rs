//! Sessions, by the hash of their id.

use chrono::{DateTime, Utc};
use event_store::{Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros};

/// A session. Whether it still holds is judged by the caller's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub staff_id: Uuid,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, give or take the pause between two touches.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends unless it is used.
    pub expires_at: DateTime<Utc>,
    /// When it ends even if it is used.
    pub absolute_expires_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Session {
    /// Whether it holds at a moment.
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.expires_at && now < self.absolute_expires_at
    }
}

const BEGIN: Sql = Sql::same(
    "INSERT INTO session (id_hash, staff_id, created_at, last_seen_at, expires_at, absolute_expires_at) \
     VALUES ($1, $2, $3, $4, $5, $6)",
);
const LOAD: Sql = Sql::same(
    "SELECT staff_id, created_at, last_seen_at, expires_at, absolute_expires_at, ended_at FROM session \
     WHERE id_hash = $1",
);
const TOUCH: Sql = Sql::same(
    "UPDATE session SET last_seen_at = $2, expires_at = $3 WHERE id_hash = $1 AND ended_at IS NULL AND last_seen_at < $2",
);
const END: Sql = Sql::same("UPDATE session SET ended_at = $2 WHERE id_hash = $1 AND ended_at IS NULL");
const END_ALL: Sql = Sql::same("UPDATE session SET ended_at = $2 WHERE staff_id = $1 AND ended_at IS NULL");
const CLEAN: Sql = Sql::same("DELETE FROM session WHERE absolute_expires_at < $1");

#[derive(FromRow)]
struct Row {
    staff_id: Uuid,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
    absolute_expires_at: i64,
    ended_at: Option<i64>,
}

impl TryFrom<Row> for Session {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        // The key is a secret's hash; the owner is enough to find the row.
        let columns = Columns {
            table: "session",
            id: &row.staff_id,
        };
        Ok(Self {
            staff_id: row.staff_id,
            created_at: columns.instant("created_at", row.created_at)?,
            last_seen_at: columns.instant("last_seen_at", row.last_seen_at)?,
            expires_at: columns.instant("expires_at", row.expires_at)?,
            absolute_expires_at: columns.instant("absolute_expires_at", row.absolute_expires_at)?,
            ended_at: columns.instant_or_none("ended_at", row.ended_at)?,
        })
    }
}

/// Keeps a new session.
pub async fn begin(database: &Database, id_hash: &[u8], session: &Session) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = BEGIN.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(id_hash)
            .bind(session.staff_id)
            .bind(micros(session.created_at))
            .bind(micros(session.last_seen_at))
            .bind(micros(session.expires_at))
            .bind(micros(session.absolute_expires_at))
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// The session with this hash, whether it still holds or not.
pub async fn load(database: &Database, id_hash: &[u8]) -> Result<Option<Session>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LOAD.on(&connection);
    let row =
        each_engine!(connection, c => sqlx::query_as::<_, Row>(text).bind(id_hash).fetch_optional(c).await)?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// Says that it was used; call it now and then, not for each request.
pub async fn touch(
    database: &Database,
    id_hash: &[u8],
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = TOUCH.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text).bind(id_hash).bind(micros(now)).bind(micros(expires_at)).execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Ends one session.
pub async fn end(database: &Database, id_hash: &[u8], now: DateTime<Utc>) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = END.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(id_hash).bind(micros(now)).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// Ends all sessions of a member of staff.
pub async fn end_all(database: &Database, staff_id: Uuid, now: DateTime<Utc>) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = END_ALL.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(staff_id).bind(micros(now)).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// Removes sessions that could not hold after a moment; says how many.
pub async fn clean(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = CLEAN.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(micros(before)).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows)
}
