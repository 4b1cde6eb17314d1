//! Deciding about a suspicion.

use app::review::{DecideReview, DecideReviewError};
use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::ReviewId;
use domain::staff::Permission;

use super::claim::{ReviewResult, refused, touched};
use super::types::ReviewVerdict;
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// A decision as it is sent.
#[derive(InputObject)]
pub struct DecideReviewInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// About which suspicion.
    pub id: ID,
    /// What.
    pub verdict: ReviewVerdict,
    /// Why, up to 1,000 characters; only what was merely looked at needs no reason.
    pub reason: String,
}

/// The mutation.
#[derive(Default)]
pub struct DecideReviewMutation;

#[Object]
impl DecideReviewMutation {
    /// Decides about a suspicion, and does to its declarations what the verdict does.
    async fn decide_review(&self, ctx: &Context<'_>, input: DecideReviewInput) -> Result<ReviewResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ReadDeclarations)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(id) => id,
            Err(invalid) => return Ok(ReviewResult::Invalid(invalid)),
        };
        let Ok(id) = input.id.parse::<ReviewId>() else {
            return Ok(ReviewResult::NotFound(NotFound { id: input.id }));
        };
        let command = DecideReview {
            command_id,
            id,
            verdict: input.verdict.into(),
            reason: input.reason,
        };
        match request.app().decide_review(op, &command).await {
            Ok(review) => touched(ctx, &review),
            Err(DecideReviewError::Touch(error)) => refused(ctx, error),
            Err(DecideReviewError::Invalid(problems)) => Ok(ReviewResult::Invalid(problems.into())),
            Err(DecideReviewError::CommandReused) => {
                Ok(ReviewResult::Invalid(InvalidInput::command_reused()))
            }
        }
    }
}
