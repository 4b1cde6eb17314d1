//! Records a basic security policy that was made public.

use domain::declaration::decide::{RecordPolicy, RecordPolicyError, record_policy};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Records a basic security policy that was made public.
    pub async fn record_policy(
        &self,
        op: &OpContext,
        change: Change,
        command: RecordPolicy,
    ) -> Result<Changed, ChangeError<RecordPolicyError>> {
        self.change(op, Permission::RecordPolicy, change, |timeline, today| {
            record_policy(timeline, &command, today)
        })
        .await
    }
}
