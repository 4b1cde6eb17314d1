//! One-time links by which members of staff choose another password: sent by whoever keeps accounts, or asked for by whoever
//! forgot it. What is asked for says to nobody whether there is such an account.

use chrono::{DateTime, TimeDelta, Utc};
use domain::mailing::Address;
use domain::staff::{Actor, CredentialChange, Permission, Role, SecurityKind, StaffEvent, StaffId, allows};
use event_store::{Append, AppendError, NewEvent};
use storage::{credential, password_link, staff};
use uuid::Uuid;

use super::accept_invitation::normal_login;
use super::accounts::AccountEntry;
use super::notice::{Notice, Notices};
use super::password_rules::Names;
use super::second_factor::Deed;
use super::sign_in::{Place, SignInError, of_one_client};
use super::{password, token};
use crate::security::Note;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// How long a link can be used.
const LIFETIME: TimeDelta = TimeDelta::hours(24);
/// Links that may be asked for one after the other without waiting.
const FREE_REQUESTS: i64 = 2;

/// A link that was just made; the token is shown once and kept nowhere.
#[derive(Clone)]
pub struct PasswordLinkMade {
    /// Behind the link.
    pub token: String,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for PasswordLinkMade {
    // The token opens an account.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PasswordLinkMade(…)")
    }
}

/// What a link is good for.
#[derive(Clone)]
pub struct PasswordLink {
    /// What its owner types to sign in.
    pub login: String,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// A link is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentPasswordLink {
    /// Until when it can be used; none: it was sent before by the same command.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Why no link was made.
#[derive(Debug, thiserror::Error)]
pub enum SendPasswordLinkError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// They have to prove once more who they are.
    #[error("the session is not fresh")]
    NotFresh,
    /// Nobody can sign in with it anyway.
    #[error("the account is disabled")]
    Disabled,
    /// The account has no address.
    #[error("the account has no address to send a link to")]
    NoAddress,
    /// Notices to staff are not configured.
    #[error("no sender of notices is configured")]
    NoMail,
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Why the password is as it was.
#[derive(Debug, thiserror::Error)]
pub enum AcceptPasswordLinkError {
    /// The link is unknown, used, taken back or expired.
    #[error("the link is unknown, used, taken back or expired")]
    Refused,
    /// The new password cannot be taken; the link stays good.
    #[error("the new password has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Sends a link to the address of a member of staff. Links that were sent before open nothing from then on.
    pub async fn send_password_link(
        &self,
        op: &OpContext,
        command_id: Uuid,
        id: StaffId,
    ) -> Result<SentPasswordLink, SendPasswordLinkError> {
        op.require(Permission::ManageStaff)?;
        if !op.is_fresh() {
            return Err(SendPasswordLinkError::NotFresh);
        }
        let row = self.enabled_account(id).await?;
        let said = link_sent(id);
        if let Some(before) = self.deed_before(command_id, id, &said).await? {
            before.ok_or(SendPasswordLinkError::CommandReused)?;
            return Ok(SentPasswordLink { expires_at: None });
        }
        let notices = self.notices.as_ref().ok_or(SendPasswordLinkError::NoMail)?;
        let to = row.mail.as_deref().map(Address::parse).transpose();
        let to = to
            .map_err(Internal::new)?
            .ok_or(SendPasswordLinkError::NoAddress)?;
        let deed = Deed {
            actor: op.actor().clone(),
            command_id,
            request_id: op.request_id(),
        };
        let why = "管理者が、パスワードを決め直すためのリンクを送りました。";
        let expires_at = self.mail_link(notices, id, &to, why, deed).await?;
        let expires_at = Some(expires_at);
        Ok(SentPasswordLink { expires_at })
    }

