//! What becomes of a request.

use app::approval::{Decide, DecideApprovalError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::ApprovalId;

use super::types::{Approval, refusal};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::staff::second_factor::{FreshSignInNeeded, not_fresh};

/// Which request.
#[derive(InputObject)]
pub struct ApprovalCommandInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which request.
    pub id: ID,
}

/// The outcome of deciding.
#[derive(Union)]
pub enum DecideApprovalResult {
    /// As it is now: look at its status, it may be void.
    Decided(Box<ApprovalDecided>),
    /// They have to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// It cannot be decided so, or not by them.
    Invalid(InvalidInput),
    /// There is no such request.
    NotFound(NotFound),
}

/// As it is now.
#[derive(SimpleObject)]
pub struct ApprovalDecided {
    /// The request.
    pub approval: Approval,
}

/// The mutations.
#[derive(Default)]
pub struct DecideApprovalMutation;

#[Object]
impl DecideApprovalMutation {
    /// Agrees to exactly the content with this hash; it is done at once.
    async fn approve(
        &self,
        ctx: &Context<'_>,
        input: ApprovalCommandInput,
        content_hash: String,
    ) -> Result<DecideApprovalResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let command = match read(&input) {
            Ok(command) => command,
            Err(answer) => return Ok(answer),
        };
        let owner = request.session().ok_or_else(fault::unauthenticated)?;
        let outcome = request.app().approve(op, owner, command, &content_hash).await;
        answer(ctx, command, outcome).await
    }

    /// Does not agree, and says why.
    async fn reject_request(
        &self,
        ctx: &Context<'_>,
        input: ApprovalCommandInput,
        reason: String,
    ) -> Result<DecideApprovalResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let command = match read(&input) {
            Ok(command) => command,
            Err(answer) => return Ok(answer),
        };
        let outcome = request.app().reject(op, command, &reason).await;
        answer(ctx, command, outcome).await
    }

    /// Takes one's own request back.
    async fn withdraw_request(
        &self,
        ctx: &Context<'_>,
        input: ApprovalCommandInput,
    ) -> Result<DecideApprovalResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let command = match read(&input) {
            Ok(command) => command,
            Err(answer) => return Ok(answer),
        };
        let outcome = request.app().withdraw_request(op, command).await;
        answer(ctx, command, outcome).await
    }

    /// Does one's own request without a second person, in an emergency. Every approver is told, and it stays marked.
    async fn bypass_approval(
        &self,
        ctx: &Context<'_>,
        input: ApprovalCommandInput,
        reason: String,
    ) -> Result<DecideApprovalResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let command = match read(&input) {
            Ok(command) => command,
            Err(answer) => return Ok(answer),
        };
        let owner = request.session().ok_or_else(fault::unauthenticated)?;
        let outcome = request.app().bypass(op, owner, command, &reason).await;
        answer(ctx, command, outcome).await
    }
}

fn read(input: &ApprovalCommandInput) -> Result<Decide, DecideApprovalResult> {
    let command_id = read_command_id(&input.command_id).map_err(DecideApprovalResult::Invalid)?;
    let id = input.id.parse::<ApprovalId>();
    let id = id.map_err(|_| DecideApprovalResult::NotFound(NotFound { id: input.id.clone() }))?;
    Ok(Decide { command_id, id })
}

async fn answer(
    ctx: &Context<'_>,
    command: Decide,
    outcome: Result<(), DecideApprovalError>,
) -> Result<DecideApprovalResult> {
    let request = request(ctx)?;
    let not_found = || {
        DecideApprovalResult::NotFound(NotFound {
            id: ID(command.id.to_string()),
        })
    };
    match outcome {
        Ok(()) => {
            let found = request.app().approval(request.operation()?, command.id).await;
            match found.map_err(|error| refusal(ctx, error))? {
                Some(detail) => {
                    let approval = Approval::new(ctx, detail).await?;
                    Ok(DecideApprovalResult::Decided(Box::new(ApprovalDecided {
                        approval,
                    })))
                }
                None => Ok(not_found()),
            }
        }
        Err(DecideApprovalError::NotFound(_)) => Ok(not_found()),
        Err(DecideApprovalError::NotFresh) => Ok(DecideApprovalResult::NotFresh(not_fresh())),
        Err(DecideApprovalError::Refused(why)) => Ok(DecideApprovalResult::Invalid(InvalidInput::one(
            "id",
            why.code(),
            why.japanese(),
        ))),
        Err(DecideApprovalError::Invalid(problems)) => Ok(DecideApprovalResult::Invalid(problems.into())),
        Err(DecideApprovalError::CommandReused) => {
            Ok(DecideApprovalResult::Invalid(InvalidInput::command_reused()))
        }
        Err(DecideApprovalError::Forbidden(refused)) => Err(fault::forbidden(refused)),
        Err(DecideApprovalError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
    }
}
