//! The task that keeps the figures up with the log.

use std::time::{Duration, Instant};

use event_store::{Database, DatabaseError, EventStore, Position};

use super::rebuild::{self, RebuildFiguresError};
use super::{NAME, VERSION, count, write};
use crate::projections::checkpoint::{self, Checkpoint};
use crate::projections::declaration::project::ProjectError;
use crate::projections::follower::{Followed, Follower};
use crate::projections::following::is_poison;
use crate::projections::runner::{Caught, Now};
use crate::sql::StorageError;

/// Events are gathered for so long: nobody looks at figures four times a second, and each batch is a commit.
const GATHER: Duration = Duration::from_millis(250);
/// Events of a batch.
const BATCH: i64 = 1_600;
/// Figures that are further behind are counted from the whole log at once, when it has come to rest.
const FAR: i64 = 20_000;
/// So many events in [`SETTLE`] are an import: it goes before the figures.
const FLOOD: i64 = 100;
/// How long the log is watched for an import.
const SETTLE: Duration = Duration::from_secs(1);
/// How long a batch rests after one during which the log was flooded, in times of what it took.
const REST: u32 = 3;
/// Pause after a failure that may pass by itself.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// The projection of the figures, seen from this process.
#[derive(Debug)]
pub struct FigureProjection(Followed);

impl FigureProjection {
    pub(crate) fn new(database: Database) -> Self {
        Self(Followed::new(NAME, database))
    }

    /// Follows the log in this process from now on. Does nothing when it does already.
    pub fn start(&self, store: &EventStore, now: Now) {
        self.start_with(store, now, FAR);
    }

    /// As [`FigureProjection::start`], with another number of events above which the whole log is counted at once.
    pub fn start_with(&self, store: &EventStore, now: Now, far: i64) {
        self.0
            .start(store, now, |follower| Runner { follower, far }.run());
    }

    /// Lets the batch that is being written finish, then ends.
    pub async fn stop(&self) {
        self.0.stop().await;
    }

    /// How far it is, also when another process counts.
    pub async fn checkpoint(&self) -> Result<Checkpoint, StorageError> {
        self.0.checkpoint().await
    }

    /// Waits until the figures have a position, or for `at_most`, or until they have stopped.
    pub async fn wait_for(&self, position: Position, at_most: Duration) -> Caught {
        self.0.wait_for(position, at_most).await
    }
}

/// Why following ended.
enum Ended {
    Stopped,
    Poisoned(String),
    Failed(String),
}

impl From<ProjectError> for Ended {
    fn from(error: ProjectError) -> Self {
        if is_poison(&error) {
            Self::Poisoned(error.to_string())
        } else {
            Self::Failed(error.to_string())
        }
    }
}

impl From<StorageError> for Ended {
    fn from(error: StorageError) -> Self {
        ProjectError::Storage(error).into()
    }
}

impl From<DatabaseError> for Ended {
    fn from(error: DatabaseError) -> Self {
        StorageError::Database(error).into()
    }
}

impl From<RebuildFiguresError> for Ended {
    fn from(error: RebuildFiguresError) -> Self {
        match error {
            RebuildFiguresError::Storage(error) => error.into(),
            RebuildFiguresError::Overtaken => Self::Failed(error.to_string()),
            RebuildFiguresError::Count(error) => Self::Poisoned(error),
        }
    }
}

struct Runner {
    follower: Follower,
    far: i64,
}

impl Runner {
    async fn run(mut self) {
        let mut began = false;
        loop {
            match self.follow(&mut began).await {
                Ended::Stopped => return,
                Ended::Poisoned(error) => {
                    tracing::error!(projection = NAME, error, "figures stopped");
                    self.follower.record_stop(&error).await;
                    return;
                }
                Ended::Failed(error) => {
                    tracing::warn!(projection = NAME, error, "figures pause");
                    self.follower.stop.pause(RETRY_AFTER).await;
                }
            }
        }
    }

    async fn follow(&mut self, began: &mut bool) -> Ended {
        match self.followed(began).await {
            Ok(()) => Ended::Stopped,
            Err(ended) => ended,
        }
    }

    async fn followed(&mut self, began: &mut bool) -> Result<(), Ended> {
        let mut at = if *began {
            self.follower.load().await?
        } else {
            self.begin().await?
        };
        *began = true;
        if at.version != VERSION {
            let report = rebuild::rebuild(&self.follower.store, &*self.follower.now).await?;
            tracing::info!(projection = NAME, mended = report.mended, "counted anew");
            at = self.follower.load().await?;
        }
        let mut head = self.follower.store.head_changed();
        while !self.follower.stop.is_asked() {
            let known = self.follower.store.head().await?;
            if known <= at.position {
                self.follower.idle(&mut head).await;
                continue;
            }
            if known.get() - at.position.get() < BATCH {
                self.follower.stop.pause(GATHER).await;
            }
            self.settle(&at).await?;
            if self.follower.stop.is_asked() {
                break;
            }
            let began = Instant::now();
            if self.step(&mut at).await? {
                self.follower.has_moved();
                if self.follower.store.head().await?.get() - known.get() >= FLOOD {
                    self.follower.stop.pause(began.elapsed() * REST).await;
                }
            } else {
                // Another process counts.
                self.follower.stop.pause(RETRY_AFTER).await;
                at = self.follower.load().await?;
            }
        }
        Ok(())
    }

    /// Waits, when there is much to count, until whoever is importing has ended.
    async fn settle(&mut self, at: &Checkpoint) -> Result<(), Ended> {
        loop {
            let before = self.follower.store.head().await?.get();
            if before - at.position.get() <= self.far || self.follower.stop.is_asked() {
                return Ok(());
            }
            self.follower.stop.pause(SETTLE).await;
            if self.follower.store.head().await?.get() - before < FLOOD {
                return Ok(());
            }
        }
    }

    /// Counts what comes next; `false` when somebody else did.
    async fn step(&self, at: &mut Checkpoint) -> Result<bool, Ended> {
        let (store, from) = (&self.follower.store, at.position);
        let head = store.head().await?;
        let (to, changes) = if head.get() - from.get() > self.far {
            (head, count::of_log(store, from, head, count::HELD).await?)
        } else {
            let to = head.min(Position::new(from.get() + BATCH));
            (to, count::of_events(store, from, to).await?)
        };
        let mut tx = store.database().begin_write().await?;
        if !checkpoint::advance(&mut tx, NAME, at, to, self.follower.now()).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        write::add(&mut tx, changes).await?;
        tx.commit().await?;
        at.position = to;
        Ok(true)
    }

    async fn begin(&self) -> Result<Checkpoint, Ended> {
        let mut tx = self.follower.store.database().begin_write().await?;
        checkpoint::ensure(&mut tx, NAME, VERSION, self.follower.now()).await?;
        // Takes away why it had stopped: starting again tries again.
        let at = checkpoint::take_lead(&mut tx, NAME, self.follower.now()).await?;
        tx.commit().await?;
        Ok(at)
    }
}
