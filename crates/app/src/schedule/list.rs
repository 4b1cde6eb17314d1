//! Looking at schedules: what there is, what comes next, what came of it, what people did.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ScheduleId;
use domain::schedule::{Schedule, ScheduleEvent};
use domain::staff::Permission;
use event_store::{Position, Query, QueryItem};
use storage::job::{self, Job};
use storage::schedule::{self as rows, PastFiring, PastMiss};

use uuid::Uuid;

use super::tag;
use crate::{App, Forbidden, Internal, OpContext};

/// What became of a schedule's firings, the newest first.
#[derive(Debug, Clone)]
pub struct ScheduleHistory {
    /// Each firing that was written or never came.
    pub entries: Vec<PastEntry>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// One entry of a history.
#[derive(Debug, Clone)]
pub enum PastEntry {
    /// It was written, and started this job.
    Fired(PastFiring, Option<Box<Job>>),
    /// It never came.
    Missed(PastMiss),
}

impl PastEntry {
    /// When it, or the last of it, was due.
    pub const fn due_at(&self) -> DateTime<Utc> {
        match self {
            Self::Fired(firing, _) => firing.due_at,
            Self::Missed(miss) => miss.last_due_at,
        }
    }
}

/// What somebody did to a schedule.
#[derive(Debug, Clone)]
pub struct ScheduleDeed {
    /// What.
    pub event: ScheduleEvent,
    /// Where it stands in the log.
    pub position: Position,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, as `domain::staff::Actor` reads it.
    pub by: String,
}

/// Why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
pub enum ReadSchedulesError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Events that are read at a time.
const PAGE: u32 = 500;
/// What people did with a schedule: its changes, and runs out of turn.
const DEEDS: [&str; 6] = {
    let [defined, changed, paused, resumed, removed] = ScheduleEvent::FACT_TYPES;
    [
        defined,
        changed,
        paused,
        resumed,
        removed,
        "schedule.run_requested",
    ]
};

impl App {
    /// All schedules but those that were removed, by name.
    pub async fn schedules(&self, op: &OpContext) -> Result<Vec<Schedule>, ReadSchedulesError> {
        op.require(Permission::ReadOperations)?;
        Ok(rows::all(self.store.database()).await.map_err(Internal::new)?)
    }

    /// One, also when it was removed.
    pub async fn schedule(
        &self,
        op: &OpContext,
        id: ScheduleId,
    ) -> Result<Option<Schedule>, ReadSchedulesError> {
        op.require(Permission::ReadOperations)?;
        Ok(rows::load(self.store.database(), id)
            .await
            .map_err(Internal::new)?)
    }

    /// What became of its firings that were due before an instant.
    pub async fn schedule_history(
        &self,
        op: &OpContext,
        id: ScheduleId,
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<ScheduleHistory, ReadSchedulesError> {
        op.require(Permission::ReadOperations)?;
        let database = self.store.database();
        let wanted = limit.saturating_add(1);
        let firings = rows::firings(database, id, before, wanted).await;
        let firings = firings.map_err(Internal::new)?;
        let misses = rows::misses(database, id, before, wanted).await;
        let ids: Vec<_> = firings.iter().map(|firing| firing.job_id).collect();
        let jobs = job::load_many(database, &ids).await.map_err(Internal::new)?;
        let mut jobs: HashMap<_, _> = jobs.into_iter().map(|job| (job.id, job)).collect();
        let fired = firings.into_iter().map(|firing| {
            let job = jobs.remove(&firing.job_id).map(Box::new);
            PastEntry::Fired(firing, job)
        });
        let never_came = misses.map_err(Internal::new)?.into_iter().map(PastEntry::Missed);
        let mut entries: Vec<PastEntry> = fired.chain(never_came).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.due_at()));
        let has_more = entries.len() > limit as usize;
        entries.truncate(limit as usize);
        Ok(ScheduleHistory { entries, has_more })
    }

    /// The names of schedules, for one look-up of a whole page.
    pub async fn schedule_names(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, Internal> {
        let mut names = HashMap::with_capacity(ids.len());
        for id in ids {
            let found = rows::load(self.store.database(), ScheduleId::new(*id)).await;
            names.extend(
                found
                    .map_err(Internal::new)?
                    .map(|found| (*id, found.definition.name)),
            );
        }
        Ok(names)
    }

    /// What people did to it, the newest first.
    pub async fn schedule_deeds(
        &self,
        op: &OpContext,
        id: ScheduleId,
        limit: usize,
    ) -> Result<Vec<ScheduleDeed>, ReadSchedulesError> {
        op.require(Permission::ReadOperations)?;
        let query = Query {
            items: vec![QueryItem {
                types: DEEDS.map(str::to_owned).to_vec(),
                tags: vec![tag(id)?],
            }],
        };
        let mut deeds = Vec::new();
        let mut after = Position::START;
        loop {
            let page = self
                .store
                .read(&query, after, PAGE)
                .await
                .map_err(Internal::new)?;
            let is_last = page.len() < PAGE as usize;
            for event in page {
                after = event.position;
                let said = ScheduleEvent::decode(&event.event_type, event.schema_version, &event.data);
                deeds.push(ScheduleDeed {
                    event: said.map_err(Internal::new)?,
                    position: event.position,
                    at: event.recorded_at,
                    by: event.actor,
                });
            }
            if is_last {
                break;
            }
        }
        deeds.reverse();
        deeds.truncate(limit);
        Ok(deeds)
    }
}
