//! Having suspicions looked for at once.

use app::review::FindReviewsError;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};

use crate::context::request;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// A search as it is asked for.
#[derive(InputObject)]
pub struct FindReviewsInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
}

/// The outcome of asking for a search.
#[derive(Union)]
pub enum FindReviewsResult {
    /// One is under way.
    Finding(FindingReviews),
    /// What was sent has problems.
    Invalid(InvalidInput),
}

/// A search is under way.
#[derive(SimpleObject)]
pub struct FindingReviews {
    /// By which job: one that somebody began earlier, if it has not ended.
    pub job_id: ID,
}

/// The mutation.
#[derive(Default)]
pub struct FindReviewsMutation;

#[Object]
impl FindReviewsMutation {
    /// Has suspicions looked for at once.
    async fn find_reviews(&self, ctx: &Context<'_>, input: FindReviewsInput) -> Result<FindReviewsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(domain::staff::Permission::FlagDeclaration)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(id) => id,
            Err(invalid) => return Ok(FindReviewsResult::Invalid(invalid)),
        };
        match request.app().find_reviews(op, command_id).await {
            Ok(job_id) => Ok(FindReviewsResult::Finding(FindingReviews {
                job_id: ID(job_id.to_string()),
            })),
            Err(FindReviewsError::CommandReused) => {
                Ok(FindReviewsResult::Invalid(InvalidInput::command_reused()))
            }
            Err(FindReviewsError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(FindReviewsError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
