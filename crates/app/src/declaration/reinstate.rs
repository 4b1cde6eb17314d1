//! Bringing a stopped declaration back.

use domain::declaration::decide::{Reinstate, ReinstateError, reinstate};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Brings a stopped declaration back, unless its organisation has another live one.
    pub async fn reinstate_declaration(
        &self,
        op: &OpContext,
        change: Change,
        mut command: Reinstate,
    ) -> Result<Changed, ChangeError<ReinstateError>> {
        let id = change.id;
        let history = self.history(id).await.map_err(ChangeError::Internal)?;
        let number = history.and_then(|history| history.timeline.current().facts.corporate_number());
        if let Some(number) = number {
            let live = self.live_under(&number).await.map_err(ChangeError::Internal)?;
            command.live = live.filter(|live| *live != id);
        }
        let today = op.today();
        self.change(op, Permission::ManageDeclaration, change, |timeline| {
            reinstate(timeline, &command, today)
        })
        .await
    }
}
