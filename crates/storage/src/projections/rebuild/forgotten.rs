//! That nobody who was forgotten is left in the twins.
//!
//! Rows are made from opened parts before the transaction that writes them. Whoever is forgotten in between is in the log by
//! then, and the rows are made anew. Whoever is forgotten later waits for the transaction ([`hold`]) and then finds the rows.

use event_store::{Connection, EventStore, Sql, each_engine};

use super::REBUILD;
use crate::sql::StorageError;

/// Where somebody was forgotten last.
const MARK: &str =
    "SELECT COALESCE(MAX(position), 0) FROM event WHERE event_type = 'declaration.person_forgotten'";

/// SQLite has one writer at a time anyway.
const HOLD: Sql = Sql {
    sqlite: "SELECT position FROM projection_checkpoint WHERE name = $1",
    postgres: "SELECT position FROM projection_checkpoint WHERE name = $1 FOR UPDATE",
};

/// Moves when somebody is forgotten. Ask for it before parts are opened.
pub(super) async fn mark(store: &EventStore) -> Result<i64, StorageError> {
    let mut connection = store.database().acquire_read().await?;
    mark_in(&mut connection).await
}

/// The same in the transaction that writes.
pub(super) async fn mark_in(connection: &mut Connection) -> Result<i64, StorageError> {
    Ok(each_engine!(connection, c => sqlx::query_scalar(MARK).fetch_one(c).await)?)
}

/// In the transaction that forgets persons, before everything else: waits until a rebuild has written what it is writing.
pub(crate) async fn hold(connection: &mut Connection) -> Result<(), StorageError> {
    let text = HOLD.on(connection);
    let _: Option<i64> =
        each_engine!(connection, c => sqlx::query_scalar(text).bind(REBUILD).fetch_optional(c).await)?;
    Ok(())
}
