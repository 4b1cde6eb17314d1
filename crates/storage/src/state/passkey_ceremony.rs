//! What browsers were asked to sign and have not answered yet, by the hash of a token.

use chrono::{DateTime, Utc};
use event_store::{Database, Sql, each_engine};
use uuid::Uuid;

use crate::sql::{StorageError, micros, remove_before};

/// A question to a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyCeremony {
    /// What its answer is good for.
    pub purpose: &'static str,
    /// Who is signed in; none: somebody who wants to be.
    pub staff_id: Option<Uuid>,
    /// What the answer is checked against.
    pub state: String,
    /// Until when an answer is taken.
    pub expires_at: DateTime<Utc>,
}

const BEGIN: Sql = Sql::same(
    "INSERT INTO passkey_ceremony (token_hash, purpose, staff_id, state, expires_at) VALUES ($1, $2, $3, $4, $5)",
);
const TAKE: Sql = Sql {
    sqlite: "DELETE FROM passkey_ceremony WHERE token_hash = $1 AND purpose = $2 AND staff_id IS $3 AND expires_at > $4 \
             RETURNING state",
    postgres: "DELETE FROM passkey_ceremony WHERE token_hash = $1 AND purpose = $2 AND staff_id IS NOT DISTINCT FROM $3 \
               AND expires_at > $4 RETURNING state",
};
const CLEAN: Sql = Sql::same("DELETE FROM passkey_ceremony WHERE expires_at < $1");

/// Keeps a question.
pub async fn begin(
    database: &Database,
    token_hash: &[u8],
    ceremony: &PasskeyCeremony,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = BEGIN.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(token_hash)
            .bind(ceremony.purpose)
            .bind(ceremony.staff_id)
            .bind(&ceremony.state)
            .bind(micros(ceremony.expires_at))
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Takes the state of a question of this purpose to whoever is signed in, which is gone from then on.
pub async fn take(
    database: &Database,
    token_hash: &[u8],
    purpose: &str,
    staff_id: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<Option<String>, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = TAKE.on(&tx);
    let state = each_engine!(tx, c => {
        sqlx::query_scalar(text)
            .bind(token_hash)
            .bind(purpose)
            .bind(staff_id)
            .bind(micros(now))
            .fetch_optional(c).await
    })?;
    tx.commit().await?;
    Ok(state)
}

/// Removes questions that expired before a moment; says how many.
pub async fn clean(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    remove_before(database, CLEAN, before).await
}
