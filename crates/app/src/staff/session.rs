//! Sessions: 30 minutes idle, 12 hours at most.

use chrono::{DateTime, TimeDelta, Utc};
use domain::staff::{Permission, Role, SignInMethod, StaffId, allows};
use storage::session;
use storage::staff;

use super::invite::roles_of;
use super::second_factor::StrongWays;
use super::token;
use crate::{App, Internal};

/// How long a session holds without being used.
pub(super) const IDLE: TimeDelta = TimeDelta::minutes(30);
/// How long a session holds in any case.
pub(super) const ABSOLUTE: TimeDelta = TimeDelta::hours(12);
/// How long a proof of who they are is enough for something dangerous.
const FRESH: TimeDelta = TimeDelta::minutes(5);
/// A use is written down only this often.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// The id.
    pub id: StaffId,
    /// What they type to sign in.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// What they were given to do.
    pub roles: Vec<Role>,
}

/// Who is signed in, until when at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub staff: StaffMember,
    /// When the session ends whatever happens.
    pub expires_at: DateTime<Utc>,
    /// Until when they need not prove once more who they are before something dangerous.
    pub fresh_until: Option<DateTime<Utc>>,
    /// Whether they can do nothing but set a second factor up, because the office asks for one.
    pub must_set_up: bool,
    /// How the session was opened; none: before that was kept.
    pub method: Option<SignInMethod>,
}

impl SignedIn {
    /// All rights that the roles give together.
    pub fn permissions(&self) -> Vec<Permission> {
        let may = |permission: &Permission| self.staff.roles.iter().any(|role| allows(*role, *permission));
        Permission::ALL.into_iter().filter(may).collect()
    }

    /// Whether they proved a moment ago who they are.
    pub(crate) fn is_fresh_at(&self, now: DateTime<Utc>) -> bool {
        self.fresh_until.is_some_and(|until| now < until)
    }
}

impl App {
    /// Whose session a token is; none when it is unknown or has ended, or its owner was disabled. It is used by that.
    pub async fn session(&self, token: &str) -> Result<Option<SignedIn>, Internal> {
        self.session_of(token, true).await
    }

    /// The same where nobody need sit in front of what asks: a page that was left open does not keep its session.
    pub async fn session_left_alone(&self, token: &str) -> Result<Option<SignedIn>, Internal> {
        self.session_of(token, false).await
    }

    async fn session_of(&self, token: &str, is_use: bool) -> Result<Option<SignedIn>, Internal> {
        let database = self.store.database();
        let hash = token::hash(token);
        let now = self.now();
        let found = session::load(database, &hash).await.map_err(Internal::new)?;
        let Some(found) = found.filter(|found| found.holds_at(now)) else {
            return Ok(None);
        };
        let mut owners = staff::by_ids(database, &[found.staff_id])
            .await
            .map_err(Internal::new)?;
        let owner = owners
            .remove(&found.staff_id)
            .filter(|owner| owner.disabled_at.is_none());
        let Some(owner) = owner else { return Ok(None) };
        let method = found.method.as_deref().and_then(SignInMethod::of_code);
        // Asked only where the answer matters: this is done for every request.
        let ways = if self.staff_policy.require_second_factor {
            Some(self.strong_ways(StaffId(found.staff_id)).await?)
        } else {
            None
        };
        // It was opened by less than its owner has: before the office asked for more, or before they had it.
        if ways.is_some_and(StrongWays::asks_for_passkey) && !is_by_more_than_a_password(method, &found) {
            return Ok(None);
        }
        if is_use && now - found.last_seen_at >= TOUCH_EVERY {
            session::touch(database, &hash, now, now + IDLE)
                .await
                .map_err(Internal::new)?;
        }
        // Whoever joined by the provider has nothing here by which they could prove who they are before they set something up.
        Ok(Some(SignedIn {
            must_set_up: ways.is_some_and(StrongWays::is_none) && method != Some(SignInMethod::SingleSignOn),
            method,
            staff: member(owner)?,
            expires_at: found.absolute_expires_at,
            fresh_until: found.fresh_at.map(|at| at + FRESH),
        }))
    }
}

/// Whether a session was opened by more than a password, also when what opened it is there no more. How many factors a provider asks
/// for is its business (ADR 28).
fn is_by_more_than_a_password(method: Option<SignInMethod>, found: &session::Session) -> bool {
    let by_password_alone = match method {
        None | Some(SignInMethod::Password | SignInMethod::Invitation) => true,
        Some(
            SignInMethod::PasswordAndTotp
            | SignInMethod::PasswordAndRecoveryCode
            | SignInMethod::Passkey
            | SignInMethod::SingleSignOn,
        ) => false,
    };
    found.passkey_at.is_some() || !by_password_alone
}

fn member(row: staff::StaffRow) -> Result<StaffMember, Internal> {
    let roles = roles_of(&row.roles.join(" "))?;
    Ok(StaffMember {
        id: StaffId(row.id),
        login: row.login,
        name: row.name,
        roles,
    })
}
