//! Steps a declaration up from one star to two.

use domain::declaration::decide::{StepUp, StepUpError, step_up};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Steps a declaration up from one star to two.
    pub async fn step_up_declaration(
        &self,
        op: &OpContext,
        change: Change,
        command: StepUp,
    ) -> Result<Changed, ChangeError<StepUpError>> {
        self.change(op, Permission::ChangeStar, change, |timeline, today| {
            step_up(timeline, &command, today)
        })
        .await
    }
}
