//! How far a background projection has read the log, and who may move it on.

use chrono::{DateTime, NaiveDate, Utc};
use event_store::{Connection, Position, Sql, each_engine};
use sqlx::FromRow;

use crate::sql::{StorageError, micros};

/// The stored state of a background projection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Of the code that wrote the rows.
    pub version: i64,
    /// The last event applied.
    pub position: Position,
    /// Moves with every change of leader.
    pub fence: i64,
    /// Whether nobody leads: it has never run, or its leader ended in order.
    pub is_free: bool,
    /// Of which day in Japan the rows are; `None` where no row depends on the day, or none was written yet.
    pub day: Option<NaiveDate>,
    /// Why it has stopped; `None` while it runs. No personal data.
    pub error: Option<String>,
}

const LOAD: Sql = Sql::same(
    "SELECT version, position, fence, status, error, day FROM projection_checkpoint WHERE name = $1",
);
const ENSURE: Sql = Sql::same(
    "INSERT INTO projection_checkpoint (name, version, position, fence, status, error, updated_at) \
     VALUES ($1, $2, 0, 0, 'running', NULL, $3) ON CONFLICT (name) DO NOTHING",
);
const TAKE_LEAD: Sql = Sql::same(
    "UPDATE projection_checkpoint SET fence = fence + 1, status = 'running', error = NULL, updated_at = $2 \
     WHERE name = $1 RETURNING version, position, fence, status, error, day",
);
const ADVANCE: Sql = Sql::same(
    "UPDATE projection_checkpoint SET position = $4, updated_at = $5 \
     WHERE name = $1 AND position = $2 AND fence = $3",
);
const STOP: Sql = Sql::same(
    "UPDATE projection_checkpoint SET status = 'stopped', error = $3, updated_at = $4 WHERE name = $1 AND fence = $2",
);
const RELEASE: Sql = Sql::same(
    "UPDATE projection_checkpoint SET status = 'released', updated_at = $3 \
     WHERE name = $1 AND fence = $2 AND status = 'running'",
);
const RESET: Sql = Sql::same(
    "UPDATE projection_checkpoint SET version = $2, position = 0, fence = fence + 1, status = 'running', error = NULL, \
     updated_at = $3, day = $4 WHERE name = $1 RETURNING version, position, fence, status, error, day",
);
const REPLACE: Sql = Sql::same(
    "UPDATE projection_checkpoint SET version = $2, position = $3, fence = fence + 1, status = 'running', error = NULL, \
     updated_at = $4, day = $5 WHERE name = $1 AND position <= $3 AND (day IS NULL OR day = $5)",
);
const RENEW: Sql = Sql::same(
    "UPDATE projection_checkpoint SET version = $2, fence = fence + 1, status = 'running', error = NULL, updated_at = $4 \
     WHERE name = $1 AND fence = $3",
);
const TURN: Sql = Sql::same(
    "UPDATE projection_checkpoint SET day = $4, fence = fence + $5, updated_at = $6 \
     WHERE name = $1 AND position = $2 AND fence = $3 RETURNING version, position, fence, status, error, day",
);

#[derive(FromRow)]
struct Row {
    version: i64,
    position: i64,
    fence: i64,
    status: String,
    error: Option<String>,
    day: Option<String>,
}

impl From<Row> for Checkpoint {
    fn from(row: Row) -> Self {
        let error = (row.status == "stopped").then(|| row.error.unwrap_or_default());
        Self {
            version: row.version,
            position: Position::new(row.position),
            fence: row.fence,
            is_free: row.fence == 0 || row.status == "released",
            // Written as a day and nothing else.
            day: row.day.and_then(|day| day.parse().ok()),
            error,
        }
    }
}

/// The checkpoint; at the start of the log when the projection has never run.
pub(crate) async fn load(connection: &mut Connection, name: &str) -> Result<Checkpoint, StorageError> {
    let text = LOAD.on(connection);
    let row =
        each_engine!(connection, c => sqlx::query_as::<_, Row>(text).bind(name).fetch_optional(c).await)?;
    Ok(row.map_or(
        Checkpoint {
            version: 0,
            position: Position::START,
            fence: 0,
            is_free: true,
            day: None,
            error: None,
        },
        Into::into,
    ))
}

