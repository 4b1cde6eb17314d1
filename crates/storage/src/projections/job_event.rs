//! How jobs end and who interfered, written in the transaction of the event.
//!
//! An end names the claim under which it came about. When the claim is over, the whole append is refused: what the job would have
//! written stands beside the end in one command, so a process that was overtaken writes nothing.

use event_store::{BoxFuture, Connection, InlineError, InlineEvent, InlineProjector};

use domain::JobId;
use domain::job::{JobEnded, JobEvent, JobState};

use crate::state::job::{self, Claim};

/// Why an event of a job is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JobRefused {
    /// Somebody else took the job over, or it has ended.
    #[error("the claim of job {id} with term {term} is over")]
    ClaimOver {
        /// Which job.
        id: JobId,
        /// The term of the claim.
        term: i64,
    },
    /// It has ended, or has not: there is nothing to stop or to take up again.
    #[error("job {0} is not in a state for that")]
    OtherState(JobId),
}

/// Keeps the table of jobs in step with their events; register it with the log.
#[derive(Clone, Copy, Debug, Default)]
pub struct JobProjector;

impl InlineProjector for JobProjector {
    fn name(&self) -> &'static str {
        "job"
    }

    fn project<'f>(
        &'f self,
        connection: &'f mut Connection,
        events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>> {
        Box::pin(project(connection, events))
    }
}

async fn project(connection: &mut Connection, events: &[InlineEvent]) -> Result<(), InlineError> {
    let of_jobs = events
        .iter()
        .filter(|event| event.event_type.starts_with(JobEvent::PREFIX));
    for event in of_jobs {
        let said = JobEvent::decode(&event.event_type, event.schema_version, &event.data)?;
        apply(connection, &said, event).await?;
    }
    Ok(())
}

async fn apply(connection: &mut Connection, said: &JobEvent, event: &InlineEvent) -> Result<(), InlineError> {
    let at = event.recorded_at;
    let claim = |ended: &JobEnded| Claim {
        id: ended.job_id,
        term: ended.term,
    };
    let (held, refused) = match said {
        JobEvent::Done(ended) => (
            job::end(connection, claim(ended), JobState::Done, None, at).await?,
            over(ended),
        ),
        JobEvent::GivenUp(ended) => (
            job::end(connection, claim(ended), JobState::Dead, Some(&ended.result), at).await?,
            over(ended),
        ),
        JobEvent::Stopped(ended) => (
            job::end(connection, claim(ended), JobState::Cancelled, None, at).await?,
            over(ended),
        ),
        JobEvent::CancelRequested(touched) => (
            job::cancel(connection, touched.job_id, at).await?,
            JobRefused::OtherState(touched.job_id),
        ),
        JobEvent::Resumed(touched) => (
            job::resume(connection, touched.job_id, at).await?,
            JobRefused::OtherState(touched.job_id),
        ),
    };
    if held { Ok(()) } else { Err(refused.into()) }
}

fn over(ended: &JobEnded) -> JobRefused {
    JobRefused::ClaimOver {
        id: ended.job_id,
        term: ended.term,
    }
}
