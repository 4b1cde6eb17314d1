//! Committing a batch: as it was decided before, or in steps; and what happens when something breaks.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use tokio::sync::{oneshot, watch};

use super::decide::{Decision, Draft, Head, Snapshot, decide};
use super::prepare::Prepared;
use super::queue::Pending;
use super::rows::Rows;
use super::statements::Ready;
use super::{AppendError, Appended, InlineError, InlineProjector, InvalidAppend, probe, statements};
use crate::database::{Database, DatabaseError, EngineMut, PostgresDatabase, WriteTx};
use crate::fault;
use crate::query::{Guard, Position};

/// How often a batch is tried while the database does not answer; the waits between add up to about 6 s.
const TRIES: u32 = 7;
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// What writes batches.
#[derive(Clone)]
pub(super) struct Writer {
    pub database: Database,
    pub origin: Arc<str>,
    pub inline: Vec<Arc<dyn InlineProjector>>,
    /// Where the log ends, whoever wrote it.
    pub head: watch::Sender<Position>,
    /// Where this process left it.
    pub written: watch::Sender<Position>,
}

/// What a batch came to.
struct Committed {
    decisions: Vec<Decision>,
    /// It was written as drafted.
    as_drafted: bool,
    /// Where the log ends now.
    head: Head,
}

/// What became of a batch whose commands have their answers.
pub(super) struct Settled {
    /// It was written as drafted: what was drafted on top of it holds.
    pub as_drafted: bool,
    /// Where it left the log; none when that is not known.
    pub head: Option<Head>,
}

impl Settled {
    const UNKNOWN: Self = Self {
        as_drafted: false,
        head: None,
    };
}

/// The batch that was sent before. It resolves, with an error, when that batch is done.
pub(super) type Before = oneshot::Receiver<()>;

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

