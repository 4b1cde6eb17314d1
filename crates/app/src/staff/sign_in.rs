//! Signing in and out: the same answer for an unknown login and a wrong password, and a growing delay for each account
//! and each address, never a permanent lock: where its owner is known, an account's delay is not that of strangers.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};
use domain::staff::{Actor, CredentialChange, SecurityKind, SignInMethod, StaffEvent, StaffId};
use event_store::{Append, NewEvent};
use storage::sign_in_delay::SignInDelay;
use storage::staff;
use storage::{credential, session, sign_in_delay};
use uuid::Uuid;

use super::accept_invitation::normal_login;
use super::notice::Notice;
use super::second_factor::SignInStep;
use super::session::{ABSOLUTE, IDLE, SignedIn};
use super::{password, token};
use crate::security::Note;
use crate::{App, Internal};

/// Failures of one account without a delay.
pub(super) const FREE_TRIES: i64 = 4;
/// Failures of one address without a delay: an office has one address and many people.
const FREE_TRIES_OF_ADDRESS: i64 = 30;
/// The first delay; it doubles with each further failure.
const FIRST_DELAY: TimeDelta = TimeDelta::minutes(2);
/// The longest delay: with it, less than ten tries an hour are looked at.
const LONGEST_DELAY: TimeDelta = TimeDelta::minutes(15);

/// Without a failure for so long, those before are forgotten: a slip a day must not add up to a delay for an office.
pub(super) const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);

/// How long a browser is remembered as one that its owner used before.
pub(super) const KNOWN_FOR: TimeDelta = TimeDelta::days(90);

/// What is kept of what a browser calls itself.
const USER_AGENT_BYTES: usize = 300;

/// From where somebody signs in.
#[derive(Debug, Clone)]
pub struct Place {
    /// The address.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
}

/// Under which tries are counted.
#[derive(Clone, Copy)]
pub(super) struct DelayKey {
    /// What kind of thing is counted for.
    pub kind: &'static str,
    /// Keyed hash of kind and value.
    pub hash: [u8; 32],
    /// Whose tries they are, where that is known.
    pub staff_id: Option<StaffId>,
}

impl DelayKey {
    /// The same for what is tried at an account.
    pub(super) const fn of(self, staff_id: Option<StaffId>) -> Self {
        Self { staff_id, ..self }
    }
}

/// A session that was just begun; the token goes into the cookie and is kept nowhere else.
#[derive(Debug, Clone)]
pub struct Entered {
    /// For the cookie.
    pub token: String,
    /// Who is signed in.
    pub session: SignedIn,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The login is unknown or the password wrong; nobody learns which.
    #[error("the login is unknown or the password wrong")]
    Refused,
    /// A delay holds; the try was not looked at.
    #[error("the next try is looked at in {seconds} seconds")]
    Delayed {
        /// Until then, at least 1.
        seconds: u32,
    },
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Box<Internal>),
}

