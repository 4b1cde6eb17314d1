//! The task that keeps a projection up with the log.
//!
//! One node leads: it raised the fence of the checkpoint last. Rows and checkpoint are written in one transaction which moves
//! the position only from where this leader left it and only under its fence, so two nodes never both apply. A node that lost
//! stands by, and takes over when the position has not moved for a while although the log has gone on.
//!
//! An event that cannot be projected stops the projection, for everybody to see; it is never skipped. Starting again tries again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use event_store::{Database, DatabaseError, EventStore, Position, table_to_scrub};
use tokio::sync::watch;

use super::checkpoint::{self, Checkpoint};
use super::declaration::project::{self, ProjectError};
use super::declaration::turn;
use super::declaration::write::Target;
use super::declaration::{NAME, VERSION};
use super::feed::{Feed, PIECE};
use super::following::{Following, Stop, is_poison};
use super::rebuild;
use crate::sql::StorageError;

/// How often the head of the log is asked for when no hint comes.
const SLOW_POLL: Duration = Duration::from_millis(250);
/// How often the checkpoint is looked at for somebody who waits, while another process projects.
const FOREIGN_POLL: Duration = Duration::from_millis(50);
/// The leader wakes those who wait; this only bounds what a bug could cost.
const LEADER_POLL: Duration = Duration::from_secs(1);
/// How long the position must have stood still, with the log ahead of it, before another node takes over.
const TAKEOVER_AFTER: Duration = Duration::from_secs(3);
/// So many events appended during one batch are an import: it goes before the list.
const FLOOD: i64 = 100;
/// How long the list rests then after a batch, in times of what the batch took.
const REST: u32 = 3;
/// Pause after a failure that may pass by itself.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// The clock that a projection is given.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The calendar day in Japan at an instant.
pub(crate) fn day_in_japan(at: DateTime<Utc>) -> NaiveDate {
    (at + TimeDelta::hours(9)).date_naive()
}

/// What a node does for a projection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Nothing in this process, or the database does not answer.
    Idle,
    /// It applies events.
    Leading,
    /// Another node does.
    StandingBy,
    /// Nobody does: an event cannot be projected. The text has no personal data.
    Stopped(String),
}

/// How far a projection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The last event applied, as far as this node knows.
    pub position: Position,
    /// Of which day in Japan the rows are, as far as this node knows.
    pub day: Option<NaiveDate>,
    /// What this node does.
    pub duty: Duty,
}

/// The end of waiting for a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caught {
    /// The projection has it.
    Up,
    /// It has not; it is at this position.
    Behind(Position),
}

/// The projection of declarations, seen from this process.
#[derive(Debug)]
pub struct Projection {
    database: Database,
    progress: watch::Sender<Progress>,
    following: Following,
}

impl Projection {
    pub(crate) fn new(database: Database) -> Self {
        let (progress, _) = watch::channel(Progress {
            position: Position::START,
            day: None,
            duty: Duty::Idle,
        });
        Self {
            database,
            progress,
            following: Following::default(),
        }
    }

    /// Follows the log in this process from now on. Does nothing when it does already.
    pub fn start(&self, store: &EventStore, now: Now) {
        self.start_with(store, now, TAKEOVER_AFTER);
    }

    /// As [`Projection::start`], with another time after which a silent leader is taken for gone.
    pub fn start_with(&self, store: &EventStore, now: Now, takeover_after: Duration) {
        let (store, progress) = (store.clone(), self.progress.clone());
        self.following.start(|stop| {
            let runner = Runner {
                store,
                now,
                takeover_after,
                progress,
                stop,
            };
            runner.run()
        });
    }

    /// Lets the batch that is being written finish, then ends.
    pub async fn stop(&self) {
        if self.following.stop().await {
            self.progress.send_modify(|progress| progress.duty = Duty::Idle);
        }
    }

    /// How far it is, to be watched.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// How far it is by the database: also when another process projects.
    pub async fn checkpoint(&self) -> Result<Checkpoint, StorageError> {
        let mut connection = self.database.acquire_read().await?;
        checkpoint::load(&mut connection, NAME).await
    }

    /// To be called after many rows were projected: lists of many rows are then read by their indexes alone.
    pub async fn settle(&self) -> Result<(), StorageError> {
        Ok(self.database.settle(&table_to_scrub!("declaration")).await?)
    }

    /// Waits until the projection has a position, or for `at_most`, or until it has stopped.
    pub async fn wait_for(&self, position: Position, at_most: Duration) -> Caught {
        let mut reached = Position::START;
        // A timeout leaves what was reached by then.
        let _ = tokio::time::timeout(at_most, self.until(position, &mut reached)).await;
        if reached >= position {
            Caught::Up
        } else {
            Caught::Behind(reached)
        }
    }

