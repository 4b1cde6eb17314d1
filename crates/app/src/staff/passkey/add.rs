//! Adding a passkey, giving it another name, and removing it.

use domain::staff::{CredentialChange, StaffId};
use event_store::Position;
use serde_json::json;
use storage::{passkey, session};
use uuid::Uuid;
use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential};

use super::OwnPasskey;
use super::ceremony::{Asked, Purpose};
use super::relying_party::NoPasskeys;
use crate::staff::{SignedIn, token};
use crate::{App, Internal};

/// More than anybody has devices.
const MOST: usize = 20;
/// A name is for telling a few apart.
const NAME_CHARS: usize = 40;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// They have to prove once more who they are.
    #[error("the session is not fresh")]
    NotFresh,
    /// There are none at this address.
    #[error("there are no passkeys at this address")]
    NotHere(NoPasskeys),
    /// So many are enough.
    #[error("the account has {MOST} passkeys already")]
    TooMany,
    /// Empty, too long, or with characters that nobody sees.
    #[error("the name is not one")]
    BadName,
    /// Nothing was asked in this browser, or too long ago.
    #[error("nobody was asked for a new passkey here")]
    NothingAsked,
    /// What the browser answered is no passkey for this.
    #[error("the answer is no new passkey")]
    NotAccepted,
    /// Somebody has it already.
    #[error("the passkey is known already")]
    Known,
    /// Its owner has none like that.
    #[error("there is no such passkey")]
    Unknown,
    /// Another change of the same moment was faster.
    #[error("another credential was changed meanwhile")]
    Changed,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Asks the browser of whoever is signed in for a new passkey.
    pub async fn begin_passkey(&self, owner: &SignedIn) -> Result<Asked, PasskeyError> {
        let party = self.passkeys.as_ref();
        let party = party.map_err(|why| PasskeyError::NotHere(*why))?;
        if !owner.is_fresh_at(self.now()) {
            return Err(PasskeyError::NotFresh);
        }
        let staff = &owner.staff;
        let own = passkey::of(self.store.database(), staff.id.0)
            .await
            .map_err(Internal::new)?;
        if own.len() >= MOST {
            return Err(PasskeyError::TooMany);
        }
        let known = own.into_iter().map(|kept| kept.credential_id).collect();
        let (asked, state) = party
            .webauthn
            .start_passkey_registration(staff.id.0, &staff.login, &staff.name, Some(known))
            .map_err(Internal::new)?;
        let mut options = serde_json::to_value(&asked.public_key).map_err(Internal::new)?;
        // The library wants none on the device, for keys with little room. Here nobody types a name: one that is not there opens nothing.
        let wanted = &mut options["authenticatorSelection"];
        wanted["residentKey"] = json!("required");
        wanted["requireResidentKey"] = json!(true);
        Ok(self.ask(Purpose::Add, Some(staff.id), &options, &state).await?)
    }

    /// Keeps what the browser answered as a passkey of whoever is signed in. The session of the token counts as one that it opened.
    pub async fn add_passkey(
        &self,
        owner: &SignedIn,
        session: &str,
        asked: Option<&str>,
        answer: &str,
        name: &str,
        request_id: Uuid,
    ) -> Result<Vec<OwnPasskey>, PasskeyError> {
        let party = self.passkeys.as_ref();
        let party = party.map_err(|why| PasskeyError::NotHere(*why))?;
        if !owner.is_fresh_at(self.now()) {
            return Err(PasskeyError::NotFresh);
        }
        let name = read_name(name).ok_or(PasskeyError::BadName)?;
        let (database, id) = (self.store.database(), owner.staff.id);
        let seen = self.store.head().await.map_err(Internal::new)?;
        let state: Option<PasskeyRegistration> = self.asked(Purpose::Add, Some(id), asked).await?;
        let state = state.ok_or(PasskeyError::NothingAsked)?;
        let answer: RegisterPublicKeyCredential =
            serde_json::from_str(answer).map_err(|_| PasskeyError::NotAccepted)?;
        let made = party.webauthn.finish_passkey_registration(&answer, &state);
        let made = made.map_err(|error| {
            tracing::info!(%request_id, %error, "a new passkey was refused");
            PasskeyError::NotAccepted
        })?;
        let credential_id = made.cred_id().clone();
        let known = passkey::by_credential(database, &credential_id).await;
        if known.map_err(Internal::new)?.is_some() {
            return Err(PasskeyError::Known);
        }
        self.say_of_passkey(id, CredentialChange::PasskeyAdded, seen, request_id)
            .await?;
        let credential = serde_json::to_value(&made).map_err(Internal::new)?;
        let kept = passkey::Passkey {
            id: self.new_id().map_err(Internal::new)?,
            staff_id: id.0,
            credential_id,
            counter: credential["cred"]["counter"].as_i64().unwrap_or(0),
            credential: credential.to_string(),
            name,
            created_at: self.now(),
            last_used_at: None,
            suspected_at: None,
        };
        let added = passkey::add(database, &kept).await.map_err(Internal::new)?;
        if !added {
            return Err(PasskeyError::Known);
        }
        session::proved_by_passkey(database, &token::hash(session), self.now())
            .await
            .map_err(Internal::new)?;
        Ok(self.own_passkeys(id).await?)
    }

    /// Gives one of one's own passkeys another name.
    pub async fn rename_passkey(
        &self,
        owner: StaffId,
        id: Uuid,
        name: &str,
    ) -> Result<Vec<OwnPasskey>, PasskeyError> {
        let name = read_name(name).ok_or(PasskeyError::BadName)?;
        let renamed = passkey::rename(self.store.database(), id, owner.0, &name).await;
        if !renamed.map_err(Internal::new)? {
            return Err(PasskeyError::Unknown);
        }
        Ok(self.own_passkeys(owner).await?)
    }

    /// Lets one of one's own passkeys open nothing any more.
    pub async fn remove_passkey(
        &self,
        owner: &SignedIn,
        id: Uuid,
        request_id: Uuid,
    ) -> Result<Vec<OwnPasskey>, PasskeyError> {
        if !owner.is_fresh_at(self.now()) {
            return Err(PasskeyError::NotFresh);
        }
        let whose = owner.staff.id;
        let seen = self.store.head().await.map_err(Internal::new)?;
        let own = self.own_passkeys(whose).await?;
        if own.iter().all(|kept| kept.id != id) {
            return Err(PasskeyError::Unknown);
        }
        self.say_of_passkey(whose, CredentialChange::PasskeyRemoved, seen, request_id)
            .await?;
        let removed = passkey::remove(self.store.database(), id, whose.0).await;
        removed.map_err(Internal::new)?;
        Ok(self.own_passkeys(whose).await?)
    }

    /// The log first: somebody who hears of what was not done asks; what was done unheard nobody sees.
    async fn say_of_passkey(
        &self,
        id: StaffId,
        what: CredentialChange,
        seen: Position,
        request_id: Uuid,
    ) -> Result<(), PasskeyError> {
        let said = self.append_credential_change(id, what, seen, request_id).await?;
        said.then_some(()).ok_or(PasskeyError::Changed)
    }
}

fn read_name(typed: &str) -> Option<String> {
    let name = typed.trim();
    let is_one =
        !name.is_empty() && name.chars().count() <= NAME_CHARS && !name.chars().any(char::is_control);
    is_one.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_in_one_line() {
        assert_eq!(read_name(" 鍵 1 "), Some("鍵 1".to_owned()));
        let long = "鍵".repeat(NAME_CHARS + 1);
        for bad in ["", "　", "a\nb", long.as_str()] {
            assert_eq!(read_name(bad), None, "{bad:?}");
        }
    }
}
