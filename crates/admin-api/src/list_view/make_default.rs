//! With which view a list begins.

use app::list_view::MakeDefaultError;
use async_graphql::{Context, ID, Object, Result};

use crate::context::request;
use crate::fault;
use crate::list_view::query::ViewedList;

/// The mutation.
#[derive(Default)]
pub struct MakeListViewDefaultMutation;

#[Object]
impl MakeListViewDefaultMutation {
    /// Lets a list begin with this view of it for oneself, or, with null, with none; false: there is none that one sees.
    async fn make_list_view_default(
        &self,
        ctx: &Context<'_>,
        id: Option<ID>,
        #[graphql(default_with = "ViewedList::Declarations")] list: ViewedList,
    ) -> Result<bool> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = id.map(|id| id.parse::<uuid::Uuid>()).transpose() else {
            return Ok(false);
        };
        match request.app().make_list_view_default(op, list.into(), id).await {
            Ok(made) => Ok(made),
            Err(MakeDefaultError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(MakeDefaultError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