    async fn until(&self, position: Position, reached: &mut Position) {
        let mut progress = self.progress.subscribe();
        loop {
            let Progress {
                position: here, duty, ..
            } = progress.borrow_and_update().clone();
            *reached = here.max(*reached);
            if duty != Duty::Leading
                && *reached < position
                && let Ok(checkpoint) = self.checkpoint().await
            {
                *reached = checkpoint.position.max(*reached);
                if checkpoint.error.is_some() {
                    return;
                }
            }
            if *reached >= position || matches!(duty, Duty::Stopped(_)) {
                return;
            }
            // The leader wakes us; where another process leads, the checkpoint has to be asked.
            let poll = if duty == Duty::Leading {
                LEADER_POLL
            } else {
                FOREIGN_POLL
            };
            let _ = tokio::time::timeout(poll, progress.changed()).await;
        }
    }
}

/// Why leading ended.
enum Ended {
    Lost,
    Stopped,
    Poisoned(String),
    Failed(ProjectError),
}

impl From<ProjectError> for Ended {
    fn from(error: ProjectError) -> Self {
        if is_poison(&error) {
            Self::Poisoned(error.to_string())
        } else {
            Self::Failed(error)
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

struct Runner {
    store: EventStore,
    now: Now,
    takeover_after: Duration,
    progress: watch::Sender<Progress>,
    stop: Stop,
}

impl Runner {
    async fn run(mut self) {
        loop {
            let ended = match self.take_lead().await {
                Ok(lead) => self.lead(lead).await,
                Err(ended) => ended,
            };
            match ended {
                Ended::Stopped => return,
                Ended::Lost => self.stand_by().await,
                Ended::Poisoned(error) => {
                    tracing::error!(projection = NAME, error, "projection stopped");
                    self.set_duty(Duty::Stopped(error));
                    return;
                }
                Ended::Failed(error) => {
                    tracing::warn!(projection = NAME, error = %error, "projection pauses");
                    self.set_duty(Duty::Idle);
                    self.stop.pause(RETRY_AFTER).await;
                }
            }
            if self.stop.is_asked() {
                return;
            }
        }
    }

    fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }

    fn set_duty(&self, duty: Duty) {
        self.progress.send_modify(|progress| progress.duty = duty);
    }

    async fn take_lead(&self) -> Result<Checkpoint, Ended> {
        let mut tx = self.store.database().begin_write().await?;
        checkpoint::ensure(&mut tx, NAME, VERSION, self.now()).await?;
        let lead = checkpoint::take_lead(&mut tx, NAME, self.now()).await?;
        tx.commit().await?;
        self.progress.send_replace(Progress {
            position: lead.position,
            day: lead.day,
            duty: Duty::Leading,
        });
        Ok(lead)
    }

    /// Applies events until something ends it.
    async fn lead(&mut self, mut lead: Checkpoint) -> Ended {
        if lead.version != VERSION {
            return self.rebuild_first().await;
        }
        // A batch needs a day; the rows of a new register are those of today.
        if let Err(ended) = self.turn(&mut lead).await {
            return ended;
        }
        let mut pace = Pace::new();
        let mut feed = Feed::new(self.store.clone(), lead.position);
        let mut head = self.store.head_changed();
        loop {
            let (began, known) = (Instant::now(), *head.borrow());
            match self.step(&mut lead, &mut feed, &mut pace).await {
                Ok(true) if head.borrow().get() - known.get() >= FLOOD => {
                    self.stop.pause(began.elapsed() * REST).await;
                }
                Ok(true) => {}
                Ok(false) => {
                    // Each of the three only ends the wait; whether there is something to do is asked of the log.
                    tokio::select! {
                        _ = head.changed() => {}
                        () = tokio::time::sleep(SLOW_POLL) => {}
                        () = self.stop.changed() => {}
                    }
                }
                Err(Ended::Poisoned(error)) => {
                    self.record_stop(&lead, &error).await;
                    return Ended::Poisoned(error);
                }
                Err(ended) => return ended,
            }
            if self.stop.is_asked() {
                self.release(&lead).await;
                return Ended::Stopped;
            }
        }
    }

    /// Applies one batch; `false` when there was nothing to apply.
    async fn step(&self, lead: &mut Checkpoint, feed: &mut Feed, pace: &mut Pace) -> Result<bool, Ended> {
        self.turn(lead).await?;
        let store = &self.store;
        let events = feed.take(pace.events).await?;
        if events.is_empty() {
            return Ok(false);
        }
        let batch = project::prepare(store, Target::Live, events, self.day_of(lead)).await?;
        let mut tx = store.database().begin_write().await?;
        let began = Instant::now();
        if !checkpoint::advance(&mut tx, NAME, lead, batch.to, self.now()).await? {
            tx.rollback().await?;
            return Err(Ended::Lost);
        }
        project::write(&mut tx, Target::Live, &batch).await?;
        // The commit takes the disk's time, whatever the size of the batch.
        pace.took(began.elapsed());
        tx.commit().await?;
        lead.position = batch.to;
        self.progress.send_modify(|progress| progress.position = batch.to);
        Ok(true)
    }

    /// The day that the rows are of; before any was written, today.
    fn day_of(&self, lead: &Checkpoint) -> NaiveDate {
        lead.day.unwrap_or_else(|| day_in_japan(self.now()))
    }

    /// When the day has turned in Japan, brings the rows to it. The day never goes back, whatever a clock says.
    async fn turn(&self, lead: &mut Checkpoint) -> Result<(), Ended> {
        let today = day_in_japan(self.now());
        if lead.day.is_some_and(|day| day >= today) {
            return Ok(());
        }
        let mut tx = self.store.database().begin_write().await?;
        let changed = turn::turn(&mut tx, Target::Live, today, lead.position).await?;
        let turned = checkpoint::turn(&mut tx, NAME, lead, today, changed > 0, self.now()).await?;
        let Some(turned) = turned else {
            tx.rollback().await?;
            return Err(Ended::Lost);
        };
        tx.commit().await?;
        *lead = turned;
        self.progress.send_modify(|progress| progress.day = Some(today));
        if changed > 0 {
            tracing::info!(projection = NAME, day = %today, changed, "stops have come");
        }
        Ok(())
    }

    /// The rows were written by other code: readers keep them until a rebuild has made new ones.
    async fn rebuild_first(&self) -> Ended {
        match rebuild::rebuild(&self.store, &*self.now, |_, _| {}).await {
            // The switch has raised the fence; lead again under the new one.
            Ok(_) => Ended::Lost,
            Err(error) => Ended::Poisoned(error.to_string()),
        }
    }

    async fn record_stop(&self, lead: &Checkpoint, error: &str) {
        let database = self.store.database();
        let recorded: Result<(), StorageError> = async {
            let mut tx = database.begin_write().await?;
            checkpoint::stop(&mut tx, NAME, lead.fence, error, self.now()).await?;
            Ok(tx.commit().await?)
        }
        .await;
        if let Err(failure) = recorded {
            tracing::error!(projection = NAME, error = %failure, "the stop could not be recorded");
        }
    }

    /// Gives the lead up, so that the next leader need not wait for signs of life of this one.
    async fn release(&self, lead: &Checkpoint) {
        let released: Result<(), StorageError> = async {
            let mut tx = self.store.database().begin_write().await?;
            checkpoint::release(&mut tx, NAME, lead.fence, self.now()).await?;
            Ok(tx.commit().await?)
        }
        .await;
        if let Err(failure) = released {
            tracing::warn!(projection = NAME, error = %failure, "the lead could not be released");
        }
    }

    /// Watches another node lead, until it gives the lead up or seems to be gone.
    async fn stand_by(&mut self) {
        self.set_duty(Duty::StandingBy);
        let mut last = None;
        let mut moved_at = Instant::now();
        while !self.stop.is_asked() && moved_at.elapsed() < self.takeover_after {
            if let Ok((checkpoint, is_behind)) = self.look().await {
                if checkpoint.is_free {
                    return;
                }
                if last != Some((checkpoint.position, checkpoint.fence)) || !is_behind {
                    last = Some((checkpoint.position, checkpoint.fence));
                    moved_at = Instant::now();
                }
                let duty = checkpoint.error.map_or(Duty::StandingBy, Duty::Stopped);
                self.progress.send_replace(Progress {
                    position: checkpoint.position,
                    day: checkpoint.day,
                    duty,
                });
            }
            self.stop.pause(SLOW_POLL).await;
        }
    }

    /// The checkpoint, and whether the log or the day is ahead of it.
    async fn look(&self) -> Result<(Checkpoint, bool), StorageError> {
        let store = &self.store;
        let mut connection = store.database().acquire_read().await?;
        let checkpoint = checkpoint::load(&mut connection, NAME).await?;
        drop(connection);
        let head = store.head().await?;
        let is_behind =
            head > checkpoint.position || checkpoint.day.is_some_and(|day| day < day_in_japan(self.now()));
        Ok((checkpoint, is_behind))
    }
}

/// How many events a batch takes, so that a transaction stays short: on SQLite everybody else waits for it.
struct Pace {
    events: u32,
}

impl Pace {
    const LEAST: u32 = 20;
    const TARGET: Duration = Duration::from_millis(250);

    const fn new() -> Self {
        Self { events: PIECE / 4 }
    }

    fn took(&mut self, time: Duration) {
        let next = if time > Self::TARGET {
            self.events / 2
        } else {
            self.events + self.events / 4
        };
        self.events = next.clamp(Self::LEAST, PIECE);
    }
}
