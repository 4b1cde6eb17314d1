//! What became of a browser that comes back from the provider.

use domain::staff::{CredentialChange, SecurityKind, SignInMethod, StaffId};
use storage::{identity, identity_attempt, sign_in_delay, staff};
use uuid::Uuid;

use super::{Handshake, ProviderFault, SingleSignOn, Vouched};
use crate::security::Note;
use crate::staff::sign_in::{Entered, Place};
use crate::staff::{ShownOnce, SignedIn, token};
use crate::{App, Internal};

/// What a browser brings back.
#[derive(Debug, Clone, Default)]
pub struct ProviderAnswer {
    /// Good for a token, once.
    pub code: Option<String>,
    /// What the provider was given.
    pub state: Option<String>,
    /// Why there is no code: a word of the protocol.
    pub error: Option<String>,
    /// Who answers (RFC 9207).
    pub issuer: Option<String>,
}

/// What it led to.
#[derive(Debug)]
pub enum Finished {
    /// A session.
    Entered(Box<Entered>),
    /// The provider can vouch for whoever is signed in, from now on.
    Linked,
    /// It vouched for somebody who was invited, and who now chooses login and name in this browser.
    Vouched(ShownOnce),
}

/// Why it led to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// Nobody was sent from this browser, or too long ago, or it came back before.
    #[error("nobody was sent from this browser")]
    Over,
    /// The provider did not let them in, or they changed their mind.
    #[error("the provider let nobody in")]
    Denied,
    /// It does not answer, or not as it should.
    #[error(transparent)]
    Fault(#[from] ProviderFault),
    /// It vouched for somebody whom nobody has linked with an account that is open.
    #[error("no account is linked with whom the provider vouched for")]
    Unknown,
    /// None of their groups has a role here.
    #[error("no group gives a role")]
    NoRole,
    /// Whoever wanted to be vouched for is signed in no more, or not freshly.
    #[error("the session is not fresh")]
    NotFresh,
    /// It vouches for somebody else by that, or for them by something else.
    #[error("it is linked otherwise already")]
    Taken,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl ProviderError {
    /// The code of it in the record.
    const fn detail(&self) -> &'static str {
        match self {
            Self::Over => "provider_over",
            Self::Denied => "provider_denied",
            Self::Fault(_) => "provider_fault",
            Self::Unknown => "provider_unknown",
            Self::NoRole => "provider_no_role",
            Self::NotFresh => "provider_not_fresh",
            Self::Taken => "provider_taken",
            Self::Internal(_) => "fault",
        }
    }
}

impl App {
    /// Begins a session, or links the account of whoever is signed in, by what a browser brings back. A session that the browser
    /// already has is ended when a new one begins. Whoever was not let in is on record.
    pub async fn finish_at_provider(
        &self,
        place: &Place,
        sent: Option<&str>,
        answer: &ProviderAnswer,
        session: Option<(&str, &SignedIn)>,
        request_id: Uuid,
    ) -> Result<Finished, ProviderError> {
        let finished = self.take_from_provider(place, sent, answer, session, request_id);
        let finished = finished.await;
        if let Err(error) = &finished {
            self.note_outside(Note::of_nobody(SecurityKind::SignInRefused, error.detail()))
                .await;
        }
        finished
    }