    /// Makes a link to be handed over by hand. Its owner hears of it where they have an address.
    pub async fn make_password_link(
        &self,
        op: &OpContext,
        id: StaffId,
    ) -> Result<PasswordLinkMade, SendPasswordLinkError> {
        op.require(Permission::ManageStaff)?;
        self.enabled_account(id).await?;
        let link = self.new_link(id).await?;
        let command_id = self.new_id().map_err(Internal::new)?;
        let what = CredentialChange::PasswordLinkSent;
        let deed = Deed {
            actor: op.actor().clone(),
            command_id,
            request_id: op.request_id(),
        };
        let events = self.credential_events(id, what, command_id).await?;
        self.append_link(id, &link, deed, events).await?;
        Ok(link)
    }

    /// Takes what somebody typed who forgot their password. Whoever asks waits longer and longer, whether or not there is such
    /// an account, and so does their network; what comes of it is [`App::send_forgotten`], which the answer does not wait for.
    pub async fn ask_for_password_link(&self, place: &Place, login: &str) -> Result<(), SignInError> {
        let account_key = self.delay_key("forgotten", &normal_login(login));
        let of_account = self.count_try(&account_key, FREE_REQUESTS).await?;
        let address = of_one_client(place.address).to_string();
        let address_key = self.delay_key("forgotten-address", &address);
        self.count_try_of_address(&address_key, &account_key, of_account)
            .await?;
        Ok(())
    }

    /// Sends a link to whoever has this login; tells administrators where there is no address. Nothing happens when there is no
    /// such account.
    pub async fn send_forgotten(&self, login: &str, request_id: Uuid) -> Result<(), Internal> {
        let Some(notices) = &self.notices else {
            return Ok(());
        };
        let found = staff::by_login(self.store.database(), &normal_login(login)).await;
        let Some(row) = found
            .map_err(Internal::new)?
            .filter(|row| row.disabled_at.is_none())
        else {
            return Ok(());
        };
        let deed = Deed {
            actor: Actor::System("sign-in".to_owned()),
            command_id: self.new_id().map_err(Internal::new)?,
            request_id,
        };
        let id = StaffId(row.id);
        let Some(to) = row
            .mail
            .as_deref()
            .map(Address::parse)
            .transpose()
            .map_err(Internal::new)?
        else {
            return self.tell_administrators(notices, &row, deed).await;
        };
        let why = "ログイン画面で、パスワードを忘れたとの申し出がありました。";
        self.mail_link(notices, id, &to, why, deed).await.map(drop)
    }

    /// What a link is good for; none when it is unknown, used, taken back or expired.
    pub async fn password_link(&self, token: &str) -> Result<Option<PasswordLink>, Internal> {
        let Some((row, expires_at)) = self.owner_of_link(token).await? else {
            return Ok(None);
        };
        Ok(Some(PasswordLink {
            login: row.login,
            expires_at,
        }))
    }

    /// Sets the password of whose link it is, and ends all their sessions; answers their login. Nobody is signed in: the second
    /// factor is asked for as always.
    pub async fn accept_password_link(
        &self,
        token: &str,
        new: String,
        request_id: Uuid,
    ) -> Result<String, AcceptPasswordLinkError> {
        let database = self.store.database();
        let seen = self.store.head().await.map_err(Internal::new)?;
        let Some((row, _)) = self.owner_of_link(token).await? else {
            self.note_outside(Note::of_nobody(SecurityKind::SignInRefused, "password_link"))
                .await;
            return Err(AcceptPasswordLinkError::Refused);
        };
        let names = Names {
            login: &row.login,
            name: &row.name,
        };
        if let Some(problem) = self.password_problem(&new, names) {
            return Err(AcceptPasswordLinkError::Invalid(vec![problem]));
        }
        let password_hash = password::hash(new, &*self.random).await.map_err(Internal::new)?;
        let (hash, used_at) = (token::hash(token), self.now());
        // One statement uses the link up, so two at the same moment set one password.
        let used = password_link::use_up(database, &hash, used_at).await;
        if !used.map_err(Internal::new)? {
            return Err(AcceptPasswordLinkError::Refused);
        }
        let id = StaffId(row.id);
        let what = CredentialChange::PasswordReset;
        match self.append_credential_change(id, what, seen, request_id).await {
            Ok(true) => {}
            Ok(false) => return Err(AcceptPasswordLinkError::Refused),
            Err(error) => {
                let back = password_link::give_back(database, &hash, used_at).await;
                back.map_err(Internal::new)?;
                return Err(error.into());
            }
        }
        credential::replace(database, id.0, &password_hash, None, self.now())
            .await
            .map_err(Internal::new)?;
        // Whoever guessed at the old password must not keep its owner out of the new one.
        self.forget_delays(&row.login, id).await?;
        Ok(row.login)
    }

