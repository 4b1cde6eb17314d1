//! The sequencer: one task per store takes everything that waits, and commits it in one transaction.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::{mpsc, oneshot, watch};

use super::decide::{Decision, Head, Snapshot, decide};
use super::prepare::{Prepared, prepare};
use super::rows::Rows;
use super::{Append, AppendError, Appended, InlineError, InlineProjector, InvalidAppend, probe, statements};
use crate::database::{Database, DatabaseError, Engine, WriteTx};
use crate::fault;
use crate::keyring::Keyring;
use crate::query::{Guard, Position};

/// Commands that may wait in the queue before callers wait for a place in it.
const QUEUE: usize = 4096;

// What one transaction holds at most, so that a batch stays short for those who wait behind it.
const BATCH_COMMANDS: usize = 512;
const BATCH_EVENTS: usize = 10_000;
const BATCH_BYTES: usize = 2 << 20;

/// How often a batch is tried while the database does not answer; the waits between add up to about 6 s.
const TRIES: u32 = 7;
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// Where callers hand in commands. Cloning shares it; the sequencer ends with the last clone.
#[derive(Clone)]
pub(crate) struct Queue {
    origin: Arc<str>,
    keyring: Keyring,
    sender: mpsc::Sender<Pending>,
}

struct Pending {
    command: Prepared,
    reply: oneshot::Sender<Result<Appended, AppendError>>,
}

impl Queue {
    /// Prepares a command here, on the caller's task, and waits for its answer.
    pub(crate) async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let command_id = append.command_id;
        let command = prepare(append, &self.origin, &self.keyring).await?;
        let (reply, answer) = oneshot::channel();
        let unknown = AppendError::OutcomeUnknown { command_id };
        match self.sender.send(Pending { command, reply }).await {
            Ok(()) => answer.await.unwrap_or(Err(unknown)),
            Err(_) => Err(unknown),
        }
    }
}

/// The task behind the queue.
pub(crate) struct Sequencer {
    database: Database,
    origin: Arc<str>,
    inline: Vec<Arc<dyn InlineProjector>>,
    head: watch::Sender<Position>,
    /// Where our last batch left the log; none when that is not known.
    known: Option<Head>,
}

/// Why a transaction did not end well.
enum Fault {
    /// The database or a projector refused; nothing was written. With several commands it may be one of them.
    Refused(AppendError),
    /// The database does not answer; nothing was written.
    Unavailable(DatabaseError),
    /// The connection was lost while committing.
    Uncertain,
    /// The disk failed while committing: only a new start finds out what it has kept.
    DiskFailed(DatabaseError),
}

impl Fault {
    fn before_commit(error: DatabaseError) -> Self {
        if error.is_transient() {
            Self::Unavailable(error)
        } else {
            Self::Refused(AppendError::Unavailable(Arc::new(error)))
        }
    }

    /// Of a statement that is a transaction by itself: when its answer is lost, it may have been committed.
    fn while_committing(error: sqlx::Error) -> Self {
        match DatabaseError::from(error) {
            DatabaseError::Unavailable(_) => Self::Uncertain,
            error => Self::before_commit(error),
        }
    }

    fn of_commit<T>(error: DatabaseError) -> Result<T, Self> {
        Err(match error {
            DatabaseError::Statement(_) => Self::before_commit(error),
            DatabaseError::Busy | DatabaseError::Full(_) => Self::Unavailable(error),
            DatabaseError::Disk(_) => Self::DiskFailed(error),
            _ => Self::Uncertain,
        })
    }

