//! Clears a warning flag of a declaration.

use domain::declaration::decide::{ClearFlag, ClearFlagError, clear_flag};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Clears a warning flag of a declaration.
    pub async fn clear_flag(
        &self,
        op: &OpContext,
        change: Change,
        command: ClearFlag,
    ) -> Result<Changed, ChangeError<ClearFlagError>> {
        self.change(op, Permission::FlagDeclaration, change, |timeline, today| {
            clear_flag(timeline, &command, today)
        })
        .await
    }
}
