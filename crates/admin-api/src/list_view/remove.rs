//! Deleting a view.

use app::list_view::RemoveListViewError;
use async_graphql::{Context, ID, Object, Result};

use crate::context::request;
use crate::fault;
use crate::list_view::query::ViewedList;

/// The mutation.
#[derive(Default)]
pub struct RemoveListViewMutation;

#[Object]
impl RemoveListViewMutation {
    /// Deletes a view of a list, a shared one only for whoever keeps those; false: there is none that one sees.
    async fn remove_list_view(
        &self,
        ctx: &Context<'_>,
        id: ID,
        #[graphql(default_with = "ViewedList::Declarations")] list: ViewedList,
    ) -> Result<bool> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = id.parse() else { return Ok(false) };
        match request.app().remove_list_view(op, list.into(), id).await {
            Ok(removed) => Ok(removed),
            Err(RemoveListViewError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(RemoveListViewError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
