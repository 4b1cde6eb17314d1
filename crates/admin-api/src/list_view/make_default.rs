//! With which view the list begins.

use app::list_view::MakeDefaultError;
use async_graphql::{Context, ID, Object, Result};

use crate::context::request;
use crate::fault;

/// The mutation.
#[derive(Default)]
pub struct MakeListViewDefaultMutation;

#[Object]
impl MakeListViewDefaultMutation {
    /// Lets the list begin with this view for oneself, or, with null, with none; false: there is none that one sees.
    async fn make_list_view_default(&self, ctx: &Context<'_>, id: Option<ID>) -> Result<bool> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = id.map(|id| id.parse::<uuid::Uuid>()).transpose() else {
            return Ok(false);
        };
        match request.app().make_list_view_default(op, id).await {
            Ok(made) => Ok(made),
            Err(MakeDefaultError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(MakeDefaultError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
