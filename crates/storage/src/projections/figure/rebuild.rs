//! Mending the figures: all of them are counted anew from the log, and where the table says something else the difference is added.
//!
//! Changes add up in any order, so what is counted of later events meanwhile is neither lost nor counted twice.

use chrono::{DateTime, Utc};
use event_store::{DatabaseError, EventStore, Position};

use super::count::{self, Changes};
use super::{NAME, VERSION, write};
use crate::projections::checkpoint;
use crate::projections::declaration::project::ProjectError;
use crate::sql::StorageError;

/// How often somebody else may take over meanwhile.
const ATTEMPTS: u32 = 5;

/// What mending found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureReport {
    /// The log was counted up to here.
    pub position: Position,
    /// Rows that were wrong, missing or too many.
    pub mended: u64,
}

/// Why the figures were not mended. They are as they were.
#[derive(Debug, thiserror::Error)]
pub enum RebuildFiguresError {
    /// Others took over each time.
    #[error("others are mending the figures; try again when they have ended")]
    Overtaken,
    /// An event cannot be counted, or the log or the database failed.
    #[error("{0}")]
    Count(String),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<DatabaseError> for RebuildFiguresError {
    fn from(error: DatabaseError) -> Self {
        Self::Storage(error.into())
    }
}

impl From<ProjectError> for RebuildFiguresError {
    fn from(error: ProjectError) -> Self {
        Self::Count(error.to_string())
    }
}

/// Counts the log anew as far as it was counted, and mends what differs.
pub async fn rebuild(
    store: &EventStore,
    now: &(dyn Fn() -> DateTime<Utc> + Sync),
) -> Result<FigureReport, RebuildFiguresError> {
    rebuild_with(store, now, count::HELD).await
}

/// The same with another limit of what is held in memory: four for each declaration, one for each thing that is said of it later.
pub async fn rebuild_with(
    store: &EventStore,
    now: &(dyn Fn() -> DateTime<Utc> + Sync),
    held: usize,
) -> Result<FigureReport, RebuildFiguresError> {
    for _ in 0..ATTEMPTS {
        if let Some(report) = attempt(store, now, held).await? {
            return Ok(report);
        }
    }
    Err(RebuildFiguresError::Overtaken)
}

async fn attempt(
    store: &EventStore,
    now: &(dyn Fn() -> DateTime<Utc> + Sync),
    held: usize,
) -> Result<Option<FigureReport>, RebuildFiguresError> {
    let database = store.database();
    let mut tx = database.begin_write().await?;
    checkpoint::ensure(&mut tx, NAME, VERSION, now()).await?;
    // While this is held nobody moves the position, so the rows are those of it.
    let before = checkpoint::take_lead(&mut tx, NAME, now()).await?;
    let rows = write::all(&mut tx).await?;
    tx.commit().await?;
    let mut changes: Changes = count::of_log(store, Position::START, before.position, held).await?;
    for (place, amount) in rows {
        changes.add_at(place, -amount);
    }
    let mut tx = database.begin_write().await?;
    // Under another fence: whoever mends at the same time would add the same once more.
    if !checkpoint::renew(&mut tx, NAME, VERSION, before.fence, now()).await? {
        tx.rollback().await?;
        return Ok(None);
    }
    let mended = write::add(&mut tx, changes).await?;
    tx.commit().await?;
    Ok(Some(FigureReport {
        position: before.position,
        mended,
    }))
}
