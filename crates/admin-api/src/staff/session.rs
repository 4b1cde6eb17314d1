//! Who is signed in, and what a one-time link is good for.

use async_graphql::{Context, Object, Result};

use super::types::{Invitation, Session};
use crate::context::request;
use crate::fault;

/// Queries about the signed-in person.
#[derive(Default)]
pub struct SessionQuery;

#[Object]
impl SessionQuery {
    /// Null when nobody is signed in.
    async fn session(&self, ctx: &Context<'_>) -> Result<Option<Session>> {
        Ok(request(ctx)?.session().map(Session::from))
    }

    /// What a one-time link is good for; null when it is unknown, used or expired.
    async fn invitation(&self, ctx: &Context<'_>, token: String) -> Result<Option<Invitation>> {
        let request = request(ctx)?;
        let found = request.app().invitation(&token).await;
        let found = found.map_err(|error| fault::internal(request.request_id(), &error))?;
        Ok(found.map(Into::into))
    }

    /// What the link is good for of somebody for whom the identity provider vouched in this browser; null: for nobody, or not any more.
    async fn vouched_invitation(&self, ctx: &Context<'_>) -> Result<Option<Invitation>> {
        let request = request(ctx)?;
        let found = request.app().vouched_invitation(request.provider_token()).await;
        let found = found.map_err(|error| fault::internal(request.request_id(), &error))?;
        Ok(found.map(Into::into))
    }
}
