//! Which accounts are one person's: those that have, or ever had, one address for notices, and, where addresses do not tell, those of which
//! an administrator says so. Approvals go by it.

use std::collections::{BTreeMap, BTreeSet};

use domain::approval::Person;
use domain::mailing::Address;
use domain::staff::{self, AccountRefusal, PART_MAIL, Permission, SecurityKind, StaffEvent, StaffId};
use event_store::{
    Append, AppendError, Guard, NewEvent, PartBody, Position, Query, QueryItem, RecordedEvent,
};
use uuid::Uuid;

use super::accounts::ReadStaffError;
use crate::security::Note;
use crate::{App, Forbidden, Internal, OpContext};

/// What was ever said of accounts, or addresses that they ever had, at most: an office has tens of them.
const SAID_MAX: u32 = 10_000;
/// How often it is decided anew when others say such things in the same moment.
const TRIES: usize = 3;

/// Why it is as it was.
#[derive(Debug, thiserror::Error)]
pub enum LinkPersonError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// They have to prove once more who they are.
    #[error("the session is not fresh")]
    NotFresh,
    /// There is no such account.
    #[error("there is no account {0}")]
    NotFound(StaffId),
    /// It is so already, or must not be so.
    #[error(transparent)]
    Refused(#[from] AccountRefusal),
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Says of which other account the same person is; none: of none after all.
    pub async fn link_person(
        &self,
        op: &OpContext,
        command_id: Uuid,
        id: StaffId,
        same_as: Option<StaffId>,
    ) -> Result<(), LinkPersonError> {
        op.require(Permission::ManageStaff)?;
        if !op.is_fresh() {
            return Err(LinkPersonError::NotFresh);
        }
        let wanted = StaffEvent::PersonLinked {
            staff_id: id,
            same_as,
        };
        if let Some(before) = self.deed_before(command_id, id, &wanted).await? {
            return before.map(drop).ok_or(LinkPersonError::CommandReused);
        }
        let mut tries = 1;
        loop {
            let seen = self.store.head().await.map_err(Internal::new)?;
            let event = self.decide_link(op, id, same_as).await?;
            let append = Append {
                command_id,
                actor: op.actor().to_string(),
                correlation_id: op.request_id(),
                reason: None,
                events: vec![event],
                guards: vec![Guard {
                    query: Query {
                        items: whose_is_whose(),
                    },
                    after: seen,
                }],
                recorded_at: op.now(),
            };
            match self.store.append(append).await {
                Ok(_) => {
                    let detail = if same_as.is_some() { "linked" } else { "unlinked" };
                    let note = Note::of(SecurityKind::PersonLinked, detail, id);
                    self.note_by(note, op.actor()).await;
                    return Ok(());
                }
                // Who is whose may be another matter now.
                Err(AppendError::Conflict(_)) if tries < TRIES => tries += 1,
                Err(AppendError::CommandReused { .. }) => return Err(LinkPersonError::CommandReused),
                Err(error) => return Err(Internal::new(error).into()),
            }
        }
    }

    async fn decide_link(
        &self,
        op: &OpContext,
        id: StaffId,
        same_as: Option<StaffId>,
    ) -> Result<NewEvent, LinkPersonError> {
        let detail = self
            .account_detail(id)
            .await?
            .ok_or(LinkPersonError::NotFound(id))?;
        if let Some(other) = same_as {
            let known = self.account_detail(other).await?;
            known.ok_or(LinkPersonError::NotFound(other))?;
        }
        let person = self.person(id).await?;
        let by_person = op.staff_id().is_some_and(|me| person.accounts.contains(&me));
        let said = staff::link_person(&detail.account, same_as, by_person)?;
        Ok(self.staff_event(&said, Vec::new())?)
    }

    /// The other accounts that are said to be of the same person.
    pub async fn other_accounts_of_person(
        &self,
        op: &OpContext,
        id: StaffId,
    ) -> Result<Vec<StaffId>, ReadStaffError> {
        op.require(Permission::ReadStaff)?;
        let said = self.said_of_accounts().await?;
        let person = connected(id, &said);
        Ok(person.into_iter().filter(|other| *other != id).collect())
    }

    /// Whose an account is. What is known of one account counts for all that hang together with it: what somebody said of it, and the
    /// addresses that notices to it ever went to, so that whoever changes theirs stays who they are.
    pub(crate) async fn person(&self, id: StaffId) -> Result<Person, Internal> {
        let mut known = self.said_of_accounts().await?;
        known.extend(self.of_one_address().await?);
        Ok(Person {
            staff_id: id,
            accounts: connected(id, &known),
        })
    }

    /// Pairs of accounts of which somebody says that they are one person's.
    async fn said_of_accounts(&self) -> Result<Vec<(StaffId, StaffId)>, Internal> {
        let mut said = BTreeMap::new();
        for event in self.of_all_accounts(links()).await? {
            let decoded = StaffEvent::decode(&event.event_type, event.schema_version, &event.data);
            if let StaffEvent::PersonLinked { staff_id, same_as } = decoded.map_err(Internal::new)? {
                said.insert(staff_id, same_as);
            }
        }
        let said = said.into_iter();
        Ok(said.filter_map(|(one, other)| Some((one, other?))).collect())
    }

    /// Pairs of accounts to which notices went to one address, then or now.
    async fn of_one_address(&self) -> Result<Vec<(StaffId, StaffId)>, Internal> {
        let mut first: BTreeMap<String, StaffId> = BTreeMap::new();
        let mut pairs = Vec::new();
        for event in self.of_all_accounts(addresses()).await? {
            let decoded = StaffEvent::decode(&event.event_type, event.schema_version, &event.data);
            let id = decoded.map_err(Internal::new)?.staff_id();
            let Some(PartBody::Open(body)) = event.part(PART_MAIL).map(|part| &part.body) else {
                continue;
            };
            let typed = body.get("address").and_then(serde_json::Value::as_str);
            let Some(address) = typed.and_then(|typed| Address::parse(typed).ok()) else {
                continue;
            };
            let other = *first.entry(address.key().reveal().clone()).or_insert(id);
            if other != id {
                pairs.push((other, id));
            }
        }
        Ok(pairs)
    }

    async fn of_all_accounts(&self, item: QueryItem) -> Result<Vec<RecordedEvent>, Internal> {
        let query = Query { items: vec![item] };
        let events = self.store.read(&query, Position::START, SAID_MAX).await;
        events.map_err(Internal::new)
    }
}

