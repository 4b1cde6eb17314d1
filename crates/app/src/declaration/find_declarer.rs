//! Which declaration somebody means who has forgotten its number: by words as in the list, by an old number, or by the address that is
//! registered, typed as a whole. What has been replaced leads to what took its place: its number is told to nobody.

use std::collections::BTreeSet;

use domain::DeclarationId;
use domain::declaration::{Facts, Field};
use domain::mailing::Address;
use domain::staff::Permission;
use storage::declaration::{DeclarationRow, DeclarationState};
use storage::review_contact;

use super::list::{List, ListError};
use crate::{App, Forbidden, Guarded, InputProblem, Internal, OpContext, PersonalPart};

/// Declarations that are answered with.
const MOST: u32 = 20;
/// How often a declaration that took another one's place can itself have been replaced.
const STEPS: usize = 10;
/// Events whose contacts are looked at while somebody waits; the search of the night looks at the others.
const BEHIND_AT_MOST: i64 = 5_000;

/// How a declaration was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// As the list finds it.
    Words,
    /// By one whose place it took.
    Replaced,
    /// By the address that is registered.
    Address,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Declarers {
    /// 20 at most.
    pub found: Vec<(DeclarationRow, FoundBy)>,
    /// Whether nothing can have been missed: where very much was written since the last search of the night, contacts that were changed
    /// since then are not known yet.
    pub is_complete: bool,
}

/// Why nothing is looked for.
#[derive(Debug, thiserror::Error)]
pub enum FindDeclarerError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was typed cannot be looked for.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Looks for the declaration of somebody who asks for its number. Found by an address, it counts as a read of the contact.
    pub async fn find_declarer(&self, op: &OpContext, typed: &str) -> Result<Declarers, FindDeclarerError> {
        op.require(Permission::LookUpNumber)?;
        op.require(Permission::ReadPersonal)?;
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(Declarers {
                is_complete: true,
                ..Declarers::default()
            });
        }
        if typed.contains(['@', '＠']) {
            return self.find_by_address(op, typed).await;
        }
        let list = List {
            search: Some(typed.to_owned()),
            first: MOST,
            ..List::default()
        };
        let page = self.declarations(op, list).await.map_err(|error| match error {
            ListError::Forbidden(refused) => FindDeclarerError::Forbidden(refused),
            ListError::Invalid(problem) => FindDeclarerError::Invalid(problem),
            ListError::Internal(error) => FindDeclarerError::Internal(error),
            error @ ListError::NotYet(_) => Internal::new(error).into(),
        })?;
        let found = page.rows.into_iter().map(|row| (row, FoundBy::Words));
        Ok(Declarers {
            found: self.in_force(found.collect()).await?,
            is_complete: true,
        })
    }

    async fn find_by_address(&self, op: &OpContext, typed: &str) -> Result<Declarers, FindDeclarerError> {
        let address = Address::parse(typed).map_err(|problem| {
            FindDeclarerError::Invalid(InputProblem::new("text", problem.code(), problem.japanese()))
        })?;
        let (rows, is_complete) = self.registered_at(op, &address).await?;
        let rows = rows.into_iter().map(|row| (row, FoundBy::Address));
        Ok(Declarers {
            found: self.in_force(rows.collect()).await?,
            is_complete,
        })
    }

    /// The declarations at which an address is registered, and whether none can have been missed. It counts as a read of the contact: that
    /// it is registered there is told by the answer.
    pub(crate) async fn registered_at(
        &self,
        op: &OpContext,
        address: &Address,
    ) -> Result<(Vec<DeclarationRow>, bool), Internal> {
        let is_complete = self.know_contacts().await?;
        let hash = self.address_hash(address).recipient;
        let ids = review_contact::by_address(self.store.database(), &hash, MOST).await;
        let ids = ids.map_err(Internal::new)?;
        let histories = self.histories(&ids).await?;
        // What is known of contacts may be older than the record.
        let is_registered = |id: &DeclarationId| {
            let facts = histories.get(id).map(|history| &history.timeline.current().facts);
            facts.and_then(|facts| self.registered_hash(facts)).as_ref() == Some(&hash)
        };
        let ids: Vec<DeclarationId> = ids.into_iter().filter(is_registered).collect();
        let mut rows = self.declaration_rows(&ids).await?;
        let rows = ids.iter().filter_map(|id| rows.remove(id)).collect();
        for id in ids {
            op.reveal(id, PersonalPart::Contact, || Guarded::Open(()));
        }
        Ok((rows, is_complete))
    }

    /// The keyed hash of the address that is registered.
    fn registered_hash(&self, facts: &Facts) -> Option<String> {
        let typed = facts.reveal(Field::ContactEmail)?;
        let address = Address::parse(typed.typed()).ok()?;
        Some(self.address_hash(&address).recipient)
    }

    /// Looks at contacts that were changed a little while ago; whether all are known now.
    async fn know_contacts(&self) -> Result<bool, Internal> {
        let behind = review_contact::behind(&self.store).await;
        if behind.map_err(Internal::new)? > BEHIND_AT_MOST {
            return Ok(false);
        }
        let stale = review_contact::stale(&self.store).await.map_err(Internal::new)?;
        if stale.declarations.is_empty() {
            return Ok(true);
        }
        self.hash_contacts(&stale, |_| true).await?;
        Ok(true)
    }

    /// In place of each that has been replaced, what took its place; each once.
    async fn in_force(
        &self,
        found: Vec<(DeclarationRow, FoundBy)>,
    ) -> Result<Vec<(DeclarationRow, FoundBy)>, Internal> {
        let mut seen = BTreeSet::new();
        let mut in_force = Vec::with_capacity(found.len());
        for (row, by) in found {
            let (row, by) = match self.taking_the_place_of(&row).await? {
                Some(other) => (other, FoundBy::Replaced),
                None => (row, by),
            };
            if seen.insert(row.id) {
                in_force.push((row, by));
            }
        }
        Ok(in_force)
    }

    /// What took the place of a declaration; none: nothing did.
    async fn taking_the_place_of(&self, row: &DeclarationRow) -> Result<Option<DeclarationRow>, Internal> {
        if !matches!(row.state, DeclarationState::Superseded | DeclarationState::Merged) {
            return Ok(None);
        }
        let mut id = row.id;
        for _ in 0..STEPS {
            let Some(history) = self.history(id).await? else {
                break;
            };
            let current = history.timeline.current();
            match current.superseded_by().or_else(|| current.merged_into()) {
                Some(next) => id = next,
                None => break,
            }
        }
        if id == row.id {
            return Ok(None);
        }
        Ok(self.declaration_rows(&[id]).await?.remove(&id))
    }
}
