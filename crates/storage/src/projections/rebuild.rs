//! Rebuilding the projection of declarations from the start of the log, beside the one that is read.
//!
//! The twins of the tables are filled, compared with the live tables at one position of the log, and then the names are
//! swapped in one transaction. Readers use the old rows until that moment. Differences do not stop the switch: the log is the
//! truth. They are reported, because without a change of the projecting code there must be none.

use chrono::{DateTime, Utc};
use event_store::{Connection, Engine, EventStore, Position, Sql, each_engine};

use super::checkpoint::{self, Checkpoint};
use super::declaration::checksum::{self, Checksum};
use super::declaration::project::{self, ProjectError};
use super::declaration::write::Target;
use super::declaration::{NAME, VERSION};
use super::feed::Feed;
use crate::sql::StorageError;

const REBUILD: &str = "declarations_rebuild";
/// Events of a batch; nobody reads the twins, but on SQLite all writers share one connection.
const EVENTS: u32 = 1_000;

/// What a rebuild found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebuildReport {
    /// The position at which both were compared.
    pub compared_at: Position,
    /// Rows and content of what was read until now.
    pub before: Checksum,
    /// Rows and content of what was rebuilt.
    pub after: Checksum,
}

impl RebuildReport {
    /// Whether both were the same.
    pub fn is_same(&self) -> bool {
        self.before == self.after
    }
}

/// Why a rebuild ended without a switch. The rows that are read are as they were.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// Another rebuild began meanwhile.
    #[error("another rebuild of {NAME} has begun")]
    Overtaken,
    /// An event cannot be projected, or the log or the database failed.
    #[error("{0}")]
    Project(String),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<ProjectError> for RebuildError {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::Storage(error) => Self::Storage(error),
            other => Self::Project(other.to_string()),
        }
    }
}

impl From<event_store::DatabaseError> for RebuildError {
    fn from(error: event_store::DatabaseError) -> Self {
        Self::Storage(error.into())
    }
}

const SWITCH: &[&str] = &[
    "ALTER TABLE declaration RENAME TO declaration_old",
    "ALTER TABLE declaration_rebuild RENAME TO declaration",
    "ALTER TABLE declaration_old RENAME TO declaration_rebuild",
    "ALTER TABLE declaration_count RENAME TO declaration_count_old",
    "ALTER TABLE declaration_count_rebuild RENAME TO declaration_count",
    "ALTER TABLE declaration_count_old RENAME TO declaration_count_rebuild",
];
const SWITCH_SQLITE: &[&str] = &[
    "ALTER TABLE declaration_search RENAME TO declaration_search_old",
    "ALTER TABLE declaration_search_rebuild RENAME TO declaration_search",
    "ALTER TABLE declaration_search_old RENAME TO declaration_search_rebuild",
];
const EMPTY: &[Sql] = &[
    Sql {
        sqlite: "DELETE FROM declaration_rebuild",
        postgres: "TRUNCATE declaration_rebuild",
    },
    Sql {
        sqlite: "DELETE FROM declaration_count_rebuild",
        postgres: "TRUNCATE declaration_count_rebuild",
    },
];
const EMPTY_SQLITE: &str =
    "INSERT INTO declaration_search_rebuild (declaration_search_rebuild) VALUES ('delete-all')";

/// Rebuilds and switches. `tell` hears the position reached and the one to be reached, for a progress bar.
pub async fn rebuild(
    store: &EventStore,
    now: &(dyn Fn() -> DateTime<Utc> + Send + Sync),
    mut tell: impl FnMut(Position, Position) + Send,
) -> Result<RebuildReport, RebuildError> {
    let mut lead = begin(store, now).await?;
    // Only as far as the live rows are: they move forward alone, so both can then be compared where those are.
    let live = live_position(store).await?;
    catch_up(store, now, &mut lead, live, &mut tell).await?;
    let (compared_at, before) = checksum::of(store.database(), Target::Live).await?;
    catch_up(store, now, &mut lead, compared_at, &mut tell).await?;
    let (_, after) = checksum::of(store.database(), Target::Rebuild).await?;
    while !switch(store, now, &lead).await? {
        let live = live_position(store).await?;
        catch_up(store, now, &mut lead, live, &mut tell).await?;
    }
    let mut tx = store.database().begin_write().await?;
    empty(&mut tx).await?;
    tx.commit().await?;
    Ok(RebuildReport {
        compared_at,
        before,
        after,
    })
}

