//! Counts for totals and facets: the cells of the register with how many declarations each has, kept in memory.
//!
//! The table is small (some thousand rows for 400,000 declarations). Each read asks the checkpoint first and fetches only cells
//! that changed since the last time; after a rebuild or a change of leader (the fence moved) it fetches all.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError, RwLock};

use domain::declaration::{DeclarationState, FlagCode};
use domain::value::{Prefecture, Star};
use event_store::{Connection, Position};
use sqlx::FromRow;

use super::cell::{Cell, Filter, Masks};
use crate::projections::checkpoint::{self, Checkpoint};
use crate::sql::{Fragment, StorageError};

/// Totals up to here are exact.
pub const EXACT_MAX: u64 = 10_000;

/// Fewer rows than this are gathered; with more, a scan fills a page with as few visits.
const GATHER_MAX: u64 = 1_500;

/// Where one way of finding rows gives way to another. All ways find the same rows; tests set the limits low to see that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Fewer rows are gathered and sorted.
    pub gather: u64,
    /// Up to here totals are exact.
    pub exact: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            gather: GATHER_MAX,
            exact: EXACT_MAX,
        }
    }
}

impl Limits {
    /// What is collected at most: one row more than what is counted exactly.
    pub(super) fn at_most(self) -> i64 {
        i64::try_from(self.exact).unwrap_or(i64::MAX).saturating_add(1)
    }
}

/// How many rows a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Exactly so many.
    Exact(u64),
    /// About so many; more than [`EXACT_MAX`].
    Estimated(u64),
}

impl Total {
    pub(super) fn of(count: u64, limits: Limits) -> Self {
        if count <= limits.exact {
            Self::Exact(count)
        } else {
            Self::Estimated(count)
        }
    }

    /// The number, however good it is.
    pub const fn count(self) -> u64 {
        match self {
            Self::Exact(count) | Self::Estimated(count) => count,
        }
    }
}

/// How many rows each value of a filter would leave, the other filters kept. Values that would leave none are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By star; rows without a known star are in none.
    pub stars: Vec<(Star, u64)>,
    /// By state.
    pub states: Vec<(DeclarationState, u64)>,
    /// By prefecture, in the order of their codes.
    pub prefectures: Vec<(Prefecture, u64)>,
    /// By flag; a row with two flags counts in both.
    pub flags: Vec<(FlagCode, u64)>,
}

/// The counts, shared by all readers of the process.
#[derive(Debug, Default)]
pub(super) struct Counts(RwLock<Loaded>);

/// Totals of searches that were counted lately, by what they narrow to: paging on and looking again need not count again.
#[derive(Debug, Default)]
pub(super) struct Totals(Mutex<HashMap<Vec<u8>, Counted>>);

#[derive(Clone, Copy, Debug)]
struct Counted {
    fence: i64,
    position: Position,
    total: Total,
}

/// More searches than this are not remembered.
const TOTALS_MAX: usize = 500;
/// An estimate stays one while the log goes on by less than this.
const ESTIMATE_HOLDS: i64 = 500;

impl Totals {
    /// The total of a search, if it was counted and still holds.
    pub(super) fn get(&self, narrowing: &[u8], at: &Checkpoint) -> Option<Total> {
        let totals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = totals.get(narrowing)?;
        if counted.fence != at.fence {
            return None;
        }
        let since = at.position.get() - counted.position.get();
        let holds = match counted.total {
            Total::Exact(_) => since == 0,
            Total::Estimated(_) => (0..ESTIMATE_HOLDS).contains(&since),
        };
        holds.then_some(counted.total)
    }

    /// Remembers a total.
    pub(super) fn put(&self, narrowing: Vec<u8>, at: &Checkpoint, total: Total) {
        let mut totals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if totals.len() >= TOTALS_MAX && !totals.contains_key(&narrowing) {
            totals.clear();
        }
        totals.insert(
            narrowing,
            Counted {
                fence: at.fence,
                position: at.position,
                total,
            },
        );
    }
}

#[derive(Debug, Default)]
struct Loaded {
    position: i64,
    fence: i64,
    cells: HashMap<Cell, u64>,
}

const CHANGED: &str = "SELECT cell, count FROM declaration_count WHERE position > ";

