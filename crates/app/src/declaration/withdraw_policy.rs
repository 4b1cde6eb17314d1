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
        self.change(op, Permission::ManageDeclaration, change, |timeline, today| {
            withdraw_policy(timeline, &command, today)
        })
        .await
    }
}
