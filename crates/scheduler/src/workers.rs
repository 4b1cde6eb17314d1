//! Claims jobs and runs them: several at a time, each in a task of its own that may panic, hang or be told to stop.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use app::job::{Claim, EndJobError, Job, JobEnd, JobFailure, JobHandler, JobRun, Renewed};
use app::{App, Internal, OpContext, cause};
use chrono::{DateTime, TimeDelta, Utc};
use domain::job::AfterFailure;
use domain::reason::{Counted, Reason, ReasonCode};
use domain::staff::Actor;
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// How jobs are worked off.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// The name of this process, for people.
    pub node: String,
    /// Jobs at a time.
    pub at_once: usize,
    /// How long a job is this process's without a sign of life.
    pub lease: TimeDelta,
    /// Pause between signs of life.
    pub renew_every: Duration,
    /// The longest pause between two looks for jobs: another process may have made one.
    pub look_every: Duration,
    /// How long running jobs may go on after the signal to stop.
    pub drain: Duration,
}

impl WorkerOptions {
    /// For a server that is called this.
    pub fn new(node: String) -> Self {
        Self {
            node,
            at_once: 8,
            lease: TimeDelta::seconds(60),
            renew_every: Duration::from_secs(15),
            look_every: Duration::from_secs(1),
            drain: Duration::from_secs(20),
        }
    }
}

/// Works off jobs whose commands it knows.
pub struct Workers {
    app: Arc<App>,
    handlers: HashMap<&'static str, Arc<dyn JobHandler>>,
    options: WorkerOptions,
}

impl Workers {
    /// Workers for these commands; others are left to processes that know them.
    pub fn new(app: Arc<App>, handlers: Vec<Arc<dyn JobHandler>>, options: WorkerOptions) -> Self {
        let handlers = handlers
            .into_iter()
            .map(|handler| (handler.command(), handler))
            .collect();
        Self {
            app,
            handlers,
            options,
        }
    }

