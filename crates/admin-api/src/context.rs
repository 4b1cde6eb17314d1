//! What one request carries into every resolver.

use std::borrow::Cow;
use std::num::NonZeroU32;
use std::sync::Arc;

use app::api_token::TokenBearer;
use app::staff::{Place, SignedIn};
use app::{App, OpContext, ReadRecordError};
use async_graphql::{Context, Result};
use domain::staff::{Actor, StaffId};
use uuid::Uuid;

use crate::operations::Operations;
use crate::{AdminApi, PublicUrl, fault};

/// The request: who, from where, under which id.
pub struct RequestContext {
    app: Arc<App>,
    operations: Operations,
    public_url: PublicUrl,
    session: Option<(String, SignedIn)>,
    half_token: Option<String>,
    passkey_token: Option<String>,
    provider_token: Option<String>,
    operation: Option<OpContext>,
    place: Place,
    request_id: Uuid,
}

impl RequestContext {
    /// `session`: the cookie's token and whom it belongs to, when it is good. `purpose`: what reads are recorded as.
    pub fn new(
        api: &AdminApi,
        session: Option<(String, SignedIn)>,
        place: Place,
        request_id: Uuid,
        purpose: Cow<'static, str>,
    ) -> Self {
        let operation = session.as_ref().map(|(_, signed_in)| {
            let actor = Actor::Staff(signed_in.staff.id);
            api.app
                .context(actor, signed_in.staff.roles.clone(), request_id, purpose)
                .with_fresh_until(signed_in.fresh_until)
        });
        Self {
            app: Arc::clone(&api.app),
            operations: api.operations.clone(),
            public_url: api.public_url.clone(),
            session,
            half_token: None,
            passkey_token: None,
            provider_token: None,
            operation,
            place,
            request_id,
        }
    }

    /// A program with a token: there is no session, and whatever needs one is refused.
    pub fn of_token(
        api: &AdminApi,
        bearer: TokenBearer,
        place: Place,
        request_id: Uuid,
        purpose: Cow<'static, str>,
    ) -> Self {
        Self {
            operation: Some(api.app.token_context(bearer, request_id, purpose)),
            ..Self::new(api, None, place, request_id, Cow::Borrowed("token"))
        }
    }

    /// The same with the token of a right password that waits for a code, which only the mutation that takes it looks at.
    #[must_use]
    pub fn with_half_token(mut self, half_token: Option<&str>) -> Self {
        self.half_token = half_token.map(str::to_owned);
        self
    }

    /// The same with the token of what the browser was asked to sign, which only the mutations that take the answer look at.
    #[must_use]
    pub fn with_passkey_token(mut self, passkey_token: Option<&str>) -> Self {
        self.passkey_token = passkey_token.map(str::to_owned);
        self
    }

    /// The same with the token of somebody for whom the provider vouched and who was invited.
    #[must_use]
    pub fn with_provider_token(mut self, provider_token: Option<&str>) -> Self {
        self.provider_token = provider_token.map(str::to_owned);
        self
    }

    /// The use cases.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The same for what goes on after the answer.
    pub fn shared_app(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }

    /// What is configured for what runs by itself.
    pub const fn operations(&self) -> &Operations {
        &self.operations
    }

    /// The address that people type.
    pub const fn public_url(&self) -> &PublicUrl {
        &self.public_url
    }

    /// Who is signed in.
    pub fn session(&self) -> Option<&SignedIn> {
        self.session.as_ref().map(|(_, session)| session)
    }

    /// The token of the session that the browser has.
    pub fn token(&self) -> Option<&str> {
        self.session.as_ref().map(|(token, _)| token.as_str())
    }

    /// The token of a right password that waits for a code in this browser.
    pub fn half_token(&self) -> Option<&str> {
        self.half_token.as_deref()
    }

    /// The token of what this browser was asked to sign.
    pub fn passkey_token(&self) -> Option<&str> {
        self.passkey_token.as_deref()
    }

    /// The token of somebody for whom the provider vouched in this browser.
    pub fn provider_token(&self) -> Option<&str> {
        self.provider_token.as_deref()
    }

    /// Where the request comes from.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The id in log lines, events and answers.
    pub const fn request_id(&self) -> Uuid {
        self.request_id
    }

    /// The operation of a signed-in person; refused for anybody else, and for whoever must set a second factor up first.
    pub fn operation(&self) -> Result<&OpContext> {
        let operation = self.operation.as_ref().ok_or_else(fault::unauthenticated)?;
        if self.session().is_some_and(|session| session.must_set_up) {
            return Err(fault::second_factor_required());
        }
        Ok(operation)
    }

    /// The member of staff who is about to see something personal, and of how many records.
    pub fn reader_of_personal(&self) -> Option<(StaffId, NonZeroU32)> {
        let operation = self.operation.as_ref()?;
        let records = u32::try_from(operation.records_read()).unwrap_or(u32::MAX);
        Some((operation.staff_id()?, NonZeroU32::new(records)?))
    }

    /// Who acts, when somebody does.
    pub fn actor(&self) -> Option<&Actor> {
        self.operation.as_ref().map(OpContext::actor)
    }

    /// Writes what personal data this request revealed. Must be awaited before the answer leaves.
    pub async fn record_reads(&self) -> Result<(), ReadRecordError> {
        match &self.operation {
            Some(operation) => self.app.record_reads(operation).await,
            None => Ok(()),
        }
    }
}

/// The request of a resolver's context.
pub fn request<'a>(ctx: &Context<'a>) -> Result<&'a RequestContext> {
    ctx.data::<Arc<RequestContext>>().map(AsRef::as_ref)
}
