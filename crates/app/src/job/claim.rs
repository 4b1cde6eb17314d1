//! Claiming jobs, keeping them, and letting go of them without a result.

use chrono::{DateTime, TimeDelta, Utc};
use domain::reason::Reason;
use storage::job::{self, Claim, Job, Progress, Renewed};

use crate::{App, Internal};

impl App {
    /// Takes at most `limit` jobs of these commands that are due, for a lease from now on.
    pub async fn claim_jobs(
        &self,
        node: &str,
        commands: &[String],
        lease: TimeDelta,
        limit: u32,
    ) -> Result<Vec<Job>, Internal> {
        let now = self.due_time().await?;
        job::claim(self.store.database(), node, commands, now, now + lease, limit)
            .await
            .map_err(Internal::new)
    }

    /// Says that a job is being worked on.
    pub async fn renew_job(
        &self,
        claim: Claim,
        lease: TimeDelta,
        progress: Progress,
    ) -> Result<Renewed, Internal> {
        let until = self.due_time().await? + lease;
        job::renew(self.store.database(), claim, until, progress)
            .await
            .map_err(Internal::new)
    }

    /// Puts a job back after an attempt that failed, for another one. `false`: it is not this claim's any more.
    pub async fn retry_job(
        &self,
        claim: Claim,
        run_at: DateTime<Utc>,
        why: &Reason,
    ) -> Result<bool, Internal> {
        job::retry(self.store.database(), claim, run_at, &why.stored())
            .await
            .map_err(Internal::new)
    }

    /// Puts a job back that this process cannot finish because it ends. `false`: it is not this claim's any more.
    pub async fn give_job_back(&self, claim: Claim) -> Result<bool, Internal> {
        job::give_back(self.store.database(), claim)
            .await
            .map_err(Internal::new)
    }

    /// When there will next be a job to claim; `None`: none waits.
    pub async fn next_job_at(&self) -> Result<Option<DateTime<Utc>>, Internal> {
        job::next_at(self.store.database()).await.map_err(Internal::new)
    }
}
