//! Leases: one process at a time does what any of them could. They save work and decide nothing.

use chrono::{DateTime, Utc};
use event_store::{Connection, Database, Sql, each_engine};
use uuid::Uuid;

use crate::sql::{StorageError, micros};

/// Whoever looks for what is due.
pub const SCHEDULER: &str = "scheduler";

const TAKE: Sql = Sql::same(
    "INSERT INTO lease (name, token, holder, held_until) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE SET \
     token = excluded.token, holder = excluded.holder, held_until = excluded.held_until WHERE lease.held_until <= $5",
);
const RENEW: Sql =
    Sql::same("UPDATE lease SET held_until = $3 WHERE name = $1 AND token = $2 AND held_until < $3");
const RELEASE: Sql = Sql::same("UPDATE lease SET held_until = 0 WHERE name = $1 AND token = $2");
// Held until the transaction ends: a tenure that began between this and its end would find itself written to by an older one. On
// SQLite nothing is written beside it.
const HOLDS: Sql = Sql {
    sqlite: "SELECT holder FROM lease WHERE name = $1 AND token = $2",
    postgres: "SELECT holder FROM lease WHERE name = $1 AND token = $2 FOR SHARE",
};

/// Takes a lease that nobody holds at `now`. `token`: a fresh id, for this tenure. `false`: somebody holds it.
pub async fn take(
    database: &Database,
    name: &str,
    token: Uuid,
    holder: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let mut tx = database.begin_brief().await?;
    let text = TAKE.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text)
            .bind(name)
            .bind(token)
            .bind(holder)
            .bind(micros(until))
            .bind(micros(now))
            .execute(c)
            .await
            .map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Holds it for longer. `false`: another tenure has begun.
pub async fn renew(
    database: &Database,
    name: &str,
    token: Uuid,
    until: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let mut tx = database.begin_brief().await?;
    let text = RENEW.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(name).bind(token).bind(micros(until)).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Gives it up, so that the next one need not wait for its end.
pub async fn release(database: &Database, name: &str, token: Uuid) -> Result<(), StorageError> {
    let mut tx = database.begin_brief().await?;
    let text = RELEASE.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(name).bind(token).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// Whether the tenure with this token is the newest, and stays so until the transaction ends: asked where nothing may come from an
/// older one.
pub(crate) async fn holds(
    connection: &mut Connection,
    name: &str,
    token: Uuid,
) -> Result<bool, StorageError> {
    let text = HOLDS.on(connection);
    let holder: Option<String> = each_engine!(connection, c => sqlx::query_scalar(text).bind(name).bind(token).fetch_optional(c).await)?;
    Ok(holder.is_some())
}
