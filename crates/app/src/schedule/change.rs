//! What staff do with schedules: define, change, pause, resume, remove, run now.

use chrono::{DateTime, Utc};
use domain::schedule::{Definition, DefinitionInput, DefinitionProblem, Schedule, ScheduleEvent, decide};
use domain::staff::Permission;
use domain::{JobId, ScheduleId};
use event_store::{Append, AppendError, Guard, Position, Query, QueryItem};
use storage::schedule as rows;
use uuid::Uuid;

use super::tag;
use crate::random::derived_id;
use crate::{App, Forbidden, Internal, OpContext};

/// Which change of which schedule, made on what its author saw.
#[derive(Debug, Clone, Copy)]
pub struct ChangeSchedule {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which schedule.
    pub id: ScheduleId,
    /// The version that the author saw.
    pub expected_version: i64,
}

/// It is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduleChanged {
    /// Which schedule.
    pub id: ScheduleId,
    /// The last event's position.
    pub position: Position,
    /// The job of a run that was asked for.
    pub job_id: Option<JobId>,
}

/// Why a schedule is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ChangeScheduleError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such schedule.
    #[error("there is no schedule {0}")]
    NotFound(ScheduleId),
    /// Somebody was faster.
    #[error("the schedule was changed since it was read")]
    Stale(Box<Schedule>),
    /// What was typed has problems.
    #[error("the schedule has {} problems", .0.len())]
    Invalid(Vec<DefinitionProblem>),
    /// Another schedule has that name.
    #[error("another schedule has that name")]
    NameTaken,
    /// It is so already, or cannot be any more.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The command id was used before for something else.
    #[error("the command id was used before for another change")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Why nothing is to be done to a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was removed.
    #[error("the schedule was removed")]
    Removed,
    /// It says all that already.
    #[error("nothing would change")]
    Unchanged,
    /// It rests already.
    #[error("the schedule is paused already")]
    AlreadyPaused,
    /// It does not rest.
    #[error("the schedule is not paused")]
    NotPaused,
    /// Nothing of it may run any more.
    #[error("the schedule is over since {0}; give it a later end, or none")]
    Over(DateTime<Utc>),
}

impl Refusal {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Unchanged => "unchanged",
            Self::AlreadyPaused => "already_paused",
            Self::NotPaused => "not_paused",
            Self::Over(_) => "over",
        }
    }

    /// One sentence for whoever wanted it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Removed => "このスケジュールは削除されています。",
            Self::Unchanged => "変更がありません。直したい項目を入力してください。",
            Self::AlreadyPaused => "このスケジュールはすでに一時停止しています。",
            Self::NotPaused => "このスケジュールは一時停止していません。",
            Self::Over(_) => "このスケジュールは終了日時を過ぎています。終了日時を変更してください。",
        }
    }
}

impl From<decide::PauseError> for ChangeScheduleError {
    fn from(error: decide::PauseError) -> Self {
        Self::Refused(match error {
            decide::PauseError::Removed => Refusal::Removed,
            decide::PauseError::AlreadyPaused => Refusal::AlreadyPaused,
        })
    }
}

impl From<decide::ResumeError> for ChangeScheduleError {
    fn from(error: decide::ResumeError) -> Self {
        Self::Refused(match error {
            decide::ResumeError::Removed => Refusal::Removed,
            decide::ResumeError::NotPaused => Refusal::NotPaused,
        })
    }
}

impl From<decide::RemoveError> for ChangeScheduleError {
    fn from(decide::RemoveError::AlreadyRemoved: decide::RemoveError) -> Self {
        Self::Refused(Refusal::Removed)
    }
}

impl From<decide::RunNowError> for ChangeScheduleError {
    fn from(error: decide::RunNowError) -> Self {
        Self::Refused(match error {
            decide::RunNowError::Removed => Refusal::Removed,
            decide::RunNowError::Over { not_after } => Refusal::Over(not_after),
        })
    }
}

impl From<decide::DefineError> for ChangeScheduleError {
    fn from(decide::DefineError::Invalid(problems): decide::DefineError) -> Self {
        Self::Invalid(problems)
    }
}

