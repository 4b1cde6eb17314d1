//! What staff do with schedules: define, change, pause, resume, remove, run now.

use domain::schedule::{DefinitionInput, DefinitionProblem, Schedule, ScheduleEvent, decide};
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
    /// It is so already, or cannot be any more. A sentence.
    #[error("{0}")]
    Refused(String),
    /// The command id was used before for something else.
    #[error("the command id was used before for another change")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
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
            refused => Self::Refused(refused.to_string()),
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
        self.decide_schedule(op, change, |schedule| {
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
        self.decide_schedule(op, change, |schedule| decide::pause(schedule).map_err(refused))
            .await
    }

    /// It rests no longer; what was due meanwhile does not fire.
    pub async fn resume_schedule(
        &self,
        op: &OpContext,
        change: ChangeSchedule,
    ) -> Result<ScheduleChanged, ChangeScheduleError> {
        let now = self.due_time().await?;
        self.decide_schedule(op, change, |schedule| {
            decide::resume(schedule, now).map_err(refused)
        })
        .await
    }

    /// It never fires again. Its history stays.
    pub async fn remove_schedule(
        &self,
        op: &OpContext,
        change: ChangeSchedule,
    ) -> Result<ScheduleChanged, ChangeScheduleError> {
        self.decide_schedule(op, change, |schedule| decide::remove(schedule).map_err(refused))
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
        self.decide_schedule(op, change, |schedule| {
            decide::run_now(schedule, job_id, now).map_err(refused)
        })
        .await
    }

    async fn decide_schedule(
        &self,
        op: &OpContext,
        change: ChangeSchedule,
        decide: impl FnOnce(&Schedule) -> Result<ScheduleEvent, ChangeScheduleError>,
    ) -> Result<ScheduleChanged, ChangeScheduleError> {
        op.require(Permission::ManageSchedules)?;
        if let Some(receipt) = self
            .store
            .receipt(change.command_id)
            .await
            .map_err(Internal::new)?
        {
            return Ok(ScheduleChanged {
                id: change.id,
                position: receipt.last,
                job_id: None,
            });
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
            Ok(appended) => Ok(ScheduleChanged {
                id,
                position: appended.receipt().last,
                job_id: match event {
                    ScheduleEvent::RunRequested { job_id, .. } => Some(*job_id),
                    _ => None,
                },
            }),
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

fn refused(error: impl std::fmt::Display) -> ChangeScheduleError {
    ChangeScheduleError::Refused(error.to_string())
}
