//! Finishing what was begun: whoever is forgotten by an event of the log is forgotten everywhere else, whichever process wrote
//! the event and wherever it crashed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use event_store::{EventStore, Position};
use futures::StreamExt as _;
use storage::erasure::{self, Depth, Erasure};
use tokio::time::timeout;

use crate::{App, Internal};

/// Persons that are finished in one run, when many are forgotten at once.
const AT_ONCE: usize = 500;
/// Pause before what could not be finished is tried again.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// What a run has found and done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// Persons of whom something was left to do.
    pub finished: usize,
    /// Keys that still existed: of a run that crashed, or brought back by an old backup of the keys.
    pub keys_destroyed: u64,
    /// Rows that still held something.
    pub rows_emptied: u64,
}

/// Why a run has not ended; it is safe to run again.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// A reader was using the files.
    #[error("somebody is reading the database; try again")]
    FilesInUse,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Destroys every key that the log says is destroyed, and then does what is left: rows, search, files. Doing it again
    /// changes nothing.
    ///
    /// The keys of all who were ever forgotten are looked at: an old backup of the keys may have brought one back.
    pub async fn finish_erasures(&self, depth: Depth) -> Result<Erased, EraseError> {
        let _one_at_a_time = self.erasing.lock().await;
        let database = self.store.database();
        let erasures = erasure::after(&self.store, Position::START)
            .await
            .map_err(Internal::new)?;
        let keys_destroyed = self.destroy_keys(&erasures).await?;
        let rows_emptied = self.drop_rows(&erasures).await?;
        // Nothing opens them any more: this gives their space back.
        storage::export_piece::remove_ended(database)
            .await
            .map_err(Internal::new)?;
        let finished = erasure::finished(database).await.map_err(Internal::new)?;
        let left = erasures.iter().filter(|it| it.position > finished).count();
        let erased = Erased {
            finished: left,
            keys_destroyed,
            rows_emptied,
        };
        let Some(last) = erasures.last().map(|it| it.position) else {
            return Ok(erased);
        };
        let is_nothing_left = left == 0 && keys_destroyed == 0 && rows_emptied == 0;
        if is_nothing_left && depth == Depth::Online {
            return Ok(erased);
        }
        // Until it has read the events, the list might write what it read before them.
        self.wait_for_list(last).await?;
        self.wait_for_inquiries(last).await?;
        let keys = self.store.keyring().scrub().await.map_err(Internal::new)?;
        let rows = erasure::scrub(database, depth).await.map_err(Internal::new)?;
        if !(keys && rows) {
            return Err(EraseError::FilesInUse);
        }
        erasure::finish(database, last, self.now())
            .await
            .map_err(Internal::new)?;
        Ok(erased)
    }

    /// Follows the log in the background: each person that any process forgets is dropped from this one's memory, and what is
    /// left to do is done. Ends with the office.
    pub fn start_erasures(self: &Arc<Self>) {
        let (app, store) = (Arc::downgrade(self), self.store.clone());
        self.background.keep(tokio::spawn(async move {
            let mut after = Position::START;
            // Once in the beginning for what an earlier process left.
            while let Some(app) = app.upgrade() {
                let cleared = app.finish_erasures(Depth::Online).await;
                drop(app);
                if let Err(error) = &cleared {
                    tracing::warn!(%error, "a person who was forgotten is not cleared from all files yet");
                }
                // Whoever is forgotten meanwhile does not wait until the files of somebody else can be cleared.
                let found = match cleared {
                    Ok(_) => next(&store, after).await,
                    Err(_) => match timeout(RETRY_AFTER, next(&store, after)).await {
                        Ok(found) => found,
                        Err(_) => continue,
                    },
                };
                match found {
                    Some(position) => after = position,
                    None => tokio::time::sleep(RETRY_AFTER).await,
                }
            }
        }));
    }

    /// The steps that must not wait: nobody can read the person any more, and no row holds them.
    pub(crate) async fn destroy_keys_and_rows(&self, erasures: &[Erasure]) -> Result<(), Internal> {
        self.destroy_keys(erasures).await?;
        self.drop_rows(erasures).await?;
        Ok(())
    }

    async fn destroy_keys(&self, erasures: &[Erasure]) -> Result<u64, Internal> {
        let subjects: Vec<_> = erasures
            .iter()
            .map(|it| event_store::SubjectId(it.subject.uuid()))
            .collect();
        if subjects.is_empty() {
            return Ok(0);
        }
        self.store
            .keyring()
            .destroy_all(&subjects)
            .await
            .map_err(Internal::new)
    }

    async fn drop_rows(&self, erasures: &[Erasure]) -> Result<u64, Internal> {
        if erasures.is_empty() {
            return Ok(0);
        }
        erasure::drop_rows(self.store.database(), erasures)
            .await
            .map_err(Internal::new)
    }
}

/// Waits until somebody is forgotten; the last of those found together, or `None` when the log cannot be read.
async fn next(store: &EventStore, after: Position) -> Option<Position> {
    let events = store.follow(erasure::query(), after).ready_chunks(AT_ONCE);
    let chunk = std::pin::pin!(events).next().await?;
    chunk
        .into_iter()
        .rev()
        .find_map(|event| Some(event.ok()?.position))
}

/// Tasks that end with the office.
#[derive(Debug, Default)]
pub(crate) struct Background(Mutex<Vec<tokio::task::JoinHandle<()>>>);

impl Background {
    fn keep(&self, task: tokio::task::JoinHandle<()>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(task);
    }

    /// Ends them; each step that they take is safe to be cut off.
    pub(crate) fn stop(&self) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for task in tasks.drain(..) {
            task.abort();
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop();
    }
}
