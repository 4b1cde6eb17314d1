//! Giving a schedule another definition.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::fields::ScheduleFieldsInput;
use super::outcome::{ChangeScheduleResult, ScheduleCommandInput, answer, read};
use crate::context::request;
use crate::scalars::Position;

/// A schedule as it should be.
#[derive(InputObject)]
pub struct ChangeScheduleInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which schedule.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// All that it says from now on.
    pub schedule: ScheduleFieldsInput,
}

/// The mutation.
#[derive(Default)]
pub struct ChangeScheduleMutation;

#[Object]
impl ChangeScheduleMutation {
    /// Gives a schedule another definition.
    async fn change_schedule(
        &self,
        ctx: &Context<'_>,
        input: ChangeScheduleInput,
    ) -> Result<ChangeScheduleResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(domain::staff::Permission::ManageSchedules)
            .map_err(crate::fault::forbidden)?;
        let command = ScheduleCommandInput {
            command_id: input.command_id,
            id: input.id,
            expected_version: input.expected_version,
        };
        let change = match read(&command) {
            Ok(change) => change,
            Err(answer) => return Ok(answer),
        };
        let commands = &request.operations().commands;
        let typed = match input.schedule.read(commands, op.now()) {
            Ok(typed) => typed,
            Err(invalid) => return Ok(ChangeScheduleResult::Invalid(invalid)),
        };
        let outcome = request.app().change_schedule(op, change, &typed, commands).await;
        answer(ctx, outcome).await
    }
}
