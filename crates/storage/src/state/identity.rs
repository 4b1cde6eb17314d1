//! For whom the identity provider can vouch, by keyed hash of issuer and subject.

use chrono::{DateTime, Utc};
use event_store::{Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros};

/// That the provider can vouch for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// For whom.
    pub staff_id: Uuid,
    /// Since when.
    pub linked_at: DateTime<Utc>,
    /// When it did last.
    pub last_used_at: Option<DateTime<Utc>>,
}

const LINK: Sql = Sql::same(
    "INSERT INTO identity (subject_hash, staff_id, linked_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
);
const BY_HASH: Sql =
    Sql::same("SELECT staff_id, linked_at, last_used_at FROM identity WHERE subject_hash = $1");
const OF: Sql = Sql::same("SELECT staff_id, linked_at, last_used_at FROM identity WHERE staff_id = $1");
const USED: Sql = Sql::same("UPDATE identity SET last_used_at = $2 WHERE subject_hash = $1");
const UNLINK: Sql = Sql::same("DELETE FROM identity WHERE staff_id = $1");

#[derive(FromRow)]
struct Row {
    staff_id: Uuid,
    linked_at: i64,
    last_used_at: Option<i64>,
}

impl TryFrom<Row> for Identity {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "identity",
            id: &row.staff_id,
        };
        Ok(Self {
            staff_id: row.staff_id,
            linked_at: columns.instant("linked_at", row.linked_at)?,
            last_used_at: columns.instant_or_none("last_used_at", row.last_used_at)?,
        })
    }
}

/// From now on it can vouch for somebody; `false`: it does for somebody else, or for them under another subject.
pub async fn link(
    database: &Database,
    hash: &[u8],
    staff_id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = LINK.on(&tx);
    let rows = each_engine!(tx, c => {
        let query = sqlx::query(text).bind(hash).bind(staff_id).bind(micros(now));
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// For whom it vouches by this subject.
pub async fn by_hash(database: &Database, hash: &[u8]) -> Result<Option<Identity>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = BY_HASH.on(&connection);
    let row =
        each_engine!(connection, c => sqlx::query_as::<_, Row>(text).bind(hash).fetch_optional(c).await)?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// Whether it can vouch for a member of staff, and since when.
pub async fn of(database: &Database, staff_id: Uuid) -> Result<Option<Identity>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = OF.on(&connection);
    let row = each_engine!(connection, c => {
        sqlx::query_as::<_, Row>(text).bind(staff_id).fetch_optional(c).await
    })?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// Says that it vouched.
pub async fn used(database: &Database, hash: &[u8], now: DateTime<Utc>) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = USED.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(hash).bind(micros(now)).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// It can vouch for them no more; `false`: it could not.
pub async fn unlink(database: &Database, staff_id: Uuid) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = UNLINK.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(staff_id).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}
