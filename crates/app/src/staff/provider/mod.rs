//! Signing in by an identity provider: it vouches for a subject, and a row that its owner made says which account that is.
//!
//! Between leaving for the provider and coming back stands one token in a cookie. What the provider is given (a state, a nonce, the
//! hash of a verifier) is computed from it, so nothing of it has to be kept but that it is still good.

mod begin;
mod finish;
mod invitation;
mod link;
mod roles;

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::staff::{Role, StaffId};
use futures::future::BoxFuture;
use sha2::{Digest as _, Sha256};
use storage::identity;

use crate::{App, Internal};

pub use begin::{SendError, Sent};
pub use finish::{Finished, ProviderAnswer, ProviderError};
pub use invitation::AcceptVouchedInvitation;
pub use link::UnlinkError;

/// What an identity provider does for us.
pub trait IdentityProvider: Send + Sync {
    /// Its address, as it calls itself.
    fn issuer(&self) -> &str;
    /// Where a browser is sent.
    fn authorize<'a>(&'a self, handshake: &'a Handshake) -> BoxFuture<'a, Result<String, ProviderFault>>;
    /// For whom it vouches by a code that a browser brought back.
    fn redeem<'a>(
        &'a self,
        code: &'a str,
        handshake: &'a Handshake,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vouched, ProviderFault>>;
}

/// What belongs together in the two halves of one sign-in.
pub struct Handshake {
    /// Comes back beside the code.
    pub state: String,
    /// Comes back inside the token.
    pub nonce: String,
    /// Its hash goes out; it redeems the code.
    pub verifier: String,
}

impl Handshake {
    /// Whoever has the token has all of them, and from none of them comes the token.
    fn of(token: &str) -> Self {
        let part = |name: &str| URL_SAFE_NO_PAD.encode(Sha256::digest(format!("sengen {name} {token}")));
        Self {
            state: part("state"),
            nonce: part("nonce"),
            verifier: part("verifier"),
        }
    }
}

/// Whom the provider vouched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// Who it is to the provider, for ever.
    pub subject: String,
    /// Where it has put them.
    pub groups: Vec<String>,
}

/// Why the provider vouched for nobody.
#[derive(Debug, thiserror::Error)]
pub enum ProviderFault {
    /// It does not answer.
    #[error("the identity provider cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What it answered does not hold.
    #[error("the answer of the identity provider does not hold")]
    Invalid(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// How the office signs in by a provider.
#[derive(Clone)]
pub struct SingleSignOn {
    /// The provider.
    pub provider: Arc<dyn IdentityProvider>,
    /// What people call it.
    pub label: String,
    /// Which roles its groups give; empty: roles are given here alone.
    pub group_roles: BTreeMap<String, Vec<Role>>,
}

/// That the provider can vouch for whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnIdentity {
    /// Since when.
    pub linked_at: DateTime<Utc>,
    /// When it did last.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl App {
    /// The same office with an identity provider.
    #[must_use]
    pub fn with_single_sign_on(mut self, single_sign_on: Option<SingleSignOn>) -> Self {
        self.single_sign_on = single_sign_on;
        self
    }

    /// What people call the identity provider; none: there is none.
    pub fn provider_label(&self) -> Option<&str> {
        self.single_sign_on.as_ref().map(|it| it.label.as_str())
    }

    /// Whether the provider can vouch for somebody.
    pub async fn own_identity(&self, owner: StaffId) -> Result<Option<OwnIdentity>, Internal> {
        let found = identity::of(self.store.database(), owner.0).await;
        Ok(found.map_err(Internal::new)?.map(|found| OwnIdentity {
            linked_at: found.linked_at,
            last_used_at: found.last_used_at,
        }))
    }

    /// What is kept of a subject. The lengths keep an issuer from reaching into the subject of another.
    fn identity_hash(&self, issuer: &str, subject: &str) -> [u8; 32] {
        let text = format!("{}:{issuer}{subject}", issuer.len());
        self.store.keyring().keyed_hash("identity", text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_provider_sees_is_computed_from_the_token_and_is_different_each_time() {
        let (one, same, other) = (Handshake::of("a"), Handshake::of("a"), Handshake::of("b"));
        assert_eq!(
            (&one.state, &one.nonce, &one.verifier),
            (&same.state, &same.nonce, &same.verifier)
        );
        let all = [
            one.state,
            one.nonce,
            one.verifier,
            other.state,
            other.nonce,
            other.verifier,
        ];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), 6);
        assert!(
            all.iter().all(|text| text.len() == 43),
            "as RFC 7636 wants a verifier"
        );
    }
}