/// Everything by which it is known whose accounts are one person's.
pub(crate) fn whose_is_whose() -> Vec<QueryItem> {
    vec![links(), addresses()]
}

/// Whatever was said about whose accounts are one person's.
fn links() -> QueryItem {
    of_type(&StaffEvent::PersonLinked {
        staff_id: StaffId(Uuid::nil()),
        same_as: None,
    })
}

/// Whatever address notices to an account went to.
fn addresses() -> QueryItem {
    of_type(&StaffEvent::MailChanged {
        staff_id: StaffId(Uuid::nil()),
    })
}

fn of_type(any: &StaffEvent) -> QueryItem {
    QueryItem {
        types: vec![any.event_type().to_owned()],
        tags: Vec::new(),
    }
}

/// What hangs together with one of them.
fn connected(id: StaffId, said: &[(StaffId, StaffId)]) -> Vec<StaffId> {
    let mut found = BTreeSet::from([id]);
    loop {
        let before = found.len();
        for (one, other) in said {
            if found.contains(one) || found.contains(other) {
                found.extend([*one, *other]);
            }
        }
        if found.len() == before {
            return found.into_iter().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t52_accounts_hang_together_whichever_of_them_it_was_said_of() {
        let id = |number| StaffId(Uuid::from_u128(number));
        let said = [(id(1), id(2)), (id(3), id(2)), (id(4), id(5))];
        for one in [1, 2, 3] {
            assert_eq!(connected(id(one), &said), [id(1), id(2), id(3)]);
        }
        assert_eq!(connected(id(6), &said), [id(6)]);
    }
}
