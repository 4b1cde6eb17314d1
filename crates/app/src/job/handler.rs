//! What a command does, and what it is given while it runs.

use domain::job::Patience;
use domain::reason::Reason;
use event_store::{BoxFuture, NewEvent};
use storage::job::{Job, Progress};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::App;

/// What a job's command does.
pub trait JobHandler: Send + Sync {
    /// The command, as schedules name it.
    fn command(&self) -> &'static str;

    /// How often it is tried, and how long an attempt may take.
    fn patience(&self) -> Patience {
        Patience::LONG
    }

    /// Works once. It must not write to the register itself: what it wants written it hands back.
    fn run<'f>(&'f self, app: &'f App, run: &'f JobRun) -> BoxFuture<'f, Result<Effects, JobFailure>>;
}

/// What came out of a job.
#[derive(Debug)]
pub struct Effects {
    /// For the operators, without personal data.
    pub result: Reason,
    /// What is to be written, together with the end of the job or not at all.
    pub events: Vec<NewEvent>,
}

/// Why a job has no result.
#[derive(Debug, thiserror::Error)]
pub enum JobFailure {
    /// It saw that it was to stop.
    #[error("it was stopped")]
    Stopped,
    /// It may do better another time. Without personal data.
    #[error("{0}")]
    Failed(Reason),
    /// It will never do better: no further attempt is made.
    #[error("{0}")]
    Hopeless(Reason),
}

/// One attempt at a job, as its handler sees it.
#[derive(Debug)]
pub struct JobRun {
    /// The job as it was claimed.
    pub job: Job,
    progress: watch::Sender<Progress>,
    stop: CancellationToken,
}

impl JobRun {
    /// An attempt that can be told to stop, and whose progress can be watched.
    pub fn new(job: Job, stop: CancellationToken) -> Self {
        let (progress, _) = watch::channel(Progress::default());
        Self { job, progress, stop }
    }

    /// Says how far it is; `total` 0: not known.
    pub fn report(&self, done: u64, total: u64) {
        self.progress.send_replace(Progress { done, total });
    }

    /// How far it said it was.
    pub fn progress(&self) -> Progress {
        *self.progress.borrow()
    }

    /// Whether it is to stop as soon as it can.
    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Waits until it is to stop.
    pub async fn stopping(&self) {
        self.stop.cancelled().await;
    }
}
