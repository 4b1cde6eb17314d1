//! The task that keeps the list of inquiries up with the log.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::InquiryId;
use domain::inquiry::InquiryEvent;
use event_store::{Database, DatabaseError, EventStore, Position, Query, QueryItem, ReadError};
use tokio::sync::watch;

use super::project::{self, Projected};
use super::{NAME, VERSION, write};
use crate::projections::checkpoint::{self, Checkpoint};
use crate::projections::declaration::project::ProjectError;
use crate::projections::following::{Following, Stop, is_poison};
use crate::projections::runner::{Caught, Now};
use crate::sql::StorageError;

/// How often the head of the log is asked for when no hint comes.
const SLOW_POLL: Duration = Duration::from_secs(1);
/// How often the checkpoint is looked at for somebody who waits.
const WAITING_POLL: Duration = Duration::from_millis(50);
/// Events of a batch.
const BATCH: u32 = 500;
/// Rows of one transaction: on SQLite others wait meanwhile.
const ROWS: usize = 50;
/// Pause after a failure that may pass by itself.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// The list of inquiries, seen from this process.
#[derive(Debug)]
pub struct InquiryProjection {
    database: Database,
    moved: watch::Sender<()>,
    following: Following,
}

impl InquiryProjection {
    pub(crate) fn new(database: Database) -> Self {
        Self {
            database,
            moved: watch::channel(()).0,
            following: Following::default(),
        }
    }

    /// Follows the log in this process from now on. Does nothing when it does already.
    pub fn start(&self, store: &EventStore, now: Now) {
        let (store, moved) = (store.clone(), self.moved.clone());
        self.following.start(|stop| {
            let runner = Runner {
                store,
                now,
                moved,
                stop,
            };
            runner.run()
        });
    }

    /// Lets the batch that is being written finish, then ends.
    pub async fn stop(&self) {
        self.following.stop().await;
    }

    /// How far it is, also when another process projects.
    pub async fn checkpoint(&self) -> Result<Checkpoint, StorageError> {
        let mut connection = self.database.acquire_read().await?;
        checkpoint::load(&mut connection, NAME).await
    }

    /// Waits until the list has a position, or for `at_most`, or until it has stopped.
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
        let mut moved = self.moved.subscribe();
        loop {
            if let Ok(checkpoint) = self.checkpoint().await {
                *reached = checkpoint.position;
                if *reached >= position || checkpoint.error.is_some() {
                    return;
                }
            }
            let _ = tokio::time::timeout(WAITING_POLL, moved.changed()).await;
        }
    }
}

struct Runner {
    store: EventStore,
    now: Now,
    moved: watch::Sender<()>,
    stop: Stop,
}

impl Runner {
    async fn run(mut self) {
        loop {
            match self.follow().await {
                Ok(()) => return,
                Err(error) if is_poison(&error) => {
                    let error = error.to_string();
                    tracing::error!(projection = NAME, error, "the list of inquiries stopped");
                    self.record_stop(&error).await;
                    return;
                }
                Err(error) => {
                    tracing::warn!(projection = NAME, %error, "the list of inquiries pauses");
                    self.stop.pause(RETRY_AFTER).await;
                }
            }
        }
    }

    fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }

    async fn follow(&mut self) -> Result<(), ProjectError> {
        let mut at = self.begin().await?;
        let mut head = self.store.head_changed();
        while !self.stop.is_asked() {
            if self.store.head().await.map_err(unanswered)? <= at.position {
                // Each of the three only ends the wait; whether there is something to do is asked of the log.
                tokio::select! {
                    _ = head.changed() => {}
                    () = tokio::time::sleep(SLOW_POLL) => {}
                    () = self.stop.changed() => {}
                }
                continue;
            }
            if self.step(&mut at).await? {
                self.moved.send_replace(());
            } else {
                // Another process projects.
                self.stop.pause(RETRY_AFTER).await;
                at = self.load().await?;
            }
        }
        Ok(())
    }

    /// Takes the lead; rows of another version are written anew from the start, each over the one that is there.
    async fn begin(&self) -> Result<Checkpoint, ProjectError> {
        let mut tx = self.store.database().begin_write().await.map_err(unanswered)?;
        checkpoint::ensure(&mut tx, NAME, VERSION, self.now()).await?;
        let mut at = checkpoint::take_lead(&mut tx, NAME, self.now()).await?;
        if at.version != VERSION {
            at = checkpoint::reset(&mut tx, NAME, VERSION, None, self.now()).await?;
        }
        tx.commit().await.map_err(unanswered)?;
        Ok(at)
    }

    async fn load(&self) -> Result<Checkpoint, ProjectError> {
        let connection = self.store.database().acquire_read().await;
        let mut connection = connection.map_err(unanswered)?;
        Ok(checkpoint::load(&mut connection, NAME).await?)
    }

    /// Projects what comes next; `false`: there is nothing, or somebody else leads.
    async fn step(&self, at: &mut Checkpoint) -> Result<bool, ProjectError> {
        // Asked first: what is read then is all up to there.
        let head = self.store.head().await.map_err(unanswered)?;
        if head <= at.position {
            return Ok(false);
        }
        let events = self.store.read(&of_inquiries(), at.position, BATCH).await?;
        let to = if events.len() < BATCH as usize {
            head.max(events.last().map_or(head, |event| event.position))
        } else {
            events.last().map_or(head, |event| event.position)
        };
        let mut ids = BTreeSet::new();
        for event in &events {
            let said = InquiryEvent::decode(&event.event_type, event.schema_version, &event.data);
            let said = said.map_err(|error| ReadError::Damaged {
                position: event.position,
                reason: error.to_string(),
            })?;
            ids.insert(said.inquiry_id());
        }
        let ids: Vec<InquiryId> = ids.into_iter().collect();
        let rows = project::rows(&self.store, &ids).await?;
        self.write(at, to, &rows).await
    }

    /// The rows that fit into one transaction first, and the position with the last of them: doing it again changes nothing.
    async fn write(
        &self,
        at: &mut Checkpoint,
        to: Position,
        rows: &[Projected],
    ) -> Result<bool, ProjectError> {
        let pieces: Vec<&[Projected]> = rows.chunks(ROWS).collect();
        let most = pieces.len().max(1);
        for index in 0..most {
            let mut tx = self.store.database().begin_write().await.map_err(unanswered)?;
            let is_last = index + 1 == most;
            let reached = if is_last { to } else { at.position };
            if !checkpoint::advance(&mut tx, NAME, at, reached, self.now()).await? {
                tx.rollback().await.map_err(unanswered)?;
                return Ok(false);
            }
            for row in pieces.get(index).copied().unwrap_or_default() {
                write::put(&mut tx, row).await?;
            }
            tx.commit().await.map_err(unanswered)?;
        }
        at.position = to;
        Ok(true)
    }

    async fn record_stop(&self, error: &str) {
        let recorded: Result<(), StorageError> = async {
            let mut tx = self.store.database().begin_write().await?;
            let at = checkpoint::load(&mut tx, NAME).await?;
            checkpoint::stop(&mut tx, NAME, at.fence, error, self.now()).await?;
            Ok(tx.commit().await?)
        }
        .await;
        if let Err(failure) = recorded {
            tracing::error!(projection = NAME, error = %failure, "the stop could not be recorded");
        }
        self.moved.send_replace(());
    }
}

fn of_inquiries() -> Query {
    Query {
        items: vec![QueryItem {
            types: InquiryEvent::TYPES.map(str::to_owned).to_vec(),
            tags: Vec::new(),
        }],
    }
}

fn unanswered(error: DatabaseError) -> ProjectError {
    ProjectError::Storage(error.into())
}
