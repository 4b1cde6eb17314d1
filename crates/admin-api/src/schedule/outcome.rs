//! What all changes of a schedule answer alike.

use app::schedule::{ChangeSchedule, ChangeScheduleError, ScheduleChanged as Changed};
use async_graphql::{ComplexObject, Context, ID, InputObject, Result, SimpleObject, Union};
use domain::ScheduleId;
use domain::schedule::Schedule as DomainSchedule;

use super::fields::problems;
use super::types::Schedule;
use crate::context::{RequestContext, request};
use crate::declaration::detail::NotFound;
use crate::declaration::history::{Actor, actor_of};
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::{DateTime, Position};

/// Which schedule, as its author saw it.
#[derive(InputObject)]
pub struct ScheduleCommandInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which schedule.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
}

/// The outcome of changing a schedule.
#[derive(Union)]
pub enum ChangeScheduleResult {
    /// It is so now.
    Changed(Box<ScheduleChanged>),
    /// Somebody was faster.
    Conflict(Box<ScheduleConflict>),
    /// What was typed has problems, or it cannot be done.
    Invalid(InvalidInput),
    /// There is no such schedule.
    NotFound(NotFound),
}

/// It is so now.
#[derive(SimpleObject)]
pub struct ScheduleChanged {
    /// As it is now.
    pub schedule: Schedule,
    /// The job of a run that was asked for.
    pub job_id: Option<ID>,
}

/// Somebody was faster. Nothing was written.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ScheduleConflict {
    /// As it is now.
    pub schedule: Schedule,
    #[graphql(skip)]
    newest: Option<(DateTime, String)>,
}

#[ComplexObject]
impl ScheduleConflict {
    /// When they changed it.
    async fn at(&self) -> Option<DateTime> {
        self.newest.as_ref().map(|(at, _)| *at)
    }

    /// Who was faster.
    async fn by(&self, ctx: &Context<'_>) -> Result<Option<Actor>> {
        match &self.newest {
            Some((_, by)) => Ok(Some(actor_of(ctx, by).await?)),
            None => Ok(None),
        }
    }
}

/// Reads which change of which schedule is meant.
pub fn read(input: &ScheduleCommandInput) -> Result<ChangeSchedule, ChangeScheduleResult> {
    let command_id = read_command_id(&input.command_id).map_err(ChangeScheduleResult::Invalid)?;
    let id = input.id.parse::<ScheduleId>();
    let id = id.map_err(|_| ChangeScheduleResult::NotFound(NotFound { id: input.id.clone() }))?;
    Ok(ChangeSchedule {
        command_id,
        id,
        expected_version: input.expected_version.0.get(),
    })
}

/// What is answered to a change.
pub async fn answer(
    ctx: &Context<'_>,
    outcome: Result<Changed, ChangeScheduleError>,
) -> Result<ChangeScheduleResult> {
    let request = request(ctx)?;
    match outcome {
        Ok(changed) => {
            let op = request.operation()?;
            let schedule = request.app().schedule(op, changed.id).await;
            let schedule = schedule.map_err(|error| super::types::refusal(ctx, error))?;
            let Some(schedule) = schedule else {
                return Ok(not_found(changed.id));
            };
            Ok(ChangeScheduleResult::Changed(Box::new(ScheduleChanged {
                schedule: Schedule::new(schedule, op.now()),
                job_id: changed.job_id.map(|id| ID(id.to_string())),
            })))
        }
        Err(ChangeScheduleError::Stale(now)) => conflict(ctx, *now).await,
        Err(ChangeScheduleError::NotFound(id)) => Ok(not_found(id)),
        Err(error) => invalid(request, error).map(ChangeScheduleResult::Invalid),
    }
}

fn not_found(id: ScheduleId) -> ChangeScheduleResult {
    ChangeScheduleResult::NotFound(NotFound {
        id: ID(id.to_string()),
    })
}

async fn conflict(ctx: &Context<'_>, now: DomainSchedule) -> Result<ChangeScheduleResult> {
    let request = request(ctx)?;
    let op = request.operation()?;
    let deeds = request.app().schedule_deeds(op, now.id, usize::MAX).await;
    let deeds = deeds.map_err(|error| super::types::refusal(ctx, error))?;
    let newest = deeds.into_iter().find(|deed| deed.position.get() == now.version);
    Ok(ChangeScheduleResult::Conflict(Box::new(ScheduleConflict {
        schedule: Schedule::new(now, op.now()),
        newest: newest.map(|deed| (DateTime(deed.at), deed.by)),
    })))
}

/// What is wrong with what was asked for, as data; everything else is a fault.
pub fn invalid(request: &RequestContext, error: ChangeScheduleError) -> Result<InvalidInput> {
    match error {
        ChangeScheduleError::Invalid(found) => Ok(problems(found)),
        ChangeScheduleError::Refused(refusal) => {
            Ok(InvalidInput::one("id", refusal.code(), refusal.japanese()))
        }
        ChangeScheduleError::NameTaken => Ok(InvalidInput::one(
            "name",
            "taken",
            "同じ名前のスケジュールがあります。別の名前を入力してください。",
        )),
        ChangeScheduleError::CommandReused => Ok(InvalidInput::command_reused()),
        ChangeScheduleError::Forbidden(refused) => Err(fault::forbidden(refused)),
        error => Err(fault::internal(request.request_id(), &error)),
    }
}
