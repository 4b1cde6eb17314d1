//! Taking a bulk change back by another one.

use app::bulk_change::{UndoBulkChange, UndoBulkChangeError};
use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::BulkChangeId;
use domain::staff::Permission;

use super::freeze::{FreezeBulkChangeResult, answer};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::read_command_id;

/// A bulk change that is to be taken back.
#[derive(InputObject)]
pub struct UndoBulkChangeInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which.
    pub id: ID,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// The mutation.
#[derive(Default)]
pub struct UndoBulkChangeMutation;

#[Object]
impl UndoBulkChangeMutation {
    /// Chooses the records that a bulk change changed, to take back what it did to each where nothing later rests on it.
    async fn undo_bulk_change(
        &self,
        ctx: &Context<'_>,
        input: UndoBulkChangeInput,
    ) -> Result<FreezeBulkChangeResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ChangeMany).map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(FreezeBulkChangeResult::Invalid(invalid)),
        };
        let Ok(id) = input.id.parse::<BulkChangeId>() else {
            return Ok(FreezeBulkChangeResult::NotFound(NotFound { id: input.id }));
        };
        let command = UndoBulkChange {
            command_id,
            id,
            reason: input.reason,
        };
        match request.app().undo_bulk_change(op, command).await {
            Ok(id) => answer(request, Ok(id)),
            Err(UndoBulkChangeError::NotFound(id)) => Ok(FreezeBulkChangeResult::NotFound(NotFound {
                id: ID(id.to_string()),
            })),
            Err(UndoBulkChangeError::Freeze(error)) => answer(request, Err(error)),
        }
    }
}
