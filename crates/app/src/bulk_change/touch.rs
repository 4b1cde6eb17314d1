//! Stopping a bulk change, or going on with one.

use domain::BulkChangeId;
use domain::staff::Permission;
use storage::bulk_change as table;
use uuid::Uuid;

use crate::job::TouchJobError;
use crate::{App, Forbidden, Internal, OpContext};

/// What is wanted of a bulk change that was begun, or is tried out.
#[derive(Debug, Clone, Copy)]
pub struct TouchBulkChange {
    /// Made by the caller, once for each intent.
    pub command_id: Uuid,
    /// Which.
    pub id: BulkChangeId,
    /// Whether it is to go on; else it is to stop.
    pub goes_on: bool,
}

/// Why a bulk change is as it was.
#[derive(Debug, thiserror::Error)]
pub enum TouchBulkChangeError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such bulk change.
    #[error("there is no bulk change {0}")]
    NotFound(BulkChangeId),
    /// It has ended and cannot be stopped, or it has not and cannot go on.
    #[error("the bulk change is not in a state for that")]
    OtherState,
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Stops a bulk change between two records, or goes on with the records that are left. What was done stays done.
    pub async fn touch_bulk_change(
        &self,
        op: &OpContext,
        command: TouchBulkChange,
    ) -> Result<(), TouchBulkChangeError> {
        op.require(Permission::ChangeMany)?;
        let found = table::load(self.store.database(), command.id).await;
        let Some(change) = found.map_err(Internal::new)? else {
            return Err(TouchBulkChangeError::NotFound(command.id));
        };
        let permission = change.action.permission();
        let job_id = change.started.map_or(change.trial_job, |started| started.run_job);
        let wanted = (job_id, command.goes_on);
        let outcome = self
            .stop_or_go_on(op, permission, command.command_id, wanted)
            .await;
        outcome.map_err(|error| match error {
            TouchJobError::Forbidden(refused) => refused.into(),
            TouchJobError::NotFound(_) => TouchBulkChangeError::NotFound(command.id),
            TouchJobError::OtherState => TouchBulkChangeError::OtherState,
            TouchJobError::CommandReused => TouchBulkChangeError::CommandReused,
            TouchJobError::Internal(error) => error.into(),
        })
    }
}
