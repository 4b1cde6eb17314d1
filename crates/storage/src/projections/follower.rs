//! What the background projections that keep no row of their own state have in common: they are looked at and waited for by their
//! checkpoint, and a task of this process follows the log for them.

use std::time::Duration;

use chrono::{DateTime, Utc};
use event_store::{Database, EventStore, Position};
use tokio::sync::watch;

use super::checkpoint::{self, Checkpoint};
use super::following::{Following, Stop};
use super::runner::{Caught, Now};
use crate::sql::StorageError;

/// How often the head of the log is asked for when no hint comes.
const SLOW_POLL: Duration = Duration::from_secs(1);
/// How often the checkpoint is looked at for somebody who waits.
const WAITING_POLL: Duration = Duration::from_millis(50);

/// A projection, seen from this process.
#[derive(Debug)]
pub(super) struct Followed {
    name: &'static str,
    database: Database,
    moved: watch::Sender<()>,
    following: Following,
}

impl Followed {
    /// The one of this name in `projection_checkpoint`.
    pub(super) fn new(name: &'static str, database: Database) -> Self {
        Self {
            name,
            database,
            moved: watch::channel(()).0,
            following: Following::default(),
        }
    }

    /// Follows the log in this process from now on. Does nothing when it does already.
    pub(super) fn start<F: Future<Output = ()> + Send + 'static>(
        &self,
        store: &EventStore,
        now: Now,
        run: impl FnOnce(Follower) -> F,
    ) {
        let (name, store, moved) = (self.name, store.clone(), self.moved.clone());
        self.following.start(|stop| {
            run(Follower {
                name,
                store,
                now,
                moved,
                stop,
            })
        });
    }

    /// Lets the batch that is being written finish, then ends.
    pub(super) async fn stop(&self) {
        self.following.stop().await;
    }

    /// How far it is, also when another process projects.
    pub(super) async fn checkpoint(&self) -> Result<Checkpoint, StorageError> {
        let mut connection = self.database.acquire_read().await?;
        checkpoint::load(&mut connection, self.name).await
    }

    /// Waits until it has a position, or for `at_most`, or until it has stopped.
    pub(super) async fn wait_for(&self, position: Position, at_most: Duration) -> Caught {
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

/// The task that follows.
pub(super) struct Follower {
    name: &'static str,
    pub(super) store: EventStore,
    pub(super) now: Now,
    moved: watch::Sender<()>,
    pub(super) stop: Stop,
}

impl Follower {
    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }

    /// How far it is by the database.
    pub(super) async fn load(&self) -> Result<Checkpoint, StorageError> {
        let mut connection = self.store.database().acquire_read().await?;
        checkpoint::load(&mut connection, self.name).await
    }

    /// Waits until there may be something to do. Each of the three only ends the wait; whether there is something is asked of the log.
    pub(super) async fn idle(&mut self, head: &mut watch::Receiver<Position>) {
        tokio::select! {
            _ = head.changed() => {}
            () = tokio::time::sleep(SLOW_POLL) => {}
            () = self.stop.changed() => {}
        }
    }

    /// Tells those who wait that something was written.
    pub(super) fn has_moved(&self) {
        self.moved.send_replace(());
    }

    /// Stops for everybody to see.
    pub(super) async fn record_stop(&self, error: &str) {
        let recorded: Result<(), StorageError> = async {
            let mut tx = self.store.database().begin_write().await?;
            let at = checkpoint::load(&mut tx, self.name).await?;
            checkpoint::stop(&mut tx, self.name, at.fence, error, self.now()).await?;
            Ok(tx.commit().await?)
        }
        .await;
        if let Err(failure) = recorded {
            tracing::error!(projection = self.name, error = %failure, "the stop could not be recorded");
        }
        self.has_moved();
    }
}
