//! Bringing a stopped declaration back.

use domain::declaration::decide::{Reinstate, ReinstateError, reinstate};
use domain::declaration::{TAG_CORPORATE_NUMBER, TAG_ORGANIZATION};
use domain::staff::Permission;
use event_store::{Guard, Query, QueryItem, Tag};

use super::change::{Change, ChangeError, Changed, TRIES};
use crate::{App, Internal, OpContext};

impl App {
    /// Brings a stopped declaration back, unless its organisation has another live one.
    pub async fn reinstate_declaration(
        &self,
        op: &OpContext,
        change: Change,
        command: Reinstate,
    ) -> Result<Changed, ChangeError<ReinstateError>> {
        let mut tries = 1;
        loop {
            match self.try_to_reinstate(op, &change, command.clone()).await {
                Err(ChangeError::Overtaken) if tries < TRIES => tries += 1,
                outcome => return outcome,
            }
        }
    }

    async fn try_to_reinstate(
        &self,
        op: &OpContext,
        change: &Change,
        mut command: Reinstate,
    ) -> Result<Changed, ChangeError<ReinstateError>> {
        let internal = |error| ChangeError::Internal(Internal::new(error));
        // Before the look-up: whatever comes after it breaks the guard.
        let seen = self.store.head().await.map_err(internal)?;
        let id = change.id;
        let history = self.history(id).await.map_err(ChangeError::Internal)?;
        let mut also = Vec::new();
        if let Some(history) = history {
            let declaration = history.timeline.current();
            let mut tags = vec![(TAG_ORGANIZATION, declaration.organization_id.to_string())];
            if let Some(number) = declaration.facts.corporate_number() {
                let live = self.live_under(&number).await.map_err(ChangeError::Internal)?;
                command.live = live.filter(|live| *live != id);
                tags.push((TAG_CORPORATE_NUMBER, number.to_string()));
            }
            let tags = tags.into_iter().map(|(kind, value)| Tag::new(kind, value));
            let items = tags.map(|tag| tag.map(QueryItem::tagged));
            let items = items
                .collect::<Result<_, _>>()
                .map_err(|error| ChangeError::Internal(Internal::new(error)))?;
            also.push(Guard {
                query: Query { items },
                after: seen,
            });
        }
        let today = op.today();
        self.change_guarded(op, Permission::ManageDeclaration, change, also, |timeline| {
            reinstate(timeline, &command, today)
        })
        .await
    }
}
