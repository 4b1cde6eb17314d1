//! The jobs of things that one works off (bulk changes, exports, imports), for whoever may see the thing.

use std::collections::HashMap;

use domain::JobId;
use storage::job::{self, Job};

use crate::{App, Internal};

/// Some things, each with the job that it is at.
pub(crate) struct WithJobs<T> {
    /// They, in the order in which they were found.
    pub(crate) things: Vec<(T, Option<Job>)>,
    /// Whether there are more.
    pub(crate) has_more: bool,
}

impl App {
    /// The job that is named, if one is named and there is such.
    pub(crate) async fn job_of(&self, id: Option<JobId>) -> Result<Option<Job>, Internal> {
        match id {
            Some(id) => job::load(self.store.database(), id).await.map_err(Internal::new),
            None => Ok(None),
        }
    }

    /// A page of things of which one more was looked for than `limit`.
    pub(crate) async fn with_jobs<T>(
        &self,
        mut found: Vec<T>,
        limit: u32,
        at: fn(&T) -> Option<JobId>,
    ) -> Result<WithJobs<T>, Internal> {
        let has_more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let ids: Vec<_> = found.iter().filter_map(at).collect();
        let jobs = job::load_many(self.store.database(), &ids).await;
        let jobs = jobs.map_err(Internal::new)?.into_iter();
        let jobs: HashMap<_, _> = jobs.map(|job| (job.id, job)).collect();
        let things = found.into_iter().map(|thing| {
            let job = at(&thing).and_then(|id| jobs.get(&id).cloned());
            (thing, job)
        });
        Ok(WithJobs {
            things: things.collect(),
            has_more,
        })
    }
}
