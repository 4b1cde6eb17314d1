//! Tokens by which programs read; written in the transaction of the event. When one was last used stands in a table beside it.

use chrono::{DateTime, Utc};
use domain::ApiTokenId;
use domain::api_token::{ApiTokenEvent, Issued, Scope};
use event_store::{Connection, Database, InlineError, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use super::in_the_clear::{ClearEvent, ClearTable};
use crate::sql::{Columns, CorruptRow, StorageError, micros};

/// A token, good or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiTokenRow {
    /// Which.
    pub id: ApiTokenId,
    /// What it is for.
    pub name: String,
    /// What it is good for.
    pub scopes: Vec<Scope>,
    /// Who gave it out, as in the actor of events.
    pub issued_by: String,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// When somebody took it back.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Who did, as in the actor of events.
    pub revoked_by: Option<String>,
    /// When it was last used, at most a minute behind.
    pub used_at: Option<DateTime<Utc>>,
}

impl ApiTokenRow {
    /// Whether it is good at a moment.
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

macro_rules! select {
    ($end:literal) => {
        concat!(
            "SELECT t.id, t.name, t.scopes, t.issued_by, t.issued_at, t.expires_at, t.revoked_at, t.revoked_by, u.used_at \
             FROM api_token AS t LEFT JOIN api_token_use AS u ON u.token_id = t.id ",
            $end
        )
    };
}

const INSERT: Sql = Sql::same(
    "INSERT INTO api_token (id, token_hash, name, scopes, issued_by, issued_at, expires_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)",
);
const REVOKE: Sql =
    Sql::same("UPDATE api_token SET revoked_at = $2, revoked_by = $3 WHERE id = $1 AND revoked_at IS NULL");
const BY_HASH: Sql = Sql::same(select!("WHERE t.token_hash = $1"));
const BY_ID: Sql = Sql::same(select!("WHERE t.id = $1"));
const ALL: Sql = Sql::same(select!("ORDER BY t.issued_at DESC, t.id DESC LIMIT 1000"));
const USED: Sql = Sql::same(
    "INSERT INTO api_token_use (token_id, used_at) VALUES ($1, $2) \
     ON CONFLICT (token_id) DO UPDATE SET used_at = excluded.used_at WHERE api_token_use.used_at < excluded.used_at",
);

#[derive(FromRow)]
struct Row {
    id: Uuid,
    name: String,
    scopes: String,
    issued_by: String,
    issued_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    revoked_by: Option<String>,
    used_at: Option<i64>,
}

impl TryFrom<Row> for ApiTokenRow {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "api_token",
            id: &row.id,
        };
        Ok(Self {
            issued_at: columns.instant("issued_at", row.issued_at)?,
            expires_at: columns.instant("expires_at", row.expires_at)?,
            revoked_at: columns.instant_or_none("revoked_at", row.revoked_at)?,
            used_at: columns.instant_or_none("used_at", row.used_at)?,
            // A code of a newer version gives nothing.
            scopes: row.scopes.split(' ').filter_map(Scope::from_code).collect(),
            id: ApiTokenId::new(row.id),
            name: row.name,
            issued_by: row.issued_by,
            revoked_by: row.revoked_by,
        })
    }
}

/// The token with this hash, good or not.
pub async fn by_hash(database: &Database, token_hash: &[u8]) -> Result<Option<ApiTokenRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = BY_HASH.on(&connection);
    let row: Option<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(token_hash).fetch_optional(c).await)?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// One token.
pub async fn by_id(database: &Database, id: ApiTokenId) -> Result<Option<ApiTokenRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = BY_ID.on(&connection);
    let row: Option<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(id.uuid()).fetch_optional(c).await)?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// The newest thousand, whatever became of them, the newest first.
pub async fn all(database: &Database) -> Result<Vec<ApiTokenRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = ALL.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => sqlx::query_as(text).fetch_all(c).await)?;
    let rows = rows.into_iter().map(TryInto::try_into);
    Ok(rows.collect::<Result<_, CorruptRow>>()?)
}

/// Notes that a token was used.
pub async fn used(database: &Database, id: ApiTokenId, now: DateTime<Utc>) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = USED.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(id.uuid()).bind(micros(now)).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// Keeps the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ApiTokenTable;

impl ClearTable for ApiTokenTable {
    const NAME: &'static str = "api_token";

    async fn apply(connection: &mut Connection, event: ClearEvent<'_>) -> Result<(), InlineError> {
        match ApiTokenEvent::decode(event.event_type, event.version, event.data)? {
            ApiTokenEvent::Issued(issued) => insert(connection, &issued, event).await,
            ApiTokenEvent::Revoked { token_id } => Ok(revoke(connection, token_id, event).await?),
        }
    }
}

/// The hash in an event is not hexadecimal.
#[derive(Debug, thiserror::Error)]
#[error("the hash of token {0} cannot be read")]
struct BadHash(ApiTokenId);

async fn revoke(
    connection: &mut Connection,
    id: ApiTokenId,
    event: ClearEvent<'_>,
) -> Result<(), StorageError> {
    let text = REVOKE.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(id.uuid())
            .bind(micros(event.at))
            .bind(event.by)
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

async fn insert(
    connection: &mut Connection,
    issued: &Issued,
    event: ClearEvent<'_>,
) -> Result<(), InlineError> {
    let hash = hex::decode(&issued.token_hash).map_err(|_| BadHash(issued.token_id))?;
    let scopes: Vec<&str> = issued.scopes.iter().map(|scope| scope.code()).collect();
    let text = INSERT.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(issued.token_id.uuid())
            .bind(&hash)
            .bind(&issued.name)
            .bind(scopes.join(" "))
            .bind(event.by)
            .bind(micros(event.at))
            .bind(micros(issued.expires_at))
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}
