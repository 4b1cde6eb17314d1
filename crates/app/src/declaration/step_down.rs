//! Steps a declaration down from two stars to one.

use domain::declaration::decide::{StepDown, StepDownError, step_down};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Steps a declaration down from two stars to one.
    pub async fn step_down_declaration(
        &self,
        op: &OpContext,
        change: Change,
        command: StepDown,
    ) -> Result<Changed, ChangeError<StepDownError>> {
        self.change(op, Permission::ChangeStar, change, |timeline, today| {
            step_down(timeline, &command, today)
        })
        .await
    }
}
