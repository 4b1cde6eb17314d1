//! The views that somebody sees.

use storage::list_view::{self, ListView};

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
    /// The shared views and the caller's own, by name.
    pub async fn list_views(&self, op: &OpContext) -> Result<Vec<ListView>, ReadListViewsError> {
        let owner = owner(op)?;
        let seen = list_view::seen_by(self.store.database(), owner.0).await;
        Ok(seen.map_err(Internal::new)?)
    }
}
