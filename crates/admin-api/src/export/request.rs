//! Asking for a file with a view of the register.

use app::export::{RequestExport, RequestExportError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::staff::Permission;
use storage::declaration::Sort;

use super::types::{ExportColumn, ExportFormat};
use crate::context::request;
use crate::declaration::filter::DeclarationFilter;
use crate::declaration::list::DeclarationSort;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// A view, and how it is to be written.
#[derive(InputObject)]
pub struct RequestExportInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// What the view is narrowed to by values.
    pub filter: Option<DeclarationFilter>,
    /// By words, as typed.
    pub search: Option<String>,
    /// The order.
    pub sort: Option<DeclarationSort>,
    /// Which columns, in order, each once.
    pub columns: Vec<ExportColumn>,
    /// What kind of file.
    pub format: ExportFormat,
    /// What it is for, 1 to 1,000 characters.
    pub reason: String,
}

/// The outcome of asking for a file.
#[derive(Union)]
pub enum RequestExportResult {
    /// It is being made, or a second person is asked.
    Requested(ExportRequested),
    /// What was asked for has problems, or the view has no records.
    Invalid(InvalidInput),
}

/// A file is being made, or a second person is asked.
#[derive(SimpleObject)]
pub struct ExportRequested {
    /// Which export.
    pub id: ID,
    /// The request for a second person; null: it is being made.
    pub approval_id: Option<ID>,
}

/// The mutation.
#[derive(Default)]
pub struct RequestExportMutation;

#[Object]
impl RequestExportMutation {
    /// Asks for a file with a view of the register. Above a limit of records a second person is asked.
    async fn request_export(
        &self,
        ctx: &Context<'_>,
        input: RequestExportInput,
    ) -> Result<RequestExportResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ExportDeclarations)
            .map_err(fault::forbidden)?;
        let read = read(input);
        let command = match read {
            Ok(command) => command,
            Err(invalid) => return Ok(RequestExportResult::Invalid(invalid)),
        };
        Ok(match request.app().request_export(op, command).await {
            Ok(requested) => RequestExportResult::Requested(ExportRequested {
                id: ID(requested.id.to_string()),
                approval_id: requested.approval.map(|id| ID(id.to_string())),
            }),
            Err(RequestExportError::Invalid(problems)) => RequestExportResult::Invalid(problems.into()),
            Err(RequestExportError::CommandReused) => {
                RequestExportResult::Invalid(InvalidInput::command_reused())
            }
            Err(RequestExportError::Forbidden(refused)) => return Err(fault::forbidden(refused)),
            Err(RequestExportError::Internal(error)) => {
                return Err(fault::internal(request.request_id(), &error));
            }
        })
    }
}

fn read(input: RequestExportInput) -> std::result::Result<RequestExport, InvalidInput> {
    Ok(RequestExport {
        command_id: read_command_id(&input.command_id)?,
        filter: input.filter.unwrap_or_default().read()?,
        search: input.search,
        sort: input.sort.map_or(Sort::default(), Sort::from),
        columns: input.columns.into_iter().map(Into::into).collect(),
        format: input.format.into(),
        reason: input.reason,
    })
}
