//! Deleting a view.

use domain::staff::Permission;
use storage::list_view;
use uuid::Uuid;

use super::owner;
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
    /// Deletes a view, a shared one only for whoever may manage records; `false`: the caller sees none of this id, so it may have
    /// been deleted before.
    pub async fn remove_list_view(&self, op: &OpContext, id: Uuid) -> Result<bool, RemoveListViewError> {
        let owner = owner(op)?;
        let Some(view) = self.list_view(owner, id).await? else {
            return Ok(false);
        };
        if view.is_shared {
            op.require(Permission::ShareViews)?;
        }
        let removed = list_view::remove(self.store.database(), id).await;
        removed.map_err(Internal::new)?;
        Ok(true)
    }
}
