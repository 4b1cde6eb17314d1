//! Proving once more who one is, by a passkey instead of the password.

use domain::staff::SecurityKind;
use storage::passkey;
use uuid::Uuid;
use webauthn_rs::prelude::PublicKeyCredential;

use super::ceremony::{Asked, PasskeyRefreshError, Purpose, request};
use crate::security::Note;
use crate::staff::SignedIn;
use crate::staff::sign_in::{Entered, SignInError};
use crate::{App, Internal};

impl App {
    /// Asks the browser of whoever is signed in for one of their passkeys.
    pub async fn begin_passkey_refresh(&self, owner: &SignedIn) -> Result<Asked, PasskeyRefreshError> {
        let party = self.passkeys.as_ref();
        let party = party.map_err(|why| PasskeyRefreshError::NotHere(*why))?;
        let id = owner.staff.id;
        let mut own = passkey::of(self.store.database(), id.0)
            .await
            .map_err(Internal::new)?;
        own.retain(|kept| kept.suspected_at.is_none());
        if own.is_empty() {
            return Err(PasskeyRefreshError::NoPasskey);
        }
        let (asked, state) = party
            .webauthn
            .start_discoverable_authentication()
            .map_err(Internal::new)?;
        let options = request(&asked, &own)?;
        Ok(self.ask(Purpose::Refresh, Some(id), &options, &state).await?)
    }

    /// Makes a session fresh by what a passkey of its owner signed, and gives it another token.
    pub async fn refresh_by_passkey(
        &self,
        owner: &SignedIn,
        old_token: &str,
        asked: Option<&str>,
        answer: &str,
        request_id: Uuid,
    ) -> Result<Entered, SignInError> {
        let id = owner.staff.id;
        let state = self.asked(Purpose::Refresh, Some(id), asked).await?;
        let state = state.ok_or(SignInError::Refused)?;
        let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|_| SignInError::Refused)?;
        let kept = passkey::by_credential(self.store.database(), answer.get_credential_id()).await;
        let kept = kept.map_err(Internal::new)?;
        let kept = kept.filter(|kept| kept.staff_id == id.0);
        let kept = kept.ok_or(SignInError::Refused)?;
        if !self.is_signed(kept, &answer, state, request_id).await? {
            let note = Note::of(SecurityKind::SignInRefused, "passkey", id);
            self.note(note).await;
            return Err(SignInError::Refused);
        }
        self.make_fresh(old_token, true).await
    }
}
