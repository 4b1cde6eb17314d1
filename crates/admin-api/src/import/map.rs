//! Saying how a file is read.

use app::import::{MapImport, MapImportError};
use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::ImportId;
use domain::staff::Permission;

use super::start::{ImportResult, not_found, other_state, touched};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// How a file is read.
#[derive(InputObject)]
pub struct MapImportInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which import.
    pub id: ID,
    /// Of a workbook: which of its visible sheets, from 0.
    pub sheet: i32,
    /// For each column of a register, in the order of `Import.columns`, which column of the file, from 0; null: none.
    pub places: Vec<Option<i32>>,
}

/// The mutation.
#[derive(Default)]
pub struct MapImportMutation;

#[Object]
impl MapImportMutation {
    /// Says which column of a file is which, and has it tried out so. Nothing of it is in the register yet.
    async fn map_import(&self, ctx: &Context<'_>, input: MapImportInput) -> Result<ImportResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ImportDeclarations)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(ImportResult::Invalid(invalid)),
        };
        let Ok(id) = input.id.parse::<ImportId>() else {
            return Ok(ImportResult::NotFound(NotFound { id: input.id }));
        };
        // What is no column at all is a column that the file does not have.
        let place = |place: i32| u16::try_from(place).unwrap_or(u16::MAX);
        let command = MapImport {
            command_id,
            id,
            sheet: place(input.sheet),
            places: input.places.iter().map(|it| it.map(place)).collect(),
        };
        Ok(match request.app().map_import(op, command).await {
            Ok(()) => touched(id),
            Err(MapImportError::Invalid(problems)) => ImportResult::Invalid(problems.into()),
            Err(MapImportError::OtherState) => other_state(),
            Err(MapImportError::NotFound(id)) => not_found(id),
            Err(MapImportError::CommandReused) => ImportResult::Invalid(InvalidInput::command_reused()),
            Err(MapImportError::Forbidden(refused)) => return Err(fault::forbidden(refused)),
            Err(MapImportError::Internal(error)) => {
                return Err(fault::internal(request.request_id(), &error));
            }
        })
    }
}
