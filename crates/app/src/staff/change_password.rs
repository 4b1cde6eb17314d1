//! Choosing another password, knowing the one before.

use domain::staff::{CredentialChange, SecurityKind};
use storage::{credential, session, sign_in_delay};
use uuid::Uuid;

use super::password_rules::Names;
use super::sign_in::{Entered, FREE_TRIES, SignInError};
use super::{SignedIn, password, token};
use crate::security::Note;
use crate::{App, InputProblem, Internal};

/// Why the password is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The new password cannot be taken.
    #[error("the new password has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// The password that was typed as the one before is wrong, or was not looked at.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl From<Internal> for ChangePasswordError {
    fn from(error: Internal) -> Self {
        Self::SignIn(SignInError::Internal(Box::new(error)))
    }
}

impl App {
    /// Sets another password. The session gets another token and is fresh; all others of the account end.
    pub async fn change_password(
        &self,
        owner: &SignedIn,
        old_token: &str,
        current: String,
        new: String,
        request_id: Uuid,
    ) -> Result<Entered, ChangePasswordError> {
        let (database, id) = (self.store.database(), owner.staff.id);
        let names = Names {
            login: &owner.staff.login,
            name: &owner.staff.name,
        };
        // Before anything is counted: it says nothing about the password that there is.
        if let Some(problem) = self.password_problem(&new, names) {
            return Err(ChangePasswordError::Invalid(vec![problem]));
        }
        let seen = self.store.head().await.map_err(Internal::new)?;
        let account_key = self.own_key(id);
        self.count_try(&account_key, FREE_TRIES).await?;
        let hash = credential::load(database, id.0).await.map_err(Internal::new)?;
        let is_same = current == new;
        if !password::verify(current, hash).await.map_err(Internal::new)? {
            let note = Note::of(SecurityKind::SignInRefused, "wrong_password", id);
            self.note(note).await;
            return Err(SignInError::Refused.into());
        }
        sign_in_delay::clear(database, &account_key.hash)
            .await
            .map_err(Internal::new)?;
        if is_same {
            let text = "いまと同じパスワードです。別のパスワードを入力してください。";
            let problem = InputProblem::new("password", "same_password", text);
            return Err(ChangePasswordError::Invalid(vec![problem]));
        }
        let hash = password::hash(new, &*self.random).await.map_err(Internal::new)?;
        // The log first: whoever hears of what was not done asks; what was done unheard nobody sees.
        let what = CredentialChange::PasswordChanged;
        if !self.append_credential_change(id, what, seen, request_id).await? {
            return Err(SignInError::Refused.into());
        }
        let token = token::new(&*self.random).map_err(Internal::new)?;
        let (old, kept) = (token::hash(old_token), token::hash(&token));
        let rotated = session::rotate(database, &old, &kept, false, self.now()).await;
        rotated.map_err(Internal::new)?;
        credential::replace(database, id.0, &hash, Some(&kept), self.now())
            .await
            .map_err(Internal::new)?;
        let session = self.session(&token).await?.ok_or(SignInError::Refused)?;
        Ok(Entered { token, session })
    }
}