    async fn owner_of_link(&self, token: &str) -> Result<Option<(staff::StaffRow, DateTime<Utc>)>, Internal> {
        let database = self.store.database();
        let found = password_link::load(database, &token::hash(token)).await;
        let found = found.map_err(Internal::new)?;
        let Some(link) = found.filter(|link| link.holds_at(self.now())) else {
            return Ok(None);
        };
        let rows = staff::by_ids(database, &[link.staff_id]).await;
        let row = rows.map_err(Internal::new)?.remove(&link.staff_id);
        let row = row.filter(|row| row.disabled_at.is_none());
        Ok(row.map(|row| (row, link.expires_at)))
    }

    async fn enabled_account(&self, id: StaffId) -> Result<staff::StaffRow, SendPasswordLinkError> {
        let rows = staff::by_ids(self.store.database(), &[id.0]).await;
        let row = rows.map_err(Internal::new)?.remove(&id.0);
        let row = row.ok_or(SendPasswordLinkError::NotFound)?;
        if row.disabled_at.is_some() {
            return Err(SendPasswordLinkError::Disabled);
        }
        Ok(row)
    }

    async fn new_link(&self, id: StaffId) -> Result<PasswordLinkMade, Internal> {
        let token = token::new(&*self.random).map_err(Internal::new)?;
        let (now, expires_at) = (self.now(), self.now() + LIFETIME);
        let hash = token::hash(&token);
        password_link::make(self.store.database(), &hash, id.0, now, expires_at)
            .await
            .map_err(Internal::new)?;
        Ok(PasswordLinkMade { token, expires_at })
    }

    /// First the link: a mail with a link that opens nothing is worse than a link that nobody got.
    async fn mail_link(
        &self,
        notices: &Notices,
        id: StaffId,
        to: &Address,
        why: &str,
        deed: Deed,
    ) -> Result<DateTime<Utc>, Internal> {
        let link = self.new_link(id).await?;
        let text = words(why, &notices.origin, &link);
        let notice = Notice {
            name: "password link",
            to,
            subject: "パスワードを決め直すリンク（Sengen）",
            text: &text,
            not_after: Some(link.expires_at),
        };
        let events = vec![
            self.staff_event(&link_sent(id), Vec::new())?,
            self.notice_event(notices, deed.command_id, &notice).await?,
        ];
        self.append_link(id, &link, deed, events).await?;
        Ok(link.expires_at)
    }

    /// Links that were made before open nothing once this one is in the log.
    async fn append_link(
        &self,
        id: StaffId,
        link: &PasswordLinkMade,
        deed: Deed,
        events: Vec<NewEvent>,
    ) -> Result<(), Internal> {
        let (database, hash) = (self.store.database(), token::hash(&link.token));
        let actor = deed.actor.clone();
        if self.append_events(deed, events).await? {
            self.note_credential(id, CredentialChange::PasswordLinkSent, &actor)
                .await;
            let revoked = password_link::revoke_earlier(database, id.0, &hash, self.now()).await;
            return revoked.map_err(Internal::new);
        }
        // The same command was as fast, and its mail has the link that it made: nobody will ever see this one.
        let revoked = password_link::revoke(database, &hash, self.now()).await;
        revoked.map(drop).map_err(Internal::new)
    }

