//! Stopping a job, and giving one another chance.

use domain::JobId;
use domain::job::{JobEvent, JobTouched};
use domain::staff::Permission;
use event_store::{Append, AppendError};
use storage::job_event::JobRefused;
use uuid::Uuid;

use crate::{App, Forbidden, Internal, OpContext};

/// Why a job was left as it was.
#[derive(Debug, thiserror::Error)]
pub enum TouchJobError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such job.
    #[error("there is no job {0}")]
    NotFound(JobId),
    /// It has ended and cannot be stopped, or it has not and cannot be taken up again.
    #[error("the job is not in a state for that")]
    OtherState,
    /// The command id was used before for something else.
    #[error("the command id was used before for another change")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Stops a job that waits, or asks whoever runs it to stop.
    pub async fn cancel_job(
        &self,
        op: &OpContext,
        command_id: Uuid,
        job_id: JobId,
    ) -> Result<(), TouchJobError> {
        self.stop_or_go_on(op, Permission::ManageSchedules, command_id, (job_id, false))
            .await
    }

    /// Gives a job that was given up or stopped all its attempts again, from now on.
    pub async fn resume_job(
        &self,
        op: &OpContext,
        command_id: Uuid,
        job_id: JobId,
    ) -> Result<(), TouchJobError> {
        self.stop_or_go_on(op, Permission::ManageSchedules, command_id, (job_id, true))
            .await
    }

    /// The same for whoever has another right to just this job: it is to go on, else to stop.
    pub(crate) async fn stop_or_go_on(
        &self,
        op: &OpContext,
        permission: Permission,
        command_id: Uuid,
        (job_id, goes_on): (JobId, bool),
    ) -> Result<(), TouchJobError> {
        op.require(permission)?;
        if self.job_of(Some(job_id)).await?.is_none() {
            return Err(TouchJobError::NotFound(job_id));
        }
        let touched = JobTouched { job_id };
        let said = if goes_on {
            JobEvent::Resumed(touched)
        } else {
            JobEvent::CancelRequested(touched)
        };
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: vec![self.job_event(op, &said)?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(()),
            Err(AppendError::Inline { source, .. }) if source.is::<JobRefused>() => {
                Err(TouchJobError::OtherState)
            }
            Err(AppendError::CommandReused { .. }) => Err(TouchJobError::CommandReused),
            Err(error) => Err(Internal::new(error).into()),
        }
    }
}
