//! Taking a token back.

use app::api_token::{RevokeApiToken, RevokeApiTokenError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::ApiTokenId;
use domain::staff::Permission;

use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// Which token.
#[derive(InputObject)]
pub struct RevokeApiTokenInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which.
    pub id: ID,
}

/// The outcome.
#[derive(Union)]
pub enum RevokeApiTokenResult {
    /// It is good for nothing any more.
    Revoked(ApiTokenRevoked),
    /// What was sent has problems.
    Invalid(InvalidInput),
    /// There is no such token.
    NotFound(NotFound),
}

/// It is good for nothing any more.
#[derive(SimpleObject)]
pub struct ApiTokenRevoked {
    /// Which.
    pub id: ID,
}

/// The mutation.
#[derive(Default)]
pub struct RevokeApiTokenMutation;

#[Object]
impl RevokeApiTokenMutation {
    /// Takes a token back; the next request with it is refused.
    async fn revoke_api_token(
        &self,
        ctx: &Context<'_>,
        input: RevokeApiTokenInput,
    ) -> Result<RevokeApiTokenResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageApiTokens)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(RevokeApiTokenResult::Invalid(invalid)),
        };
        let Ok(id) = input.id.parse::<ApiTokenId>() else {
            return Ok(RevokeApiTokenResult::NotFound(NotFound { id: input.id }));
        };
        let command = RevokeApiToken { command_id, id };
        match request.app().revoke_api_token(op, command).await {
            Ok(()) => Ok(RevokeApiTokenResult::Revoked(ApiTokenRevoked { id: input.id })),
            Err(RevokeApiTokenError::NotFound(_)) => {
                Ok(RevokeApiTokenResult::NotFound(NotFound { id: input.id }))
            }
            Err(RevokeApiTokenError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(RevokeApiTokenError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
