//! How far a rebuild is, so that it goes on after the process has died. Written with what it speaks of in one transaction,
//! under the fence of the rebuild's checkpoint.

use chrono::{DateTime, NaiveDate, Utc};
use event_store::{Connection, EventStore, Position, WriteTx, each_engine};
use sqlx::FromRow;

use super::{REBUILD, RebuildError};
use crate::projections::checkpoint::{self, Checkpoint};
use crate::projections::runner::day_in_japan;
use crate::sql::StorageError;

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Declarations are folded and get their rows, one stretch of numbers after the other.
    Folding,
    /// All rows are there.
    Indexing,
    /// The twins are a projection like the one that is read.
    Following,
    /// The names are swapped: the twins hold the old rows.
    Kept,
}

impl Stage {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Folding, "folding"),
        (Self::Indexing, "indexing"),
        (Self::Following, "following"),
        (Self::Kept, "kept"),
    ];

    fn code(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(stage, _)| *stage == self)
            .map_or("", |(_, code)| code)
    }
}

/// The row of a rebuild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) stage: Stage,
    /// Up to where it folds.
    pub(super) target: Position,
    /// After this position begin the declarations that have no row yet.
    pub(super) from: Position,
    /// A bit for each index that is made.
    pub(super) indexes: i64,
}

impl State {
    /// Nothing is done yet.
    pub(super) const fn new(target: Position) -> Self {
        Self {
            stage: Stage::Folding,
            target,
            from: Position::START,
            indexes: 0,
        }
    }
}

const LOAD: &str = "SELECT stage, target, folding_from, indexes FROM projection_rebuild WHERE name = $1";
const SAVE: &str = "INSERT INTO projection_rebuild (name, stage, target, folding_from, indexes) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO UPDATE SET stage = excluded.stage, target = excluded.target, \
     folding_from = excluded.folding_from, indexes = excluded.indexes";
const INDEX_MADE: &str = "UPDATE projection_rebuild SET indexes = indexes + $2 WHERE name = $1";

#[derive(FromRow)]
struct Row {
    stage: String,
    target: i64,
    folding_from: i64,
    indexes: i64,
}

/// How far the last rebuild came; `None` when there was none, or none that this program understands.
pub(super) async fn load(connection: &mut Connection) -> Result<Option<State>, StorageError> {
    let row: Option<Row> =
        each_engine!(connection, c => sqlx::query_as(LOAD).bind(REBUILD).fetch_optional(c).await)?;
    Ok(row.and_then(|row| {
        let (stage, _) = *Stage::ALL.iter().find(|(_, code)| *code == row.stage)?;
        Some(State {
            stage,
            target: Position::new(row.target),
            from: Position::new(row.folding_from),
            indexes: row.indexes,
        })
    }))
}

/// Says how far it is.
pub(super) async fn save(connection: &mut Connection, state: &State) -> Result<(), StorageError> {
    each_engine!(connection, c => {
        sqlx::query(SAVE)
            .bind(REBUILD)
            .bind(state.stage.code())
            .bind(state.target.get())
            .bind(state.from.get())
            .bind(state.indexes)
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// One rebuild at work: whoever raised the fence of its checkpoint last.
pub(super) struct Work<'w> {
    pub(super) store: &'w EventStore,
    pub(super) now: &'w (dyn Fn() -> DateTime<Utc> + Send + Sync),
    pub(super) lead: Checkpoint,
    pub(super) state: State,
}

impl Work<'_> {
    /// The day that the new rows are of.
    pub(super) fn day(&self) -> NaiveDate {
        self.lead.day.unwrap_or_else(|| day_in_japan((self.now)()))
    }

    /// A transaction that only the newest rebuild gets. It holds the row of the rebuild's checkpoint, so nobody forgets a person
    /// in the twins meanwhile.
    pub(super) async fn begin(&self) -> Result<WriteTx, RebuildError> {
        let mut tx = self.store.database().begin_write().await?;
        let at = self.lead.position;
        if checkpoint::advance(&mut tx, REBUILD, &self.lead, at, (self.now)()).await? {
            Ok(tx)
        } else {
            Err(RebuildError::Overtaken)
        }
    }

    /// Commits what belongs to a new state together with it.
    pub(super) async fn commit(
        &mut self,
        mut tx: WriteTx,
        state: State,
        to: Position,
    ) -> Result<(), RebuildError> {
        if !checkpoint::advance(&mut tx, REBUILD, &self.lead, to, (self.now)()).await? {
            return Err(RebuildError::Overtaken);
        }
        save(&mut tx, &state).await?;
        tx.commit().await?;
        self.lead.position = to;
        self.state = state;
        Ok(())
    }

    /// Commits an index. The row of the checkpoint is only looked at: who forgets a person holds it and waits for the table.
    pub(super) async fn commit_index(&self, mut tx: WriteTx, bit: i64) -> Result<(), RebuildError> {
        if checkpoint::load(&mut tx, REBUILD).await?.fence != self.lead.fence {
            return Err(RebuildError::Overtaken);
        }
        each_engine!(tx, c => sqlx::query(INDEX_MADE).bind(REBUILD).bind(bit).execute(c).await.map(drop))
            .map_err(StorageError::from)?;
        Ok(tx.commit().await?)
    }
}
