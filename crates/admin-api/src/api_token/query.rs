//! The tokens there are.

use app::api_token::ReadApiTokensError;
use async_graphql::{Context, Object, Result};

use super::types::ApiToken;
use crate::context::request;
use crate::fault;

/// The query.
#[derive(Default)]
pub struct ApiTokenQuery;

#[Object]
impl ApiTokenQuery {
    /// The newest thousand, whatever became of them, the newest first.
    #[graphql(complexity = "20 * child_complexity")]
    async fn api_tokens(&self, ctx: &Context<'_>) -> Result<Vec<ApiToken>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        match request.app().api_tokens(op).await {
            Ok(rows) => Ok(rows.into_iter().map(|row| ApiToken::new(row, op.now())).collect()),
            Err(ReadApiTokensError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ReadApiTokensError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