#[derive(FromRow)]
struct CountRow {
    cell: i64,
    count: i64,
}

impl Counts {
    /// Brings the counts up to the checkpoint, and says where that is.
    pub(super) async fn refresh(&self, connection: &mut Connection) -> Result<Checkpoint, StorageError> {
        let checkpoint = checkpoint::load(connection, super::NAME).await?;
        let since = {
            let loaded = self.0.read().expect("no holder of this lock panics");
            if (loaded.position, loaded.fence) == (checkpoint.position.get(), checkpoint.fence) {
                return Ok(checkpoint);
            }
            if loaded.fence == checkpoint.fence {
                loaded.position
            } else {
                -1
            }
        };
        let mut sql = Fragment::new(connection.engine());
        sql.text(CHANGED).bind(since);
        let rows: Vec<CountRow> = sql.fetch_all(connection).await?;
        self.take(&checkpoint, since, rows);
        Ok(checkpoint)
    }

    /// Counts are absolute, so it does no harm when two readers take the same rows, or rows newer than the checkpoint.
    fn take(&self, checkpoint: &Checkpoint, since: i64, rows: Vec<CountRow>) {
        let mut loaded = self.0.write().expect("no holder of this lock panics");
        let is_newer = (checkpoint.fence, checkpoint.position.get()) > (loaded.fence, loaded.position);
        let fits = since == -1 || (checkpoint.fence == loaded.fence && since <= loaded.position);
        if !is_newer || !fits {
            return;
        }
        if since == -1 {
            loaded.cells.clear();
        }
        for row in rows {
            match u64::try_from(row.count) {
                Ok(count) if count > 0 => loaded.cells.insert(Cell(row.cell), count),
                _ => loaded.cells.remove(&Cell(row.cell)),
            };
        }
        loaded.position = checkpoint.position.get();
        loaded.fence = checkpoint.fence;
    }

    /// How many declarations pass, and how many there are at all.
    pub(super) fn count(&self, masks: Masks) -> (u64, u64) {
        let loaded = self.0.read().expect("no holder of this lock panics");
        loaded.cells.iter().fold((0, 0), |(passing, all), (cell, count)| {
            (passing + if masks.pass(*cell) { *count } else { 0 }, all + count)
        })
    }

    /// The cells that pass.
    pub(super) fn cells(&self, masks: Masks) -> Vec<i64> {
        let loaded = self.0.read().expect("no holder of this lock panics");
        loaded
            .cells
            .keys()
            .filter(|cell| masks.pass(**cell))
            .map(|cell| cell.0)
            .collect()
    }

    /// The facets of a filter.
    pub(super) fn facets(&self, filter: &Filter) -> Facets {
        let masks = filter.masks();
        let mut stars: BTreeMap<Star, u64> = BTreeMap::new();
        let mut states: BTreeMap<DeclarationState, u64> = BTreeMap::new();
        let mut prefectures: BTreeMap<Prefecture, u64> = BTreeMap::new();
        let mut flags: BTreeMap<FlagCode, u64> = BTreeMap::new();
        let loaded = self.0.read().expect("no holder of this lock panics");
        for (cell, count) in &loaded.cells {
            let cell = *cell;
            let (by_state, by_star) = (masks.pass_state(cell), masks.pass_star(cell));
            let (by_prefecture, by_flags) = (masks.pass_prefecture(cell), masks.pass_flags(cell));
            if by_state
                && by_prefecture
                && by_flags
                && let Some(star) = cell.star()
            {
                *stars.entry(star).or_default() += count;
            }
            if by_star
                && by_prefecture
                && by_flags
                && let Some(state) = cell.state()
            {
                *states.entry(state).or_default() += count;
            }
            if by_state
                && by_star
                && by_flags
                && let Some(prefecture) = cell.prefecture()
            {
                *prefectures.entry(prefecture).or_default() += count;
            }
            if by_state && by_star && by_prefecture {
                for flag in cell.flags() {
                    *flags.entry(flag).or_default() += count;
                }
            }
        }
        Facets {
            stars: stars.into_iter().collect(),
            states: states.into_iter().collect(),
            prefectures: prefectures.into_iter().collect(),
            flags: flags.into_iter().collect(),
        }
    }
}
