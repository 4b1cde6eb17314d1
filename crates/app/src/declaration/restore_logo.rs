//! Gives the right to use the logo back.

use domain::declaration::decide::{RestoreLogo, RestoreLogoError, restore_logo};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Gives the right to use the logo back.
    pub async fn restore_logo(
        &self,
        op: &OpContext,
        change: Change,
        command: RestoreLogo,
    ) -> Result<Changed, ChangeError<RestoreLogoError>> {
        self.change(op, Permission::ManageLogo, change, |timeline, today| {
            restore_logo(timeline, &command, today)
        })
        .await
    }
}