/// Empties the twins; a rebuild that was begun earlier can write no more.
async fn begin(
    store: &EventStore,
    now: &(dyn Fn() -> DateTime<Utc> + Send + Sync),
) -> Result<Checkpoint, RebuildError> {
    let mut tx = store.database().begin_write().await?;
    checkpoint::ensure(&mut tx, NAME, VERSION, now()).await?;
    checkpoint::ensure(&mut tx, REBUILD, VERSION, now()).await?;
    let lead = checkpoint::reset(&mut tx, REBUILD, VERSION, now()).await?;
    empty(&mut tx).await?;
    tx.commit().await?;
    Ok(lead)
}

async fn live_position(store: &EventStore) -> Result<Position, RebuildError> {
    let mut connection = store.database().acquire_read().await?;
    Ok(checkpoint::load(&mut connection, NAME).await?.position)
}

/// Applies events to the twins until exactly `to`.
async fn catch_up(
    store: &EventStore,
    now: &(dyn Fn() -> DateTime<Utc> + Send + Sync),
    lead: &mut Checkpoint,
    to: Position,
    tell: &mut (impl FnMut(Position, Position) + Send),
) -> Result<(), RebuildError> {
    let mut feed = Feed::new(store.clone(), lead.position);
    while lead.position < to {
        let left = u32::try_from(to.get() - lead.position.get()).unwrap_or(u32::MAX);
        let events = feed.take(EVENTS.min(left)).await?;
        if events.is_empty() {
            return Err(RebuildError::Project(format!(
                "the log ends before position {to}"
            )));
        }
        let batch = project::prepare(store, Target::Rebuild, events).await?;
        let mut tx = store.database().begin_write().await?;
        if !checkpoint::advance(&mut tx, REBUILD, lead, batch.to, now()).await? {
            return Err(RebuildError::Overtaken);
        }
        project::write(&mut tx, Target::Rebuild, &batch).await?;
        tx.commit().await?;
        lead.position = batch.to;
        tell(lead.position, to);
    }
    Ok(())
}

/// Swaps the names, if the live rows are where the twins are. Whoever leads the live projection leads no more.
async fn switch(
    store: &EventStore,
    now: &(dyn Fn() -> DateTime<Utc> + Send + Sync),
    lead: &Checkpoint,
) -> Result<bool, RebuildError> {
    let mut tx = store.database().begin_write().await?;
    if !checkpoint::advance(&mut tx, REBUILD, lead, lead.position, now()).await? {
        return Err(RebuildError::Overtaken);
    }
    if !checkpoint::replace(&mut tx, NAME, VERSION, lead.position, now()).await? {
        return Ok(false);
    }
    execute_all(&mut tx, SWITCH).await?;
    if tx.engine() == Engine::Sqlite {
        execute_all(&mut tx, SWITCH_SQLITE).await?;
    }
    tx.commit().await?;
    Ok(true)
}

async fn empty(connection: &mut Connection) -> Result<(), StorageError> {
    let engine = connection.engine();
    let texts: Vec<&'static str> = EMPTY.iter().map(|sql| sql.for_engine(engine)).collect();
    execute_all(connection, &texts).await?;
    if engine == Engine::Sqlite {
        execute_all(connection, &[EMPTY_SQLITE]).await?;
    }
    Ok(())
}

async fn execute_all(connection: &mut Connection, texts: &[&'static str]) -> Result<(), StorageError> {
    for text in texts {
        each_engine!(connection, c => sqlx::query(*text).execute(c).await.map(drop))?;
    }
    Ok(())
}
