//! The step between a right password and a session: a code, from the browser in which the password was typed.

use chrono::{DateTime, TimeDelta, Utc};
use domain::staff::{SecurityKind, StaffId};
use storage::sign_in_attempt::{self, SignInAttempt};
use storage::sign_in_delay;

use crate::security::Note;
use crate::staff::sign_in::{Entered, FREE_TRIES, Place, SignInError, shortened};
use crate::staff::token;
use crate::{App, Internal};

/// How long a code is waited for.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// Codes that are looked at for one right password.
const TRIES: i64 = 5;

/// What a right password leads to.
#[derive(Debug, Clone)]
pub enum SignInStep {
    /// A session.
    Entered(Entered),
    /// A code is asked for.
    SecondFactor(Waiting),
    /// A passkey is asked for: it opens a session by itself, and nothing is kept of the password.
    Passkey,
}

/// A right password that waits for a code. The token opens nothing else.
#[derive(Clone)]
pub struct Waiting {
    /// For a cookie.
    pub token: String,
    /// Until when a code is taken.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Waiting {
    // The token is half of a session.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Waiting(…)")
    }
}

/// Why no session began.
#[derive(Debug, thiserror::Error)]
pub enum CompleteSignInError {
    /// The password has to be typed again: too long ago, too many codes, another browser, or no password at all.
    #[error("no right password waits for a code here")]
    Over,
    /// The code is wrong, was taken before, or was not looked at.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl From<Internal> for CompleteSignInError {
    fn from(error: Internal) -> Self {
        Self::SignIn(SignInError::Internal(Box::new(error)))
    }
}

impl App {
    /// Keeps that the password of an account was right, for the browser in which it was typed.
    pub(in crate::staff) async fn wait_for_code(
        &self,
        id: StaffId,
        place: &Place,
    ) -> Result<Waiting, Internal> {
        let token = token::new(&*self.random).map_err(Internal::new)?;
        let now = self.now();
        let attempt = SignInAttempt {
            staff_id: id.0,
            created_at: now,
            expires_at: now + LIFETIME,
            user_agent: place.user_agent.as_deref().map(shortened),
        };
        sign_in_attempt::begin(self.store.database(), &token::hash(&token), &attempt)
            .await
            .map_err(Internal::new)?;
        Ok(Waiting {
            token,
            expires_at: attempt.expires_at,
        })
    }

    /// Begins a session by a code, of the authenticator or for recovery. The token of the half session is used up, and a
    /// session that the browser already has is ended.
    pub async fn complete_sign_in(
        &self,
        place: &Place,
        half: &str,
        typed: &str,
        old_token: Option<&str>,
    ) -> Result<Entered, CompleteSignInError> {
        let database = self.store.database();
        let hash = token::hash(half);
        let agent = place.user_agent.as_deref().map(shortened);
        let whose = sign_in_attempt::whose(database, &hash, self.now(), TRIES, agent.as_deref()).await;
        let whose = whose.map_err(Internal::new)?.ok_or(CompleteSignInError::Over)?;
        let id = StaffId(whose);
        if !self.is_enabled(id).await? || !self.has_totp(id).await? {
            return Err(CompleteSignInError::Over);
        }
        let key = self.delay_key("second-factor", &whose.to_string()).of(Some(id));
        self.count_try(&key, FREE_TRIES).await?;
        let tries = sign_in_attempt::count(database, &hash, self.now(), TRIES).await;
        let tries = tries.map_err(Internal::new)?.ok_or(CompleteSignInError::Over)?;
        let Some(proof) = self.take_code(id, typed).await? else {
            let note = Note::of(SecurityKind::SignInRefused, "wrong_code", id);
            self.note(note).await;
            if tries >= TRIES {
                return Err(CompleteSignInError::Over);
            }
            return Err(SignInError::Refused.into());
        };
        // Of two right codes at once in one browser one begins a session.
        let ended = sign_in_attempt::end(database, &hash, self.now()).await;
        if !ended.map_err(Internal::new)? {
            return Err(CompleteSignInError::Over);
        }
        sign_in_delay::clear(database, &key.hash)
            .await
            .map_err(Internal::new)?;
        if let Some(old) = old_token {
            self.end_session(old, "replaced").await?;
        }
        Ok(self.enter(id, proof.method(), place).await?)
    }
}
