//! What administrators do with accounts: other roles, disable, enable.

use app::staff::{ChangeAccount, ChangeAccountError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};

use super::accounts::{DisableReason, StaffAccountDetail, refusal, staff_id};
use super::second_factor::{FreshSignInNeeded, not_fresh};
use super::types::Role;
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::Position;

/// Which account, as its author saw it.
#[derive(InputObject)]
pub struct AccountCommandInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Whose account.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
}

/// The outcome of changing an account.
#[derive(Union)]
pub enum ChangeAccountResult {
    /// It is so now.
    Changed(Box<AccountChanged>),
    /// Somebody was faster.
    Conflict(Box<AccountConflict>),
    /// A second person has to agree first.
    NeedsApproval(NeedsApproval),
    /// Whoever asks has to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// It cannot be done.
    Invalid(InvalidInput),
    /// There is no such account.
    NotFound(NotFound),
}

/// It is so now.
#[derive(SimpleObject)]
pub struct AccountChanged {
    /// As it is now.
    pub account: StaffAccountDetail,
}

/// Somebody was faster. Nothing was written.
#[derive(SimpleObject)]
pub struct AccountConflict {
    /// As it is now.
    pub account: StaffAccountDetail,
}

/// A second person has to agree first. Nothing was written.
#[derive(SimpleObject)]
pub struct NeedsApproval {
    /// To these roles.
    pub roles: Vec<Role>,
}

/// The mutations.
#[derive(Default)]
pub struct ChangeAccountMutation;

#[Object]
impl ChangeAccountMutation {
    /// Gives somebody other roles.
    async fn change_staff_roles(
        &self,
        ctx: &Context<'_>,
        input: AccountCommandInput,
        roles: Vec<Role>,
    ) -> Result<ChangeAccountResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let change = match read(&input) {
            Ok(change) => change,
            Err(answer) => return Ok(answer),
        };
        let roles: Vec<_> = roles.into_iter().map(Into::into).collect();
        let outcome = request.app().change_roles(op, change, &roles).await;
        answer(ctx, change, outcome.map(drop)).await
    }

    /// Lets nobody sign in with an account any more; its sessions end at once.
    async fn disable_staff(
        &self,
        ctx: &Context<'_>,
        input: AccountCommandInput,
        reason: DisableReason,
    ) -> Result<ChangeAccountResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let change = match read(&input) {
            Ok(change) => change,
            Err(answer) => return Ok(answer),
        };
        let outcome = request.app().disable_account(op, change, reason.into()).await;
        answer(ctx, change, outcome.map(drop)).await
    }

    /// Lets somebody sign in again.
    async fn enable_staff(
        &self,
        ctx: &Context<'_>,
        input: AccountCommandInput,
    ) -> Result<ChangeAccountResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let change = match read(&input) {
            Ok(change) => change,
            Err(answer) => return Ok(answer),
        };
        let outcome = request.app().enable_account(op, change).await;
        answer(ctx, change, outcome.map(drop)).await
    }
}

fn read(input: &AccountCommandInput) -> Result<ChangeAccount, ChangeAccountResult> {
    let command_id = read_command_id(&input.command_id).map_err(ChangeAccountResult::Invalid)?;
    let id = staff_id(&input.id);
    let id = id.ok_or_else(|| ChangeAccountResult::NotFound(NotFound { id: input.id.clone() }))?;
    Ok(ChangeAccount {
        command_id,
        id,
        expected_version: input.expected_version.0,
    })
}

async fn answer(
    ctx: &Context<'_>,
    change: ChangeAccount,
    outcome: Result<(), ChangeAccountError>,
) -> Result<ChangeAccountResult> {
    let request = request(ctx)?;
    let not_found = || {
        ChangeAccountResult::NotFound(NotFound {
            id: ID(change.id.to_string()),
        })
    };
    match outcome {
        Ok(()) => {
            let account = request.app().account(request.operation()?, change.id).await;
            let account = account.map_err(|error| refusal(ctx, error))?;
            Ok(account.map_or_else(not_found, |account| {
                let account = account.into();
                ChangeAccountResult::Changed(Box::new(AccountChanged { account }))
            }))
        }
        Err(ChangeAccountError::NotFound(_)) => Ok(not_found()),
        Err(ChangeAccountError::NotFresh) => Ok(ChangeAccountResult::NotFresh(not_fresh())),
        Err(ChangeAccountError::Stale(now)) => {
            let account = (*now).into();
            Ok(ChangeAccountResult::Conflict(Box::new(AccountConflict {
                account,
            })))
        }
        Err(ChangeAccountError::NeedsApproval(roles)) => {
            let roles = roles.into_iter().map(Into::into).collect();
            Ok(ChangeAccountResult::NeedsApproval(NeedsApproval { roles }))
        }
        Err(ChangeAccountError::Refused(why)) => Ok(ChangeAccountResult::Invalid(InvalidInput::one(
            "id",
            why.code(),
            why.japanese(),
        ))),
        Err(ChangeAccountError::CommandReused) => {
            Ok(ChangeAccountResult::Invalid(InvalidInput::command_reused()))
        }
        Err(ChangeAccountError::Forbidden(refused)) => Err(fault::forbidden(refused)),
        Err(ChangeAccountError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
    }
}
