//! Bringing a stopped declaration back.

use chrono::NaiveDate;
use domain::DeclarationId;
use domain::declaration::decide::{LiveElsewhere, Reinstate, ReinstateError, reinstate};
use domain::declaration::{TAG_CORPORATE_NUMBER, TAG_ORGANIZATION};
use domain::organization::another_live;
use domain::staff::Permission;
use event_store::{Query, QueryItem, Tag};
use storage::register_index;

use super::change::{Change, ChangeError, Changed};
use crate::{App, Internal, OpContext};

impl App {
    /// Brings a stopped declaration back, unless its organisation has another live one.
    pub async fn reinstate_declaration(
        &self,
        op: &OpContext,
        change: Change,
        command: Reinstate,
    ) -> Result<Changed, ChangeError<ReinstateError>> {
        let today = op.today();
        self.change_beside(
            op,
            Permission::StopDeclaration,
            &change,
            || self.live_beside(change.id, None, today),
            |timeline, today, live| {
                let command = Reinstate {
                    live,
                    ..command.clone()
                };
                reinstate(timeline, &command, today)
            },
        )
        .await
    }

    /// Another live declaration of the organisation, or under its corporate number, `but` this one, and what would alter the answer.
    pub(crate) async fn live_beside(
        &self,
        id: DeclarationId,
        but: Option<DeclarationId>,
        today: NaiveDate,
    ) -> Result<(Query, Option<LiveElsewhere>), Internal> {
        let Some(history) = self.history(id).await? else {
            return Ok((Query { items: Vec::new() }, None));
        };
        let declaration = history.timeline.current();
        let organization = declaration.organization_id;
        let mut tags = vec![Tag::new(TAG_ORGANIZATION, organization)];
        let own = storage::log::declarations_of(&self.store, organization).await;
        let own: Vec<_> = own.map_err(Internal::new)?.into_iter().collect();
        let mut others = register_index::by_ids(self.store.database(), &own)
            .await
            .map_err(Internal::new)?;
        if let Some(number) = declaration.facts.corporate_number() {
            others.extend(self.under(&number).await?);
            tags.push(Tag::new(TAG_CORPORATE_NUMBER, number.as_str()));
        }
        let known = others
            .iter()
            .filter(|other| Some(other.declaration_id) != but)
            .map(|other| (other.declaration_id, other.live_on(today)));
        let live = another_live(Some(id), known).map(|live| LiveElsewhere {
            id: live,
            number: others
                .iter()
                .find(|other| other.declaration_id == live)
                .map(|other| other.declaration_no.clone())
                .unwrap_or_default(),
        });
        let items = tags.into_iter().map(|tag| tag.map(QueryItem::tagged));
        let items = items.collect::<Result<_, _>>().map_err(Internal::new)?;
        Ok((Query { items }, live))
    }
}
