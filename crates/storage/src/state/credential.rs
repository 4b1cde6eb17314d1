//! Password hashes of members of staff.

use chrono::{DateTime, Utc};
use event_store::{Connection, Database, Sql, each_engine};
use uuid::Uuid;

use crate::sql::{StorageError, micros};

const LOAD: Sql = Sql::same("SELECT password_hash FROM credential WHERE staff_id = $1");
const SET: Sql = Sql::same(
    "INSERT INTO credential (staff_id, password_hash, changed_at) VALUES ($1, $2, $3) \
     ON CONFLICT (staff_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at",
);

/// The password hash (PHC string) of a member of staff.
pub async fn load(database: &Database, staff_id: Uuid) -> Result<Option<String>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LOAD.on(&connection);
    Ok(each_engine!(connection, c => sqlx::query_scalar(text).bind(staff_id).fetch_optional(c).await)?)
}

/// Sets the password hash of somebody who has no session yet.
pub async fn set(
    database: &Database,
    staff_id: Uuid,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    set_within(&mut tx, staff_id, password_hash, now).await?;
    Ok(tx.commit().await?)
}

/// Replaces the password hash. Whatever the old password opened ends in the same transaction: all sessions but the one of
/// `keep`, attempts that wait for a code, and links to another password.
pub async fn replace(
    database: &Database,
    staff_id: Uuid,
    password_hash: &str,
    keep: Option<&[u8]>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    set_within(&mut tx, staff_id, password_hash, now).await?;
    end_what_is_open(&mut tx, staff_id, keep, now).await?;
    super::password_link::revoke_within(&mut tx, staff_id, now).await?;
    Ok(tx.commit().await?)
}

async fn set_within(
    connection: &mut Connection,
    staff_id: Uuid,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let text = SET.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text).bind(staff_id).bind(password_hash).bind(micros(now)).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Ends sessions, all but the one of `keep`, and half sessions, in the transaction of what is the reason.
pub(super) async fn end_what_is_open(
    connection: &mut Connection,
    staff_id: Uuid,
    keep: Option<&[u8]>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    super::session::end_others_within(connection, staff_id, keep, now).await?;
    super::sign_in_attempt::end_all_within(connection, staff_id, now).await
}
