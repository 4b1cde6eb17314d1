//! Jobs that events of a noun make, in the transaction of the event. Apart from the noun's table: where a log is loaded as a whole, the jobs move
//! as they stand.

use chrono::DateTime;
use domain::JobId;
use event_store::{BoxFuture, Connection, InlineError, InlineEvent, InlineProjector};

use super::in_the_clear::{ClearTable, is_projected};
use crate::state::job::{self, NewJob};

/// A noun some of whose events make a job.
pub(crate) trait MakesJobs: ClearTable {
    /// The name of what makes them.
    const MAKER: &'static str;

    /// Which job an event makes, and its command; none: it makes none.
    fn job_of(event: &InlineEvent) -> Result<Option<(JobId, &'static str)>, InlineError>;
}

/// Makes the jobs of a noun; register it with the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JobsOf<T>(pub(crate) T);

impl<T: MakesJobs> InlineProjector for JobsOf<T> {
    fn name(&self) -> &'static str {
        T::MAKER
    }

    fn project<'f>(
        &'f self,
        connection: &'f mut Connection,
        events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>> {
        Box::pin(async move {
            let mut jobs = Vec::new();
            for event in events.iter().filter(|event| is_projected::<T>(&event.event_type)) {
                jobs.extend(T::job_of(event)?.map(|(id, command)| at_once(id, command, event)));
            }
            Ok(job::insert(connection, &jobs).await?)
        })
    }
}

/// A job that is due at once, asked for by whoever wrote the event.
pub(crate) fn at_once(id: JobId, command: &str, event: &InlineEvent) -> NewJob {
    NewJob {
        id,
        command: command.to_owned(),
        schedule_id: None,
        due_at: None,
        late: false,
        requested_by: event.actor.clone(),
        created_at: event.recorded_at,
        run_at: DateTime::UNIX_EPOCH,
    }
}
