//! Signing in by a passkey: the browser says which account it is for, and nobody types anything.

use domain::staff::{SecurityKind, SignInMethod, StaffId};
use storage::{passkey, sign_in_delay, staff};
use uuid::Uuid;
use webauthn_rs::prelude::PublicKeyCredential;

use super::ceremony::{Asked, PasskeyRefreshError, Purpose, request};
use crate::security::Note;
use crate::staff::sign_in::{DelayKey, Entered, Place, SignInError, of_one_client};
use crate::{App, Internal};

/// Questions of one address that nobody answered, without a delay. A passkey cannot be guessed, and people change their minds in front
/// of it: this only keeps somebody from filling the table.
const FREE_QUESTIONS_OF_ADDRESS: i64 = 300;

impl App {
    /// Asks a browser for a passkey of ours.
    pub async fn begin_passkey_sign_in(&self, place: &Place) -> Result<Asked, PasskeyRefreshError> {
        let party = self.passkeys.as_ref();
        let party = party.map_err(|why| PasskeyRefreshError::NotHere(*why))?;
        let key = self.questions_of(place);
        self.count_try(&key, FREE_QUESTIONS_OF_ADDRESS).await?;
        let (asked, state) = party
            .webauthn
            .start_discoverable_authentication()
            .map_err(Internal::new)?;
        let options = request(&asked, &[])?;
        Ok(self.ask(Purpose::SignIn, None, &options, &state).await?)
    }

    /// Begins a session by what a passkey signed. A session that the browser already has is ended.
    pub async fn complete_passkey_sign_in(
        &self,
        place: &Place,
        asked: Option<&str>,
        answer: &str,
        old_token: Option<&str>,
        request_id: Uuid,
    ) -> Result<Entered, SignInError> {
        let entered = self.enter_by_passkey(place, asked, answer, old_token, request_id);
        let entered = entered.await;
        if let Err(SignInError::Refused) = entered {
            self.note_outside(SecurityKind::SignInRefused, "passkey").await;
        }
        entered
    }

    async fn enter_by_passkey(
        &self,
        place: &Place,
        asked: Option<&str>,
        answer: &str,
        old_token: Option<&str>,
        request_id: Uuid,
    ) -> Result<Entered, SignInError> {
        let database = self.store.database();
        let state = self.asked(Purpose::SignIn, None, asked).await?;
        let state = state.ok_or(SignInError::Refused)?;
        let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|_| SignInError::Refused)?;
        let whose = answer.get_user_unique_id();
        let whose = whose.and_then(|bytes| Uuid::from_slice(bytes).ok());
        let whose = whose.ok_or(SignInError::Refused)?;
        let kept = passkey::by_credential(database, answer.get_credential_id()).await;
        let kept = kept.map_err(Internal::new)?;
        let kept = kept.filter(|kept| kept.staff_id == whose);
        let kept = kept.ok_or(SignInError::Refused)?;
        let owners = staff::by_ids(database, &[whose]).await.map_err(Internal::new)?;
        let is_enabled = owners
            .get(&whose)
            .is_some_and(|owner| owner.disabled_at.is_none());
        if !is_enabled || !self.is_signed(kept, &answer, state, request_id).await? {
            // Whose it would have been: this was asked for here, so nobody does it as often as they like.
            let note = Note::of(SecurityKind::SignInRefused, "passkey", StaffId(whose));
            self.note(note).await;
            return Err(SignInError::Refused);
        }
        sign_in_delay::clear(database, &self.questions_of(place).hash)
            .await
            .map_err(Internal::new)?;
        if let Some(old) = old_token {
            self.end_session(old, "replaced").await?;
        }
        Ok(self.enter(StaffId(whose), SignInMethod::Passkey, place).await?)
    }

    fn questions_of(&self, place: &Place) -> DelayKey {
        self.delay_key("passkey", &of_one_client(place.address).to_string())
    }
}
