//! Rebuilding the projection of declarations from the start of the log, beside the one that is read.
//!
//! The log is folded into an outline for each declaration, personal parts still sealed; from the outlines come the rows, into
//! the twins of the tables, and then the twins get their indexes. From there on the twins follow the log like the live tables,
//! are compared with them row for row at one position, and the names are swapped in one transaction with the row of the
//! checkpoint. Readers use the old rows until that moment, and the twins keep them until they are dropped.
//!
//! Memory is bounded: when the outlines take too much of it, those that began first get their rows, and the log is read again
//! for the others. Every step is committed with its row in `projection_rebuild`, so a rebuild whose process died goes on.
//!
//! Differences do not stop the switch: the log is the truth. They are reported, because without a change of the projecting
//! code there must be none.

mod compare;
mod fold;
mod forgotten;
mod load;
mod rows;
mod stage;
mod tables;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use event_store::{DatabaseError, Engine, EventStore, Position, each_engine};
use futures::{StreamExt as _, TryStreamExt as _};
use tokio::task::JoinHandle;
use uuid::Uuid;

use self::fold::{Fold, Folded};
use self::stage::{Stage, State, Work};
use super::checkpoint::{self, Checkpoint};
use super::declaration::project::{self, ProjectError, blocking};
use super::declaration::projected::Projected;
use super::declaration::turn;
use super::declaration::write::Target;
use super::declaration::{NAME, VERSION, checksum};
use super::feed::Feed;
use super::runner::day_in_japan;
use crate::sql::StorageError;

pub use compare::{Comparison, Difference, Differing};
pub(crate) use forgotten::hold as hold_rebuild;

const REBUILD: &str = "declarations_rebuild";
/// Events of a batch while the twins follow; on SQLite all writers share one connection.
const EVENTS: u32 = 1_000;
/// Live rows that are further behind the log than this are not waited for, and an interrupted rebuild that is so far behind
/// them is not taken up: reading the log anew is faster.
const FAR: i64 = 100_000;
/// Transactions whose rows are made at a time: one on each core of a small machine.
const AT_ONCE: usize = 2;
/// Comparisons that are begun, when persons are forgotten meanwhile.
const COMPARISONS: u32 = 5;
/// A switch waits for a reader so long, and all other readers behind it.
const PATIENCE_POSTGRES: &str = "SET LOCAL lock_timeout = '2s'";
/// What PostgreSQL says when that is over.
const NOT_NOW: &str = "55P03";

/// How a rebuild goes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RebuildOptions {
    /// Bytes that outlines of declarations may take in memory; the log is read again for those that find no room.
    pub memory: usize,
}

impl Default for RebuildOptions {
    fn default() -> Self {
        Self { memory: 512 << 20 }
    }
}

/// What a rebuild found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebuildReport {
    /// Up to where the log was read when the names were swapped.
    pub position: Position,
    /// Declarations in the new rows.
    pub rows: u64,
    /// `None`: the rows that were read were so far behind the log that there was nothing to compare with.
    pub comparison: Option<Comparison>,
    /// Whether an earlier rebuild that was interrupted was finished.
    pub resumed: bool,
}