    /// `false`: this command was carried out before.
    async fn append_events(&self, deed: Deed, events: Vec<NewEvent>) -> Result<bool, Internal> {
        let append = Append {
            command_id: deed.command_id,
            actor: deed.actor.to_string(),
            correlation_id: deed.request_id,
            reason: None,
            events,
            guards: Vec::new(),
            recorded_at: self.now(),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(true),
            Err(AppendError::CommandReused { .. }) => Ok(false),
            Err(error) => Err(Internal::new(error)),
        }
    }

    async fn tell_administrators(
        &self,
        notices: &Notices,
        row: &staff::StaffRow,
        deed: Deed,
    ) -> Result<(), Internal> {
        let text = format!(
            "{}さん（ログイン名 {}）から、パスワードを忘れたとの申し出がありました。\n\
             メールアドレスの登録がないため、リンクは送っていません。\n\n\
             本人に確かめたうえで、サーバーで次の命令を実行し、表示されたリンクを手渡してください。\n\n\
             sengen staff password-link LOGIN\n\n{}/settings/staff/{}\n",
            row.name, row.login, notices.origin, row.id
        );
        let rows = staff::all(self.store.database()).await.map_err(Internal::new)?;
        let mut events = Vec::new();
        for other in rows
            .iter()
            .filter(|other| other.disabled_at.is_none() && keeps_accounts(other))
        {
            let Some(to) = other.mail.as_deref().and_then(|mail| Address::parse(mail).ok()) else {
                continue;
            };
            let name = format!("forgotten {}", other.id);
            let notice = Notice {
                name: &name,
                to: &to,
                subject: "パスワードを忘れたとの申し出（Sengen）",
                text: &text,
                not_after: None,
            };
            events.push(self.notice_event(notices, deed.command_id, &notice).await?);
        }
        if events.is_empty() {
            tracing::warn!("somebody without an address forgot their password, and no administrator has one");
            return Ok(());
        }
        self.append_events(deed, events).await.map(drop)
    }

    /// What this command has written before: none when it is new; the event when it is the one that is wanted now.
    pub(super) async fn deed_before(
        &self,
        command_id: Uuid,
        id: StaffId,
        wanted: &StaffEvent,
    ) -> Result<Option<Option<AccountEntry>>, Internal> {
        let receipt = self.store.receipt(command_id).await.map_err(Internal::new)?;
        let Some(receipt) = receipt else { return Ok(None) };
        let history = self.account_events(id).await?;
        let written = history.into_iter().find(|entry| entry.position == receipt.first);
        Ok(Some(written.filter(|entry| entry.event == *wanted)))
    }
}

const fn link_sent(id: StaffId) -> StaffEvent {
    StaffEvent::CredentialChanged {
        staff_id: id,
        what: CredentialChange::PasswordLinkSent,
    }
}

fn keeps_accounts(row: &staff::StaffRow) -> bool {
    let mut roles = row.roles.iter().filter_map(|role| role.parse::<Role>().ok());
    roles.any(|role| allows(role, Permission::ManageStaff))
}

fn words(why: &str, origin: &str, link: &PasswordLinkMade) -> String {
    let until = crate::time_in_japan(link.expires_at);
    format!(
        "{why}\n\n次のリンクを開き、新しいパスワードを決めてください。\n\
         リンクは一度だけ、{until}まで使えます。前に送ったリンクは使えません。\n\n\
         {origin}/password#{}\n\n\
         心当たりがない場合は、このメールを破棄し、管理者に連絡してください。パスワードは変わりません。\n\n\
         ----\n\
         Open the link above to choose another password for your staff account of Sengen.\n\
         It works once, until {until} (Japan time). If you do not expect this, please ignore this mail and tell an administrator.\n",
        link.token
    )
}