impl From<Internal> for SignInError {
    fn from(error: Internal) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl App {
    /// Signs in, or asks for a code. A session that the browser already has is ended when the new one begins, so that nobody
    /// can plant one.
    pub async fn sign_in(
        &self,
        place: &Place,
        login: &str,
        password: String,
        old_token: Option<&str>,
    ) -> Result<SignInStep, SignInError> {
        let login = normal_login(login);
        let database = self.store.database();
        let found = staff::by_login(database, &login).await.map_err(internal)?;
        let whose = found.as_ref().map(|found| StaffId(found.id));
        let account_key = self.account_key(&login, whose, place).await?;
        let of_account = self.count_try(&account_key, FREE_TRIES).await?;
        let address_key = self.delay_key("address", &of_one_client(place.address).to_string());
        let of_address = self
            .count_try_of_address(&address_key, &account_key, of_account)
            .await?;

        let why = match &found {
            None => "unknown_login",
            Some(found) if found.disabled_at.is_some() => "disabled",
            Some(_) => "wrong_password",
        };
        let tried = Note {
            kind: SecurityKind::SignInRefused,
            detail: why,
            staff_id: whose,
        };
        let found = found.filter(|found| found.disabled_at.is_none());
        // Looked for also where there is no such account, so that it takes as long.
        let hash = found.as_ref().map_or(Uuid::nil(), |found| found.id);
        let hash = credential::load(database, hash).await.map_err(internal)?;
        let right = password::verify(password, hash).await.map_err(internal)?;
        let Some(found) = found.filter(|_| right) else {
            self.note_tried(tried, &account_key.hash).await;
            return Err(SignInError::Refused);
        };
        sign_in_delay::clear(database, &account_key.hash)
            .await
            .map_err(internal)?;
        // Behind a proxy the whole office has one address: only what failed there counts, and goes on counting.
        sign_in_delay::take_back(database, &address_key.hash, of_address)
            .await
            .map_err(internal)?;
        let id = StaffId(found.id);
        let half = |detail| Note::of(SecurityKind::HalfSignedIn, detail, id);
        if self.has_totp(id).await? {
            self.note(half("code_asked")).await;
            return Ok(SignInStep::SecondFactor(self.wait_for_code(id, place).await?));
        }
        if self.asks_for_passkey(id).await? {
            self.note(half("passkey_asked")).await;
            return Ok(SignInStep::Passkey);
        }
        if let Some(old) = old_token {
            self.end_session(old, "replaced").await?;
        }
        let entered = self.enter(id, SignInMethod::Password, place).await?;
        Ok(SignInStep::Entered(entered))
    }

    /// Ends a session; nothing happens when there is none.
    pub async fn sign_out(&self, token: &str) -> Result<(), Internal> {
        self.end_session(token, "sign_out").await
    }

    /// Ends a session of one's own browser; `why` stands in the record.
    pub(super) async fn end_session(&self, token: &str, why: &str) -> Result<(), Internal> {
        let (database, hash) = (self.store.database(), token::hash(token));
        let found = session::load(database, &hash).await.map_err(Internal::new)?;
        session::end(database, &hash, self.now())
            .await
            .map_err(Internal::new)?;
        if let Some(found) = found.filter(|found| found.holds_at(self.now())) {
            let note = Note::of(SecurityKind::SessionEnded, why, StaffId(found.staff_id));
            self.note(note).await;
        }
        Ok(())
    }

    /// Begins a session of a member of staff, and tells them when it is from a browser that they have not used before.
    pub(super) async fn enter(
        &self,
        id: StaffId,
        method: SignInMethod,
        place: &Place,
    ) -> Result<Entered, Internal> {
        let token = token::new(&*self.random).map_err(Internal::new)?;
        let now = self.now();
        let begun = session::Session {
            staff_id: id.0,
            created_at: now,
            last_seen_at: now,
            expires_at: now + IDLE,
            absolute_expires_at: now + ABSOLUTE,
            ended_at: None,
            address: Some(place.address.to_string()),
            user_agent: place.user_agent.as_deref().map(shortened),
            // Somebody may have proved to the provider hours ago who they are.
            fresh_at: (method != SignInMethod::SingleSignOn).then_some(now),
            method: Some(method.code().to_owned()),
            passkey_at: (method == SignInMethod::Passkey).then_some(now),
        };
        self.append_signed_in(id, method, &begun).await?;
        session::begin(self.store.database(), &token::hash(&token), &begun)
            .await
            .map_err(Internal::new)?;
        let session = self
            .session(&token)
            .await?
            .ok_or_else(|| Internal::new(NoSession))?;
        let note = Note::of(SecurityKind::SignedIn, method.code(), id);
        self.note_by(note, &Actor::Staff(id)).await;
        Ok(Entered { token, session })
    }

    async fn append_signed_in(
        &self,
        id: StaffId,
        method: SignInMethod,
        begun: &session::Session,
    ) -> Result<(), Internal> {
        let command_id = self.new_id().map_err(Internal::new)?;
        let said = StaffEvent::SignedIn { staff_id: id, method };
        let mut events = vec![self.staff_event(&said, Vec::new())?];
        if method != SignInMethod::Invitation {
            events.extend(self.sign_in_notice(id, command_id, begun).await?);
        }
        if method == SignInMethod::PasswordAndRecoveryCode {
            let what = CredentialChange::RecoveryCodeUsed;
            events.extend(self.credential_events(id, what, command_id).await?);
        }
        let append = Append {
            command_id,
            actor: Actor::Staff(id).to_string(),
            correlation_id: command_id,
            reason: None,
            events,
            guards: Vec::new(),
            recorded_at: begun.created_at,
        };
        self.store.append(append).await.map_err(Internal::new)?;
        if method == SignInMethod::PasswordAndRecoveryCode {
            self.note_credential(id, CredentialChange::RecoveryCodeUsed, &Actor::Staff(id))
                .await;
        }
        Ok(())
    }

    async fn sign_in_notice(
        &self,
        id: StaffId,
        command_id: Uuid,
        begun: &session::Session,
    ) -> Result<Option<NewEvent>, Internal> {
        let Some(notices) = &self.notices else {
            return Ok(None);
        };
        let database = self.store.database();
        let Some(to) = self.staff_address(id).await? else {
            return Ok(None);
        };
        let is_known = session::is_known(database, begun).await.map_err(Internal::new)?;
        if is_known {
            return Ok(None);
        }
        let text = format!(
            "あなたの職員アカウントで、はじめての端末からログインがありました。\n\n日時：{}\n接続元：{}\n端末：{}\n\n\
             心当たりがない場合は、次の画面でセッションを終了し、管理者に連絡してください。\n{}/account\n",
            crate::time_in_japan(begun.created_at),
            begun.address.as_deref().unwrap_or("不明"),
            begun.user_agent.as_deref().unwrap_or("不明"),
            notices.origin,
        );
        let notice = Notice {
            name: "signed in",
            to: &to,
            subject: "はじめての端末からのログイン（Sengen）",
            text: &text,
            not_after: None,
        };
        self.notice_event(notices, command_id, &notice).await.map(Some)
    }

    /// Whether there is such an account, and somebody can sign in with it.
    pub(super) async fn is_enabled(&self, id: StaffId) -> Result<bool, Internal> {
        let rows = staff::by_ids(self.store.database(), &[id.0]).await;
        let rows = rows.map_err(Internal::new)?;
        Ok(rows.get(&id.0).is_some_and(|row| row.disabled_at.is_none()))
    }

    /// Under which tries at an account are counted: where its owner has signed in before, apart from those of everybody else, so that
    /// whoever tries passwords from elsewhere does not keep its owner out.
    async fn account_key(
        &self,
        login: &str,
        whose: Option<StaffId>,
        place: &Place,
    ) -> Result<DelayKey, Internal> {
        // Looked for also where there is no such account, so that it takes as long.
        let nobody = StaffId(Uuid::nil());
        let networks = self.known_networks(whose.unwrap_or(nobody)).await?;
        let network = of_one_client(place.address);
        let key = if networks.contains(&network) {
            self.key_at(login, network)
        } else {
            self.delay_key("account", login)
        };
        Ok(key.of(whose))
    }

    fn key_at(&self, login: &str, network: IpAddr) -> DelayKey {
        DelayKey {
            kind: "account",
            ..self.delay_key("account-at", &format!("{network} {login}"))
        }
    }

    /// Under which tries are counted of whoever is signed in and proves once more who they are: nobody outside adds to them.
    pub(super) fn own_key(&self, id: StaffId) -> DelayKey {
        let key = self.delay_key("account-own", &id.to_string()).of(Some(id));
        DelayKey {
            kind: "account",
            ..key
        }
    }

    /// Networks from which somebody has signed in, as long as they are remembered.
    async fn known_networks(&self, id: StaffId) -> Result<BTreeSet<IpAddr>, Internal> {
        let known = session::addresses_of(self.store.database(), id.0).await;
        let known = known.map_err(Internal::new)?.into_iter();
        Ok(known
            .filter_map(|address| address.parse().ok().map(of_one_client))
            .collect())
    }

    /// Forgets every failure that was counted for an account, wherever it came from.
    pub(super) async fn forget_delays(&self, login: &str, id: StaffId) -> Result<(), Internal> {
        let mut keys = vec![self.delay_key("account", login), self.own_key(id)];
        let networks = self.known_networks(id).await?.into_iter();
        keys.extend(networks.map(|network| self.key_at(login, network)));
        for key in keys {
            let cleared = sign_in_delay::clear(self.store.database(), &key.hash).await;
            cleared.map_err(Internal::new)?;
        }
        Ok(())
    }

    pub(super) fn delay_key(&self, kind: &'static str, value: &str) -> DelayKey {
        let text = format!("{kind}:{value}");
        let hash = self.store.keyring().keyed_hash("sign-in-delay", text.as_bytes());
        DelayKey {
            kind,
            hash,
            staff_id: None,
        }
    }

    /// The same for the address that a try comes from. Where that one has to wait, the try is not looked at and so counts for no
    /// account: one address must not be able to delay everybody.
    pub(super) async fn count_try_of_address(
        &self,
        address_key: &DelayKey,
        account_key: &DelayKey,
        of_account: SignInDelay,
    ) -> Result<SignInDelay, SignInError> {
        let counted = self.count_try(address_key, FREE_TRIES_OF_ADDRESS).await;
        if let Err(SignInError::Delayed { .. }) = counted {
            sign_in_delay::take_back(self.store.database(), &account_key.hash, of_account)
                .await
                .map_err(internal)?;
        }
        counted
    }

    /// Counts a try as a failure before it is looked at, so that many at one moment cannot slip through together; a
    /// success takes it back.
    pub(super) async fn count_try(&self, key: &DelayKey, free: i64) -> Result<SignInDelay, SignInError> {
        let counted = self.count(&key.hash, free).await;
        if let Err(SignInError::Delayed { .. }) = counted {
            let note = Note {
                kind: SecurityKind::Throttled,
                detail: key.kind,
                staff_id: key.staff_id,
            };
            self.note_seldom(note, &key.hash).await;
        }
        counted
    }

    async fn count(&self, key: &[u8; 32], free: i64) -> Result<SignInDelay, SignInError> {
        let database = self.store.database();
        let now = self.now();
        let seen = sign_in_delay::load(database, key).await.map_err(internal)?;
        if let Some(seen) = seen
            && now < seen.blocked_until
        {
            return Err(delayed(seen.blocked_until, now));
        }
        let forgotten = now - FORGOTTEN_AFTER;
        let counted = sign_in_delay::fail(database, key, now, forgotten, |failures| delay(failures, free));
        let counted = counted.await.map_err(internal)?;
        let before = seen.filter(|seen| seen.last_failure_at >= forgotten);
        let alone = counted.failures == before.map_or(0, |before| before.failures) + 1;
        if is_alarming(counted.failures, free) {
            // Of whom stands nowhere: the key is a hash, and a login that nobody has is told of as well.
            let failures = counted.failures;
            tracing::warn!(
                failures,
                "{failures} tries failed for one account or one address: somebody may be guessing passwords"
            );
        }
        if counted.failures > free && !alone {
            return Err(delayed(counted.blocked_until, now));
        }
        Ok(counted)
    }
}

/// The session that was written a moment ago cannot be read: its owner was disabled in between.
#[derive(Debug, thiserror::Error)]
#[error("the new session does not hold")]
struct NoSession;

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> SignInError {
    SignInError::Internal(Box::new(Internal::new(error)))
}

fn delayed(until: DateTime<Utc>, now: DateTime<Utc>) -> SignInError {
    SignInError::Delayed {
        seconds: u32::try_from((until - now).num_seconds()).unwrap_or(0).max(1),
    }
}

/// What a browser calls itself may be anything.
pub(super) fn shortened(user_agent: &str) -> String {
    let plain: String = user_agent.chars().filter(|c| !c.is_control()).collect();
    let end = plain.floor_char_boundary(USER_AGENT_BYTES);
    plain[..end].to_owned()
}

/// The address that stands for whoever asks: of IPv6 the network, because one line has as many addresses in it as it likes.
pub(crate) fn of_one_client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// Told once when the delays begin, and then ever more seldom: a log must not be filled by whoever guesses.
fn is_alarming(failures: i64, free: i64) -> bool {
    let hundreds = |all: i64| matches!(all, 100 | 1_000 | 10_000 | 100_000);
    failures == free || hundreds(failures)
}

/// How long an account or address waits after so many failures.
fn delay(failures: i64, free: i64) -> TimeDelta {
    let over = failures - free;
    if over < 0 {
        return TimeDelta::zero();
    }
    // Past the fourth doubling the longest delay holds anyway.
    let doubled = FIRST_DELAY * (1 << over.min(4));
    doubled.min(LONGEST_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t47_an_account_has_at_most_ten_tries_looked_at_in_its_first_hour() {
        let mut clock = TimeDelta::zero();
        let mut tries = 0;
        while clock < TimeDelta::hours(1) {
            tries += 1;
            clock += delay(tries, FREE_TRIES);
        }
        assert!(tries <= 10, "{tries}");
    }

    #[test]
    fn t48_whoever_changes_the_address_within_one_network_of_ipv6_is_the_same_client() {
        let key = |text: &str| of_one_client(text.parse().expect("an address")).to_string();
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff:1:2:3"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.1"), "192.0.2.1");
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }

    #[test]
    fn what_a_browser_calls_itself_is_kept_in_one_short_line() {
        let long = format!("見本\r\n{}", "語".repeat(200));
        let kept = shortened(&long);
        assert!(
            kept.starts_with("見本語") && kept.len() <= USER_AGENT_BYTES,
            "{kept}"
        );
    }

    #[test]
    fn the_delay_grows_and_stays_below_a_lock() {
        let delays: Vec<i64> = (1..10)
            .map(|failures| delay(failures, FREE_TRIES).num_seconds())
            .collect();
        assert_eq!(delays, [0, 0, 0, 120, 240, 480, 900, 900, 900]);
    }
}
