//! Beginning an import.

use app::import::{StartImport, StartImportError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::staff::Permission;
use domain::{ImportId, JobId};
use uuid::Uuid;

use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// Which import.
#[derive(InputObject)]
pub struct ImportCommandInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which.
    pub id: ID,
}

/// Which import is to begin.
#[derive(InputObject)]
pub struct StartImportInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which.
    pub id: ID,
    /// The job of the trial that its author looked at.
    pub trial_job_id: ID,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// The outcome of saying how it is read, beginning, stopping, going on or discarding.
#[derive(Union)]
pub enum ImportResult {
    /// It is done, or under way.
    Touched(ImportTouched),
    /// It takes over so many rows that a second person has to agree.
    NeedsApproval(ImportNeedsApproval),
    /// It is not in a state for that.
    OtherState(ImportOtherState),
    /// The request has problems, or it cannot be begun as it stands.
    Invalid(InvalidInput),
    /// There is no such import.
    NotFound(NotFound),
}

/// It is done, or under way.
#[derive(SimpleObject)]
pub struct ImportTouched {
    /// Which.
    pub id: ID,
}

/// A second person has to agree: ask by `requestImport`.
#[derive(SimpleObject)]
pub struct ImportNeedsApproval {
    /// Rows that would be taken over.
    pub count: u32,
    /// So many may be taken over without.
    pub limit: u32,
}

/// It has ended and cannot be stopped, was begun or discarded, or was tried out in another way since. Nothing was written.
#[derive(SimpleObject)]
pub struct ImportOtherState {
    /// For people.
    pub message: String,
}

/// The mutation.
#[derive(Default)]
pub struct StartImportMutation;

#[Object]
impl StartImportMutation {
    /// Begins an import that was tried out. Begun twice, it is begun once.
    async fn start_import(&self, ctx: &Context<'_>, input: StartImportInput) -> Result<ImportResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ImportDeclarations)
            .map_err(fault::forbidden)?;
        let (command_id, id) = match read(&input.command_id, &input.id) {
            Ok(read) => read,
            Err(answer) => return Ok(answer),
        };
        let Ok(trial_job) = input.trial_job_id.parse::<JobId>() else {
            return Ok(other_state());
        };
        let command = StartImport {
            command_id,
            id,
            trial_job,
            reason: input.reason,
        };
        Ok(match request.app().start_import(op, command).await {
            Ok(()) => touched(id),
            Err(StartImportError::NeedsApproval { count, limit }) => {
                ImportResult::NeedsApproval(ImportNeedsApproval {
                    count: u32::try_from(count).unwrap_or(u32::MAX),
                    limit,
                })
            }
            Err(StartImportError::TriedAnew) => other_state(),
            Err(StartImportError::Refused(why)) => {
                ImportResult::Invalid(InvalidInput::one("id", why.code(), why.japanese()))
            }
            Err(StartImportError::Invalid(problems)) => ImportResult::Invalid(problems.into()),
            Err(StartImportError::NotFound(id)) => not_found(id),
            Err(StartImportError::CommandReused) => ImportResult::Invalid(InvalidInput::command_reused()),
            Err(StartImportError::Forbidden(refused)) => return Err(fault::forbidden(refused)),
            Err(StartImportError::Internal(error)) => {
                return Err(fault::internal(request.request_id(), &error));
            }
        })
    }
}

/// Reads which import is meant.
pub fn read(command_id: &ID, id: &ID) -> Result<(Uuid, ImportId), ImportResult> {
    let command_id = read_command_id(command_id).map_err(ImportResult::Invalid)?;
    let read = id.parse::<ImportId>();
    let id = read.map_err(|_| ImportResult::NotFound(NotFound { id: id.clone() }))?;
    Ok((command_id, id))
}

/// It is done, or under way.
pub fn touched(id: ImportId) -> ImportResult {
    ImportResult::Touched(ImportTouched {
        id: ID(id.to_string()),
    })
}

/// There is none.
pub fn not_found(id: ImportId) -> ImportResult {
    ImportResult::NotFound(NotFound {
        id: ID(id.to_string()),
    })
}

/// It moved on.
pub fn other_state() -> ImportResult {
    let message = "この取り込みの状態が変わったため、操作できません。最新の状態を確かめてください。";
    ImportResult::OtherState(ImportOtherState {
        message: message.to_owned(),
    })
}
