//! The task that follows the log for a projection in this process: one at most, which ends with whoever holds it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use event_store::{DatabaseError, ReadError};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::declaration::project::ProjectError;
use crate::sql::StorageError;

/// Holds the task, or none.
#[derive(Debug, Default)]
pub(super) struct Following(Mutex<Option<Running>>);

#[derive(Debug)]
struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// By which a task knows that it is to end.
#[derive(Debug)]
pub(super) struct Stop(watch::Receiver<bool>);

impl Following {
    /// Starts a task, unless one runs already.
    pub(super) fn start<F: Future<Output = ()> + Send + 'static>(&self, task: impl FnOnce(Stop) -> F) {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if running.as_ref().is_some_and(|it| !it.task.is_finished()) {
            return;
        }
        let (stop, stopped) = watch::channel(false);
        *running = Some(Running {
            stop,
            task: tokio::spawn(task(Stop(stopped))),
        });
    }

    /// Lets the batch that is being written finish, then ends the task. `false`: there was none.
    pub(super) async fn stop(&self) -> bool {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Running { stop, task }) = running else {
            return false;
        };
        // Neither fails but when the task has ended already.
        let _ = stop.send(true);
        let _ = task.await;
        true
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        if let Ok(running) = self.0.get_mut()
            && let Some(running) = running.take()
        {
            running.task.abort();
        }
    }
}

impl Stop {
    /// Whether the task is to end.
    pub(super) fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when that changes.
    pub(super) async fn changed(&mut self) {
        // Nobody is left who could ask: the task is aborted then.
        let _ = self.0.changed().await;
    }

    /// Waits, but not longer than until the task is to end.
    pub(super) async fn pause(&mut self, time: Duration) {
        let _ = tokio::time::timeout(time, self.0.wait_for(|asked| *asked)).await;
    }
}

/// Whether an error comes again when the same events are taken again: what cannot be read, and what the database refuses (a value that no
/// column takes, a table that is not there). Others may pass by themselves.
pub(super) fn is_poison(error: &ProjectError) -> bool {
    match error {
        ProjectError::Decode { .. } | ProjectError::History { .. } => true,
        ProjectError::Read(error) => matches!(error, ReadError::Gap { .. } | ReadError::Damaged { .. }),
        ProjectError::Storage(error) => {
            matches!(error, StorageError::Database(DatabaseError::Statement(_)))
        }
    }
}
