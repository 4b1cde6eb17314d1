//! The task that keeps the tree up with the log and signs its heads.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::TreeError;
use super::build::LogTree;

/// Heads are at least so far apart.
const AT_MOST_EVERY: Duration = Duration::from_secs(1);
/// How often the log is asked when no hint comes.
const SLOW_POLL: Duration = Duration::from_secs(2);

/// Builds and signs in the background until it is stopped or dropped.
#[derive(Debug)]
pub struct Keeper {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Keeper {
    /// Starts. Any number of processes may keep the same tree: one of them builds, the others find it built.
    pub fn start(tree: LogTree) -> Self {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(keep(tree, stopped));
        Self { stop, task }
    }

    /// Signs once more, so that the last events are under a head, then ends.
    pub async fn stop(mut self) {
        // Neither fails but when the task has ended already.
        let _ = self.stop.send(true);
        let _ = (&mut self.task).await;
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep(tree: LogTree, mut stopped: watch::Receiver<bool>) {
    let mut head = tree.store().head_changed();
    loop {
        // What comes while it signs must wake it again.
        head.mark_unchanged();
        let is_last = *stopped.borrow_and_update();
        match tree.sign().await {
            Ok(_) => {}
            Err(TreeError::Database(error)) => {
                tracing::warn!(error = %error, "the tree of the log pauses");
            }
            Err(error) => {
                tracing::error!(error = %error, "the tree of the log stopped: no head is signed any more");
                return;
            }
        }
        if is_last {
            return;
        }
        let _ = tokio::time::timeout(AT_MOST_EVERY, stopped.changed()).await;
        // Each of the three only ends the wait; whether there is something to sign is asked of the log.
        tokio::select! {
            _ = head.changed() => {}
            () = tokio::time::sleep(SLOW_POLL) => {}
            _ = stopped.wait_for(|stopped| *stopped) => {}
        }
    }
}
