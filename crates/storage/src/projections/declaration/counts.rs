//! Counts for totals and facets: the cells of the register with how many declarations each has, kept in memory.
//!
//! The table is small (some thousand rows for 400,000 declarations). Each read asks the checkpoint first and fetches only cells
//! that changed since the last time; after a rebuild or a change of leader (the fence moved) it fetches all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use event_store::{Connection, Position};
use sqlx::FromRow;

use super::cell::{Cell, Masks, Tally};
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
    /// What is counted at most: one row more than what is counted exactly.
    pub(super) fn at_most(self) -> i64 {
        i64::try_from(self.exact).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// What is collected at most for a page. More than is counted exactly, because a sample has not said that there is: collecting somewhat
    /// more takes less than scanning once more.
    pub(super) fn collected(self) -> i64 {
        i64::try_from(self.exact)
            .unwrap_or(i64::MAX)
            .saturating_mul(4)
            .saturating_add(1)
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

/// The counts, shared by all readers of the process.
#[derive(Debug, Default)]
pub(super) struct Counts {
    loaded: RwLock<Loaded>,
    /// What was added up lately.
    sums: Mutex<Remembered<u64>>,
    tallies: Mutex<Remembered<Arc<Tally>>>,
    /// One reads cells anew, and the others wait for it.
    turn: tokio::sync::Mutex<()>,
}

/// Answers that were worked out from one state of the counts.
#[derive(Debug)]
struct Remembered<T> {
    state: u64,
    answers: HashMap<Masks, T>,
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self {
            state: 0,
            answers: HashMap::new(),
        }
    }
}

impl<T: Clone> Remembered<T> {
    fn get(remembered: &Mutex<Self>, state: u64, masks: Masks) -> Option<T> {
        let remembered = remembered.lock().unwrap_or_else(PoisonError::into_inner);
        (remembered.state == state)
            .then(|| remembered.answers.get(&masks).cloned())
            .flatten()
    }

    fn put(remembered: &Mutex<Self>, state: u64, masks: Masks, answer: T) {
        let mut remembered = remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.state != state || remembered.answers.len() >= ANSWERS_MAX {
            remembered.answers.clear();
            remembered.state = state;
        }
        remembered.answers.insert(masks, answer);
    }
}

/// More answers than this are not remembered.
const ANSWERS_MAX: usize = 200;

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
    /// Raised whenever a cell changes.
    state: u64,
    all: u64,
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
        if self.since(&checkpoint).is_none() {
            return Ok(checkpoint);
        }
        let _turn = self.turn.lock().await;
        let Some(since) = self.since(&checkpoint) else {
            return Ok(checkpoint);
        };
        let mut sql = Fragment::new(connection.engine());
        sql.text(CHANGED).bind(since);
        let rows: Vec<CountRow> = sql.fetch_all(connection).await?;
        self.take(&checkpoint, since, rows);
        Ok(checkpoint)
    }

    /// After which position cells have to be read; `None`: they are as new as that.
    fn since(&self, checkpoint: &Checkpoint) -> Option<i64> {
        let loaded = self.loaded.read().expect("no holder of this lock panics");
        if loaded.fence != checkpoint.fence {
            // One that is older than the counts has nothing for them.
            return (loaded.fence < checkpoint.fence).then_some(-1);
        }
        (loaded.position < checkpoint.position.get()).then_some(loaded.position)
    }

    /// Counts are absolute, so it does no harm when two readers take the same rows, or rows newer than the checkpoint.
    fn take(&self, checkpoint: &Checkpoint, since: i64, rows: Vec<CountRow>) {
        let mut loaded = self.loaded.write().expect("no holder of this lock panics");
        let is_newer = (checkpoint.fence, checkpoint.position.get()) > (loaded.fence, loaded.position);
        let fits = since == -1 || (checkpoint.fence == loaded.fence && since <= loaded.position);
        if !is_newer || !fits {
            return;
        }
        if since == -1 {
            loaded.cells.clear();
            loaded.all = 0;
        }
        for row in rows {
            let count = u64::try_from(row.count).unwrap_or(0);
            let before = if count > 0 {
                loaded.cells.insert(Cell(row.cell), count)
            } else {
                loaded.cells.remove(&Cell(row.cell))
            };
            loaded.all = loaded.all + count - before.unwrap_or(0);
        }
        loaded.position = checkpoint.position.get();
        loaded.fence = checkpoint.fence;
        loaded.state += 1;
    }

    /// How many declarations pass, and how many there are at all.
    pub(super) fn count(&self, masks: Masks) -> (u64, u64) {
        let loaded = self.loaded.read().expect("no holder of this lock panics");
        if !masks.are_narrow() {
            return (loaded.all, loaded.all);
        }
        let passing = Remembered::get(&self.sums, loaded.state, masks).unwrap_or_else(|| {
            let passing = loaded
                .cells
                .iter()
                .filter(|(cell, _)| masks.pass(**cell))
                .map(|(_, count)| count)
                .sum();
            Remembered::put(&self.sums, loaded.state, masks, passing);
            passing
        });
        (passing, loaded.all)
    }

    /// The cells that pass.
    pub(super) fn cells(&self, masks: Masks) -> Vec<i64> {
        let loaded = self.loaded.read().expect("no holder of this lock panics");
        loaded
            .cells
            .keys()
            .filter(|cell| masks.pass(**cell))
            .map(|cell| cell.0)
            .collect()
    }

    /// How many declarations have each value, the other facets kept.
    pub(super) fn tally(&self, masks: Masks) -> Arc<Tally> {
        let loaded = self.loaded.read().expect("no holder of this lock panics");
        Remembered::get(&self.tallies, loaded.state, masks).unwrap_or_else(|| {
            let mut tally = Tally::default();
            for (cell, count) in &loaded.cells {
                tally.add(masks, *cell, *count);
            }
            let tally = Arc::new(tally);
            Remembered::put(&self.tallies, loaded.state, masks, Arc::clone(&tally));
            tally
        })
    }
}