impl Writer {
    /// Gives every command of the batch its answer.
    pub(super) async fn settle(
        &self,
        batch: Vec<Pending>,
        mut draft: Option<Draft>,
        mut before: Option<Before>,
    ) -> Settled {
        let mut uncertain = false;
        let mut wait = FIRST_WAIT;
        for attempt in 1..=TRIES {
            match self.commit(&batch, draft.take(), &mut before).await {
                Ok(committed) => return answer(batch, committed, uncertain),
                Err(Fault::Refused(error)) => return self.settle_refused(batch, before, error).await,
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
        for pending in batch {
            let command_id = pending.command.command_id;
            pending.answer(Err(AppendError::OutcomeUnknown { command_id }));
        }
        Settled::UNKNOWN
    }

    /// One bad command must not fail its neighbours: each is tried alone.
    async fn settle_refused(
        &self,
        mut batch: Vec<Pending>,
        mut before: Option<Before>,
        error: AppendError,
    ) -> Settled {
        if batch.len() > 1 {
            tracing::warn!(%error, commands = batch.len(), "append: batch refused, trying one by one");
            for pending in batch {
                Box::pin(self.settle(vec![pending], None, before.take())).await;
            }
        } else if let Some(pending) = batch.pop() {
            pending.answer(Err(if is_event_id_taken(&error) {
                InvalidAppend::EventIdTaken.into()
            } else {
                error
            }));
        }
        Settled::UNKNOWN
    }

    /// As drafted, if the database finds it as that supposes; else as it is found.
    async fn commit(
        &self,
        batch: &[Pending],
        draft: Option<Draft>,
        before: &mut Option<Before>,
    ) -> Result<Committed, Fault> {
        fault::point("queued").await;
        let postgres = match &self.database {
            // The one before it has the file, and this one waits in turn.
            Database::Sqlite(_) => return self.commit_in_steps(batch, draft).await,
            Database::Postgres(postgres) => postgres,
        };
        if let Some(draft) = draft
            && in_time(postgres, self.commit_as_drafted(postgres, batch, &draft)).await?
        {
            return Ok(Committed {
                decisions: draft.decisions,
                as_drafted: true,
                head: draft.head,
            });
        }
        if let Some(before) = before.take() {
            let _ = before.await;
        }
        in_time(postgres, self.commit_in_steps(batch, None)).await
    }

    /// The database writes it only if nothing has happened since what the draft supposes, and nothing stands against it.
    async fn commit_as_drafted(
        &self,
        database: &PostgresDatabase,
        batch: &[Pending],
        draft: &Draft,
    ) -> Result<bool, Fault> {
        let commands = batch.iter().map(|pending| &pending.command);
        let rows = Rows::of(commands.clone(), &draft.decisions, &self.origin);
        fault::point("decided").await;
        let written = if self.inline.is_empty() {
            self.write_alone(database, commands, &rows, draft).await?
        } else {
            self.write_and_project(commands, &rows, draft).await?
        };
        if written {
            self.committed(draft.head).await;
        }
        Ok(written)
    }

    /// The statement is a transaction by itself.
    async fn write_alone<'b>(
        &self,
        database: &PostgresDatabase,
        commands: impl Iterator<Item = &'b Prepared> + Clone,
        rows: &Rows<'_>,
        draft: &Draft,
    ) -> Result<bool, Fault> {
        let mut connection = database.take_log().await.map_err(Fault::before_commit)?;
        let written = statements::append(&mut connection, commands, rows, draft)
            .await
            .map_err(Fault::while_committing)?;
        database.keep_log(connection);
        Ok(written)
    }

    async fn write_and_project<'b>(
        &self,
        commands: impl Iterator<Item = &'b Prepared> + Clone,
        rows: &Rows<'_>,
        draft: &Draft,
    ) -> Result<bool, Fault> {
        let mut tx = self
            .database
            .begin_append(statements::BEGIN)
            .await
            .map_err(Fault::before_commit)?;
        let EngineMut::Postgres(connection) = tx.engine_mut() else {
            return Ok(false);
        };
        let written = statements::append(connection, commands, rows, draft)
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

    /// Locks, looks, decides, writes. What was drafted is made ready before, and taken when nothing stands against it.
    async fn commit_in_steps(&self, batch: &[Pending], draft: Option<Draft>) -> Result<Committed, Fault> {
        let commands = batch.iter().map(|pending| &pending.command);
        let ready = |decisions: &[Decision]| {
            let rows = Rows::of(commands.clone(), decisions, &self.origin);
            Ready::of(self.database.engine(), rows).map_err(|error| Fault::before_commit(error.into()))
        };
        let drafted = match draft {
            Some(draft) => Some((ready(&draft.decisions)?, draft)),
            None => None,
        };
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
        let found = snapshot.head;
        let (ready, decisions, as_drafted) = match drafted {
            Some((ready, draft)) if snapshot == Snapshot::nothing_after(draft.supposed) => {
                (ready, draft.decisions, true)
            }
            _ => {
                let decisions = decide(commands.clone(), snapshot);
                (ready(&decisions)?, decisions, false)
            }
        };
        fault::point("decided").await;
        let mut committed = Committed {
            decisions,
            as_drafted,
            head: found,
        };
        if ready.rows.events.is_empty() {
            tx.rollback().await.map_err(Fault::before_commit)?;
            return Ok(committed);
        }
        let rows = statements::write(&mut tx, ready, found)
            .await
            .map_err(|error| Fault::of_statement(&tx, error))?;
        fault::point("written").await;
        self.project(&mut tx, &rows).await?;
        fault::point("projected").await;
        tx.commit().await.or_else(Fault::of_commit)?;
        committed.head = rows.head;
        self.committed(rows.head).await;
        Ok(committed)
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

    /// Tells followers where the log ends now.
    async fn committed(&self, head: Head) {
        fault::point("committed").await;
        let head = Position::new(head.position);
        self.head.send_if_modified(|known| {
            let newer = head > *known;
            *known = head.max(*known);
            newer
        });
        self.written.send_replace(head);
    }
}

/// What takes longer is given up, and its connection with it: it may be open on our side only, for hours.
async fn in_time<T>(
    database: &PostgresDatabase,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    tokio::time::timeout(database.patience(), work)
        .await
        .unwrap_or(Err(Fault::Uncertain))
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

fn answer(batch: Vec<Pending>, committed: Committed, uncertain: bool) -> Settled {
    for (pending, decision) in batch.into_iter().zip(committed.decisions) {
        let answer = match decision {
            Decision::Take { receipt, .. } => Ok(Appended::New(receipt)),
            // After a lost connection the receipt is most likely that of our own first try.
            Decision::Earlier(receipt) if uncertain => Ok(Appended::New(receipt)),
            Decision::Earlier(receipt) => Ok(Appended::Earlier(receipt)),
            Decision::Reused => Err(AppendError::CommandReused {
                command_id: pending.command.command_id,
            }),
            Decision::Conflict(conflict) => Err(AppendError::Conflict(conflict)),
        };
        pending.answer(answer);
    }
    Settled {
        as_drafted: committed.as_drafted,
        head: Some(committed.head),
    }
}

fn refuse_all(batch: Vec<Pending>, error: DatabaseError) -> Settled {
    let error = Arc::new(error);
    for pending in batch {
        pending.answer(Err(AppendError::Unavailable(Arc::clone(&error))));
    }
    Settled::UNKNOWN
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
