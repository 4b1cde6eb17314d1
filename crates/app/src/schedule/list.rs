//! Looking at schedules: what there is, what comes next, what came of it.

use chrono::{DateTime, Utc};
use domain::ScheduleId;
use domain::schedule::Schedule;
use domain::staff::Permission;
use storage::schedule::{self as rows, PastFiring, PastMiss};

use crate::{App, Forbidden, Internal, OpContext};

/// What became of a schedule's firings, the newest first.
#[derive(Debug, Clone)]
pub struct ScheduleHistory {
    /// Those that were written.
    pub firings: Vec<PastFiring>,
    /// Those that never came.
    pub misses: Vec<PastMiss>,
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
        Ok(ScheduleHistory {
            firings: rows::firings(database, id, before, limit)
                .await
                .map_err(Internal::new)?,
            misses: rows::misses(database, id, before, limit)
                .await
                .map_err(Internal::new)?,
        })
    }
}
