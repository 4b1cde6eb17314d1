//! Stops a declaration.

use domain::declaration::decide::{StopDeclaration, StopError, stop};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Stops a declaration.
    pub async fn stop_declaration(
        &self,
        op: &OpContext,
        change: Change,
        command: StopDeclaration,
    ) -> Result<Changed, ChangeError<StopError>> {
        self.change(op, Permission::StopDeclaration, change, |timeline, today| {
            stop(timeline, &command, today)
        })
        .await
    }
}
