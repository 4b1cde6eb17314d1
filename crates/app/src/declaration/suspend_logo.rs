//! Suspends the right to use the logo.

use domain::declaration::decide::{SuspendLogo, SuspendLogoError, suspend_logo};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Suspends the right to use the logo.
    pub async fn suspend_logo(
        &self,
        op: &OpContext,
        change: Change,
        command: SuspendLogo,
    ) -> Result<Changed, ChangeError<SuspendLogoError>> {
        self.change(op, Permission::ManageLogo, change, |timeline, today| {
            suspend_logo(timeline, &command, today)
        })
        .await
    }
}
