//! Sending to an address again.

use app::mail::SuppressError;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use event_store::Position;

use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// Which suppression.
#[derive(InputObject)]
pub struct LiftSuppressionInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which suppression.
    pub id: ID,
}

/// The outcome of lifting a suppression.
#[derive(Union)]
pub enum LiftSuppressionResult {
    /// Mail goes there again.
    Lifted(SuppressionLifted),
    /// The request has problems.
    Invalid(InvalidInput),
    /// There is no such suppression, or not any more.
    NotFound(NotFound),
}

/// Mail goes there again.
#[derive(SimpleObject)]
pub struct SuppressionLifted {
    /// Which suppression it was.
    pub id: ID,
}

/// The mutation.
#[derive(Default)]
pub struct LiftSuppressionMutation;

#[Object]
impl LiftSuppressionMutation {
    /// Lets mail go to an address again.
    async fn lift_suppression(
        &self,
        ctx: &Context<'_>,
        input: LiftSuppressionInput,
    ) -> Result<LiftSuppressionResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(LiftSuppressionResult::Invalid(invalid)),
        };
        let Ok(position) = input.id.parse::<i64>() else {
            return Ok(LiftSuppressionResult::NotFound(NotFound { id: input.id }));
        };
        let app = request.app();
        match app
            .lift_suppression(op, command_id, Position::new(position))
            .await
        {
            Ok(_) => Ok(LiftSuppressionResult::Lifted(SuppressionLifted { id: input.id })),
            Err(SuppressError::NotFound) => Ok(LiftSuppressionResult::NotFound(NotFound { id: input.id })),
            Err(SuppressError::CommandReused) => {
                Ok(LiftSuppressionResult::Invalid(InvalidInput::command_reused()))
            }
            Err(SuppressError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(error) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
