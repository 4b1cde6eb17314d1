//! Signing in by a passkey: the browser says which account it is for, and nobody types anything.

use domain::staff::{SecurityKind, SignInMethod, StaffId};
use storage::{passkey, sign_in_delay};
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
        let state = self.asked(Purpose::SignIn, None, asked).await?;
        let kept = self.kept_passkey(answer).await?;
        let whose = kept.as_ref().map(|(kept, _)| StaffId(kept.staff_id));
        let is_right = match (state, kept) {
            (Some(state), Some((kept, answer))) => {
                self.is_enabled(StaffId(kept.staff_id)).await?
                    && self.is_signed(kept, &answer, state, request_id).await?
            }
            _ => false,
        };
        let Some(id) = whose.filter(|_| is_right) else {
            let note = Note {
                kind: SecurityKind::SignInRefused,
                detail: "passkey",
                staff_id: whose,
            };
            self.note_outside(note).await;
            return Err(SignInError::Refused);
        };
        sign_in_delay::clear(self.store.database(), &self.questions_of(place).hash)
            .await
            .map_err(Internal::new)?;
        if let Some(old) = old_token {
            self.end_session(old, "replaced").await?;
        }
        Ok(self.enter(id, SignInMethod::Passkey, place).await?)
    }

    /// The passkey that an answer says it comes from, when whoever it names has it.
    async fn kept_passkey(
        &self,
        answer: &str,
    ) -> Result<Option<(passkey::Passkey, PublicKeyCredential)>, Internal> {
        let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else {
            return Ok(None);
        };
        let whose = answer.get_user_unique_id();
        let Some(whose) = whose.and_then(|bytes| Uuid::from_slice(bytes).ok()) else {
            return Ok(None);
        };
        let database = self.store.database();
        let kept = passkey::by_credential(database, answer.get_credential_id()).await;
        let kept = kept.map_err(Internal::new)?;
        let kept = kept.filter(|kept| kept.staff_id == whose);
        Ok(kept.map(|kept| (kept, answer)))
    }

    fn questions_of(&self, place: &Place) -> DelayKey {
        self.delay_key("passkey", &of_one_client(place.address).to_string())
    }
}
