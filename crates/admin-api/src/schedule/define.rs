//! Defining a schedule.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};

use super::fields::ScheduleFieldsInput;
use super::outcome::invalid;
use crate::context::request;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::Position;

/// A new schedule.
#[derive(InputObject)]
pub struct DefineScheduleInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// What it says.
    pub schedule: ScheduleFieldsInput,
}

/// The outcome of defining a schedule.
#[derive(Union)]
pub enum DefineScheduleResult {
    /// It fires from now on.
    Defined(ScheduleDefined),
    /// What was typed has problems.
    Invalid(InvalidInput),
}

/// It fires from now on.
#[derive(SimpleObject)]
pub struct ScheduleDefined {
    /// Its id.
    pub id: ID,
    /// What its next change must name.
    pub version: Position,
}

/// The mutation.
#[derive(Default)]
pub struct DefineScheduleMutation;

#[Object]
impl DefineScheduleMutation {
    /// Defines a schedule.
    async fn define_schedule(
        &self,
        ctx: &Context<'_>,
        input: DefineScheduleInput,
    ) -> Result<DefineScheduleResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(domain::staff::Permission::ManageSchedules)
            .map_err(crate::fault::forbidden)?;
        let commands = &request.operations().commands;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(DefineScheduleResult::Invalid(invalid)),
        };
        let typed = match input.schedule.read(commands, op.now()) {
            Ok(typed) => typed,
            Err(invalid) => return Ok(DefineScheduleResult::Invalid(invalid)),
        };
        match request
            .app()
            .define_schedule(op, command_id, &typed, commands)
            .await
        {
            Ok(defined) => Ok(DefineScheduleResult::Defined(ScheduleDefined {
                id: ID(defined.id.to_string()),
                version: Position(defined.position),
            })),
            Err(error) => invalid(request, error).map(DefineScheduleResult::Invalid),
        }
    }
}
