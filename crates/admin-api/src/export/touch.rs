//! Stopping the making of a file, having it made after all, and destroying it.

use app::export::{DiscardExport, DiscardExportError, TouchExport, TouchExportError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::ExportId;
use domain::staff::Permission;
use uuid::Uuid;

use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// Which export.
#[derive(InputObject)]
pub struct ExportCommandInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which.
    pub id: ID,
}

/// The outcome of stopping, going on or destroying.
#[derive(Union)]
pub enum ExportResult {
    /// It is done, or under way.
    Touched(ExportTouched),
    /// It is not in a state for that.
    OtherState(ExportOtherState),
    /// The request has problems.
    Invalid(InvalidInput),
    /// The caller asked for no such export.
    NotFound(NotFound),
}

/// It is done, or under way.
#[derive(SimpleObject)]
pub struct ExportTouched {
    /// Which.
    pub id: ID,
}

/// It is not being made, or has ended. Nothing was written.
#[derive(SimpleObject)]
pub struct ExportOtherState {
    /// For people.
    pub message: String,
}

/// The mutations.
#[derive(Default)]
pub struct TouchExportMutation;

#[Object]
impl TouchExportMutation {
    /// Stops the making of a file.
    async fn stop_export(&self, ctx: &Context<'_>, input: ExportCommandInput) -> Result<ExportResult> {
        touch(ctx, &input, false).await
    }

    /// Has a file made from its beginning, after it was stopped or given up.
    async fn resume_export(&self, ctx: &Context<'_>, input: ExportCommandInput) -> Result<ExportResult> {
        touch(ctx, &input, true).await
    }

    /// Destroys a file, or what was asked for and not made.
    async fn discard_export(&self, ctx: &Context<'_>, input: ExportCommandInput) -> Result<ExportResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ExportDeclarations)
            .map_err(fault::forbidden)?;
        let (command_id, id) = match read(&input) {
            Ok(read) => read,
            Err(answer) => return Ok(answer),
        };
        let command = DiscardExport { command_id, id };
        Ok(match request.app().discard_export(op, command).await {
            Ok(()) => touched(id),
            Err(DiscardExportError::OtherState) => other_state(),
            Err(DiscardExportError::NotFound(id)) => not_found(id),
            Err(DiscardExportError::CommandReused) => ExportResult::Invalid(InvalidInput::command_reused()),
            Err(DiscardExportError::Forbidden(refused)) => return Err(fault::forbidden(refused)),
            Err(DiscardExportError::Internal(error)) => {
                return Err(fault::internal(request.request_id(), &error));
            }
        })
    }
}

async fn touch(ctx: &Context<'_>, input: &ExportCommandInput, goes_on: bool) -> Result<ExportResult> {
    let request = request(ctx)?;
    let op = request.operation()?;
    op.require(Permission::ExportDeclarations)
        .map_err(fault::forbidden)?;
    let (command_id, id) = match read(input) {
        Ok(read) => read,
        Err(answer) => return Ok(answer),
    };
    let command = TouchExport {
        command_id,
        id,
        goes_on,
    };
    Ok(match request.app().touch_export(op, command).await {
        Ok(()) => touched(id),
        Err(TouchExportError::OtherState) => other_state(),
        Err(TouchExportError::NotFound(id)) => not_found(id),
        Err(TouchExportError::CommandReused) => ExportResult::Invalid(InvalidInput::command_reused()),
        Err(TouchExportError::Forbidden(refused)) => return Err(fault::forbidden(refused)),
        Err(TouchExportError::Internal(error)) => {
            return Err(fault::internal(request.request_id(), &error));
        }
    })
}

fn read(input: &ExportCommandInput) -> Result<(Uuid, ExportId), ExportResult> {
    let command_id = read_command_id(&input.command_id).map_err(ExportResult::Invalid)?;
    let id = input.id.parse::<ExportId>();
    let id = id.map_err(|_| ExportResult::NotFound(NotFound { id: input.id.clone() }))?;
    Ok((command_id, id))
}

fn touched(id: ExportId) -> ExportResult {
    ExportResult::Touched(ExportTouched {
        id: ID(id.to_string()),
    })
}

fn not_found(id: ExportId) -> ExportResult {
    ExportResult::NotFound(NotFound {
        id: ID(id.to_string()),
    })
}

fn other_state() -> ExportResult {
    let message = "この書き出しの状態が変わったため、操作できません。最新の状態を確かめてください。";
    ExportResult::OtherState(ExportOtherState {
        message: message.to_owned(),
    })
}