impl RebuildReport {
    /// Whether the rows are the same as before.
    pub fn is_same(&self) -> bool {
        self.comparison.as_ref().is_some_and(Comparison::is_same)
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

impl From<event_store::ReadError> for RebuildError {
    fn from(error: event_store::ReadError) -> Self {
        ProjectError::from(error).into()
    }
}

impl From<DatabaseError> for RebuildError {
    fn from(error: DatabaseError) -> Self {
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
const WRITTEN: &str = "SELECT id, seq FROM declaration_rebuild";

type Now<'n> = &'n (dyn Fn() -> DateTime<Utc> + Send + Sync);
type Tell<'t> = &'t mut (dyn FnMut(Position, Position) + Send);

/// Rebuilds and switches. `tell` hears the position reached and the one to be reached, for a progress bar.
pub async fn rebuild(
    store: &EventStore,
    now: Now<'_>,
    tell: impl FnMut(Position, Position) + Send,
) -> Result<RebuildReport, RebuildError> {
    rebuild_with(store, now, RebuildOptions::default(), tell).await
}

/// The same with other options.
pub async fn rebuild_with(
    store: &EventStore,
    now: Now<'_>,
    options: RebuildOptions,
    mut tell: impl FnMut(Position, Position) + Send,
) -> Result<RebuildReport, RebuildError> {
    let (mut work, resumed) = begin(store, now).await?;
    if work.state.stage == Stage::Folding {
        fold(&mut work, options, &mut tell).await?;
    }
    if work.state.stage == Stage::Indexing {
        tables::finish(&work).await?;
        let tx = work.begin().await?;
        let next = State {
            stage: Stage::Following,
            ..work.state
        };
        let at = work.lead.position;
        work.commit(tx, next, at).await?;
    }
    let (rows, comparison) = compared(&mut work, &mut tell).await?;
    while !switch(&mut work).await? {
        let live = live(store).await?;
        turn_to(&mut work, live.day).await?;
        catch_up(&mut work, live.position, &mut tell).await?;
    }
    Ok(RebuildReport {
        position: work.lead.position,
        rows,
        comparison,
        resumed,
    })
}

/// Empties what a rebuild keeps: the old rows after a switch, or what an interrupted rebuild has done so far.
pub async fn drop_old(store: &EventStore, now: Now<'_>) -> Result<(), RebuildError> {
    let mut tx = store.database().begin_write().await?;
    checkpoint::ensure(&mut tx, REBUILD, VERSION, now()).await?;
    checkpoint::reset(&mut tx, REBUILD, VERSION, None, now()).await?;
    tables::bare(&mut tx).await?;
    stage::save(&mut tx, &State::new(Position::START)).await?;
    Ok(tx.commit().await?)
}

/// Takes up a rebuild that was interrupted, or begins one. A rebuild that was begun earlier can write no more.
async fn begin<'w>(store: &'w EventStore, now: Now<'w>) -> Result<(Work<'w>, bool), RebuildError> {
    let head = store.head().await?;
    let mut tx = store.database().begin_write().await?;
    checkpoint::ensure(&mut tx, NAME, VERSION, now()).await?;
    checkpoint::ensure(&mut tx, REBUILD, VERSION, now()).await?;
    let Checkpoint {
        position: live, day, ..
    } = checkpoint::load(&mut tx, NAME).await?;
    // Only as far as the live rows are: they move forward alone, so both can then be compared where those are.
    let target = if head.get() - live.get() > FAR || live == Position::START {
        head
    } else {
        live
    };
    let before = checkpoint::load(&mut tx, REBUILD).await?;
    let known = stage::load(&mut tx).await?.filter(|state| {
        let is_near = |position: Position| target.get() - position.get() <= FAR;
        let has_begun = match state.stage {
            Stage::Folding => state.from > Position::START && is_near(state.target),
            Stage::Indexing => is_near(state.target),
            Stage::Following => is_near(before.position),
            Stage::Kept => false,
        };
        has_begun && before.version == VERSION && before.day.is_some()
    });
    let (lead, state) = if let Some(state) = known {
        (checkpoint::take_lead(&mut tx, REBUILD, now()).await?, state)
    } else {
        // Rows of the day that the others are of, so that both can be compared.
        let day = day.unwrap_or_else(|| day_in_japan(now()));
        let lead = checkpoint::reset(&mut tx, REBUILD, VERSION, Some(day), now()).await?;
        let state = State::new(target);
        tables::bare(&mut tx).await?;
        stage::save(&mut tx, &state).await?;
        (lead, state)
    };
    tx.commit().await?;
    let work = Work {
        store,
        now,
        lead,
        state,
    };
    Ok((work, known.is_some()))
}

/// Folds the log up to the target and writes the rows, in as many walks as memory asks for.
async fn fold(work: &mut Work<'_>, options: RebuildOptions, tell: Tell<'_>) -> Result<(), RebuildError> {
    let mut fold = Fold::new(options.memory, written(work.store).await?);
    let mut told = Position::START;
    loop {
        fold = walk(work, fold, &mut |at, to| {
            // Another walk begins further back.
            told = told.max(at);
            tell(told, to);
        })
        .await?;
        let (folded, next) = fold.take();
        write(work, folded).await?;
        let (state, target) = (work.state, work.state.target);
        let tx = work.begin().await?;
        let Some(next) = next else {
            let state = State {
                stage: Stage::Indexing,
                ..state
            };
            return work.commit(tx, state, target).await;
        };
        let at = work.lead.position;
        work.commit(tx, State { from: next, ..state }, at).await?;
    }
}

/// The declarations that have their rows already.
async fn written(store: &EventStore) -> Result<HashMap<Uuid, u32>, RebuildError> {
    let mut connection = store.database().acquire_long_read().await?;
    let mut numbers = HashMap::new();
    each_engine!(connection, c => {
        let mut rows = sqlx::query_as::<_, (Uuid, i64)>(WRITTEN).fetch(c);
        while let Some((id, seq)) = rows.try_next().await.map_err(StorageError::from)? {
            numbers.insert(id, u32::try_from(seq).unwrap_or(u32::MAX));
        }
    });
    Ok(numbers)
}

/// One walk through the log: folding is heavy work, so the next pages are read meanwhile.
async fn walk(work: &Work<'_>, mut fold: Fold, tell: Tell<'_>) -> Result<Fold, RebuildError> {
    let target = work.state.target;
    let mut pages = std::pin::pin!(work.store.read_sealed(work.state.from, Some(target)));
    while let Some(page) = pages.try_next().await? {
        let to = page.last().map_or(Position::START, |event| event.position);
        fold = blocking(move || {
            fold.apply(&page)?;
            Ok(fold)
        })
        .await?;
        tell(to, target);
    }
    Ok(fold)
}

/// Writes the rows of what was folded.
async fn write(work: &Work<'_>, folded: Vec<Vec<Folded>>) -> Result<(), RebuildError> {
    let (store, day) = (work.store, work.day());
    // Tasks of their own: they go on while rows are written.
    let chunks = futures::stream::iter(folded.into_iter().map(Arc::new))
        .map(|chunk| finished(tokio::spawn(make(store.clone(), chunk, day))))
        .buffered(AT_ONCE);
    let mut chunks = std::pin::pin!(chunks);
    while let Some(mut made) = chunks.try_next().await? {
        loop {
            let mut tx = work.begin().await?;
            if forgotten::mark_in(&mut tx).await? == made.mark {
                load::load(&mut tx, &made.rows).await?;
                tx.commit().await?;
                break;
            }
            // Somebody was forgotten after the parts were opened.
            tx.rollback().await?;
            made = make(store.clone(), made.chunk, day).await?;
        }
    }
    Ok(())
}

/// Rows that can be written, as long as nobody is forgotten.
struct Made {
    chunk: Arc<Vec<Folded>>,
    mark: i64,
    rows: Vec<Projected>,
}

async fn make(store: EventStore, chunk: Arc<Vec<Folded>>, day: NaiveDate) -> Result<Made, RebuildError> {
    let mark = forgotten::mark(&store).await?;
    let rows = rows::rows(&store, Arc::clone(&chunk), day).await?;
    Ok(Made { chunk, mark, rows })
}

async fn finished<T>(task: JoinHandle<T>) -> T {
    match task.await {
        Ok(result) => result,
        // Nobody aborts it.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

async fn live(store: &EventStore) -> Result<Checkpoint, RebuildError> {
    let mut connection = store.database().acquire_read().await?;
    Ok(checkpoint::load(&mut connection, NAME).await?)
}

/// Brings the twins to the day of the live rows, when that has turned.
async fn turn_to(work: &mut Work<'_>, day: Option<NaiveDate>) -> Result<(), RebuildError> {
    let Some(day) = day.filter(|day| work.lead.day.is_none_or(|own| own < *day)) else {
        return Ok(());
    };
    let mut tx = work.begin().await?;
    turn::turn(&mut tx, Target::Rebuild, day, work.lead.position).await?;
    let turned = checkpoint::turn(&mut tx, REBUILD, &work.lead, day, false, (work.now)()).await?;
    let turned = turned.ok_or(RebuildError::Overtaken)?;
    tx.commit().await?;
    work.lead = turned;
    Ok(())
}

/// Brings both to one position and compares them there; also says how many rows there are. No comparison when the live rows
/// are far behind.
async fn compared(work: &mut Work<'_>, tell: Tell<'_>) -> Result<(u64, Option<Comparison>), RebuildError> {
    let database = work.store.database();
    let mut left = COMPARISONS;
    loop {
        left -= 1;
        let mark = forgotten::mark(work.store).await?;
        let before = checksum::of(database, Target::Live).await?;
        if before.position < work.lead.position {
            let after = checksum::of(database, Target::Rebuild).await?;
            return Ok((after.rows.len() as u64, None));
        }
        turn_to(work, before.day).await?;
        catch_up(work, before.position, tell).await?;
        let after = checksum::of(database, Target::Rebuild).await?;
        let comparison = compare::compare(database, &before, &after).await?;
        // Who is forgotten in between is gone on one side only, for the moment.
        if comparison.is_same() || left == 0 || forgotten::mark(work.store).await? == mark {
            return Ok((comparison.after, Some(comparison)));
        }
    }
}

/// Applies events to the twins until exactly `to`.
async fn catch_up(work: &mut Work<'_>, to: Position, tell: Tell<'_>) -> Result<(), RebuildError> {
    let (store, now) = (work.store, work.now);
    // The feed opens parts ahead: asked before it begins.
    let mut mark = forgotten::mark(store).await?;
    let mut feed = Feed::new(store.clone(), work.lead.position);
    while work.lead.position < to {
        let left = u32::try_from(to.get() - work.lead.position.get()).unwrap_or(u32::MAX);
        let events = feed.take(EVENTS.min(left)).await?;
        if events.is_empty() {
            return Err(RebuildError::Project(format!(
                "the log ends before position {to}"
            )));
        }
        let batch = project::prepare(store, Target::Rebuild, events, work.day()).await?;
        let mut tx = store.database().begin_write().await?;
        if !checkpoint::advance(&mut tx, REBUILD, &work.lead, batch.to, now()).await? {
            return Err(RebuildError::Overtaken);
        }
        if forgotten::mark_in(&mut tx).await? != mark {
            // Somebody was forgotten after the parts were opened.
            tx.rollback().await?;
            mark = forgotten::mark(store).await?;
            feed = Feed::new(store.clone(), work.lead.position);
            continue;
        }
        project::write(&mut tx, Target::Rebuild, &batch).await?;
        tx.commit().await?;
        work.lead.position = batch.to;
        tell(work.lead.position, to);
    }
    Ok(())
}

/// Whether a reader was in the way.
fn is_not_now(error: &StorageError) -> bool {
    let StorageError::Database(DatabaseError::Statement(sqlx::Error::Database(error))) = error else {
        return false;
    };
    error.code().as_deref() == Some(NOT_NOW)
}

/// Swaps the names, if the live rows are not beyond the twins. Whoever leads the live projection leads no more.
async fn switch(work: &mut Work<'_>) -> Result<bool, RebuildError> {
    let at = work.lead.position;
    let mut tx = work.begin().await?;
    if !checkpoint::replace(&mut tx, NAME, VERSION, at, work.lead.day, (work.now)()).await? {
        return Ok(false);
    }
    let more = match tx.engine() {
        Engine::Sqlite => SWITCH_SQLITE,
        Engine::Postgres => {
            tables::execute(&mut tx, PATIENCE_POSTGRES).await?;
            &[]
        }
    };
    for text in SWITCH.iter().chain(more) {
        match tables::execute(&mut tx, text).await {
            Err(error) if is_not_now(&error) => return Ok(false),
            other => other?,
        }
    }
    let state = State {
        stage: Stage::Kept,
        ..work.state
    };
    work.commit(tx, state, at).await?;
    Ok(true)
}
