//! Looking at jobs.

use chrono::{DateTime, Utc};
use domain::JobId;
use domain::job::{JobEvent, JobState};
use domain::staff::Permission;
use event_store::{Position, Query, Tag};
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

/// What the log keeps of a job: how it ended, and what people did to it.
#[derive(Debug, Clone)]
pub struct JobDeed {
    /// What.
    pub event: JobEvent,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, as `domain::staff::Actor` reads it.
    pub by: String,
}

/// A job is resumed by hand, so it has few entries.
const DEEDS_MAX: u32 = 200;

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

    /// How a job ended and what people did to it, the newest first.
    pub async fn job_deeds(&self, op: &OpContext, id: JobId) -> Result<Vec<JobDeed>, ReadJobsError> {
        op.require(Permission::ReadOperations)?;
        let tag = Tag::new(JobEvent::TAG, id).map_err(Internal::new)?;
        let query = Query::tagged(tag);
        let events = self.store.read(&query, Position::START, DEEDS_MAX).await;
        let mut deeds = Vec::new();
        for event in events.map_err(Internal::new)? {
            let said = JobEvent::decode(&event.event_type, event.schema_version, &event.data);
            deeds.push(JobDeed {
                event: said.map_err(Internal::new)?,
                at: event.recorded_at,
                by: event.actor,
            });
        }
        deeds.reverse();
        Ok(deeds)
    }
}
