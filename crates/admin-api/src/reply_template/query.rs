//! The templates that there are.

use app::reply_template::ReadTemplatesError;
use async_graphql::{Context, Object, Result};

use super::types::ReplyTemplate;
use crate::context::request;
use crate::fault;

/// The query.
#[derive(Default)]
pub struct ReplyTemplateQuery;

#[Object]
impl ReplyTemplateQuery {
    /// The templates of answers in the order of their names; those that are not offered any more only where asked for, as the last.
    #[graphql(complexity = "50 + 10 * child_complexity")]
    async fn reply_templates(
        &self,
        ctx: &Context<'_>,
        #[graphql(default)] with_retired: bool,
    ) -> Result<Vec<ReplyTemplate>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        match request.app().reply_templates(op, with_retired).await {
            Ok(templates) => Ok(templates.into_iter().map(Into::into).collect()),
            Err(ReadTemplatesError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ReadTemplatesError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
