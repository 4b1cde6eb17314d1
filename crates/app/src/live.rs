//! What happens, as it happens, for whoever looks at a screen. One task of the process follows the log while somebody listens, whichever
//! process wrote it; what listeners hear is which things something happened to, never what.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use event_store::{EventStore, Outline, Position};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use crate::App;

/// What waits for a listener who is slow; beyond, they hear that they missed something.
const WAITING: usize = 256;
/// Events that are looked through after one another; of more, as an import writes them, listeners hear only that there were many.
const AT_ONCE: i64 = 500;
/// Pause before the log is looked at again when it could not be read.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What a listener hears.
#[derive(Clone, Debug)]
pub enum Heard {
    /// Something happened.
    Happened(Arc<Outline>),
    /// More than could be told: whatever they look at may have changed.
    Missed,
}

/// Those who listen, and the task that follows the log for them.
#[derive(Debug)]
pub(crate) struct Live {
    sender: broadcast::Sender<Heard>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(WAITING).0,
            task: Arc::default(),
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Some(task) = self.task.lock().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

/// One who listens.
#[derive(Debug)]
pub struct Listener(broadcast::Receiver<Heard>);

impl Listener {
    /// Waits for the next; none: the office has closed.
    pub async fn next(&mut self) -> Option<Heard> {
        match self.0.recv().await {
            Ok(heard) => Some(heard),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Heard::Missed),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }

    /// What has come already, without waiting.
    pub fn ready(&mut self) -> Option<Heard> {
        match self.0.try_recv() {
            Ok(heard) => Some(heard),
            Err(broadcast::error::TryRecvError::Lagged(_)) => Some(Heard::Missed),
            Err(_) => None,
        }
    }
}

impl App {
    /// Listens from now on. Whoever looks at something first listens and then reads: so nothing is missed in between.
    pub fn listen(&self) -> Listener {
        let mut task = self.live.task.lock().unwrap_or_else(PoisonError::into_inner);
        let listener = Listener(self.live.sender.subscribe());
        if task.as_ref().is_none_or(JoinHandle::is_finished) {
            let mut head = self.store.head_changed();
            let after = *head.borrow_and_update();
            let follower = Follower {
                after,
                head,
                store: self.store.clone(),
                sender: self.live.sender.clone(),
                task: Arc::clone(&self.live.task),
            };
            *task = Some(tokio::spawn(follower.run()));
        }
        listener
    }
}

struct Follower {
    store: EventStore,
    head: watch::Receiver<Position>,
    after: Position,
    sender: broadcast::Sender<Heard>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Follower {
    async fn run(mut self) {
        while self.head.changed().await.is_ok() {
            let to = *self.head.borrow_and_update();
            {
                // Under the lock under which others begin to listen: nobody is left with a task that is about to end.
                let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
                if self.sender.receiver_count() == 0 {
                    *task = None;
                    return;
                }
            }
            self.tell(to).await;
            self.after = to;
        }
    }

    async fn tell(&self, to: Position) {
        // Nobody listens any more: nobody wants to know.
        let say = |heard| {
            let _ = self.sender.send(heard);
        };
        if to.get() - self.after.get() > AT_ONCE {
            say(Heard::Missed);
            return;
        }
        match self.store.outlines(self.after, to).await {
            Ok(outlines) => {
                for outline in outlines {
                    say(Heard::Happened(Arc::new(outline)));
                }
            }
            Err(error) => {
                tracing::debug!(%error, "what happened cannot be told to screens");
                say(Heard::Missed);
                tokio::time::sleep(RETRY_AFTER).await;
            }
        }
    }
}
