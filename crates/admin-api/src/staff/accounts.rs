//! Accounts as those see them who keep them.

use app::staff::{AccountDetail, AccountEntry, AccountRow, OpenInvitation as Open, ReadStaffError};
use async_graphql::{ComplexObject, Context, Error, ID, Object, Result, SimpleObject};
use domain::staff::{StaffEvent, StaffId};
use uuid::Uuid;

use super::types::Role;
use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::fault;
use crate::scalars::{DateTime, Position};

/// The most accounts of an office, for the cost of a query.
const ACCOUNTS: usize = 50;

mirrored! {
    /// Why an account was disabled.
    DisableReason = domain::staff::DisableReason {
        /// They work elsewhere now.
        Left,
        /// They will come back.
        OnLeave,
        /// Somebody else may have their password or passkey.
        Suspicion,
    }
}

mirrored! {
    /// What became of something by which somebody proves who they are.
    CredentialChange = domain::staff::CredentialChange {
        /// An authenticator gives codes from then on, or another one does.
        TotpSet,
        /// The password alone is enough again.
        TotpRemoved,
        /// Ten recovery codes were made.
        RecoveryCodesMade,
        /// One recovery code was used instead of the authenticator.
        RecoveryCodeUsed,
        /// Somebody else took the second factor away, because its owner lost it.
        SecondFactorReset,
        /// Its owner chose another password, knowing the one before.
        PasswordChanged,
        /// A one-time link was made by which its owner can choose another password.
        PasswordLinkSent,
        /// Whoever had that link chose another password.
        PasswordReset,
        /// A passkey opens the account from then on.
        PasskeyAdded,
        /// A passkey opens it no more.
        PasskeyRemoved,
        /// A passkey counted backwards, as a copy of it does; it opens the account no more.
        PasskeySuspected,
        /// A provider can vouch for them from then on.
        IdentityLinked,
        /// It can no more.
        IdentityUnlinked,
        /// A one-time link was sent by which another address is confirmed.
        MailLinkSent,
    }
}

/// An account of a member of staff.
#[derive(SimpleObject, Clone)]
pub struct StaffAccount {
    /// Whose.
    pub id: ID,
    /// What they type to sign in.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// Where notices go; null: nowhere.
    pub mail: Option<String>,
    /// What they were given to do.
    pub roles: Vec<Role>,
    /// Since when nobody can sign in with it.
    pub disabled_at: Option<DateTime>,
    /// Whether signing in asks for more than a password.
    pub has_second_factor: bool,
    /// Whether a passkey opens it.
    pub has_passkey: bool,
}

/// An account with what happened to it.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct StaffAccountDetail {
    /// As the list has it.
    pub account: StaffAccount,
    /// Why it was disabled, if it is.
    pub disabled_because: Option<DisableReason>,
    /// What a change must name as its `expectedVersion`.
    pub version: Position,
    #[graphql(skip)]
    id: StaffId,
    #[graphql(skip)]
    same_as: Option<StaffId>,
    #[graphql(skip)]
    history: Vec<AccountEntry>,
}

/// What kind of thing happened to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
pub enum StaffEntryKind {
    /// Somebody was sent a link.
    Invited,
    /// The link was taken back.
    InvitationRevoked,
    /// They came in.
    Joined,
    /// They were given other roles.
    RolesChanged,
    /// They were given, or gave, another address.
    MailChanged,
    /// It was disabled.
    Disabled,
    /// It was enabled again.
    Enabled,
    /// They signed in.
    SignedIn,
    /// Something by which they prove who they are was set, removed or used up.
    CredentialChanged,
    /// It was said, or said no more, that another account is of the same person.
    PersonLinked,
}

/// Something that happened to an account.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct StaffEntry {
    /// When.
    pub at: DateTime,
    /// Where it stands in the log.
    pub position: Position,
    /// What.
    pub kind: StaffEntryKind,
    /// All roles from then on, where it says that.
    pub roles: Option<Vec<Role>>,
    /// Why, where it says that.
    pub reason: Option<DisableReason>,
    /// What became of a credential, where it says that.
    pub credential: Option<CredentialChange>,
    #[graphql(skip)]
    by: String,
}

/// Somebody who was invited and has not come in yet.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct OpenInvitation {
    /// Whose account it will be.
    pub staff_id: ID,
    /// To whom the link was sent; null: they were forgotten.
    pub mail: Option<String>,
    /// The roles that it gives.
    pub roles: Vec<Role>,
    /// When it was sent.
    pub created_at: DateTime,
    /// Until when it can be used.
    pub expires_at: DateTime,
    #[graphql(skip)]
    by: String,
}

/// Everybody who has or had an account, and those who are to come.
#[derive(SimpleObject)]
pub struct StaffAccounts {
    /// By name.
    pub nodes: Vec<StaffAccount>,
    /// The newest first.
    pub invitations: Vec<OpenInvitation>,
}

#[ComplexObject]
impl StaffAccountDetail {
    /// The other account of the same person, as somebody said; null: there is none.
    async fn same_person_as(&self) -> Option<ID> {
        self.same_as.map(|id| ID(id.to_string()))
    }

