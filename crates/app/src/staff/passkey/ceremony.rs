//! A question to a browser and its answer: asked for one purpose, answered once, in the browser that was asked, within minutes.

use chrono::TimeDelta;
use domain::staff::{Actor, CredentialChange, StaffId};
use event_store::Append;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use storage::passkey_ceremony::PasskeyCeremony;
use storage::{passkey, passkey_ceremony};
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PublicKeyCredential, RequestChallengeResponse, WebauthnError,
};

use super::relying_party::NoPasskeys;
use crate::staff::sign_in::SignInError;
use crate::staff::{ShownOnce, token};
use crate::{App, Internal};

/// How long an answer is waited for.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// What an answer is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Add,
    Refresh,
    SignIn,
}

impl Purpose {
    const fn code(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Refresh => "refresh",
            Self::SignIn => "sign_in",
        }
    }
}

/// A question to a browser.
#[derive(Debug, Clone)]
pub struct Asked {
    /// For a cookie; its answer counts with it only.
    pub token: ShownOnce,
    /// What the browser is to be asked, as JSON.
    pub options: String,
}

/// Why nobody was asked for a passkey, or why a session is not fresh by one.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyRefreshError {
    /// There are none at this address.
    #[error("there are no passkeys at this address")]
    NotHere(NoPasskeys),
    /// The account has none that opens it.
    #[error("the account has no passkey")]
    NoPasskey,
    /// It was not right, or not looked at.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl From<Internal> for PasskeyRefreshError {
    fn from(error: Internal) -> Self {
        Self::SignIn(error.into())
    }
}

impl App {
    /// Keeps what an answer will be checked against.
    pub(super) async fn ask(
        &self,
        purpose: Purpose,
        whom: Option<StaffId>,
        options: &Value,
        state: &impl Serialize,
    ) -> Result<Asked, Internal> {
        let token = token::new(&*self.random).map_err(Internal::new)?;
        let asked = PasskeyCeremony {
            purpose: purpose.code(),
            staff_id: whom.map(|id| id.0),
            state: serde_json::to_string(state).map_err(Internal::new)?,
            expires_at: self.now() + LIFETIME,
        };
        passkey_ceremony::begin(self.store.database(), &token::hash(&token), &asked)
            .await
            .map_err(Internal::new)?;
        Ok(Asked {
            token: ShownOnce::new(token),
            options: options.to_string(),
        })
    }

    /// What an answer is to be checked against; none: nothing like it was asked here, or it was answered, or too long ago.
    pub(super) async fn asked<S: DeserializeOwned>(
        &self,
        purpose: Purpose,
        whom: Option<StaffId>,
        token: Option<&str>,
    ) -> Result<Option<S>, Internal> {
        let Some(token) = token else { return Ok(None) };
        let (database, hash) = (self.store.database(), token::hash(token));
        let whom = whom.map(|id| id.0);
        let state = passkey_ceremony::take(database, &hash, purpose.code(), whom, self.now()).await;
        let state = state.map_err(Internal::new)?;
        // Asked by another version that kept it otherwise: they ask again.
        Ok(state.and_then(|state| serde_json::from_str(&state).ok()))
    }

    /// Whether a passkey signed what was asked. One that counted backwards opens nothing from then on, and its owner hears of it.
    pub(super) async fn is_signed(
        &self,
        kept: passkey::Passkey,
        answer: &PublicKeyCredential,
        asked: DiscoverableAuthentication,
        request_id: Uuid,
    ) -> Result<bool, Internal> {
        let Ok(party) = &self.passkeys else {
            return Ok(false);
        };
        if kept.suspected_at.is_some() {
            return Ok(false);
        }
        let mut known: Passkey = serde_json::from_str(&kept.credential).map_err(Internal::new)?;
        let checked = party
            .webauthn
            .finish_discoverable_authentication_v2(answer, asked, &known);
        let result = match checked {
            Ok(result) => result,
            Err(WebauthnError::CredentialPossibleCompromise) => {
                self.suspect(&kept, request_id).await?;
                return Ok(false);
            }
            Err(error) => {
                tracing::info!(%request_id, %error, "a passkey was refused");
                return Ok(false);
            }
        };
        if !result.user_verified() || known.update_credential(&result).is_none() {
            return Ok(false);
        }
        let credential = serde_json::to_string(&known).map_err(Internal::new)?;
        let counter = i64::from(result.counter());
        let used = passkey::used(self.store.database(), kept.id, &credential, counter, self.now()).await;
        used.map_err(Internal::new)
    }

    async fn suspect(&self, kept: &passkey::Passkey, request_id: Uuid) -> Result<(), Internal> {
        tracing::warn!(%request_id, staff_id = %kept.staff_id, "a passkey counted backwards: there may be a copy of it");
        let id = StaffId(kept.staff_id);
        let command_id = self.new_id().map_err(Internal::new)?;
        let what = CredentialChange::PasskeySuspected;
        // Without a guard, and before the row: of two at once both may say so, rather than neither.
        let append = Append {
            command_id,
            actor: Actor::Staff(id).to_string(),
            correlation_id: request_id,
            reason: None,
            events: self.credential_events(id, what, command_id).await?,
            guards: Vec::new(),
            recorded_at: self.now(),
        };
        self.store.append(append).await.map_err(Internal::new)?;
        self.note_credential(id, what, &Actor::Staff(id)).await;
        let suspected = passkey::suspect(self.store.database(), kept.id, self.now()).await;
        suspected.map(drop).map_err(Internal::new)
    }
}

/// What a browser is asked to sign with. `of`: the passkeys that count; none: whichever it has for us.
pub(super) fn request(asked: &RequestChallengeResponse, of: &[passkey::Passkey]) -> Result<Value, Internal> {
    let mut options = serde_json::to_value(&asked.public_key).map_err(Internal::new)?;
    let listed = of
        .iter()
        .map(|kept| json!({ "type": "public-key", "id": base64_url(&kept.credential_id) }));
    options["allowCredentials"] = listed.collect();
    Ok(options)
}

pub(super) fn base64_url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
