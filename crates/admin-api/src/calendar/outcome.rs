//! What all changes of the calendar answer alike.

use app::calendar::{CalendarChange, ChangeCalendarError, Standing};
use async_graphql::{Context, Error, ID, Result};
use domain::staff::Actor as DomainActor;
use uuid::Uuid;

use crate::context::{RequestContext, request};
use crate::declaration::history::{Actor, actor};
use crate::fault;
use crate::input::InvalidInput;
use crate::scalars::Position;

/// Whoever the log names, with a name for people.
pub async fn actor_of(ctx: &Context<'_>, text: &str) -> Result<Actor> {
    let known: Result<DomainActor, _> = text.parse();
    match known {
        Ok(known) => actor(ctx, &known).await,
        Err(error) => Err(fault::internal(request(ctx)?.request_id(), &error)),
    }
}

/// The command and the version that its author saw.
pub fn change(command_id: &ID, expected_version: Position) -> Result<CalendarChange, InvalidInput> {
    Ok(CalendarChange {
        command_id: read_command_id(command_id)?,
        expected_version: expected_version.0,
    })
}

/// The id of a command.
pub fn read_command_id(command_id: &ID) -> Result<Uuid, InvalidInput> {
    command_id.parse().map_err(|_| {
        InvalidInput::one(
            "commandId",
            "shape",
            "操作の番号の形式が正しくありません。画面を開き直してください。",
        )
    })
}

/// An outcome that people can act on.
pub enum Expected {
    /// Somebody was faster.
    Stale(Option<Box<Standing>>),
    /// What was typed has problems.
    Invalid(InvalidInput),
    /// There is no such deadline.
    NotFound,
}

/// Tells what people can act on from faults.
pub fn expected(request: &RequestContext, error: ChangeCalendarError) -> Result<Expected, Error> {
    match error {
        ChangeCalendarError::Stale(now) => Ok(Expected::Stale(now)),
        ChangeCalendarError::Invalid(problems) => Ok(Expected::Invalid(problems.into())),
        ChangeCalendarError::NotFound => Ok(Expected::NotFound),
        ChangeCalendarError::Forbidden(refused) => Err(fault::forbidden(refused)),
        ChangeCalendarError::Internal(error) => Err(fault::internal(request.request_id(), &error)),
    }
}

/// There are deadlines only under ids of ours; anything else is not found.
pub fn not_expected() -> InvalidInput {
    InvalidInput::one(
        "id",
        "unknown",
        "この項目は見つかりません。画面を開き直してください。",
    )
}
