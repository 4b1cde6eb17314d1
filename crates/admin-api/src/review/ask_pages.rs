//! Having the pages of policies asked for at once.

use app::review::AskPagesError;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::ReviewId;
use domain::staff::Permission;

use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// What is to be asked for.
#[derive(InputObject)]
pub struct AskPagesInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// The suspicion whose page is asked for first, due or not. Null: only what is due.
    pub review_id: Option<ID>,
}

/// The outcome of wanting pages asked for.
#[derive(Union)]
pub enum AskPagesResult {
    /// They are.
    Asking(AskingPages),
    /// There is no such suspicion about a page.
    NotFound(NotFound),
    /// What was sent has problems.
    Invalid(InvalidInput),
}

/// Pages are asked for.
#[derive(SimpleObject)]
pub struct AskingPages {
    /// By which job: one that somebody began earlier, if it has not ended.
    pub job_id: ID,
}

/// The mutation.
#[derive(Default)]
pub struct AskPagesMutation;

#[Object]
impl AskPagesMutation {
    /// Has the pages of policies that are due asked for at once, and suspicions looked for after it.
    async fn ask_pages(&self, ctx: &Context<'_>, input: AskPagesInput) -> Result<AskPagesResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        for needed in [Permission::ReadDeclarations, Permission::RecordPolicy] {
            op.require(needed).map_err(fault::forbidden)?;
        }
        let command_id = match read_command_id(&input.command_id) {
            Ok(id) => id,
            Err(invalid) => return Ok(AskPagesResult::Invalid(invalid)),
        };
        let review = match input.review_id.map(|id| id.parse::<ReviewId>().map_err(|_| id)) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(id)) => return Ok(AskPagesResult::NotFound(NotFound { id })),
        };
        match request.app().request_pages(op, command_id, review).await {
            Ok(job_id) => Ok(AskPagesResult::Asking(AskingPages {
                job_id: ID(job_id.to_string()),
            })),
            Err(AskPagesError::NotFound(id)) => Ok(AskPagesResult::NotFound(NotFound {
                id: ID(id.to_string()),
            })),
            Err(AskPagesError::CommandReused) => Ok(AskPagesResult::Invalid(InvalidInput::command_reused())),
            Err(AskPagesError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(AskPagesError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
