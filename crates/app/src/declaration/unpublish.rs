//! No longer shows a declaration in the public search.

use domain::declaration::decide::{Unpublish, UnpublishError, unpublish};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// No longer shows a declaration in the public search.
    pub async fn unpublish_declaration(
        &self,
        op: &OpContext,
        change: Change,
        command: Unpublish,
    ) -> Result<Changed, ChangeError<UnpublishError>> {
        self.change(op, Permission::PublishDeclaration, change, |timeline, today| {
            unpublish(timeline, &command, today)
        })
        .await
    }
}
