//! Shows a declaration in the public search.

use domain::declaration::decide::{Publish, PublishError, publish};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Shows a declaration in the public search.
    pub async fn publish_declaration(
        &self,
        op: &OpContext,
        change: Change,
        command: Publish,
    ) -> Result<Changed, ChangeError<PublishError>> {
        self.change(op, Permission::PublishDeclaration, change, |timeline, today| {
            publish(timeline, &command, today)
        })
        .await
    }
}
