//! What one request carries into every resolver.

use std::sync::Arc;

use app::staff::{Place, SignedIn};
use app::{App, OpContext, ReadRecordError};
use async_graphql::{Context, Result};
use domain::staff::Actor;
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
    operation: Option<OpContext>,
    place: Place,
    request_id: Uuid,
}

impl RequestContext {
    /// `session`: the cookie's token and whom it belongs to, when it is good.
    pub fn new(api: &AdminApi, session: Option<(String, SignedIn)>, place: Place, request_id: Uuid) -> Self {
        let operation = session.as_ref().map(|(_, signed_in)| {
            let actor = Actor::Staff(signed_in.staff.id);
            api.app
                .context(actor, signed_in.staff.roles.clone(), request_id, "console")
        });
        Self {
            app: Arc::clone(&api.app),
            operations: api.operations.clone(),
            public_url: api.public_url.clone(),
            session,
            half_token: None,
            passkey_token: None,
            operation,
            place,
            request_id,
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

    /// The use cases.
    pub fn app(&self) -> &App {
        &self.app
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

    /// Where the request comes from.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The id in log lines, events and answers.
    pub const fn request_id(&self) -> Uuid {
        self.request_id
    }

    /// The operation of a signed-in person; refused for anybody else.
    pub fn operation(&self) -> Result<&OpContext> {
        self.operation.as_ref().ok_or_else(fault::unauthenticated)
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
