//! The end of a job, together with what it does to the register.

use domain::job::{JobEnded, JobEvent};
use domain::reason::Reason;
use event_store::{Append, AppendError, NewEvent, Tag};
use storage::job::{Claim, Job};
use storage::job_event::JobRefused;

use super::handler::Effects;
use crate::random::derived_id;
use crate::{App, Internal, OpContext};

/// How a job ended.
#[derive(Debug)]
pub enum JobEnd {
    /// It did what it was for.
    Done(Effects),
    /// It is tried no more, and why.
    GivenUp(Reason),
    /// It saw that it was to stop.
    Stopped,
}

/// Why an end was not written.
#[derive(Debug, thiserror::Error)]
pub enum EndJobError {
    /// Somebody else took the job over, or it has ended: nothing was written.
    #[error("the job was taken over")]
    Overtaken,
    /// What the job wanted written cannot be: it would fail again.
    #[error("what the job wanted written was refused: {0}")]
    Refused(String),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Ends a job under a claim. What it does and that it is done is one append: both or neither.
    pub async fn end_job(&self, op: &OpContext, job: &Job, end: JobEnd) -> Result<(), EndJobError> {
        let claim = Claim {
            id: job.id,
            term: job.term,
        };
        let ended = |result: String| JobEnded {
            job_id: job.id,
            term: job.term,
            attempt: job.attempt,
            result,
        };
        let (mut events, said) = match end {
            JobEnd::Done(effects) => (effects.events, JobEvent::Done(ended(effects.result.stored()))),
            JobEnd::GivenUp(why) => (Vec::new(), JobEvent::GivenUp(ended(why.stored()))),
            JobEnd::Stopped => (Vec::new(), JobEvent::Stopped(ended(String::new()))),
        };
        events.push(self.job_event(op, &said)?);
        let append = Append {
            // Of the claim, so that a retry after a lost answer finds the receipt, and another claim does not.
            command_id: derived_id(claim.id.uuid(), &format!("end {}", claim.term)),
            actor: op.actor().to_string(),
            correlation_id: claim.id.uuid(),
            reason: None,
            events,
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            // The id is of this claim: it was written before, and the answer was lost.
            Ok(_) | Err(AppendError::CommandReused { .. }) => Ok(()),
            Err(AppendError::Inline { source, .. }) if source.is::<JobRefused>() => {
                Err(EndJobError::Overtaken)
            }
            Err(error @ (AppendError::Invalid(_) | AppendError::Inline { .. })) => {
                Err(EndJobError::Refused(error.to_string()))
            }
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    /// An event of a job as the log takes it.
    pub(super) fn job_event(&self, op: &OpContext, said: &JobEvent) -> Result<NewEvent, Internal> {
        Ok(NewEvent {
            id: self.new_id().map_err(Internal::new)?,
            event_type: said.event_type().to_owned(),
            schema_version: JobEvent::SCHEMA_VERSION,
            tags: vec![Tag::new(JobEvent::TAG, said.job_id()).map_err(Internal::new)?],
            effective_at: op.today(),
            data: said.data(),
            personal: Vec::new(),
        })
    }
}
