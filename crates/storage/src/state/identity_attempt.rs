//! Browsers that were sent to the identity provider and have not come back, by the hash of a token.

use chrono::{DateTime, Utc};
use event_store::{Database, Sql, each_engine};
use uuid::Uuid;

use crate::sql::{StorageError, micros, remove_before};

const BEGIN: Sql =
    Sql::same("INSERT INTO identity_attempt (token_hash, staff_id, expires_at) VALUES ($1, $2, $3)");
const TAKE: Sql =
    Sql::same("DELETE FROM identity_attempt WHERE token_hash = $1 AND expires_at > $2 RETURNING staff_id");
const CLEAN: Sql = Sql::same("DELETE FROM identity_attempt WHERE expires_at < $1");

/// Keeps that a browser was sent; `whom`: who wants to be vouched for from now on, none: somebody who wants to sign in.
pub async fn begin(
    database: &Database,
    token_hash: &[u8],
    whom: Option<Uuid>,
    expires_at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = BEGIN.on(&tx);
    each_engine!(tx, c => {
        let query = sqlx::query(text).bind(token_hash).bind(whom).bind(micros(expires_at));
        query.execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Takes it, which is gone from then on; none: there is none, or it is too old. Else who wants to be vouched for.
pub async fn take(
    database: &Database,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Option<Uuid>>, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = TAKE.on(&tx);
    let taken = each_engine!(tx, c => {
        let query = sqlx::query_scalar::<_, Option<Uuid>>(text);
        query.bind(token_hash).bind(micros(now)).fetch_optional(c).await
    })?;
    tx.commit().await?;
    Ok(taken)
}

/// Removes those that expired before a moment; says how many.
pub async fn clean(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    remove_before(database, CLEAN, before).await
}
