//! With which view a list begins for somebody.

use storage::list_view::{self, ViewedList};
use uuid::Uuid;

use super::owner;
use crate::{App, Forbidden, Internal, OpContext};

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum MakeDefaultError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Lets a list begin with a view that the caller sees, or with none; `false`: they see none of this id.
    pub async fn make_list_view_default(
        &self,
        op: &OpContext,
        list: ViewedList,
        id: Option<Uuid>,
    ) -> Result<bool, MakeDefaultError> {
        let owner = owner(op, list)?;
        if let Some(id) = id
            && self.list_view(owner, list, id).await?.is_none()
        {
            return Ok(false);
        }
        let set = list_view::set_default(self.store.database(), owner.0, list, id).await;
        set.map_err(Internal::new)?;
        Ok(true)
    }
}
