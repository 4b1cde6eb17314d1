//! The views that somebody sees.

use storage::list_view::{self, ListView, ViewedList};

use super::owner;
use crate::{App, Forbidden, Internal, OpContext};

/// Why they are not shown.
#[derive(Debug, thiserror::Error)]
pub enum ReadListViewsError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// The shared views of a list and the caller's own, by name.
    pub async fn list_views(
        &self,
        op: &OpContext,
        list: ViewedList,
    ) -> Result<Vec<ListView>, ReadListViewsError> {
        let owner = owner(op, list)?;
        let seen = list_view::seen_by(self.store.database(), owner.0, list).await;
        Ok(seen.map_err(Internal::new)?)
    }
}
