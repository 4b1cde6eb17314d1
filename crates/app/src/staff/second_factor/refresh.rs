//! Proving once more who one is, before something dangerous: the session is fresh again, under another token.

use domain::staff::{CredentialChange, SecurityKind};
use storage::{credential, session, sign_in_delay};
use uuid::Uuid;

use super::Proof;
use crate::security::Note;
use crate::staff::sign_in::{Entered, FREE_TRIES, SignInError};
use crate::staff::{SignedIn, password, token};
use crate::{App, Internal};

/// Why a session is as old as it was.
#[derive(Debug, thiserror::Error)]
pub enum RefreshSessionError {
    /// The password is right, and a passkey of the account is asked for.
    #[error("a passkey is asked for")]
    PasskeyNeeded,
    /// The password or the code is wrong, or was not looked at.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl From<Internal> for RefreshSessionError {
    fn from(error: Internal) -> Self {
        Self::SignIn(error.into())
    }
}

impl App {
    /// Makes a session fresh by the password, and by a code when the account has an authenticator.
    pub async fn refresh_session(
        &self,
        owner: &SignedIn,
        old_token: &str,
        password: String,
        code: Option<&str>,
        request_id: Uuid,
    ) -> Result<Entered, RefreshSessionError> {
        let (database, id) = (self.store.database(), owner.staff.id);
        let account_key = self.own_key(id);
        self.count_try(&account_key, FREE_TRIES).await?;
        let hash = credential::load(database, id.0).await.map_err(Internal::new)?;
        let right = password::verify(password, hash).await.map_err(Internal::new)?;
        if !right {
            let note = Note::of(SecurityKind::SignInRefused, "wrong_password", id);
            self.note(note).await;
            return Err(SignInError::Refused.into());
        }
        sign_in_delay::clear(database, &account_key.hash)
            .await
            .map_err(Internal::new)?;
        if self.asks_for_passkey(id).await? {
            return Err(RefreshSessionError::PasskeyNeeded);
        }
        if self.has_totp(id).await? {
            let code = code.ok_or(SignInError::Refused)?;
            self.prove(owner, code, request_id).await?;
        }
        Ok(self.make_fresh(old_token, false).await?)
    }

    /// Gives a session, whose owner has just proved who they are, another token.
    pub(in crate::staff) async fn make_fresh(
        &self,
        old_token: &str,
        by_passkey: bool,
    ) -> Result<Entered, SignInError> {
        let token = token::new(&*self.random).map_err(Internal::new)?;
        let (old, new) = (token::hash(old_token), token::hash(&token));
        let rotated = session::rotate(self.store.database(), &old, &new, by_passkey, self.now()).await;
        if !rotated.map_err(Internal::new)? {
            return Err(SignInError::Refused);
        }
        let session = self.session(&token).await?.ok_or(SignInError::Refused)?;
        let how = if by_passkey { "passkey" } else { "password" };
        let note = Note::of(SecurityKind::ProvedAgain, how, session.staff.id);
        self.note(note).await;
        Ok(Entered { token, session })
    }

    async fn prove(&self, owner: &SignedIn, code: &str, request_id: Uuid) -> Result<(), SignInError> {
        let (database, id) = (self.store.database(), owner.staff.id);
        let key = self.delay_key("second-factor", &id.to_string()).of(Some(id));
        self.count_try(&key, FREE_TRIES).await?;
        let seen = self.store.head().await.map_err(Internal::new)?;
        let Some(proof) = self.take_code(id, code).await? else {
            let note = Note::of(SecurityKind::SignInRefused, "wrong_code", id);
            self.note(note).await;
            return Err(SignInError::Refused);
        };
        sign_in_delay::clear(database, &key.hash)
            .await
            .map_err(Internal::new)?;
        if proof == Proof::RecoveryCode {
            let what = CredentialChange::RecoveryCodeUsed;
            let told = self.append_credential_change(id, what, seen, request_id).await?;
            if !told {
                return Err(SignInError::Refused);
            }
        }
        Ok(())
    }
}