    async fn take_from_provider(
        &self,
        place: &Place,
        sent: Option<&str>,
        answer: &ProviderAnswer,
        session: Option<(&str, &SignedIn)>,
        request_id: Uuid,
    ) -> Result<Finished, ProviderError> {
        let single_sign_on = self.single_sign_on.as_ref().ok_or(ProviderError::Over)?;
        let sent = sent.ok_or(ProviderError::Over)?;
        let (database, now) = (self.store.database(), self.now());
        let wanted = identity_attempt::take(database, &token::hash(sent), now).await;
        let wanted = wanted.map_err(Internal::new)?.ok_or(ProviderError::Over)?;
        let handshake = Handshake::of(sent);
        let issuer = single_sign_on.provider.issuer();
        // Both are of us, and not secret to whoever has the cookie: nothing can be learnt from how long it takes.
        if answer.state.as_ref() != Some(&handshake.state) {
            return Err(ProviderError::Over);
        }
        if answer.issuer.as_ref().is_some_and(|named| named != issuer) {
            return Err(ProviderError::Over);
        }
        let code = answer.code.as_ref().filter(|_| answer.error.is_none());
        let code = code.ok_or(ProviderError::Denied)?;
        let vouched = single_sign_on.provider.redeem(code, &handshake, now).await;
        let vouched = vouched.inspect_err(|error| {
            tracing::warn!(%request_id, error = crate::cause(error), "the identity provider vouched for nobody");
        })?;
        if let Some(invitation) = wanted.invitation_hash {
            let token = self.vouch_for_newcomer(invitation, issuer, &vouched).await?;
            return Ok(Finished::Vouched(token));
        }
        if let Some(whom) = wanted.staff_id {
            let owner = session.map(|(_, signed_in)| signed_in);
            let owner = owner.filter(|owner| owner.staff.id.0 == whom);
            self.link(owner, issuer, &vouched, request_id).await?;
            return Ok(Finished::Linked);
        }
        let old = session.map(|(token, _)| token);
        let entered = self.enter_vouched(place, single_sign_on, &vouched, old, request_id);
        Ok(Finished::Entered(Box::new(entered.await?)))
    }

    async fn enter_vouched(
        &self,
        place: &Place,
        single_sign_on: &SingleSignOn,
        vouched: &Vouched,
        old_token: Option<&str>,
        request_id: Uuid,
    ) -> Result<Entered, ProviderError> {
        let database = self.store.database();
        let hash = self.identity_hash(single_sign_on.provider.issuer(), &vouched.subject);
        let found = identity::by_hash(database, &hash).await.map_err(Internal::new)?;
        let id = found.ok_or(ProviderError::Unknown)?.staff_id;
        let rows = staff::by_ids(database, &[id]).await.map_err(Internal::new)?;
        if rows.get(&id).is_none_or(|row| row.disabled_at.is_some()) {
            return Err(ProviderError::Unknown);
        }
        let id = StaffId(id);
        self.take_roles(id, single_sign_on, &vouched.groups, request_id)
            .await?;
        identity::used(database, &hash, self.now())
            .await
            .map_err(Internal::new)?;
        sign_in_delay::clear(database, &self.sent_from(place).hash)
            .await
            .map_err(Internal::new)?;
        if let Some(old) = old_token {
            self.end_session(old, "replaced").await?;
        }
        Ok(self.enter(id, SignInMethod::SingleSignOn, place).await?)
    }

    async fn link(
        &self,
        owner: Option<&SignedIn>,
        issuer: &str,
        vouched: &Vouched,
        request_id: Uuid,
    ) -> Result<(), ProviderError> {
        let owner = owner.filter(|owner| owner.is_fresh_at(self.now()));
        let id = owner.ok_or(ProviderError::NotFresh)?.staff.id;
        let (database, hash) = (
            self.store.database(),
            self.identity_hash(issuer, &vouched.subject),
        );
        let seen = self.store.head().await.map_err(Internal::new)?;
        let found = identity::by_hash(database, &hash).await.map_err(Internal::new)?;
        if found.is_some() || self.own_identity(id).await?.is_some() {
            return Err(ProviderError::Taken);
        }
        // The log first: somebody who hears of what was not done asks; what was done unheard nobody sees.
        let what = CredentialChange::IdentityLinked;
        if !self.append_credential_change(id, what, seen, request_id).await? {
            return Err(ProviderError::Taken);
        }
        let linked = identity::link(database, &hash, id.0, self.now()).await;
        if linked.map_err(Internal::new)? {
            Ok(())
        } else {
            Err(ProviderError::Taken)
        }
    }
}