/// Makes the row of a projection that has never run.
pub(crate) async fn ensure(
    connection: &mut Connection,
    name: &str,
    version: i64,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let text = ENSURE.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text).bind(name).bind(version).bind(micros(now)).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Raises the fence: whoever led before can apply nothing any more.
pub(crate) async fn take_lead(
    connection: &mut Connection,
    name: &str,
    now: DateTime<Utc>,
) -> Result<Checkpoint, StorageError> {
    let text = TAKE_LEAD.on(connection);
    let row = each_engine!(connection, c => {
        sqlx::query_as::<_, Row>(text).bind(name).bind(micros(now)).fetch_one(c).await
    })?;
    Ok(row.into())
}

/// Moves the position on, if it is where the leader left it and nobody else has taken over. `false`: leadership is lost.
pub(crate) async fn advance(
    connection: &mut Connection,
    name: &str,
    lead: &Checkpoint,
    to: Position,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let text = ADVANCE.on(connection);
    let (from, fence) = (lead.position.get(), lead.fence);
    let rows = each_engine!(connection, c => {
        sqlx::query(text).bind(name).bind(from).bind(fence).bind(to.get()).bind(micros(now)).execute(c).await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Says for everybody to see why the projection goes no further.
pub(crate) async fn stop(
    connection: &mut Connection,
    name: &str,
    fence: i64,
    error: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let text = STOP.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text).bind(name).bind(fence).bind(error).bind(micros(now)).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Gives the lead up in order; nothing happens when somebody else has it.
pub(crate) async fn release(
    connection: &mut Connection,
    name: &str,
    fence: i64,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let text = RELEASE.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text).bind(name).bind(fence).bind(micros(now)).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Says that the rows are those of another day. Where any of them changed, the fence is raised: whoever holds counts of them
/// reads all anew. `None`: leadership is lost.
pub(crate) async fn turn(
    connection: &mut Connection,
    name: &str,
    lead: &Checkpoint,
    day: NaiveDate,
    changed: bool,
    now: DateTime<Utc>,
) -> Result<Option<Checkpoint>, StorageError> {
    let text = TURN.on(connection);
    let (from, fence) = (lead.position.get(), lead.fence);
    let row = each_engine!(connection, c => {
        sqlx::query_as::<_, Row>(text).bind(name).bind(from).bind(fence).bind(day.to_string()).bind(i64::from(changed))
            .bind(micros(now)).fetch_optional(c).await
    })?;
    Ok(row.map(Into::into))
}

/// Puts a projection back to the start of the log, under a new fence, for rows of a day.
pub(crate) async fn reset(
    connection: &mut Connection,
    name: &str,
    version: i64,
    day: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<Checkpoint, StorageError> {
    let text = RESET.on(connection);
    let row = each_engine!(connection, c => {
        sqlx::query_as::<_, Row>(text)
            .bind(name)
            .bind(version)
            .bind(micros(now))
            .bind(day.map(|day| day.to_string()))
            .fetch_one(c).await
    })?;
    Ok(row.into())
}

/// Puts other rows of the same or a later position in the place of those that are there, under a new fence. `false`: those that
/// are there have moved on, or are those of another day.
pub(crate) async fn replace(
    connection: &mut Connection,
    name: &str,
    version: i64,
    position: Position,
    day: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let text = REPLACE.on(connection);
    let rows = each_engine!(connection, c => {
        sqlx::query(text).bind(name).bind(version).bind(position.get()).bind(micros(now))
            .bind(day.map(|day| day.to_string())).execute(c).await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Says that the rows are those of this version, under a new fence, wherever the position is by now. `false`: the fence was another one.
pub(crate) async fn renew(
    connection: &mut Connection,
    name: &str,
    version: i64,
    fence: i64,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let text = RENEW.on(connection);
    let rows = each_engine!(connection, c => {
        sqlx::query(text).bind(name).bind(version).bind(fence).bind(micros(now)).execute(c).await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}
