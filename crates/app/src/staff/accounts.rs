//! Who has an account, and what happened to it.

use chrono::{DateTime, Utc};
use domain::staff::{Account, Actor, Permission, Role, StaffEvent, StaffId, TAG_STAFF};
use event_store::{Position, Query, Tag};
use storage::staff;

use super::invite::roles_of;
use crate::{App, Forbidden, Internal, OpContext};

/// An account as the list has it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Whose.
    pub id: StaffId,
    /// What they type to sign in.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// Where notices go.
    pub mail: Option<String>,
    /// What they were given to do.
    pub roles: Vec<Role>,
    /// Since when nobody can sign in with it.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Whether signing in asks for more than a password.
    pub has_second_factor: bool,
    /// Whether a passkey opens it.
    pub has_passkey: bool,
}

impl std::fmt::Debug for AccountRow {
    // Login, name and address are personal.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut row = formatter.debug_struct("AccountRow");
        row.field("id", &self.id).finish_non_exhaustive()
    }
}

/// Something that happened to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEntry {
    /// Where it stands.
    pub position: Position,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: Actor,
    /// What.
    pub event: StaffEvent,
}

/// One account with its history.
#[derive(Debug, Clone)]
pub struct AccountDetail {
    /// As the list has it.
    pub row: AccountRow,
    /// As its events make it.
    pub account: Account,
    /// Of the last event that changed it: what a change must name.
    pub version: Position,
    /// The oldest first.
    pub history: Vec<AccountEntry>,
}

/// Why accounts cannot be seen.
#[derive(Debug, thiserror::Error)]
pub enum ReadStaffError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Events of one account that are read at most: a person who signs in twice a day for ten years has fewer.
const HISTORY_MAX: u32 = 10_000;

impl App {
    /// Everybody who has or had an account, by name.
    pub async fn accounts(&self, op: &OpContext) -> Result<Vec<AccountRow>, ReadStaffError> {
        op.require(Permission::ReadStaff)?;
        let rows = staff::all(self.store.database()).await.map_err(Internal::new)?;
        let (strong, passkeys) = self.strong_sign_ins().await?;
        let row = |found: staff::StaffRow| {
            let (is_strong, has_passkey) = (strong.contains(&found.id), passkeys.contains(&found.id));
            row(found, is_strong, has_passkey)
        };
        Ok(rows.into_iter().map(row).collect::<Result<_, _>>()?)
    }

    /// One account; none when there is none.
    pub async fn account(
        &self,
        op: &OpContext,
        id: StaffId,
    ) -> Result<Option<AccountDetail>, ReadStaffError> {
        op.require(Permission::ReadStaff)?;
        Ok(self.account_detail(id).await?)
    }

    /// The same without asking for the right: for decisions.
    pub(super) async fn account_detail(&self, id: StaffId) -> Result<Option<AccountDetail>, Internal> {
        let rows = staff::by_ids(self.store.database(), &[id.0]).await;
        let found = rows.map_err(Internal::new)?.remove(&id.0);
        let Some(found) = found else { return Ok(None) };
        let history = self.account_events(id).await?;
        let account = Account::of(history.iter().map(|entry| &entry.event));
        let changes = |entry: &&AccountEntry| StaffEvent::FACT_TYPES.contains(&entry.event.event_type());
        let version = history.iter().rfind(changes).map(|entry| entry.position);
        let (is_strong, has_passkey) = (self.has_strong_sign_in(id).await?, self.has_passkey(id).await?);
        let row = row(found, is_strong, has_passkey)?;
        Ok(account.zip(version).map(|(account, version)| AccountDetail {
            row,
            account,
            version,
            history,
        }))
    }

    pub(super) async fn account_events(&self, id: StaffId) -> Result<Vec<AccountEntry>, Internal> {
        let tag = Tag::new(TAG_STAFF, id).map_err(Internal::new)?;
        let events = self
            .store
            .read(&Query::tagged(tag), Position::START, HISTORY_MAX)
            .await
            .map_err(Internal::new)?;
        let entries = events.into_iter().map(|event| {
            Ok(AccountEntry {
                position: event.position,
                at: event.recorded_at,
                by: event.actor.parse().map_err(Internal::new)?,
                event: StaffEvent::decode(&event.event_type, event.schema_version, &event.data)
                    .map_err(Internal::new)?,
            })
        });
        entries.collect()
    }
}

fn row(found: staff::StaffRow, has_second_factor: bool, has_passkey: bool) -> Result<AccountRow, Internal> {
    Ok(AccountRow {
        has_second_factor,
        has_passkey,
        id: StaffId(found.id),
        roles: roles_of(&found.roles.join(" "))?,
        login: found.login,
        name: found.name,
        mail: found.mail,
        disabled_at: found.disabled_at,
    })
}
