//! Password hashes of members of staff.

use chrono::{DateTime, Utc};
use event_store::{Database, Sql, each_engine};
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

/// Sets or replaces the password hash.
pub async fn set(
    database: &Database,
    staff_id: Uuid,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = SET.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text).bind(staff_id).bind(password_hash).bind(micros(now)).execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}
