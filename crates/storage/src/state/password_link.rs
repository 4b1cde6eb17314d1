//! One-time links by which members of staff choose another password, by the hash of their token.

use chrono::{DateTime, Utc};
use event_store::{Connection, Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros, remove_before};

/// A link. Whether it still holds is judged by the caller's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordLink {
    /// Whose password it changes.
    pub staff_id: Uuid,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When another link, or another password, took it back.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl PasswordLink {
    /// Whether it can be used at a moment.
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && self.revoked_at.is_none() && now < self.expires_at
    }
}

const MAKE: Sql = Sql::same(
    "INSERT INTO password_link (token_hash, staff_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
);
const LOAD: Sql = Sql::same(
    "SELECT staff_id, created_at, expires_at, used_at, revoked_at FROM password_link WHERE token_hash = $1",
);
const REVOKE: Sql = Sql::same(
    "UPDATE password_link SET revoked_at = $2 WHERE staff_id = $1 AND used_at IS NULL AND revoked_at IS NULL",
);
const REVOKE_EARLIER: Sql = Sql::same(
    "UPDATE password_link SET revoked_at = $3 WHERE staff_id = $1 AND used_at IS NULL AND revoked_at IS NULL \
     AND created_at < (SELECT created_at FROM password_link AS it WHERE it.token_hash = $2)",
);
const REVOKE_ONE: Sql = Sql::same(
    "UPDATE password_link SET revoked_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL",
);
const USE: Sql = Sql::same(
    "UPDATE password_link SET used_at = $2 \
     WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2",
);
const UNUSE: Sql =
    Sql::same("UPDATE password_link SET used_at = NULL WHERE token_hash = $1 AND used_at = $2");
const CLEAN: Sql = Sql::same("DELETE FROM password_link WHERE expires_at < $1");

#[derive(FromRow)]
struct Row {
    staff_id: Uuid,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<Row> for PasswordLink {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        // The key is a secret's hash; the owner is enough to find the row.
        let columns = Columns {
            table: "password_link",
            id: &row.staff_id,
        };
        Ok(Self {
            staff_id: row.staff_id,
            created_at: columns.instant("created_at", row.created_at)?,
            expires_at: columns.instant("expires_at", row.expires_at)?,
            used_at: columns.instant_or_none("used_at", row.used_at)?,
            revoked_at: columns.instant_or_none("revoked_at", row.revoked_at)?,
        })
    }
}

/// Keeps a new link.
pub async fn make(
    database: &Database,
    token_hash: &[u8],
    staff_id: Uuid,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = MAKE.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(token_hash)
            .bind(staff_id)
            .bind(micros(now))
            .bind(micros(expires_at))
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// The link with this hash, good or not.
pub async fn load(database: &Database, token_hash: &[u8]) -> Result<Option<PasswordLink>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LOAD.on(&connection);
    let row = each_engine!(connection, c => sqlx::query_as::<_, Row>(text).bind(token_hash).fetch_optional(c).await)?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// Takes the open links of a person back that were made before this one.
pub async fn revoke_earlier(
    database: &Database,
    staff_id: Uuid,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = REVOKE_EARLIER.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text).bind(staff_id).bind(token_hash).bind(micros(now)).execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Takes this link back; `false`: it was used or taken back.
pub async fn revoke(
    database: &Database,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    change(database, REVOKE_ONE, token_hash, now).await
}

/// Takes the open links of a person back.
pub async fn revoke_all(database: &Database, staff_id: Uuid, now: DateTime<Utc>) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    revoke_within(&mut tx, staff_id, now).await?;
    Ok(tx.commit().await?)
}

/// Takes the open links of a person back, in the transaction of what is the reason.
pub(super) async fn revoke_within(
    connection: &mut Connection,
    staff_id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let text = REVOKE.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(staff_id).bind(micros(now)).execute(c).await.map(drop))?;
    Ok(())
}

/// Uses the link up; `false`: it was used, taken back or had expired, also when somebody was faster by a moment.
pub async fn use_up(
    database: &Database,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    change(database, USE, token_hash, now).await
}

/// Takes a use back that led to nothing. `used_at` is when it was used up.
pub async fn give_back(
    database: &Database,
    token_hash: &[u8],
    used_at: DateTime<Utc>,
) -> Result<bool, StorageError> {
    change(database, UNUSE, token_hash, used_at).await
}

async fn change(
    database: &Database,
    sql: Sql,
    token_hash: &[u8],
    at: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = sql.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(token_hash).bind(micros(at)).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Removes links that expired before a moment; says how many.
pub async fn clean(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    remove_before(database, CLEAN, before).await
}