    /// All other accounts of the same person, whichever of them it was said of: none of them agrees to what another asks for.
    async fn same_person(&self, ctx: &Context<'_>) -> Result<Vec<ID>> {
        let context = request(ctx)?;
        let others = context
            .app()
            .other_accounts_of_person(context.operation()?, self.id)
            .await
            .map_err(|error| refusal(ctx, error))?;
        Ok(others.into_iter().map(|id| ID(id.to_string())).collect())
    }

    /// What happened, the newest first.
    #[graphql(complexity = "first as usize * child_complexity")]
    async fn history(&self, #[graphql(default = 50)] first: u32) -> Vec<StaffEntry> {
        let newest = self.history.iter().rev().take(first.min(200) as usize);
        newest.map(StaffEntry::from).collect()
    }
}

#[ComplexObject]
impl StaffEntry {
    /// Who did it.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }
}

#[ComplexObject]
impl OpenInvitation {
    /// Who invited them.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }
}

impl From<AccountRow> for StaffAccount {
    fn from(row: AccountRow) -> Self {
        Self {
            id: ID(row.id.to_string()),
            login: row.login,
            name: row.name,
            mail: row.mail,
            roles: row.roles.into_iter().map(Into::into).collect(),
            disabled_at: row.disabled_at.map(DateTime),
            has_second_factor: row.has_second_factor,
            has_passkey: row.has_passkey,
        }
    }
}

impl From<AccountDetail> for StaffAccountDetail {
    fn from(detail: AccountDetail) -> Self {
        Self {
            id: detail.row.id,
            account: detail.row.into(),
            disabled_because: detail.account.disabled.map(Into::into),
            version: Position(detail.version),
            same_as: detail.account.same_as,
            history: detail.history,
        }
    }
}

impl From<&AccountEntry> for StaffEntry {
    fn from(entry: &AccountEntry) -> Self {
        let given = |roles: &[domain::staff::Role]| Some(roles.iter().map(|role| (*role).into()).collect());
        let (kind, roles, reason) = match &entry.event {
            StaffEvent::Invited { roles, .. } => (StaffEntryKind::Invited, given(roles), None),
            StaffEvent::InvitationRevoked { .. } => (StaffEntryKind::InvitationRevoked, None, None),
            StaffEvent::Joined { roles, .. } => (StaffEntryKind::Joined, given(roles), None),
            StaffEvent::RolesChanged { roles, .. } => (StaffEntryKind::RolesChanged, given(roles), None),
            StaffEvent::MailChanged { .. } => (StaffEntryKind::MailChanged, None, None),
            StaffEvent::Disabled { reason, .. } => (StaffEntryKind::Disabled, None, Some((*reason).into())),
            StaffEvent::Enabled { .. } => (StaffEntryKind::Enabled, None, None),
            StaffEvent::SignedIn { .. } => (StaffEntryKind::SignedIn, None, None),
            StaffEvent::CredentialChanged { .. } => (StaffEntryKind::CredentialChanged, None, None),
            StaffEvent::PersonLinked { .. } => (StaffEntryKind::PersonLinked, None, None),
        };
        let credential = match &entry.event {
            StaffEvent::CredentialChanged { what, .. } => Some((*what).into()),
            _ => None,
        };
        Self {
            at: DateTime(entry.at),
            position: Position(entry.position),
            kind,
            roles,
            reason,
            credential,
            by: entry.by.to_string(),
        }
    }
}

impl From<Open> for OpenInvitation {
    fn from(open: Open) -> Self {
        Self {
            staff_id: ID(open.staff_id.to_string()),
            mail: open.mail,
            roles: open.roles.into_iter().map(Into::into).collect(),
            created_at: DateTime(open.created_at),
            expires_at: DateTime(open.expires_at),
            by: open.invited_by.to_string(),
        }
    }
}

/// The id of a member of staff; none for a text that is no id.
pub(crate) fn staff_id(id: &ID) -> Option<StaffId> {
    id.parse::<Uuid>().ok().map(StaffId)
}

/// Queries about accounts.
#[derive(Default)]
pub struct AccountsQuery;

#[Object]
impl AccountsQuery {
    /// Everybody who has or had an account, and those who are invited.
    #[graphql(complexity = "ACCOUNTS * child_complexity")]
    async fn staff_accounts(&self, ctx: &Context<'_>) -> Result<StaffAccounts> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let nodes = request.app().accounts(op).await;
        let nodes = nodes.map_err(|error| refusal(ctx, error))?;
        let invitations = request.app().open_invitations(op).await;
        let invitations = invitations.map_err(|error| fault::internal(request.request_id(), &error))?;
        Ok(StaffAccounts {
            nodes: nodes.into_iter().map(Into::into).collect(),
            invitations: invitations.into_iter().map(Into::into).collect(),
        })
    }

    /// One account; null when there is no such.
    async fn staff_account(&self, ctx: &Context<'_>, id: ID) -> Result<Option<StaffAccountDetail>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Some(id) = staff_id(&id) else { return Ok(None) };
        let found = request.app().account(op, id).await;
        Ok(found.map_err(|error| refusal(ctx, error))?.map(Into::into))
    }
}

pub(crate) fn refusal(ctx: &Context<'_>, error: ReadStaffError) -> Error {
    match (error, request(ctx)) {
        (ReadStaffError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadStaffError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (ReadStaffError::Internal(_), Err(error)) => error,
    }
}
