//! Where callers hand in commands, and where the sequencer takes them out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, mpsc, oneshot};

use super::prepare::{Prepared, prepare};
use super::{Append, AppendError, Appended};
use crate::keyring::Keyring;

/// Commands that may wait in the queue before callers wait for a place in it.
const QUEUE: usize = 4096;

// What one transaction holds at most, so that a batch stays short for those who wait behind it.
pub(super) const BATCH_COMMANDS: usize = 512;
const BATCH_EVENTS: usize = 10_000;
const BATCH_BYTES: usize = 2 << 20;

/// Where callers hand in commands. Cloning shares it; the sequencer ends with the last clone.
#[derive(Clone)]
pub(crate) struct Queue {
    origin: Arc<str>,
    keyring: Keyring,
    is_projected: bool,
    sender: mpsc::Sender<Pending>,
    enough: Arc<Enough>,
}

/// A command that waits for its answer.
pub(super) struct Pending {
    pub command: Prepared,
    reply: oneshot::Sender<(Result<Appended, AppendError>, Prepared)>,
}

/// The other end of a [`Queue`].
pub(super) struct Waiting {
    receiver: mpsc::Receiver<Pending>,
    /// Taken out, but did not fit into the batch before.
    next: Option<Pending>,
    enough: Arc<Enough>,
}

/// How many must wait before it is worth waking the sequencer: each waking costs as much as preparing a small command.
struct Enough {
    commands: AtomicUsize,
    reached: Notify,
}

/// A queue and its other end; `is_projected` when there are inline projectors.
pub(super) fn queue(origin: Arc<str>, keyring: Keyring, is_projected: bool) -> (Queue, Waiting) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let enough = Arc::new(Enough {
        commands: AtomicUsize::new(usize::MAX),
        reached: Notify::new(),
    });
    let queue = Queue {
        origin,
        keyring,
        is_projected,
        sender,
        enough: Arc::clone(&enough),
    };
    let waiting = Waiting {
        receiver,
        next: None,
        enough,
    };
    (queue, waiting)
}

impl Queue {
    /// Prepares a command here, on the caller's task, and waits for its answer.
    pub(crate) async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let command_id = append.command_id;
        let command = prepare(append, &self.origin, &self.keyring, self.is_projected).await?;
        let (reply, answer) = oneshot::channel();
        let unknown = AppendError::OutcomeUnknown { command_id };
        if self.sender.send(Pending { command, reply }).await.is_err() {
            return Err(unknown);
        }
        let waiting = self.sender.max_capacity() - self.sender.capacity();
        if waiting >= self.enough.commands.load(Ordering::SeqCst) {
            self.enough.reached.notify_one();
        }
        // The command comes back to be freed here: thousands of small pieces, for which the next batch need not wait.
        answer.await.map_or(Err(unknown), |(answer, _command)| answer)
    }
}

impl Pending {
    /// A caller that gave up asks again with the same command id.
    pub(super) fn answer(self, answer: Result<Appended, AppendError>) {
        drop(self.reply.send((answer, self.command)));
    }
}

impl Waiting {
    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.receiver.len() + usize::from(self.next.is_some())
    }

    /// Waits for a command; answers false when none can come any more.
    pub(super) async fn some(&mut self) -> bool {
        if self.next.is_none() {
            self.next = self.receiver.recv().await;
        }
        self.next.is_some()
    }

    /// Waits until so many wait.
    pub(super) async fn at_least(&self, commands: usize) {
        self.enough.commands.store(commands, Ordering::SeqCst);
        while self.len() < commands {
            self.enough.reached.notified().await;
        }
    }

    /// So many commands at most, as far as they fit into one transaction; at least one when some wait.
    pub(super) fn take(&mut self, commands: usize) -> Vec<Pending> {
        self.enough.commands.store(usize::MAX, Ordering::SeqCst);
        let (mut bytes, mut events) = (0, 0);
        let mut batch = Vec::new();
        while batch.len() < commands.min(BATCH_COMMANDS) {
            let Some(pending) = self.next.take().or_else(|| self.receiver.try_recv().ok()) else {
                break;
            };
            bytes += pending.command.size;
            events += pending.command.events.len();
            if !batch.is_empty() && (bytes > BATCH_BYTES || events > BATCH_EVENTS) {
                self.next = Some(pending);
                break;
            }
            batch.push(pending);
        }
        batch
    }
}