    fn of_statement(tx: &WriteTx, error: sqlx::Error) -> Self {
        let error = DatabaseError::from(error);
        tx.heed(&error);
        Self::before_commit(error)
    }
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
        let (sender, receiver) = mpsc::channel(QUEUE);
        let sequencer = Self {
            database: database.clone(),
            origin: Arc::clone(&origin),
            inline,
            head,
            known: None,
        };
        database.spawn_on_log(sequencer.run(receiver));
        Queue {
            origin,
            keyring,
            sender,
        }
    }

    async fn run(mut self, mut queue: mpsc::Receiver<Pending>) {
        let mut waiting = VecDeque::new();
        loop {
            // No timer: what came in during the last commit is the next batch.
            if waiting.is_empty() {
                let Some(first) = queue.recv().await else { return };
                waiting.push_back(first);
            }
            while waiting.len() < BATCH_COMMANDS {
                let Ok(pending) = queue.try_recv() else { break };
                waiting.push_back(pending);
            }
            self.settle(take_batch(&mut waiting)).await;
        }
    }

    /// Gives every command of the batch its answer.
    async fn settle(&mut self, batch: Vec<Pending>) {
        let mut uncertain = false;
        let mut wait = FIRST_WAIT;
        for attempt in 1..=TRIES {
            match self.commit(&batch).await {
                Ok(answers) => return answer(batch, answers, uncertain),
                Err(Fault::Refused(error)) => return self.settle_refused(batch, error).await,
                Err(Fault::Unavailable(error))
                    if !uncertain && (attempt == TRIES || !error.may_heal_soon()) =>
                {
                    tracing::warn!(%error, commands = batch.len(), "append: refused");
                    return refuse_all(batch, error);
                }
                Err(Fault::DiskFailed(error)) => {
                    tracing::error!(%error, commands = batch.len(), "append: the disk failed during commit");
                    break;
                }
                Err(Fault::Unavailable(error)) => tracing::warn!(%error, attempt, "append: no database"),
                // The next try asks for the receipts under the same lock: then it is certain.
                Err(Fault::Uncertain) => {
                    tracing::warn!(attempt, "append: connection lost during commit");
                    uncertain = true;
                }
            }
            if attempt < TRIES {
                tokio::time::sleep(wait).await;
                wait *= 2;
            }
        }
        for Pending { command, reply } in batch {
            drop(reply.send(Err(AppendError::OutcomeUnknown {
                command_id: command.command_id,
            })));
        }
    }

    /// One bad command must not fail its neighbours: each is tried alone.
    async fn settle_refused(&mut self, mut batch: Vec<Pending>, error: AppendError) {
        if batch.len() > 1 {
            tracing::warn!(%error, commands = batch.len(), "append: batch refused, trying one by one");
            for pending in batch {
                Box::pin(self.settle(vec![pending])).await;
            }
        } else if let Some(Pending { reply, .. }) = batch.pop() {
            drop(reply.send(Err(if is_event_id_taken(&error) {
                InvalidAppend::EventIdTaken.into()
            } else {
                error
            })));
        }
    }

    async fn commit(&mut self, batch: &[Pending]) -> Result<Vec<Decision>, Fault> {
        fault::point("queued").await;
        // Taken: after a fault nothing is known.
        let known = self
            .known
            .take()
            .filter(|known| known.position >= self.head.borrow().get());
        if self.database.engine() == Engine::Postgres
            && let Some(known) = known
            && let Some(taken) = self.commit_as_expected(batch, known).await?
        {
            return Ok(taken);
        }
        self.commit_in_steps(batch).await
    }

    /// Decides first, as if nothing had happened since our last batch and nothing stood against this one; the database
    /// writes it only if that is so. Answers nothing when it is not.
    async fn commit_as_expected(
        &mut self,
        batch: &[Pending],
        known: Head,
    ) -> Result<Option<Vec<Decision>>, Fault> {
        let commands = batch.iter().map(|pending| &pending.command);
        let expected = Snapshot {
            head: known,
            ..Snapshot::default()
        };
        let decisions = decide(commands.clone(), expected);
        let rows = Rows::of(commands.clone(), &decisions, &self.origin);
        fault::point("decided").await;
        let written = if self.inline.is_empty() {
            self.write_alone(commands, &rows, known).await?
        } else {
            self.write_and_project(commands, &rows, known).await?
        };
        if !written {
            return Ok(None);
        }
        self.committed(&rows).await;
        Ok(Some(decisions))
    }

    /// The statement is a transaction by itself.
    async fn write_alone<'b>(
        &self,
        commands: impl Iterator<Item = &'b Prepared> + Clone,
        rows: &Rows<'_>,
        known: Head,
    ) -> Result<bool, Fault> {
        let mut connection = self.database.acquire_log().await.map_err(Fault::before_commit)?;
        statements::append(&mut connection, commands, rows, known)
            .await
            .map_err(Fault::while_committing)
    }

    async fn write_and_project<'b>(
        &self,
        commands: impl Iterator<Item = &'b Prepared> + Clone,
        rows: &Rows<'_>,
        known: Head,
    ) -> Result<bool, Fault> {
        let mut tx = self
            .database
            .begin_append(statements::BEGIN)
            .await
            .map_err(Fault::before_commit)?;
        let written = statements::append(&mut tx, commands, rows, known)
            .await
            .map_err(|error| Fault::of_statement(&tx, error))?;
        if !written {
            tx.rollback().await.map_err(Fault::before_commit)?;
            return Ok(false);
        }
        fault::point("written").await;
        self.project(&mut tx, rows).await?;
        fault::point("projected").await;
        tx.commit().await.or_else(Fault::of_commit)?;
        Ok(true)
    }

    /// Locks, looks, decides, writes.
    async fn commit_in_steps(&mut self, batch: &[Pending]) -> Result<Vec<Decision>, Fault> {
        let commands = batch.iter().map(|pending| &pending.command);
        let mut tx = self
            .database
            .begin_append(statements::LOCK)
            .await
            .map_err(Fault::before_commit)?;
        fault::point("locked").await;
        let snapshot = statements::look(&mut tx, commands.clone())
            .await
            .map_err(|error| Fault::of_statement(&tx, error))?;
        fault::point("looked").await;
        let head = snapshot.head;
        let decisions = decide(commands.clone(), snapshot);
        let rows = Rows::of(commands, &decisions, &self.origin);
        fault::point("decided").await;
        if rows.events.is_empty() {
            tx.rollback().await.map_err(Fault::before_commit)?;
            self.known = Some(head);
            return Ok(decisions);
        }
        statements::write(&mut tx, &rows)
            .await
            .map_err(|error| Fault::of_statement(&tx, error))?;
        fault::point("written").await;
        self.project(&mut tx, &rows).await?;
        fault::point("projected").await;
        tx.commit().await.or_else(Fault::of_commit)?;
        self.committed(&rows).await;
        Ok(decisions)
    }

    async fn project(&self, tx: &mut WriteTx, rows: &Rows<'_>) -> Result<(), Fault> {
        if self.inline.is_empty() {
            return Ok(());
        }
        let events = rows.inline();
        for projector in &self.inline {
            let projected = AssertUnwindSafe(projector.project(tx, &events))
                .catch_unwind()
                .await;
            let projected = projected.unwrap_or_else(|_| Err(InlineError::from("it panicked")));
            let projector = projector.name();
            projected.map_err(|source| Fault::Refused(AppendError::Inline { projector, source }))?;
        }
        Ok(())
    }

    /// Remembers where the log ends now, and tells followers.
    async fn committed(&mut self, rows: &Rows<'_>) {
        fault::point("committed").await;
        self.known = Some(Head {
            position: rows.head,
            recorded_at: rows.recorded_at,
        });
        let head = Position::new(rows.head);
        self.head.send_if_modified(|known| {
            let newer = head > *known;
            *known = head.max(*known);
            newer
        });
    }
}

