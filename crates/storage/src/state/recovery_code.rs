//! Recovery codes, by keyed hash: each is good once, instead of a code of the authenticator.

use chrono::{DateTime, Utc};
use event_store::{Connection, Database, Sql, each_engine};
use uuid::Uuid;

use crate::sql::{StorageError, micros};

const DROP: Sql = Sql::same("DELETE FROM recovery_code WHERE staff_id = $1");
const ADD: Sql =
    Sql::same("INSERT INTO recovery_code (code_hash, staff_id, made_at, used_at) VALUES ($1, $2, $3, NULL)");
const USE: Sql = Sql::same(
    "UPDATE recovery_code SET used_at = $3 WHERE code_hash = $1 AND staff_id = $2 AND used_at IS NULL",
);
const LEFT: Sql = Sql::same("SELECT count(*) FROM recovery_code WHERE staff_id = $1 AND used_at IS NULL");

/// Replaces all recovery codes of a member of staff.
pub async fn replace(
    database: &Database,
    staff_id: Uuid,
    code_hashes: &[[u8; 32]],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    replace_within(&mut tx, staff_id, code_hashes, now).await?;
    Ok(tx.commit().await?)
}

/// The same in the transaction of what is the reason.
pub(super) async fn replace_within(
    connection: &mut Connection,
    staff_id: Uuid,
    code_hashes: &[[u8; 32]],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let text = DROP.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(staff_id).execute(c).await.map(drop))?;
    let text = ADD.on(connection);
    for hash in code_hashes {
        let hash = hash.as_slice();
        each_engine!(connection, c => {
            sqlx::query(text).bind(hash).bind(staff_id).bind(micros(now)).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Uses a code up; `false`: it is none of theirs, or was used before, also by a moment.
pub async fn use_up(
    database: &Database,
    staff_id: Uuid,
    code_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = USE.on(&tx);
    let rows = each_engine!(tx, c => {
        let query = sqlx::query(text).bind(code_hash).bind(staff_id).bind(micros(now));
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// How many are still good.
pub async fn left(database: &Database, staff_id: Uuid) -> Result<i64, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LEFT.on(&connection);
    Ok(each_engine!(connection, c => sqlx::query_scalar(text).bind(staff_id).fetch_one(c).await)?)
}
