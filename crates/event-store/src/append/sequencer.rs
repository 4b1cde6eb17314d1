//! The sequencer: one task per store takes what waits, and commits it in few transactions, one after the other.
//!
//! Two batches are under way, of half of those each who take part: so callers prepare commands while others wait for the
//! database, and what can be done before a batch has its turn is done before. SQLite has one writer, and the second batch is
//! made ready for it. PostgreSQL inserts both at the same time, and commits them in turn.

use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use tokio::sync::{oneshot, watch};

use super::InlineProjector;
use super::commit::{Before, Settled, Writer};
use super::decide::{Draft, Head, Turn};
use super::queue::{BATCH_COMMANDS, Pending, Queue, Waiting, queue};
use crate::database::{Database, LANES};
use crate::keyring::Keyring;
use crate::query::Position;
use crate::{random, wake};

/// Fewer than this are no batch beside another: what each batch costs by itself would outweigh the gain.
const FEW: usize = 8;

/// After so many batches that were written as drafted nobody else seems to write, and two are under way at once. Batches of two
/// processes would be in each other's way.
const ALONE: u32 = 16;

/// With each batch this part of the callers is forgotten that are not seen any more.
const FORGOTTEN: usize = 16;

/// The task behind the queue.
pub(crate) struct Sequencer {
    writer: Writer,
    /// Where the log ends once what is under way is written; none when that is not known.
    expected: Option<Head>,
    /// Commands under way.
    commands: usize,
    /// Batches that were written as drafted since one was not.
    as_drafted: u32,
    /// About how many callers take part: as many as were seen at once, which is forgotten slowly.
    callers: usize,
    /// The batch that was sent last.
    last: Option<Before>,
    /// Its number.
    turn: i64,
}

/// A batch that is done.
struct Done {
    commands: usize,
    settled: Settled,
}

impl Sequencer {
    /// Starts the task.
    pub(crate) fn start(
        database: &Database,
        keyring: Keyring,
        origin: Arc<str>,
        inline: Vec<Arc<dyn InlineProjector>>,
        head: watch::Sender<Position>,
    ) -> Queue {
        let (queue, waiting) = queue(Arc::clone(&origin), keyring, !inline.is_empty());
        let (written, told) = watch::channel(*head.borrow());
        wake::announce(database.clone(), told);
        let sequencer = Self {
            writer: Writer {
                database: database.clone(),
                origin,
                inline,
                head,
                written,
            },
            expected: None,
            commands: 0,
            as_drafted: 0,
            callers: 0,
            last: None,
            turn: random_number(),
        };
        database.spawn_on_log(sequencer.run(waiting));
        queue
    }

    async fn run(mut self, mut waiting: Waiting) {
        let writer = self.writer.clone();
        let mut under_way = FuturesUnordered::new();
        // No timer: what comes in while a batch is written is the next one.
        loop {
            let enough = self.enough(under_way.len());
            if enough.is_some_and(|enough| waiting.len() >= enough) {
                let batch = waiting.take(self.share(waiting.len()));
                under_way.push(self.send(&writer, batch));
            } else if under_way.is_empty() {
                if !waiting.some().await {
                    return;
                }
            } else {
                tokio::select! {
                    Some(done) = under_way.next() => self.heed(&done, under_way.is_empty()),
                    () = waiting.at_least(enough.unwrap_or(usize::MAX)) => {}
                }
            }
        }
    }

    /// How many must wait for a further batch to be sent; none when it must wait for another to be done.
    fn enough(&self, under_way: usize) -> Option<usize> {
        match under_way {
            0 => Some(1),
            // One that is sent too early would be small, and soon all would be.
            _ if under_way < LANES && self.as_drafted >= ALONE && self.expected.is_some() => {
                Some(self.commands.clamp(FEW, BATCH_COMMANDS))
            }
            _ => None,
        }
    }

    /// How many of those who wait go into a batch, so that all who take part fill as many as are under way.
    fn share(&mut self, waiting: usize) -> usize {
        let forgotten = self.callers.div_ceil(FORGOTTEN);
        self.callers = (waiting + self.commands).max(self.callers - forgotten);
        self.callers.div_ceil(LANES).max(FEW)
    }

    fn send<'w>(&mut self, writer: &'w Writer, batch: Vec<Pending>) -> impl Future<Output = Done> + use<'w> {
        let commands = batch.len();
        let draft = self.draft(&batch);
        self.commands += commands;
        self.expected = draft.as_ref().map(|draft| draft.head);
        let (done, last) = oneshot::channel();
        let before = self.last.replace(last);
        async move {
            let settled = writer.settle(batch, draft, before).await;
            drop(done);
            Done { commands, settled }
        }
    }

    /// Decides as if the log ended where what is under way leaves it, and nothing stood against any command.
    fn draft(&mut self, batch: &[Pending]) -> Option<Draft> {
        // Others may have written in between.
        let current = self.writer.head.borrow().get();
        let known = self.expected.filter(|known| known.position >= current)?;
        let before = (self.commands > 0).then_some(self.turn);
        self.turn = self.turn.wrapping_add(1);
        let turn = Turn {
            own: self.turn,
            before,
        };
        Some(Draft::of(
            batch.iter().map(|pending| &pending.command),
            known,
            turn,
        ))
    }

    fn heed(&mut self, done: &Done, none_left: bool) {
        self.commands -= done.commands;
        if done.settled.as_drafted {
            self.as_drafted = self.as_drafted.saturating_add(1);
        } else {
            self.as_drafted = 0;
            // What was drafted on top of it is void.
            self.expected = done.settled.head.filter(|_| none_left);
        }
    }
}

/// From where this writer counts its batches, so that two writers never meet.
fn random_number() -> i64 {
    let mut bytes = [0; 8];
    random::fill(&mut bytes);
    i64::from_ne_bytes(bytes)
}
