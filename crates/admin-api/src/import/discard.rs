//! Discarding an import.

use app::import::{DiscardImport, DiscardImportError};
use async_graphql::{Context, Object, Result};
use domain::staff::Permission;

use super::start::{ImportCommandInput, ImportResult, not_found, other_state, read, touched};
use crate::context::request;
use crate::fault;
use crate::input::InvalidInput;

/// The mutation.
#[derive(Default)]
pub struct DiscardImportMutation;

#[Object]
impl DiscardImportMutation {
    /// Discards an import that was not begun; its file is destroyed at once.
    async fn discard_import(&self, ctx: &Context<'_>, input: ImportCommandInput) -> Result<ImportResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ImportDeclarations)
            .map_err(fault::forbidden)?;
        let (command_id, id) = match read(&input.command_id, &input.id) {
            Ok(read) => read,
            Err(answer) => return Ok(answer),
        };
        let command = DiscardImport { command_id, id };
        Ok(match request.app().discard_import(op, command).await {
            Ok(()) => touched(id),
            Err(DiscardImportError::OtherState) => other_state(),
            Err(DiscardImportError::NotFound(id)) => not_found(id),
            Err(DiscardImportError::CommandReused) => ImportResult::Invalid(InvalidInput::command_reused()),
            Err(DiscardImportError::Forbidden(refused)) => return Err(fault::forbidden(refused)),
            Err(DiscardImportError::Internal(error)) => {
                return Err(fault::internal(request.request_id(), &error));
            }
        })
    }
}
