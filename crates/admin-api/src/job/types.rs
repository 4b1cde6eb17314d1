//! A job as the console reads it.

use app::job::{Job as Stored, JobDeed, ReadJobsError};
use async_graphql::{ComplexObject, Context, Enum, Error, ID, Result, SimpleObject};
use domain::job::JobEvent;

use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::fault;
use crate::loaders::Loaders;
use crate::said::Said;
use crate::scalars::DateTime;

mirrored! {
    /// Where a job stands.
    JobState = domain::job::JobState {
        /// It waits for its time, or for somebody who runs it.
        Ready,
        /// Somebody runs it.
        Running,
        /// It did what it was for.
        Done,
        /// All attempts failed: a person decides.
        Dead,
        /// A person stopped it.
        Cancelled,
    }
}

/// Work that runs by itself.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Job {
    /// Which.
    pub id: ID,
    /// What it does, such as `verify-log`.
    pub command: String,
    /// For when it was due; null when somebody asked for it.
    pub due_at: Option<DateTime>,
    /// Whether it fired late.
    pub late: bool,
    /// When it came to be.
    pub created_at: DateTime,
    /// Where it stands.
    pub state: JobState,
    /// While it is `READY`: not before this.
    pub run_at: DateTime,
    /// How often it was begun.
    pub attempt: u32,
    /// How much is done.
    pub progress_done: f64,
    /// Of how much; null while that is not known.
    pub progress_total: Option<f64>,
    /// Whether somebody wants it stopped.
    pub cancel_requested: bool,
    /// Why the last attempt failed.
    pub error: Option<Said>,
    /// When it ended.
    pub finished_at: Option<DateTime>,
    /// Which process runs it, or ran it last.
    pub node: Option<String>,
    #[graphql(skip)]
    inner: Stored,
}

/// The schedule that a job is of.
#[derive(SimpleObject)]
pub struct JobSchedule {
    /// Which.
    pub id: ID,
    /// What people call it.
    pub name: String,
}

/// What the log keeps of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum JobHistoryKind {
    /// It did what it was for.
    Done,
    /// All attempts failed.
    GivenUp,
    /// It saw that it was to stop, and stopped.
    Stopped,
    /// Somebody wanted it stopped.
    CancelRequested,
    /// Somebody gave it another chance.
    Resumed,
}

/// One entry of a job's history.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct JobHistoryEntry {
    /// What.
    pub kind: JobHistoryKind,
    /// When.
    pub at: DateTime,
    /// How often it had been begun when it ended.
    pub attempt: Option<u32>,
    /// What came out, or why it was given up.
    pub result: Option<Said>,
    #[graphql(skip)]
    by: String,
}

#[ComplexObject]
impl JobHistoryEntry {
    /// Who.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }
}

#[ComplexObject]
impl Job {
    /// The schedule that it is of.
    async fn schedule(&self, ctx: &Context<'_>) -> Result<Option<JobSchedule>> {
        let Some(id) = self.inner.schedule_id else {
            return Ok(None);
        };
        let name = ctx.data::<Loaders>()?.schedule_name(id).await?;
        Ok(name.map(|name| JobSchedule {
            id: ID(id.to_string()),
            name,
        }))
    }

    /// Who asked for it, or whose schedule it is.
    async fn requested_by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.inner.requested_by).await
    }

    /// What came out of it, once it is `DONE`.
    #[graphql(complexity = "15")]
    async fn result(&self, ctx: &Context<'_>) -> Result<Option<Said>> {
        if self.state != JobState::Done {
            return Ok(None);
        }
        let newest = deeds(ctx, &self.inner)
            .await?
            .into_iter()
            .find_map(|deed| match deed.event {
                JobEvent::Done(ended) => Said::read(&ended.result),
                _ => None,
            });
        Ok(newest)
    }

    /// How it ended and what people did to it, the newest first.
    #[graphql(complexity = "15 + 5 * child_complexity")]
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<JobHistoryEntry>> {
        Ok(deeds(ctx, &self.inner).await?.into_iter().map(entry).collect())
    }
}

async fn deeds(ctx: &Context<'_>, job: &Stored) -> Result<Vec<JobDeed>> {
    let request = request(ctx)?;
    let deeds = request.app().job_deeds(request.operation()?, job.id).await;
    deeds.map_err(|error| refusal(ctx, error))
}

fn entry(deed: JobDeed) -> JobHistoryEntry {
    let (kind, ended) = match deed.event {
        JobEvent::Done(ended) => (JobHistoryKind::Done, Some(ended)),
        JobEvent::GivenUp(ended) => (JobHistoryKind::GivenUp, Some(ended)),
        JobEvent::Stopped(ended) => (JobHistoryKind::Stopped, Some(ended)),
        JobEvent::CancelRequested(_) => (JobHistoryKind::CancelRequested, None),
        JobEvent::Resumed(_) => (JobHistoryKind::Resumed, None),
    };
    JobHistoryEntry {
        kind,
        at: DateTime(deed.at),
        attempt: ended.as_ref().map(|it| it.attempt),
        result: ended.and_then(|it| Said::read(&it.result)),
        by: deed.by,
    }
}

impl From<Stored> for Job {
    fn from(job: Stored) -> Self {
        // Whole numbers up to 2^53 are exact.
        #[expect(clippy::cast_precision_loss, reason = "a count that people look at")]
        let number = |count: u64| count as f64;
        Self {
            id: ID(job.id.to_string()),
            command: job.command.clone(),
            due_at: job.due_at.map(DateTime),
            late: job.late,
            created_at: DateTime(job.created_at),
            state: job.state.into(),
            // What is due at once has no time of its own.
            run_at: DateTime(job.run_at.max(job.created_at)),
            attempt: job.attempt,
            progress_done: number(job.progress.done),
            progress_total: (job.progress.total > 0).then(|| number(job.progress.total)),
            cancel_requested: job.cancel_requested,
            error: job.error.as_deref().and_then(Said::read),
            finished_at: job.finished_at.map(DateTime),
            node: job.node.clone(),
            inner: job,
        }
    }
}

/// Why there is no answer, as a fault.
pub fn refusal(ctx: &Context<'_>, error: ReadJobsError) -> Error {
    match (error, request(ctx)) {
        (ReadJobsError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadJobsError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (_, Err(fault)) => fault,
    }
}
