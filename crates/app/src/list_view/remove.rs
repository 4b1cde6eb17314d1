//! Deleting a view.

use storage::list_view::{self, ViewedList};
use uuid::Uuid;

use super::{owner, to_share};
use crate::{App, Forbidden, Internal, OpContext};

/// Why it was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum RemoveListViewError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Deletes a view of a list, a shared one only for whoever keeps those; `false`: the caller sees none of this id, so it may have been
    /// deleted before.
    pub async fn remove_list_view(
        &self,
        op: &OpContext,
        list: ViewedList,
        id: Uuid,
    ) -> Result<bool, RemoveListViewError> {
        let owner = owner(op, list)?;
        let Some(view) = self.list_view(owner, list, id).await? else {
            return Ok(false);
        };
        if view.is_shared {
            op.require(to_share(list))?;
        }
        let removed = list_view::remove(self.store.database(), id).await;
        removed.map_err(Internal::new)?;
        Ok(true)
    }
}
