//! Changes who is to be written to about a declaration.

use domain::declaration::decide::{ChangeContact, ChangeContactError, change_contact};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Changes who is to be written to about a declaration.
    pub async fn change_contact(
        &self,
        op: &OpContext,
        change: Change,
        command: ChangeContact,
    ) -> Result<Changed, ChangeError<ChangeContactError>> {
        self.change(op, Permission::ChangeContact, change, |timeline, today| {
            change_contact(timeline, &command, today)
        })
        .await
    }
}
