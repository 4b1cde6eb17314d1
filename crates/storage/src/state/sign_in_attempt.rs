//! Right passwords that wait for their second factor, by the hash of their token.

use chrono::{DateTime, Utc};
use event_store::{Connection, Database, Sql, each_engine};
use uuid::Uuid;

use crate::sql::{StorageError, micros, remove_before};

/// An attempt that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInAttempt {
    /// Whose password was right.
    pub staff_id: Uuid,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when a code is taken.
    pub expires_at: DateTime<Utc>,
    /// What the browser calls itself that began it.
    pub user_agent: Option<String>,
}

const BEGIN: Sql = Sql::same(
    "INSERT INTO sign_in_attempt (token_hash, staff_id, created_at, expires_at, user_agent, tries, ended_at) \
     VALUES ($1, $2, $3, $4, $5, 0, NULL)",
);
const WHOSE: Sql = Sql::same(
    "SELECT staff_id FROM sign_in_attempt WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2 \
     AND tries < $3 AND coalesce(user_agent, '') = coalesce($4, '')",
);
const COUNT: Sql = Sql::same(
    "UPDATE sign_in_attempt SET tries = tries + 1 WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2 \
     AND tries < $3 RETURNING tries",
);
const END: Sql =
    Sql::same("UPDATE sign_in_attempt SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL");
const END_ALL: Sql =
    Sql::same("UPDATE sign_in_attempt SET ended_at = $2 WHERE staff_id = $1 AND ended_at IS NULL");
const CLEAN: Sql = Sql::same("DELETE FROM sign_in_attempt WHERE expires_at < $1");

/// Keeps a new attempt.
pub async fn begin(
    database: &Database,
    token_hash: &[u8],
    attempt: &SignInAttempt,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = BEGIN.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(token_hash)
            .bind(attempt.staff_id)
            .bind(micros(attempt.created_at))
            .bind(micros(attempt.expires_at))
            .bind(&attempt.user_agent)
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Whose attempt a token is, when it holds at a moment in this browser, with fewer than so many tries.
pub async fn whose(
    database: &Database,
    token_hash: &[u8],
    now: DateTime<Utc>,
    tries: i64,
    user_agent: Option<&str>,
) -> Result<Option<Uuid>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = WHOSE.on(&connection);
    Ok(each_engine!(connection, c => {
        sqlx::query_scalar(text)
            .bind(token_hash)
            .bind(micros(now))
            .bind(tries)
            .bind(user_agent)
            .fetch_optional(c)
            .await
    })?)
}

/// Counts a try before it is looked at; none when it is over or had so many. Says how many there were with this one.
pub async fn count(
    database: &Database,
    token_hash: &[u8],
    now: DateTime<Utc>,
    tries: i64,
) -> Result<Option<i64>, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = COUNT.on(&tx);
    let counted = each_engine!(tx, c => {
        sqlx::query_scalar(text).bind(token_hash).bind(micros(now)).bind(tries).fetch_optional(c).await
    })?;
    tx.commit().await?;
    Ok(counted)
}

/// Ends an attempt; `false`: it was over, also by a moment.
pub async fn end(database: &Database, token_hash: &[u8], now: DateTime<Utc>) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = END.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(token_hash).bind(micros(now)).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Ends all attempts of a member of staff, in the transaction of what is the reason.
pub(super) async fn end_all_within(
    connection: &mut Connection,
    staff_id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let text = END_ALL.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(staff_id).bind(micros(now)).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes attempts that expired before a moment; says how many.
pub async fn clean(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    remove_before(database, CLEAN, before).await
}