/// How the database would check these guards, as it does between lock and commit.
pub(crate) async fn explain(database: &Database, guards: &[Guard]) -> Result<Vec<String>, DatabaseError> {
    let mut tx = database.begin_look(statements::LOCK).await?;
    let guards = guards.iter().enumerate();
    let probes: Vec<_> = guards
        .flat_map(|(number, guard)| probe::of_guard(0, number, guard))
        .collect();
    let plan = statements::explain(&mut tx, &probes).await?;
    tx.rollback().await?;
    Ok(plan)
}

/// What fits in one transaction, and at least one command.
fn take_batch(waiting: &mut VecDeque<Pending>) -> Vec<Pending> {
    let (mut bytes, mut events) = (0, 0);
    let fitting = waiting
        .iter()
        .take(BATCH_COMMANDS)
        .take_while(|pending| {
            bytes += pending.command.size;
            events += pending.command.events.len();
            bytes <= BATCH_BYTES && events <= BATCH_EVENTS
        })
        .count();
    waiting.drain(..fitting.max(1)).collect()
}

fn answer(batch: Vec<Pending>, decisions: Vec<Decision>, uncertain: bool) {
    let mut commands = Vec::with_capacity(batch.len());
    for (Pending { command, reply }, decision) in batch.into_iter().zip(decisions) {
        let answer = match decision {
            Decision::Take { receipt, .. } => Ok(Appended::New(receipt)),
            // After a lost connection the receipt is most likely that of our own first try.
            Decision::Earlier(receipt) if uncertain => Ok(Appended::New(receipt)),
            Decision::Earlier(receipt) => Ok(Appended::Earlier(receipt)),
            Decision::Reused => Err(AppendError::CommandReused {
                command_id: command.command_id,
            }),
            Decision::Conflict(conflict) => Err(AppendError::Conflict(conflict)),
        };
        // A caller that gave up asks again with the same command id.
        drop(reply.send(answer));
        commands.push(command);
    }
    // Freeing thousands of small pieces takes time that the next batch need not wait for.
    tokio::spawn(async move { drop(commands) });
}

fn refuse_all(batch: Vec<Pending>, error: DatabaseError) {
    let error = Arc::new(error);
    for Pending { reply, .. } in batch {
        drop(reply.send(Err(AppendError::Unavailable(Arc::clone(&error)))));
    }
}

fn is_event_id_taken(error: &AppendError) -> bool {
    let AppendError::Unavailable(cause) = error else {
        return false;
    };
    let DatabaseError::Statement(sqlx::Error::Database(cause)) = cause.as_ref() else {
        return false;
    };
    // Both engines name the column: as `event.event_id` or within the name of its index.
    cause.is_unique_violation() && cause.message().contains("event_id")
}
