//! The task that keeps the list of inquiries up with the log.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::InquiryId;
use domain::inquiry::InquiryEvent;
use event_store::{Database, DatabaseError, EventStore, Position, Query, QueryItem, ReadError, WriteTx};

use super::project::{self, Projected};
use super::{NAME, VERSION, write};
use crate::projections::checkpoint::{self, Checkpoint};
use crate::projections::declaration::project::ProjectError;
use crate::projections::follower::{Followed, Follower};
use crate::projections::following::is_poison;
use crate::projections::runner::{Caught, Now};
use crate::sql::StorageError;

/// Events of a batch.
const BATCH: u32 = 500;
/// Rows of one transaction: on SQLite others wait meanwhile.
const ROWS: usize = 50;
/// Pause after a failure that may pass by itself.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// The list of inquiries, seen from this process.
#[derive(Debug)]
pub struct InquiryProjection(Followed);

impl InquiryProjection {
    pub(crate) fn new(database: Database) -> Self {
        Self(Followed::new(NAME, database))
    }

    /// Follows the log in this process from now on. Does nothing when it does already.
    pub fn start(&self, store: &EventStore, now: Now) {
        self.0.start(store, now, |follower| Runner { follower }.run());
    }

    /// Lets the batch that is being written finish, then ends.
    pub async fn stop(&self) {
        self.0.stop().await;
    }

    /// How far it is, also when another process projects.
    pub async fn checkpoint(&self) -> Result<Checkpoint, StorageError> {
        self.0.checkpoint().await
    }

    /// Waits until the list has a position, or for `at_most`, or until it has stopped.
    pub async fn wait_for(&self, position: Position, at_most: Duration) -> Caught {
        self.0.wait_for(position, at_most).await
    }
}

struct Runner {
    follower: Follower,
}

impl Runner {
    async fn run(mut self) {
        loop {
            match self.follow().await {
                Ok(()) => return,
                Err(error) if is_poison(&error) => {
                    let error = error.to_string();
                    tracing::error!(projection = NAME, error, "the list of inquiries stopped");
                    self.follower.record_stop(&error).await;
                    return;
                }
                Err(error) => {
                    tracing::warn!(projection = NAME, %error, "the list of inquiries pauses");
                    self.follower.stop.pause(RETRY_AFTER).await;
                }
            }
        }
    }

    async fn follow(&mut self) -> Result<(), ProjectError> {
        let mut at = self.begin().await?;
        let mut head = self.follower.store.head_changed();
        while !self.follower.stop.is_asked() {
            if self.follower.store.head().await.map_err(unanswered)? <= at.position {
                self.follower.idle(&mut head).await;
                continue;
            }
            if self.step(&mut at).await? {
                self.follower.has_moved();
            } else {
                // Another process projects.
                self.follower.stop.pause(RETRY_AFTER).await;
                at = self.follower.load().await?;
            }
        }
        Ok(())
    }

    async fn begin_write(&self) -> Result<WriteTx, ProjectError> {
        let database = self.follower.store.database();
        database.begin_write().await.map_err(unanswered)
    }

    /// Takes the lead; rows of another version are written anew from the start, each over the one that is there.
    async fn begin(&self) -> Result<Checkpoint, ProjectError> {
        let mut tx = self.begin_write().await?;
        checkpoint::ensure(&mut tx, NAME, VERSION, self.follower.now()).await?;
        let mut at = checkpoint::take_lead(&mut tx, NAME, self.follower.now()).await?;
        if at.version != VERSION {
            at = checkpoint::reset(&mut tx, NAME, VERSION, None, self.follower.now()).await?;
        }
        tx.commit().await.map_err(unanswered)?;
        Ok(at)
    }

    /// Projects what comes next; `false`: there is nothing, or somebody else leads.
    async fn step(&self, at: &mut Checkpoint) -> Result<bool, ProjectError> {
        // Asked first: what is read then is all up to there.
        let head = self.follower.store.head().await.map_err(unanswered)?;
        if head <= at.position {
            return Ok(false);
        }
        let events = self
            .follower
            .store
            .read(&of_inquiries(), at.position, BATCH)
            .await?;
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
        let rows = project::rows(&self.follower.store, &ids).await?;
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
            let mut tx = self.begin_write().await?;
            let is_last = index + 1 == most;
            let reached = if is_last { to } else { at.position };
            if !checkpoint::advance(&mut tx, NAME, at, reached, self.follower.now()).await? {
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
