//! Firing what is due: each firing once, however many processes look.

use chrono::{DateTime, Utc};
use domain::schedule::{GRACE, Schedule, ScheduleEvent, decide};
use domain::staff::Actor;
use domain::{JobId, ScheduleId};
use event_store::{Append, AppendError, Appended, Guard, Position, Query};
use storage::schedule::FiringRefused;
use storage::{lease, schedule as rows};
use uuid::Uuid;

use super::tag;
use crate::random::derived_id;
use crate::{App, Internal};

/// Firings of one command to the log. A schedule that was away for long has more, and they go one after the other.
const FIRINGS_AT_ONCE: usize = 500;

/// What came of a look for what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fired {
    /// How many firings were written.
    pub firings: usize,
    /// What the clock said that decides.
    pub now: DateTime<Utc>,
    /// When there is something due next, as far as is known.
    pub next_at: Option<DateTime<Utc>>,
}

/// Why what is due was not fired, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum FireError {
    /// Another process looks after the schedules now: nothing more was written.
    #[error("another process looks after the schedules")]
    TenureOver,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// What became of the firings of one schedule.
enum Written {
    /// They are in the log.
    Yes(Position),
    /// Another process wrote the same.
    Already(Position),
    /// Somebody changed the schedule, or fired it, at the same moment: it is looked at again.
    Overtaken,
}

impl App {
    /// Fires everything that is due and says what was missed, under a tenure.
    pub async fn fire_due(&self, tenure: Uuid) -> Result<Fired, FireError> {
        // Before the rows are read: whatever comes after it breaks the guard.
        let seen = self.store.head().await.map_err(Internal::new)?;
        let schedules = rows::active(self.store.database()).await.map_err(Internal::new)?;
        let now = self.due_time().await?;
        let mut fired = Fired {
            firings: 0,
            now,
            next_at: None,
        };
        for schedule in schedules {
            fired.firings += self.carry_out(tenure, &schedule, seen, now).await?;
            let next = schedule.definition.next_due(now.max(schedule.cursor));
            fired.next_at = [fired.next_at, next].into_iter().flatten().min();
        }
        Ok(fired)
    }

    async fn carry_out(
        &self,
        tenure: Uuid,
        schedule: &Schedule,
        seen: Position,
        now: DateTime<Utc>,
    ) -> Result<usize, FireError> {
        let plan = schedule.plan(now, GRACE);
        let job_ids: Vec<JobId> = plan
            .fire
            .iter()
            .map(|firing| job_of(schedule.id, firing.due))
            .collect();
        let events = decide::fire(schedule, &plan, &job_ids).map_err(Internal::new)?;
        let mut after = seen;
        let mut firings = 0;
        for some in events.chunks(FIRINGS_AT_ONCE) {
            match self.write_firings(tenure, schedule.id, some, after, now).await? {
                Written::Already(last) => after = last,
                Written::Yes(last) => {
                    after = last;
                    firings += some
                        .iter()
                        .filter(|event| matches!(event, ScheduleEvent::Fired { .. }))
                        .count();
                }
                // What is left of it is planned anew at the next look.
                Written::Overtaken => break,
            }
        }
        Ok(firings)
    }

    async fn write_firings(
        &self,
        tenure: Uuid,
        id: ScheduleId,
        events: &[ScheduleEvent],
        after: Position,
        now: DateTime<Utc>,
    ) -> Result<Written, FireError> {
        let Some(last) = events.iter().filter_map(settled_until).max() else {
            return Ok(Written::Yes(after));
        };
        let append = Append {
            command_id: derived_id(id.uuid(), &format!("due {}", last.timestamp_micros())),
            actor: Actor::System("scheduler".to_owned()).to_string(),
            // The projector asks whether this tenure still holds, in the transaction.
            correlation_id: tenure,
            reason: None,
            events: self.schedule_events(events, crate::day_in_japan(now))?,
            guards: vec![Guard {
                query: Query::tagged(tag(id)?),
                after,
            }],
            recorded_at: now,
        };
        match self.store.append(append).await {
            Ok(Appended::New(receipt)) => Ok(Written::Yes(receipt.last)),
            Ok(Appended::Earlier(receipt)) => Ok(Written::Already(receipt.last)),
            Err(AppendError::Conflict(_) | AppendError::CommandReused { .. }) => Ok(Written::Overtaken),
            Err(AppendError::Inline { source, .. }) => match source.downcast_ref::<FiringRefused>() {
                Some(FiringRefused::TenureOver) => Err(FireError::TenureOver),
                Some(FiringRefused::NotDue { .. }) => Ok(Written::Overtaken),
                None => Err(Internal::new(InlineFault(source.to_string())).into()),
            },
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    /// Begins to look after the schedules, unless another process does.
    pub async fn take_schedules(
        &self,
        node: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<Uuid>, Internal> {
        let token = self.new_id().map_err(Internal::new)?;
        let database = self.store.database();
        let is_ours = lease::take(database, lease::SCHEDULER, token, node, now, until)
            .await
            .map_err(Internal::new)?;
        Ok(is_ours.then_some(token))
    }

    /// Goes on looking after the schedules. `false`: another process does.
    pub async fn hold_schedules(&self, token: Uuid, until: DateTime<Utc>) -> Result<bool, Internal> {
        lease::renew(self.store.database(), lease::SCHEDULER, token, until)
            .await
            .map_err(Internal::new)
    }

    /// Leaves the schedules to whoever asks next.
    pub async fn release_schedules(&self, token: Uuid) -> Result<(), Internal> {
        lease::release(self.store.database(), lease::SCHEDULER, token)
            .await
            .map_err(Internal::new)
    }
}

/// The job of a firing: the same in whichever process looks.
fn job_of(id: ScheduleId, due: DateTime<Utc>) -> JobId {
    JobId::new(derived_id(id.uuid(), &format!("job {}", due.timestamp_micros())))
}

/// Up to when an event settles what was due.
const fn settled_until(event: &ScheduleEvent) -> Option<DateTime<Utc>> {
    match event {
        ScheduleEvent::Fired { firing, .. } => Some(firing.due),
        ScheduleEvent::Missed { missed, .. } => Some(missed.last_due),
        _ => None,
    }
}

#[derive(Debug, thiserror::Error)]
#[error("what follows from a firing could not be written: {0}")]
struct InlineFault(String);
