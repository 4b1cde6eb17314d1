//! Stopping an import, or going on with one.

use app::import::{TouchImport, TouchImportError};
use async_graphql::{Context, Object, Result};
use domain::staff::Permission;

use super::start::{ImportCommandInput, ImportResult, not_found, other_state, read, touched};
use crate::context::request;
use crate::fault;
use crate::input::InvalidInput;

/// The mutations.
#[derive(Default)]
pub struct TouchImportMutation;

#[Object]
impl TouchImportMutation {
    /// Stops an import, or its trial, after the rows that are under way. What is in the register stays.
    async fn stop_import(&self, ctx: &Context<'_>, input: ImportCommandInput) -> Result<ImportResult> {
        touch(ctx, &input, false).await
    }

    /// Goes on with the rows that are left, after it was stopped or given up.
    async fn resume_import(&self, ctx: &Context<'_>, input: ImportCommandInput) -> Result<ImportResult> {
        touch(ctx, &input, true).await
    }
}

async fn touch(ctx: &Context<'_>, input: &ImportCommandInput, goes_on: bool) -> Result<ImportResult> {
    let request = request(ctx)?;
    let op = request.operation()?;
    op.require(Permission::ImportDeclarations)
        .map_err(fault::forbidden)?;
    let (command_id, id) = match read(&input.command_id, &input.id) {
        Ok(read) => read,
        Err(answer) => return Ok(answer),
    };
    let command = TouchImport {
        command_id,
        id,
        goes_on,
    };
    Ok(match request.app().touch_import(op, command).await {
        Ok(()) => touched(id),
        Err(TouchImportError::OtherState) => other_state(),
        Err(TouchImportError::NotFound(id)) => not_found(id),
        Err(TouchImportError::CommandReused) => ImportResult::Invalid(InvalidInput::command_reused()),
        Err(TouchImportError::Forbidden(refused)) => return Err(fault::forbidden(refused)),
        Err(TouchImportError::Internal(error)) => {
            return Err(fault::internal(request.request_id(), &error));
        }
    })
}
