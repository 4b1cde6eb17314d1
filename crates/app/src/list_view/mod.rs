//! Saved views of the lists of declarations and of inquiries: filters, order, columns and density under a name. Private ones are seen by
//! their owner alone; shared ones by all who see the list, and only whoever may manage records, or work at the desk, makes, changes and
//! deletes them.

mod list;
mod make_default;
mod remove;
mod save;

pub use list::ReadListViewsError;
pub use make_default::MakeDefaultError;
pub use remove::RemoveListViewError;
pub use save::{NAME_MAX, QUESTION_MAX, SaveListView, SaveListViewError};

use domain::staff::{Permission, StaffId};
use storage::list_view::{self, ListView, ViewedList};
use uuid::Uuid;

use crate::{App, Forbidden, Internal, OpContext};

/// Who may have views of a list.
const fn to_read(list: ViewedList) -> Permission {
    match list {
        ViewedList::Declarations => Permission::ReadDeclarations,
        ViewedList::Inquiries => Permission::ReadInquiries,
    }
}

/// Who keeps its shared ones.
pub const fn to_share(list: ViewedList) -> Permission {
    match list {
        ViewedList::Declarations => Permission::ShareViews,
        ViewedList::Inquiries => Permission::ManageInquiries,
    }
}

/// Whose views: a program has none.
fn owner(op: &OpContext, list: ViewedList) -> Result<StaffId, Forbidden> {
    let permission = to_read(list);
    op.require(permission)?;
    op.staff_id().ok_or(Forbidden { permission })
}

impl App {
    /// One of the views of a list that somebody sees.
    async fn list_view(
        &self,
        owner: StaffId,
        list: ViewedList,
        id: Uuid,
    ) -> Result<Option<ListView>, Internal> {
        let seen = list_view::seen_by(self.store.database(), owner.0, list).await;
        let seen = seen.map_err(Internal::new)?;
        Ok(seen.into_iter().find(|view| view.id == id))
    }
}
