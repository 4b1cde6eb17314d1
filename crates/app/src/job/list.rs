//! Looking at jobs.

use domain::JobId;
use domain::job::JobState;
use domain::staff::Permission;
use storage::job::{self, Before, Job};

use crate::{App, Forbidden, Internal, OpContext};

/// Some jobs, the newest first.
#[derive(Debug, Clone)]
pub struct JobPage {
    /// They.
    pub jobs: Vec<Job>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// Why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
pub enum ReadJobsError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Jobs of a state (`None`: of any), before a place in the list.
    pub async fn jobs(
        &self,
        op: &OpContext,
        state: Option<JobState>,
        before: Option<Before>,
        limit: u32,
    ) -> Result<JobPage, ReadJobsError> {
        op.require(Permission::ReadOperations)?;
        let wanted = limit.saturating_add(1);
        let mut jobs = job::list(self.store.database(), state, before, wanted)
            .await
            .map_err(Internal::new)?;
        let has_more = jobs.len() > limit as usize;
        jobs.truncate(limit as usize);
        Ok(JobPage { jobs, has_more })
    }

    /// One job.
    pub async fn job(&self, op: &OpContext, id: JobId) -> Result<Option<Job>, ReadJobsError> {
        op.require(Permission::ReadOperations)?;
        Ok(job::load(self.store.database(), id)
            .await
            .map_err(Internal::new)?)
    }

    /// How many jobs there are in each state.
    pub async fn job_counts(&self, op: &OpContext) -> Result<Vec<(JobState, u64)>, ReadJobsError> {
        op.require(Permission::ReadOperations)?;
        Ok(job::counts(self.store.database()).await.map_err(Internal::new)?)
    }
}
