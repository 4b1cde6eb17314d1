//! The clock that decides what is due: on PostgreSQL the server's, because it is one for all processes.

use chrono::{DateTime, Utc};
use event_store::{Connection, Database, Engine, each_engine};

use crate::sql::{Columns, StorageError};

const NOW: &str = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)";

/// The server's time; `None` on SQLite, where there is one process and its clock.
pub async fn server_time(database: &Database) -> Result<Option<DateTime<Utc>>, StorageError> {
    if database.engine() == Engine::Sqlite {
        return Ok(None);
    }
    within(&mut database.acquire_read().await?).await
}

/// The same on a connection that is there already.
pub(crate) async fn within(connection: &mut Connection) -> Result<Option<DateTime<Utc>>, StorageError> {
    if connection.engine() == Engine::Sqlite {
        return Ok(None);
    }
    let micros: i64 = each_engine!(connection, c => sqlx::query_scalar(NOW).fetch_one(c).await)?;
    let columns = Columns {
        table: "clock",
        id: &"now",
    };
    Ok(Some(columns.instant("clock_timestamp", micros)?))
}
