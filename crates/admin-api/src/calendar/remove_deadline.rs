//! Removing a deadline.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::calendar::DeadlineId;

use super::change_deadline::DeadlineConflict;
use super::outcome::{Expected, change, expected};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::input::InvalidInput;
use crate::scalars::Position;

/// Which deadline.
#[derive(InputObject)]
pub struct RemoveDeadlineInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which deadline.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
}

/// The outcome of removing a deadline.
#[derive(Union)]
pub enum RemoveDeadlineResult {
    /// It is gone.
    Removed(DeadlineRemoved),
    /// Somebody was faster.
    Conflict(DeadlineConflict),
    /// The request has problems.
    Invalid(InvalidInput),
    /// There is no such deadline, or it was removed.
    NotFound(NotFound),
}

/// The deadline is gone; the log keeps what it was.
#[derive(SimpleObject)]
pub struct DeadlineRemoved {
    /// Which.
    pub id: ID,
    /// Where that stands in the log.
    pub position: Position,
}

/// The mutation.
#[derive(Default)]
pub struct RemoveDeadlineMutation;

#[Object]
impl RemoveDeadlineMutation {
    /// Removes a deadline.
    async fn remove_deadline(
        &self,
        ctx: &Context<'_>,
        input: RemoveDeadlineInput,
    ) -> Result<RemoveDeadlineResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let change = match change(&input.command_id, input.expected_version) {
            Ok(change) => change,
            Err(invalid) => return Ok(RemoveDeadlineResult::Invalid(invalid)),
        };
        let Ok(id) = input.id.parse().map(DeadlineId) else {
            return Ok(RemoveDeadlineResult::NotFound(NotFound { id: input.id }));
        };
        match request.app().remove_deadline(op, change, id).await {
            Ok(changed) => Ok(RemoveDeadlineResult::Removed(DeadlineRemoved {
                id: input.id,
                position: Position(changed.version),
            })),
            Err(error) => Ok(match expected(request, error)? {
                Expected::Stale(now) => RemoveDeadlineResult::Conflict(now.into()),
                Expected::Invalid(problems) => RemoveDeadlineResult::Invalid(problems),
                Expected::NotFound => RemoveDeadlineResult::NotFound(NotFound { id: input.id }),
            }),
        }
    }
}
