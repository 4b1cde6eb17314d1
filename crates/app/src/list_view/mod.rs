//! Saved views of the list of declarations: filters, order, columns and density under a name. Private ones are seen by their owner
//! alone; shared ones by all, and only whoever may manage records makes, changes and deletes them.

mod list;
mod make_default;
mod remove;
mod save;

pub use list::ReadListViewsError;
pub use make_default::MakeDefaultError;
pub use remove::RemoveListViewError;
pub use save::{NAME_MAX, QUESTION_MAX, SaveListView, SaveListViewError};

use domain::staff::{Permission, StaffId};
use storage::list_view::{self, ListView};
use uuid::Uuid;

use crate::{App, Forbidden, Internal, OpContext};

/// Whose views: a program has none.
fn owner(op: &OpContext) -> Result<StaffId, Forbidden> {
    op.require(Permission::ReadDeclarations)?;
    op.staff_id().ok_or(Forbidden {
        permission: Permission::ReadDeclarations,
    })
}

impl App {
    /// One of the views that somebody sees.
    async fn list_view(&self, owner: StaffId, id: Uuid) -> Result<Option<ListView>, Internal> {
        let seen = list_view::seen_by(self.store.database(), owner.0).await;
        let seen = seen.map_err(Internal::new)?;
        Ok(seen.into_iter().find(|view| view.id == id))
    }
}
