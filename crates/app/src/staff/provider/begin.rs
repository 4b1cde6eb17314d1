//! Sending a browser to the provider.

use chrono::TimeDelta;
use storage::identity_attempt::{self, Wanted};
use uuid::Uuid;

use super::{Handshake, ProviderFault};
use crate::staff::sign_in::{DelayKey, Place, SignInError, of_one_client};
use crate::staff::{ShownOnce, SignedIn, token};
use crate::{App, Internal};

/// How long a browser may stay with the provider: people look for their second factor there.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// Browsers of one address that did not come back, without a delay: this only keeps somebody from filling the table.
const FREE_OF_ADDRESS: i64 = 300;

/// A browser that is to be sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// For a cookie; what comes back counts with it only.
    pub token: ShownOnce,
    /// Where to.
    pub url: String,
}

/// Why nobody was sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The office has no provider.
    #[error("the office has no identity provider")]
    NoProvider,
    /// It does not answer, or not as it should.
    #[error(transparent)]
    Fault(#[from] ProviderFault),
    /// Whoever wants to be vouched for has to prove once more who they are.
    #[error("the session is not fresh")]
    NotFresh,
    /// It can vouch for them already.
    #[error("the account is linked already")]
    Linked,
    /// The link is unknown, used or expired.
    #[error("the link is unknown, used or expired")]
    NoInvitation,
    /// A delay holds.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl From<Internal> for SendError {
    fn from(error: Internal) -> Self {
        Self::SignIn(error.into())
    }
}

impl App {
    /// Sends a browser to the provider, to sign in.
    pub async fn begin_provider_sign_in(&self, place: &Place, request_id: Uuid) -> Result<Sent, SendError> {
        self.count_sent(place).await?;
        self.send(&Wanted::default(), request_id).await
    }

    pub(super) async fn count_sent(&self, place: &Place) -> Result<(), SignInError> {
        let key = self.sent_from(place);
        self.count_try(&key, FREE_OF_ADDRESS).await.map(drop)
    }

    /// Sends the browser of whoever is signed in to the provider, so that it can vouch for them from then on.
    pub async fn begin_provider_link(&self, owner: &SignedIn, request_id: Uuid) -> Result<Sent, SendError> {
        if !owner.is_fresh_at(self.now()) {
            return Err(SendError::NotFresh);
        }
        if self.own_identity(owner.staff.id).await?.is_some() {
            return Err(SendError::Linked);
        }
        let wanted = Wanted {
            staff_id: Some(owner.staff.id.0),
            ..Wanted::default()
        };
        self.send(&wanted, request_id).await
    }

    pub(super) async fn send(&self, wanted: &Wanted, request_id: Uuid) -> Result<Sent, SendError> {
        let single_sign_on = self.single_sign_on.as_ref().ok_or(SendError::NoProvider)?;
        let token = token::new(&*self.random).map_err(Internal::new)?;
        let asked = single_sign_on.provider.authorize(&Handshake::of(&token)).await;
        let url = asked.inspect_err(|error| {
            tracing::warn!(%request_id, error = crate::cause(error), "nobody can be sent to the identity provider");
        })?;
        let until = self.now() + LIFETIME;
        identity_attempt::begin(self.store.database(), &token::hash(&token), wanted, until)
            .await
            .map_err(Internal::new)?;
        Ok(Sent {
            token: ShownOnce::new(token),
            url,
        })
    }

    pub(super) fn sent_from(&self, place: &Place) -> DelayKey {
        self.delay_key("provider", &of_one_client(place.address).to_string())
    }
}
