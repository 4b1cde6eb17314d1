//! Browsers that were sent to the identity provider and have not come back, by the hash of a token; and those of invited people who have,
//! and still have to choose their login.

use chrono::{DateTime, Utc};
use event_store::{Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{StorageError, micros, remove_before};

/// What somebody wants from the provider; nothing of it: to sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Wanted {
    /// Who wants to be vouched for from now on.
    pub staff_id: Option<Uuid>,
    /// By which link somebody wants to join.
    pub invitation_hash: Option<Vec<u8>>,
}

/// For whom the provider vouched who was invited.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct VouchedNewcomer {
    /// By which link they join.
    pub invitation_hash: Vec<u8>,
    /// Who they are to the provider.
    pub subject_hash: Vec<u8>,
}

const BEGIN: Sql = Sql::same(
    "INSERT INTO identity_attempt (token_hash, staff_id, invitation_hash, expires_at) VALUES ($1, $2, $3, $4)",
);
const TAKE: Sql = Sql::same(
    "DELETE FROM identity_attempt WHERE token_hash = $1 AND expires_at > $2 AND subject_hash IS NULL \
     RETURNING staff_id, invitation_hash",
);
const VOUCH: Sql = Sql::same(
    "INSERT INTO identity_attempt (token_hash, invitation_hash, subject_hash, expires_at) VALUES ($1, $2, $3, $4)",
);
const VOUCHED: Sql = Sql::same(
    "SELECT invitation_hash, subject_hash FROM identity_attempt WHERE token_hash = $1 AND expires_at > $2 \
     AND subject_hash IS NOT NULL AND invitation_hash IS NOT NULL",
);
const END: Sql = Sql::same("DELETE FROM identity_attempt WHERE token_hash = $1");
const CLEAN: Sql = Sql::same("DELETE FROM identity_attempt WHERE expires_at < $1");

/// Keeps that a browser was sent, and what for.
pub async fn begin(
    database: &Database,
    token_hash: &[u8],
    wanted: &Wanted,
    expires_at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = BEGIN.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(token_hash)
            .bind(wanted.staff_id)
            .bind(&wanted.invitation_hash)
            .bind(micros(expires_at))
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Takes it, which is gone from then on; none: there is none, it is too old, or it came back before.
pub async fn take(
    database: &Database,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Wanted>, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = TAKE.on(&tx);
    let taken = each_engine!(tx, c => {
        sqlx::query_as(text).bind(token_hash).bind(micros(now)).fetch_optional(c).await
    })?;
    tx.commit().await?;
    Ok(taken)
}

/// Keeps for whom the provider vouched until they have chosen their login.
pub async fn vouch(
    database: &Database,
    token_hash: &[u8],
    newcomer: &VouchedNewcomer,
    expires_at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = VOUCH.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(token_hash)
            .bind(&newcomer.invitation_hash)
            .bind(&newcomer.subject_hash)
            .bind(micros(expires_at))
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// For whom it vouched; none: for nobody, or too long ago.
pub async fn vouched(
    database: &Database,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<VouchedNewcomer>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = VOUCHED.on(&connection);
    Ok(each_engine!(connection, c => {
        sqlx::query_as(text).bind(token_hash).bind(micros(now)).fetch_optional(c).await
    })?)
}

/// Removes one, because they have joined.
pub async fn end(database: &Database, token_hash: &[u8]) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = END.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(token_hash).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// Removes those that expired before a moment; says how many.
pub async fn clean(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    remove_before(database, CLEAN, before).await
}
