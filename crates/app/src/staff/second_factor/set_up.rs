//! Setting the second factor up, taking it away, and new recovery codes.

use chrono::TimeDelta;
use domain::staff::{CredentialChange, PART_STAFF, StaffEvent, StaffId, TAG_STAFF};
use event_store::{Position, Query, QueryItem, SubjectId, Tag};
use storage::totp::{Totp, Which};
use storage::{recovery_code, totp};
use totp_rs::Secret;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::code::{self, SECRET_BYTES, ShownOnce, Typed};
use super::label;
use crate::staff::{SignedIn, token};
use crate::{App, Internal};

/// How long a secret waits for a code of it: an app must be found and installed.
pub(in crate::staff) const CONFIRM_WITHIN: TimeDelta = TimeDelta::minutes(15);
/// How many recovery codes there are at first.
const RECOVERY_CODES: usize = 10;

/// A secret that is to be confirmed by a code of it. It is shown this once.
#[derive(Debug, Clone)]
pub struct TotpToConfirm {
    /// For typing into an authenticator, base32.
    pub secret: ShownOnce,
    /// For a QR code: `otpauth://totp/…`.
    pub url: ShownOnce,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SecondFactorError {
    /// They have to prove once more who they are.
    #[error("the session is not fresh")]
    NotFresh,
    /// The code is not one of the new secret.
    #[error("the code is not one of the new secret")]
    WrongCode,
    /// Nothing waits for a code, or not any more.
    #[error("there is nothing to confirm")]
    NothingToConfirm,
    /// The account has no authenticator.
    #[error("the account has no authenticator")]
    NoTotp,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// A new secret, which is used once a code of it was typed; what is used now goes on until then.
    pub async fn begin_totp(&self, owner: &SignedIn) -> Result<TotpToConfirm, SecondFactorError> {
        self.require_fresh(owner)?;
        let mut secret = Zeroizing::new([0_u8; SECRET_BYTES]);
        self.random.fill(secret.as_mut_slice()).map_err(Internal::new)?;
        let id = owner.staff.id;
        let subject = self.subject_of(id).await?;
        let keyring = self.store.keyring();
        let sealed = keyring.seal(subject, &label(id), secret.as_slice()).await;
        let proposed = Totp {
            subject_id: subject.0,
            sealed: sealed.map_err(Internal::new)?,
            last_step: 0,
            made_at: self.now(),
        };
        totp::propose(self.store.database(), id.0, &proposed)
            .await
            .map_err(Internal::new)?;
        let authenticator =
            code::authenticator(secret.as_slice(), &owner.staff.login).map_err(Internal::new)?;
        Ok(TotpToConfirm {
            secret: ShownOnce::new(Secret::from(secret.as_slice()).to_base32()),
            url: ShownOnce::new(authenticator.to_url().map_err(Internal::new)?),
        })
    }

    /// Uses the secret from now on, and makes its recovery codes, which are shown this once. Whoever came in without it is out:
    /// of all sessions the one of this token stays.
    pub async fn confirm_totp(
        &self,
        owner: &SignedIn,
        session: &str,
        typed: &str,
        request_id: Uuid,
    ) -> Result<Vec<ShownOnce>, SecondFactorError> {
        let (database, id) = (self.store.database(), owner.staff.id);
        let seen = self.store.head().await.map_err(Internal::new)?;
        let waiting = totp::load(database, id.0, Which::Pending).await;
        let waiting = waiting.map_err(Internal::new)?;
        let waiting = waiting.filter(|waiting| self.now() < waiting.made_at + CONFIRM_WITHIN);
        let waiting = waiting.ok_or(SecondFactorError::NothingToConfirm)?;
        let Some(Typed::Totp(typed)) = code::read(typed) else {
            return Err(SecondFactorError::WrongCode);
        };
        let step = self.step_of(id, &waiting, &typed).await?;
        let step = step.ok_or(SecondFactorError::WrongCode)?;
        let (shown, hashes) = self.recovery_codes(id)?;
        // The log first: somebody who hears of what was not done asks; what was done unheard nobody sees.
        self.say(id, CredentialChange::TotpSet, seen, request_id).await?;
        let keep = token::hash(session);
        let confirmed =
            totp::confirm(database, id.0, &waiting.sealed, step, &hashes, &keep, self.now()).await;
        if !confirmed.map_err(Internal::new)? {
            return Err(SecondFactorError::NothingToConfirm);
        }
        Ok(shown)
    }

    /// The password alone is enough again; of all sessions the one of this token stays.
    pub async fn remove_totp(
        &self,
        owner: &SignedIn,
        session: &str,
        request_id: Uuid,
    ) -> Result<(), SecondFactorError> {
        self.require_fresh(owner)?;
        let (database, id) = (self.store.database(), owner.staff.id);
        let seen = self.store.head().await.map_err(Internal::new)?;
        if !self.has_totp(id).await? {
            return Err(SecondFactorError::NoTotp);
        }
        self.say(id, CredentialChange::TotpRemoved, seen, request_id)
            .await?;
        let removed = totp::remove(database, id.0, Some(&token::hash(session)), self.now()).await;
        Ok(removed.map_err(Internal::new)?)
    }

    /// Ten new recovery codes, which are shown this once; those before are good no more.
    pub async fn make_recovery_codes(
        &self,
        owner: &SignedIn,
        request_id: Uuid,
    ) -> Result<Vec<ShownOnce>, SecondFactorError> {
        self.require_fresh(owner)?;
        let (database, id) = (self.store.database(), owner.staff.id);
        let seen = self.store.head().await.map_err(Internal::new)?;
        if !self.has_totp(id).await? {
            return Err(SecondFactorError::NoTotp);
        }
        let (shown, hashes) = self.recovery_codes(id)?;
        self.say(id, CredentialChange::RecoveryCodesMade, seen, request_id)
            .await?;
        let replaced = recovery_code::replace(database, id.0, &hashes, self.now()).await;
        replaced.map_err(Internal::new)?;
        Ok(shown)
    }

    fn require_fresh(&self, owner: &SignedIn) -> Result<(), SecondFactorError> {
        let fresh = owner.is_fresh_at(self.now());
        fresh.then_some(()).ok_or(SecondFactorError::NotFresh)
    }

    /// Whoever lost against another change of the same moment starts over.
    async fn say(
        &self,
        id: StaffId,
        what: CredentialChange,
        seen: Position,
        request_id: Uuid,
    ) -> Result<(), SecondFactorError> {
        if self.append_credential_change(id, what, seen, request_id).await? {
            return Ok(());
        }
        Err(match what {
            CredentialChange::TotpSet => SecondFactorError::NothingToConfirm,
            _ => SecondFactorError::NoTotp,
        })
    }

    fn recovery_codes(&self, id: StaffId) -> Result<(Vec<ShownOnce>, Vec<[u8; 32]>), Internal> {
        let codes = (0..RECOVERY_CODES).map(|_| {
            let (shown, normal) = code::recovery_code(&*self.random).map_err(Internal::new)?;
            Ok((shown, self.recovery_hash(id, &normal)))
        });
        codes
            .collect::<Result<Vec<_>, Internal>>()
            .map(|codes| codes.into_iter().unzip())
    }

    /// Whose key seals what is about a member of staff: that of their name.
    pub(in crate::staff) async fn subject_of(&self, id: StaffId) -> Result<SubjectId, Internal> {
        let joined = StaffEvent::Joined {
            staff_id: id,
            roles: Vec::new(),
        };
        let item = QueryItem {
            types: vec![joined.event_type().to_owned()],
            tags: vec![Tag::new(TAG_STAFF, id).map_err(Internal::new)?],
        };
        let query = Query { items: vec![item] };
        let events = self.store.read(&query, Position::START, 1).await;
        let events = events.map_err(Internal::new)?;
        let part = events.first().and_then(|event| event.part(PART_STAFF));
        Ok(part.ok_or_else(|| Internal::new(NoName))?.subject)
    }
}

/// The event by which every account begins has no sealed name.
#[derive(Debug, thiserror::Error)]
#[error("the account has no sealed name")]
struct NoName;