    /// Works until it is told to stop; then what runs may end in the time of [`WorkerOptions::drain`], and what does not is
    /// put back.
    pub async fn run(self, stop: CancellationToken) {
        let workers = Arc::new(self);
        let commands: Vec<String> = workers.handlers.keys().map(|&name| name.to_owned()).collect();
        let room = Arc::new(Semaphore::new(workers.options.at_once));
        let mut running = JoinSet::new();
        let mut head = workers.app.store().head_changed();
        while !stop.is_cancelled() {
            let claimed = workers.claim(&commands, room.available_permits()).await;
            let is_busy = !claimed.is_empty();
            for job in claimed {
                // There was room when it was claimed, and only this loop takes any.
                let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
                    break;
                };
                let (workers, stop) = (Arc::clone(&workers), stop.clone());
                running.spawn(async move {
                    workers.attempt(job, &stop).await;
                    drop(place);
                });
            }
            if is_busy && room.available_permits() > 0 {
                continue;
            }
            // Each of these only ends the wait; whether there is something to do is asked of the table.
            tokio::select! {
                () = stop.cancelled() => {}
                _ = head.changed(), if room.available_permits() > 0 => {}
                _ = running.join_next(), if !running.is_empty() => {}
                () = tokio::time::sleep(workers.options.look_every) => {}
            }
        }
        while running.join_next().await.is_some() {}
    }

    async fn claim(&self, commands: &[String], room: usize) -> Vec<Job> {
        let Ok(limit @ 1..) = u32::try_from(room) else {
            return Vec::new();
        };
        let claimed = self
            .app
            .claim_jobs(&self.options.node, commands, self.options.lease, limit)
            .await;
        claimed.unwrap_or_else(|error| {
            tracing::warn!(
                error = cause(&error),
                "jobs could not be claimed; they are asked for again"
            );
            Vec::new()
        })
    }

    /// One attempt at a job, to whatever end.
    async fn attempt(&self, job: Job, stop: &CancellationToken) {
        let Some(handler) = self.handlers.get(job.command.as_str()) else {
            return;
        };
        let claim = Claim {
            id: job.id,
            term: job.term,
        };
        if self.tried_too_often(&job, handler.as_ref()).await {
            return;
        }
        let wanted = CancellationToken::new();
        let run = Arc::new(JobRun::new(job, wanted.clone()));
        let outcome = tokio::select! {
            outcome = self.guarded(handler, &run) => outcome,
            () = self.keep(claim, &run, &wanted) => {
                tracing::warn!(job = %claim.id, "another process has taken the job over");
                return;
            }
            () = drained(stop, self.options.drain) => {
                self.give_back(claim).await;
                return;
            }
        };
        self.conclude(&run.job, handler.as_ref(), outcome).await;
    }

    /// A job that ended its processes, so that no failure was ever written, is not tried for ever.
    async fn tried_too_often(&self, job: &Job, handler: &dyn JobHandler) -> bool {
        if job.attempt <= handler.patience().attempts {
            return false;
        }
        let why = match &job.error {
            Some(error) => Reason::read(error),
            None => Reason::new(
                ReasonCode::ProcessEnded,
                "the process that ran it ended each time",
            ),
        };
        self.end(job, JobEnd::GivenUp(why)).await;
        true
    }

    /// Runs the handler in a task of its own: its panic is a failure, and when it takes too long nobody waits for it.
    async fn guarded(
        &self,
        handler: &Arc<dyn JobHandler>,
        run: &Arc<JobRun>,
    ) -> Result<app::job::Effects, JobFailure> {
        let limit = handler.patience().timeout.to_std().unwrap_or(Duration::MAX);
        let (app, handler, run) = (Arc::clone(&self.app), Arc::clone(handler), Arc::clone(run));
        let task = tokio::spawn(async move { handler.run(&app, &run).await });
        match tokio::time::timeout(limit, AbortOnDropHandle::new(task)).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(error)) => Err(JobFailure::Failed(ended(&error))),
            Err(_) => Err(JobFailure::Failed(took_too_long(limit))),
        }
    }

    /// Gives signs of life, and passes on that somebody wants it stopped. Returns when the job is lost.
    async fn keep(&self, claim: Claim, run: &JobRun, wanted: &CancellationToken) {
        let mut every = tokio::time::interval(self.options.renew_every);
        loop {
            every.tick().await;
            match self
                .app
                .renew_job(claim, self.options.lease, run.progress())
                .await
            {
                Ok(Renewed::Held) => {}
                Ok(Renewed::ToStop) => wanted.cancel(),
                Ok(Renewed::Lost) => return,
                // The lease may end meanwhile; then the next sign of life, or the end, says so.
                Err(error) => tracing::warn!(job = %claim.id, error = cause(&error), "no sign of life"),
            }
        }
    }

    async fn conclude(
        &self,
        job: &Job,
        handler: &dyn JobHandler,
        outcome: Result<app::job::Effects, JobFailure>,
    ) {
        let end = match outcome {
            Ok(effects) => JobEnd::Done(effects),
            Err(JobFailure::Stopped) => JobEnd::Stopped,
            Err(JobFailure::Hopeless(why)) => JobEnd::GivenUp(why),
            Err(JobFailure::Failed(why)) => match self.after_failure(job, handler).await {
                Some(run_at) => return self.retry(job, run_at, &why).await,
                None => JobEnd::GivenUp(why),
            },
        };
        self.end(job, end).await;
    }

    async fn after_failure(&self, job: &Job, handler: &dyn JobHandler) -> Option<DateTime<Utc>> {
        let dice = self.app.new_id().map_or(0, |id| id.as_u64_pair().1);
        // By the clock that will say when it is due. Without it the own one is good enough for a pause.
        let now = match self.app.due_time().await {
            Ok(now) => now,
            Err(_) => self.app.now(),
        };
        match handler.patience().after_failure(job.attempt, now, dice) {
            AfterFailure::TryAgain(at) => Some(at),
            AfterFailure::GiveUp => None,
        }
    }

    async fn retry(&self, job: &Job, run_at: DateTime<Utc>, why: &Reason) {
        let claim = Claim {
            id: job.id,
            term: job.term,
        };
        tracing::warn!(job = %job.id, command = job.command, attempt = job.attempt, why = why.text(), "a job failed");
        if let Err(error) = self.app.retry_job(claim, run_at, why).await {
            // Its lease ends, and then it is tried again all the same.
            tracing::warn!(job = %job.id, error = cause(&error), "the failure could not be written down");
        }
    }

    async fn end(&self, job: &Job, end: JobEnd) {
        let op = match self.operation() {
            Ok(op) => op,
            Err(error) => {
                tracing::error!(job = %job.id, error = cause(&error), "the end could not be written");
                return;
            }
        };
        match self.app.end_job(&op, job, end).await {
            Ok(()) => {}
            Err(EndJobError::Overtaken) => {
                tracing::warn!(job = %job.id, "another process has taken the job over; nothing was written");
            }
            Err(EndJobError::Refused(why)) => {
                let text = format!("what it wanted written was refused: {why}");
                let why = Reason::new(ReasonCode::WriteRefused, text);
                if let Err(error) = self.app.end_job(&op, job, JobEnd::GivenUp(why)).await {
                    tracing::error!(job = %job.id, error = cause(&error), "the end could not be written");
                }
            }
            // Its lease ends, and then it is tried again: what it wrote is written with its end, or not at all.
            Err(EndJobError::Internal(error)) => {
                tracing::warn!(job = %job.id, error = cause(&error), "the end could not be written");
            }
        }
    }

    async fn give_back(&self, claim: Claim) {
        if let Err(error) = self.app.give_job_back(claim).await {
            // Its lease ends, and then another process takes it.
            tracing::warn!(job = %claim.id, error = cause(&error), "a job could not be put back");
        }
    }

    fn operation(&self) -> Result<OpContext, Internal> {
        let request = self.app.new_id().map_err(Internal::new)?;
        let actor = Actor::System("jobs".to_owned());
        Ok(self.app.context(actor, Vec::new(), request, "jobs"))
    }
}

/// Waits until the time after the signal to stop is over.
async fn drained(stop: &CancellationToken, drain: Duration) {
    stop.cancelled().await;
    tokio::time::sleep(drain).await;
}

/// What a task ended of, without its words: they may name a person. They are in the log of the process.
fn ended(error: &JoinError) -> Reason {
    if error.is_panic() {
        Reason::new(ReasonCode::Panicked, "it panicked")
    } else {
        Reason::new(ReasonCode::Ended, "it was ended")
    }
}

fn took_too_long(limit: Duration) -> Reason {
    let seconds = limit.as_secs();
    let text = format!("it took longer than {seconds} s and was ended");
    Reason::new(ReasonCode::TookTooLong, text).counting(Counted::Seconds, seconds)
}
