//! Giving out a token.

use app::api_token::{IssueApiToken, IssueApiTokenError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::staff::Permission;

use super::types::ApiTokenScope;
use crate::context::request;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::DateTime;
use crate::staff::second_factor::{FreshSignInNeeded, not_fresh};

/// What is wanted.
#[derive(InputObject)]
pub struct IssueApiTokenInput {
    /// Made by the client, once for each intent. A retry does not show the token again.
    pub command_id: ID,
    /// What it is for, 1 to 60 characters: an office and a program, never a person.
    pub name: String,
    /// What it shall be good for.
    pub scopes: Vec<ApiTokenScope>,
    /// Until when, a year ahead at most.
    pub expires_at: DateTime,
}

/// The outcome.
#[derive(Union)]
pub enum IssueApiTokenResult {
    /// Shown this once.
    Issued(ApiTokenIssued),
    /// They have to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// What was typed has problems.
    Invalid(InvalidInput),
}

/// A token. It is kept nowhere, so it cannot be shown again.
#[derive(SimpleObject)]
pub struct ApiTokenIssued {
    /// Which.
    pub id: ID,
    /// For the header `Authorization: Bearer …`.
    pub token: String,
}

/// The mutation.
#[derive(Default)]
pub struct IssueApiTokenMutation;

#[Object]
impl IssueApiTokenMutation {
    /// Gives out a token by which a program reads.
    async fn issue_api_token(
        &self,
        ctx: &Context<'_>,
        input: IssueApiTokenInput,
    ) -> Result<IssueApiTokenResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageApiTokens)
            .map_err(fault::forbidden)?;
        let owner = request.session().ok_or_else(fault::unauthenticated)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(IssueApiTokenResult::Invalid(invalid)),
        };
        let command = IssueApiToken {
            command_id,
            name: input.name,
            scopes: input.scopes.into_iter().map(Into::into).collect(),
            expires_at: input.expires_at.0,
        };
        match request.app().issue_api_token(op, owner, &command).await {
            Ok(issued) => Ok(IssueApiTokenResult::Issued(ApiTokenIssued {
                id: ID(issued.id.to_string()),
                token: issued.token,
            })),
            Err(IssueApiTokenError::NotFresh) => Ok(IssueApiTokenResult::NotFresh(not_fresh())),
            Err(IssueApiTokenError::Invalid(problems)) => Ok(IssueApiTokenResult::Invalid(problems.into())),
            Err(IssueApiTokenError::ShownBefore) => Ok(IssueApiTokenResult::Invalid(InvalidInput::one(
                "commandId",
                "shown_before",
                "このトークンはすでに発行されていて、もう一度表示することはできません。一覧で取り消して、新しく発行してください。",
            ))),
            Err(IssueApiTokenError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(IssueApiTokenError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
