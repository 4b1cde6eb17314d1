//! Making an own day of the office an ordinary one again.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::outcome::{change, expected};
use super::set_day::{CalendarDayChanged, ChangeCalendarDayResult};
use crate::context::request;
use crate::scalars::{Date, Position};

/// Which day.
#[derive(InputObject)]
pub struct ClearCalendarDayInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which day.
    pub date: Date,
    /// The version that its author saw.
    pub expected_version: Position,
}

/// The mutation.
#[derive(Default)]
pub struct ClearDayMutation;

#[Object]
impl ClearDayMutation {
    /// Takes away what the office had made of a day.
    async fn clear_calendar_day(
        &self,
        ctx: &Context<'_>,
        input: ClearCalendarDayInput,
    ) -> Result<ChangeCalendarDayResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let change = match change(&input.command_id, input.expected_version) {
            Ok(change) => change,
            Err(invalid) => return Ok(ChangeCalendarDayResult::Invalid(invalid)),
        };
        match request.app().clear_calendar_day(op, change, input.date.0).await {
            Ok(changed) => Ok(ChangeCalendarDayResult::Changed(CalendarDayChanged {
                date: input.date,
                version: Position(changed.version),
            })),
            Err(error) => expected(request, error).map(ChangeCalendarDayResult::from),
        }
    }
}
