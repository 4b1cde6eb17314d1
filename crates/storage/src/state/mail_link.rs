//! Addresses of members of staff that wait to be confirmed: one for each account, sealed, by the hash of the link's token.

use chrono::{DateTime, Utc};
use event_store::{Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{StorageError, micros, remove_before};

/// An address that waits.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct MailLink {
    /// Whose key seals it.
    pub subject_id: Uuid,
    /// What the keyring sealed.
    pub sealed: Vec<u8>,
}

const PROPOSE: Sql = Sql::same(
    "INSERT INTO mail_link (staff_id, token_hash, subject_id, sealed, expires_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (staff_id) DO UPDATE SET token_hash = excluded.token_hash, subject_id = excluded.subject_id, \
     sealed = excluded.sealed, expires_at = excluded.expires_at",
);
const TAKE: Sql = Sql::same(
    "DELETE FROM mail_link WHERE staff_id = $1 AND token_hash = $2 AND expires_at > $3 RETURNING subject_id, sealed",
);
const CLEAN: Sql = Sql::same("DELETE FROM mail_link WHERE expires_at < $1");

/// Lets an address wait; one that waited before waits no more.
pub async fn propose(
    database: &Database,
    staff_id: Uuid,
    token_hash: &[u8],
    address: &MailLink,
    expires_at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = PROPOSE.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(staff_id)
            .bind(token_hash)
            .bind(address.subject_id)
            .bind(&address.sealed)
            .bind(micros(expires_at))
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Takes the address that waits for a token, once; none: there is none, or it is too late.
pub async fn take(
    database: &Database,
    staff_id: Uuid,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<MailLink>, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = TAKE.on(&tx);
    let found = each_engine!(tx, c => {
        let query = sqlx::query_as(text).bind(staff_id).bind(token_hash).bind(micros(now));
        query.fetch_optional(c).await
    })?;
    tx.commit().await?;
    Ok(found)
}

/// Removes what waited until before a moment; says how many.
pub async fn clean(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    remove_before(database, CLEAN, before).await
}
