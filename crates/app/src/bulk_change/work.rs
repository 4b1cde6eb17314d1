//! The two jobs of a bulk change: trying it out, and carrying it out. Batch by batch: a batch is read at once, judged record by record, and
//! appended together; between two, whoever else writes has their turn.
//!
//! Unlike other jobs this one writes while it runs, because the whole would not fit into one append. What makes that safe: each record has a
//! command id of its own, so that an attempt that is made again, or beside another one, does nothing twice; and each command is guarded
//! by "nobody wanted this job stopped", so that nothing is written after that is in the log.

use domain::BulkChangeId;
use domain::bulk_change::{BulkAction, BulkKind, Outcome};
use domain::job::{JobEvent, JobState, Patience};
use domain::reason::{Counted, Reason, ReasonCode};
use domain::staff::{Actor, Permission, Role};
use event_store::{BoxFuture, Guard, Position, Query, QueryItem, Tag};
use futures::future::join_all;
use storage::bulk_change::{self as table, BulkChange};
use storage::bulk_change_row::{self as rows, BulkRow, Judged, Pass};
use storage::job;

use super::BulkContent;
use super::row::{Fate, Judging, Unwritten, Writing, unwritten};
use crate::job::{Effects, JobFailure, JobHandler, JobRun};
use crate::{App, Internal, OpContext};

/// Records that are read, judged and appended together. Whoever else writes waits for one batch at most.
pub(super) const BATCH: u32 = 200;

/// Tries a bulk change out: what would become of each record. Nothing of them is changed.
#[derive(Debug, Clone, Copy, Default)]
pub struct TryBulkChange;

/// Carries a bulk change out.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunBulkChange;

impl JobHandler for TryBulkChange {
    fn command(&self) -> &'static str {
        table::TRY
    }

    fn patience(&self) -> Patience {
        Patience::LONG
    }

    fn run<'f>(&'f self, app: &'f App, run: &'f JobRun) -> BoxFuture<'f, Result<Effects, JobFailure>> {
        Box::pin(app.work_bulk_change(run, Pass::Trial))
    }
}

impl JobHandler for RunBulkChange {
    fn command(&self) -> &'static str {
        table::RUN
    }

    fn patience(&self) -> Patience {
        Patience::LONG
    }

    fn run<'f>(&'f self, app: &'f App, run: &'f JobRun) -> BoxFuture<'f, Result<Effects, JobFailure>> {
        Box::pin(app.work_bulk_change(run, Pass::Run))
    }
}

/// What the attempts of a job know from the beginning.
struct Work {
    change: BulkChange,
    content: BulkContent,
    undone_kind: Option<BulkKind>,
    not_stopped: Guard,
    pass: Pass,
}

fn failed(error: &Internal) -> JobFailure {
    JobFailure::Failed(crate::reason_of(error))
}

impl App {
    async fn work_bulk_change(&self, run: &JobRun, pass: Pass) -> Result<Effects, JobFailure> {
        let work = self.bulk_work(run, pass).await?;
        let id = work.change.id;
        let database = self.store.database();
        let known = self.bulk_counts(id, pass).await?;
        let total = u64::from(work.change.count);
        let open: u64 = known
            .iter()
            .filter(|(outcome, _)| outcome.is_none())
            .map(|(_, count)| u64::from(*count))
            .sum();
        let mut done = total.saturating_sub(open);
        let mut after = 0;
        loop {
            run.report(done, total);
            self.go_on(run).await?;
            let op = self.bulk_operation(&work).await?;
            let batch = rows::open(database, id, pass, after, BATCH).await;
            let batch = batch.map_err(|error| failed(&Internal::new(error)))?;
            let Some(last) = batch.last() else { break };
            after = last.ordinal;
            self.work_batch(&work, &op, &batch).await?;
            done += batch.len() as u64;
        }
        Ok(Effects {
            result: result(pass, &self.bulk_counts(id, pass).await?),
            events: Vec::new(),
        })
    }

    async fn bulk_counts(
        &self,
        id: BulkChangeId,
        pass: Pass,
    ) -> Result<Vec<(Option<Outcome>, u32)>, JobFailure> {
        let counts = rows::counts(self.store.database(), id, pass).await;
        counts.map_err(|error| failed(&Internal::new(error)))
    }

    /// What the job is about. What cannot be read any more will not be readable later either.
    async fn bulk_work(&self, run: &JobRun, pass: Pass) -> Result<Work, JobFailure> {
        let lost = || {
            let text = "what the bulk change is to do cannot be read any more";
            JobFailure::Hopeless(Reason::new(ReasonCode::BulkUnreadable, text))
        };
        let job_id = run.job.id;
        // Before anything is looked at: whoever wants it stopped later breaks the guard.
        let after = self.store.head().await;
        let after = after.map_err(|error| failed(&Internal::new(error)))?;
        let found = table::of_job(self.store.database(), job_id).await;
        let change = found
            .map_err(|error| failed(&Internal::new(error)))?
            .ok_or_else(lost)?;
        let content = self.bulk_content(change.id).await;
        let content = content.map_err(|error| failed(&error))?.ok_or_else(lost)?;
        let undone = match content.action {
            BulkAction::Undo { of, .. } => table::load(self.store.database(), of).await,
            _ => Ok(None),
        };
        let undone = undone.map_err(|error| failed(&Internal::new(error)))?;
        Ok(Work {
            change,
            content,
            undone_kind: undone.map(|undone| undone.action),
            not_stopped: not_stopped(run, after).map_err(|error| failed(&error))?,
            pass,
        })
    }

