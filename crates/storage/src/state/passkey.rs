//! Passkeys of members of staff: public keys with what is known of them.

use chrono::{DateTime, Utc};
use event_store::{Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros};

/// A passkey as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// The id by which its owner names it.
    pub id: Uuid,
    /// Whose.
    pub staff_id: Uuid,
    /// What the device calls it.
    pub credential_id: Vec<u8>,
    /// The public key with what is known of it, as JSON.
    pub credential: String,
    /// How often it signed, where the device counts.
    pub counter: i64,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it opened the account last.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When a copy of it was noticed: it opens nothing from then on.
    pub suspected_at: Option<DateTime<Utc>>,
}

const ADD: Sql = Sql::same(
    "INSERT INTO passkey (id, staff_id, credential_id, credential, counter, name, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (credential_id) DO NOTHING",
);
const OF: Sql = Sql::same(
    "SELECT id, staff_id, credential_id, credential, counter, name, created_at, last_used_at, suspected_at FROM passkey \
     WHERE staff_id = $1 ORDER BY created_at, id",
);
const BY_CREDENTIAL: Sql = Sql::same(
    "SELECT id, staff_id, credential_id, credential, counter, name, created_at, last_used_at, suspected_at FROM passkey \
     WHERE credential_id = $1",
);
const USED: Sql = Sql::same(
    "UPDATE passkey SET credential = $2, counter = $3, last_used_at = $4 WHERE id = $1 AND suspected_at IS NULL \
     AND (counter < $3 OR (counter = 0 AND $3 = 0))",
);
const SUSPECT: Sql = Sql::same("UPDATE passkey SET suspected_at = $2 WHERE id = $1 AND suspected_at IS NULL");
const RENAME: Sql = Sql::same("UPDATE passkey SET name = $3 WHERE id = $1 AND staff_id = $2");
const OWNERS: Sql = Sql::same("SELECT DISTINCT staff_id FROM passkey WHERE suspected_at IS NULL");
const COUNT: Sql = Sql::same("SELECT count(*) FROM passkey WHERE staff_id = $1 AND suspected_at IS NULL");
const COUNT_WITH_SUSPECTED: Sql = Sql::same("SELECT count(*) FROM passkey WHERE staff_id = $1");
const REMOVE: Sql = Sql::same("DELETE FROM passkey WHERE id = $1 AND staff_id = $2");

#[derive(FromRow)]
struct Row {
    id: Uuid,
    staff_id: Uuid,
    credential_id: Vec<u8>,
    credential: String,
    counter: i64,
    name: String,
    created_at: i64,
    last_used_at: Option<i64>,
    suspected_at: Option<i64>,
}

impl TryFrom<Row> for Passkey {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "passkey",
            id: &row.id,
        };
        Ok(Self {
            created_at: columns.instant("created_at", row.created_at)?,
            last_used_at: columns.instant_or_none("last_used_at", row.last_used_at)?,
            suspected_at: columns.instant_or_none("suspected_at", row.suspected_at)?,
            id: row.id,
            staff_id: row.staff_id,
            credential_id: row.credential_id,
            credential: row.credential,
            counter: row.counter,
            name: row.name,
        })
    }
}

/// Keeps a new passkey; `false`: somebody has it already.
pub async fn add(database: &Database, passkey: &Passkey) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = ADD.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text)
            .bind(passkey.id)
            .bind(passkey.staff_id)
            .bind(&passkey.credential_id)
            .bind(&passkey.credential)
            .bind(passkey.counter)
            .bind(&passkey.name)
            .bind(micros(passkey.created_at))
            .execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// The passkeys of a member of staff, the oldest first.
pub async fn of(database: &Database, staff_id: Uuid) -> Result<Vec<Passkey>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = OF.on(&connection);
    let rows: Vec<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(staff_id).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, CorruptRow>>()?)
}

/// Whoever has a passkey that opens their account.
pub async fn owners(database: &Database) -> Result<Vec<Uuid>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = OWNERS.on(&connection);
    Ok(each_engine!(connection, c => sqlx::query_scalar(text).fetch_all(c).await)?)
}

/// How many passkeys open an account.
pub async fn count(database: &Database, staff_id: Uuid) -> Result<i64, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = COUNT.on(&connection);
    Ok(each_engine!(connection, c => sqlx::query_scalar(text).bind(staff_id).fetch_one(c).await)?)
}

/// How many passkeys an account has, with those that may have been copied.
pub async fn count_with_suspected(database: &Database, staff_id: Uuid) -> Result<i64, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = COUNT_WITH_SUSPECTED.on(&connection);
    Ok(each_engine!(connection, c => sqlx::query_scalar(text).bind(staff_id).fetch_one(c).await)?)
}

/// The passkey that a device calls so.
pub async fn by_credential(
    database: &Database,
    credential_id: &[u8],
) -> Result<Option<Passkey>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = BY_CREDENTIAL.on(&connection);
    let row = each_engine!(connection, c => {
        sqlx::query_as::<_, Row>(text).bind(credential_id).fetch_optional(c).await
    })?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// Says that it signed, and keeps what is known of it since; `false`: it is gone, suspected, or counted so far already.
pub async fn used(
    database: &Database,
    id: Uuid,
    credential: &str,
    counter: i64,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = USED.on(&tx);
    let rows = each_engine!(tx, c => {
        let query = sqlx::query(text).bind(id).bind(credential).bind(counter).bind(micros(now));
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Lets it open nothing from now on; `false`: it did not before.
pub async fn suspect(database: &Database, id: Uuid, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = SUSPECT.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(id).bind(micros(now)).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Gives it another name; `false`: its owner has no such passkey.
pub async fn rename(database: &Database, id: Uuid, staff_id: Uuid, name: &str) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = RENAME.on(&tx);
    let rows = each_engine!(tx, c => {
        let query = sqlx::query(text).bind(id).bind(staff_id).bind(name);
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Forgets it; `false`: its owner has no such passkey.
pub async fn remove(database: &Database, id: Uuid, staff_id: Uuid) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = REMOVE.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(id).bind(staff_id).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}
