//! Records that a policy is no longer there.

use domain::declaration::decide::{WithdrawPolicy, WithdrawPolicyError, withdraw_policy};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Records that a policy is no longer there.
    pub async fn withdraw_policy(
        &self,
        op: &OpContext,
        change: Change,
        command: WithdrawPolicy,
    ) -> Result<Changed, ChangeError<WithdrawPolicyError>> {
        // With the policy gone, two stars become one: that is a change of its own.
        if command.step_down {
            op.require(Permission::ChangeStar)
                .map_err(ChangeError::Forbidden)?;
        }
        self.change(op, Permission::RecordPolicy, change, |timeline, today| {
            withdraw_policy(timeline, &command, today)
        })
        .await
    }
}