    /// Whether it may go on: by the signal of its process, and by the table, which knows at once.
    pub(crate) async fn go_on(&self, run: &JobRun) -> Result<(), JobFailure> {
        let job = job::load(self.store.database(), run.job.id).await;
        let job = job.map_err(|error| failed(&Internal::new(error)))?;
        let is_ours = job.is_some_and(|job| {
            job.state == JobState::Running && job.term == run.job.term && !job.cancel_requested
        });
        if is_ours && !run.is_stopping() {
            Ok(())
        } else {
            Err(JobFailure::Stopped)
        }
    }

    /// In the name of whoever began it, with the rights that they have at this moment: when they lose them, it ends.
    async fn bulk_operation(&self, work: &Work) -> Result<OpContext, JobFailure> {
        let not_allowed = || {
            let text = "whoever began it may not do it any more";
            JobFailure::Hopeless(Reason::new(ReasonCode::BulkNotAllowed, text))
        };
        let by = match (&work.change.started, work.pass) {
            (Some(started), Pass::Run) => &started.by,
            _ => &work.change.frozen_by,
        };
        let actor: Actor = by.parse().map_err(|_| not_allowed())?;
        let request = work.change.id.uuid();
        let op = match actor {
            Actor::Staff(id) => self
                .in_the_name_of(id, request, "bulk-change")
                .await
                .map_err(|error| failed(&error))?,
            Actor::System(_) => Some(self.context(actor, vec![Role::Administrator], request, "bulk-change")),
            Actor::Token(_) | Actor::Declarer => None,
        };
        let permission = work.change.action.permission();
        let permission = work.undone_kind.map_or(permission, BulkKind::permission);
        op.filter(|op| op.may(Permission::ChangeMany) && op.may(permission))
            .ok_or_else(not_allowed)
    }

    async fn work_batch(&self, work: &Work, op: &OpContext, batch: &[BulkRow]) -> Result<(), JobFailure> {
        let ids: Vec<_> = batch.iter().map(|row| row.declaration_id).collect();
        let histories = self.histories(&ids).await.map_err(|error| failed(&error))?;
        let judging = Judging {
            id: work.change.id,
            action: &work.content.action,
            undone_kind: work.undone_kind,
            op,
            not_stopped: work.not_stopped.clone(),
        };
        let (mut judged, mut writings) = (Vec::new(), Vec::new());
        for row in batch {
            let fate = self.judge_row(&judging, row, histories.get(&row.declaration_id));
            match fate.await.map_err(|error| failed(&error))? {
                Fate::Known(known) => judged.push(known),
                Fate::Write(writing) if work.pass == Pass::Trial => judged.push(writing.judged),
                Fate::Write(writing) => writings.push(*writing),
            }
        }
        let trouble = self.write_batch(op, work, writings, &mut judged).await;
        let written = rows::judge(self.store.database(), work.change.id, work.pass, &judged).await;
        trouble?;
        written.map_err(|error| failed(&Internal::new(error)))
    }

    /// Appends what is to be written; what became of each is added to what is known.
    async fn write_batch(
        &self,
        op: &OpContext,
        work: &Work,
        writings: Vec<Writing>,
        judged: &mut Vec<Judged>,
    ) -> Result<(), JobFailure> {
        if writings.is_empty() {
            return Ok(());
        }
        let permission = work.change.action.permission();
        let allowed = op.require(permission).map_err(|_| JobFailure::Stopped)?;
        let subjects: Vec<_> = writings
            .iter()
            .flat_map(|it| storage::codec::subjects(&it.append.events, it.append.reason.as_ref()))
            .collect();
        if let Err(error) = self.store.keyring().ensure(&subjects).await {
            // One of them was forgotten: each is then told apart by its own append.
            tracing::debug!(error = crate::cause(&error), "keys are made one by one");
        }
        let appends = writings.into_iter().map(|it: Writing| async move {
            let outcome = self.append(allowed, it.append).await;
            (it.judged, outcome)
        });
        let mut trouble = Ok(());
        for (row, outcome) in join_all(appends).await {
            match outcome {
                Ok(_) => judged.push(row),
                Err(error) => match unwritten(row, error) {
                    Unwritten::Judged(row) => judged.push(row),
                    Unwritten::Stopped => trouble = Err(JobFailure::Stopped),
                    Unwritten::Fault(error) => trouble = Err(failed(&error)),
                },
            }
        }
        trouble
    }
}

/// Nobody wanted this job stopped, and it has not ended, since this attempt began.
fn not_stopped(run: &JobRun, after: Position) -> Result<Guard, Internal> {
    let types = ["job.cancel_requested", "job.stopped", "job.given_up", "job.done"];
    let tag = Tag::new(JobEvent::TAG, run.job.id).map_err(Internal::new)?;
    Ok(Guard {
        query: Query {
            items: vec![QueryItem {
                types: types.map(str::to_owned).to_vec(),
                tags: vec![tag],
            }],
        },
        after,
    })
}

fn result(pass: Pass, counts: &[(Option<Outcome>, u32)]) -> Reason {
    let of = |outcome: Outcome| {
        let counted = counts.iter().find(|(found, _)| *found == Some(outcome));
        counted.map_or(0, |(_, count)| u64::from(*count))
    };
    let changed = of(Outcome::Changed);
    let all: u64 = counts.iter().map(|(_, count)| u64::from(*count)).sum();
    let left = all - changed;
    let (code, text) = match pass {
        Pass::Trial => (ReasonCode::BulkTried, "would be changed"),
        Pass::Run => (ReasonCode::BulkDone, "were changed"),
    };
    Reason::new(code, format!("{changed} records {text}, {left} not"))
        .counting(Counted::Changed, changed)
        .counting(Counted::LeftAlone, left)
}
