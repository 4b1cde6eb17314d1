//! What all changes of the calendar answer alike.

use app::calendar::{CalendarChange, ChangeCalendarError, Standing};
use async_graphql::{Error, ID, Result};

use crate::context::RequestContext;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::Position;

/// The command and the version that its author saw.
pub fn change(command_id: &ID, expected_version: Position) -> Result<CalendarChange, InvalidInput> {
    Ok(CalendarChange {
        command_id: read_command_id(command_id)?,
        expected_version: expected_version.0,
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
