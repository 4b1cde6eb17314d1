//! Raises a warning flag on a declaration.

use domain::declaration::decide::{RaiseFlag, RaiseFlagError, raise_flag};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Raises a warning flag on a declaration.
    pub async fn raise_flag(
        &self,
        op: &OpContext,
        change: Change,
        command: RaiseFlag,
    ) -> Result<Changed, ChangeError<RaiseFlagError>> {
        self.change(op, Permission::FlagDeclaration, change, |timeline, today| {
            raise_flag(timeline, &command, today)
        })
        .await
    }
}