impl From<decide::ChangeError> for ChangeScheduleError {
    fn from(error: decide::ChangeError) -> Self {
        match error {
            decide::ChangeError::Invalid(problems) => Self::Invalid(problems),
            decide::ChangeError::Removed => Self::Refused(Refusal::Removed),
            decide::ChangeError::Unchanged => Self::Refused(Refusal::Unchanged),
        }
    }
}

impl App {
    /// A new schedule. `known` are the commands that there are.
    pub async fn define_schedule(
        &self,
        op: &OpContext,
        command_id: Uuid,
        input: &DefinitionInput,
        known: &[&str],
    ) -> Result<ScheduleChanged, ChangeScheduleError> {
        op.require(Permission::ManageSchedules)?;
        let id = ScheduleId::new(derived_id(command_id, "schedule"));
        let same = |said: &ScheduleEvent| match said {
            ScheduleEvent::Defined {
                definition,
                due_after,
                ..
            } => is_read_as(input, known, *due_after, definition),
            _ => false,
        };
        if let Some(earlier) = self.earlier_change(command_id, id, same).await? {
            return Ok(earlier);
        }
        let event = decide::define(id, input, known, self.due_time().await?)?;
        self.write_schedule(op, command_id, &event, Vec::new()).await
    }

    /// Another definition.
    pub async fn change_schedule(
        &self,
        op: &OpContext,
        change: ChangeSchedule,
        input: &DefinitionInput,
        known: &[&str],
    ) -> Result<ScheduleChanged, ChangeScheduleError> {
        let now = self.due_time().await?;
        let same = |said: &ScheduleEvent| match said {
            ScheduleEvent::Changed {
                definition,
                due_after,
                ..
            } => is_read_as(input, known, *due_after, definition),
            _ => false,
        };
        self.decide_schedule(op, change, same, |schedule| {
            Ok(decide::change(schedule, input, known, now)?)
        })
        .await
    }

    /// It rests until it is resumed.
    pub async fn pause_schedule(
        &self,
        op: &OpContext,
        change: ChangeSchedule,
    ) -> Result<ScheduleChanged, ChangeScheduleError> {
        let same = |said: &ScheduleEvent| matches!(said, ScheduleEvent::Paused { .. });
        self.decide_schedule(op, change, same, |schedule| Ok(decide::pause(schedule)?))
            .await
    }

    /// It rests no longer; what was due meanwhile does not fire.
    pub async fn resume_schedule(
        &self,
        op: &OpContext,
        change: ChangeSchedule,
    ) -> Result<ScheduleChanged, ChangeScheduleError> {
        let now = self.due_time().await?;
        let same = |said: &ScheduleEvent| matches!(said, ScheduleEvent::Resumed { .. });
        self.decide_schedule(op, change, same, |schedule| Ok(decide::resume(schedule, now)?))
            .await
    }

    /// It never fires again. Its history stays.
    pub async fn remove_schedule(
        &self,
        op: &OpContext,
        change: ChangeSchedule,
    ) -> Result<ScheduleChanged, ChangeScheduleError> {
        let same = |said: &ScheduleEvent| matches!(said, ScheduleEvent::Removed { .. });
        self.decide_schedule(op, change, same, |schedule| Ok(decide::remove(schedule)?))
            .await
    }

    /// Its command runs now, out of turn. Nothing that is due changes by it.
    pub async fn run_schedule_now(
        &self,
        op: &OpContext,
        change: ChangeSchedule,
    ) -> Result<ScheduleChanged, ChangeScheduleError> {
        let now = self.due_time().await?;
        let job_id = JobId::new(derived_id(change.command_id, "job"));
        let same = |said: &ScheduleEvent| matches!(said, ScheduleEvent::RunRequested { .. });
        self.decide_schedule(op, change, same, |schedule| {
            Ok(decide::run_now(schedule, job_id, now)?)
        })
        .await
    }

    async fn decide_schedule(
        &self,
        op: &OpContext,
        change: ChangeSchedule,
        same: impl Fn(&ScheduleEvent) -> bool,
        decide: impl FnOnce(&Schedule) -> Result<ScheduleEvent, ChangeScheduleError>,
    ) -> Result<ScheduleChanged, ChangeScheduleError> {
        op.require(Permission::ManageSchedules)?;
        if let Some(earlier) = self.earlier_change(change.command_id, change.id, same).await? {
            return Ok(earlier);
        }
        let schedule = self.schedule_row(change.id).await?;
        if schedule.version != change.expected_version {
            return Err(ChangeScheduleError::Stale(Box::new(schedule)));
        }
        let event = decide(&schedule)?;
        let unchanged = Guard {
            query: Query {
                items: vec![QueryItem {
                    types: ScheduleEvent::FACT_TYPES.map(str::to_owned).to_vec(),
                    tags: vec![tag(change.id)?],
                }],
            },
            after: Position::new(change.expected_version),
        };
        self.write_schedule(op, change.command_id, &event, vec![unchanged])
            .await
    }

    /// What this command came to before; refused when it was another one. The log cannot tell: what it is compared by holds the
    /// time of the decision.
    async fn earlier_change(
        &self,
        command_id: Uuid,
        id: ScheduleId,
        same: impl Fn(&ScheduleEvent) -> bool,
    ) -> Result<Option<ScheduleChanged>, ChangeScheduleError> {
        let receipt = self.store.receipt(command_id).await.map_err(Internal::new)?;
        let Some(receipt) = receipt else {
            return Ok(None);
        };
        let events = self.store.at(&[receipt.last]).await.map_err(Internal::new)?;
        let said = events.first().and_then(|event| {
            ScheduleEvent::decode(&event.event_type, event.schema_version, &event.data).ok()
        });
        match said {
            Some(said) if said.schedule_id() == id && same(&said) => Ok(Some(changed(&said, receipt.last))),
            _ => Err(ChangeScheduleError::CommandReused),
        }
    }

    async fn schedule_row(&self, id: ScheduleId) -> Result<Schedule, ChangeScheduleError> {
        rows::load(self.store.database(), id)
            .await
            .map_err(Internal::new)?
            .ok_or(ChangeScheduleError::NotFound(id))
    }

    async fn write_schedule(
        &self,
        op: &OpContext,
        command_id: Uuid,
        event: &ScheduleEvent,
        guards: Vec<Guard>,
    ) -> Result<ScheduleChanged, ChangeScheduleError> {
        let id = event.schedule_id();
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: self.schedule_events(std::slice::from_ref(event), op.today())?,
            guards,
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(appended) => Ok(changed(event, appended.receipt().last)),
            Err(AppendError::Conflict(_)) => {
                Err(ChangeScheduleError::Stale(Box::new(self.schedule_row(id).await?)))
            }
            Err(AppendError::CommandReused { .. }) => Err(ChangeScheduleError::CommandReused),
            // The projector keeps names unique in the transaction of the event.
            Err(AppendError::Inline { .. }) if self.is_name_taken(event).await? => {
                Err(ChangeScheduleError::NameTaken)
            }
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    async fn is_name_taken(&self, event: &ScheduleEvent) -> Result<bool, Internal> {
        let (ScheduleEvent::Defined { definition, .. } | ScheduleEvent::Changed { definition, .. }) = event
        else {
            return Ok(false);
        };
        let named = rows::named(self.store.database(), &definition.name)
            .await
            .map_err(Internal::new)?;
        Ok(named.is_some_and(|other| other.id != event.schedule_id()))
    }
}

fn changed(said: &ScheduleEvent, position: Position) -> ScheduleChanged {
    ScheduleChanged {
        id: said.schedule_id(),
        position,
        job_id: match said {
            ScheduleEvent::RunRequested { job_id, .. } => Some(*job_id),
            _ => None,
        },
    }
}

/// Whether what was typed is this definition, read at the time of the decision.
fn is_read_as(
    input: &DefinitionInput,
    known: &[&str],
    decided_at: DateTime<Utc>,
    definition: &Definition,
) -> bool {
    Definition::read(input, known, decided_at).is_ok_and(|read| read == *definition)
}
