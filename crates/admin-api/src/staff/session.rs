//! Who is signed in, and what a one-time link is good for.

use async_graphql::{Context, Object, Result};

use super::types::{Invitation, Session};
use crate::context::request;
use crate::fault;
use crate::scalars::DateTime;

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
        Ok(found.map(|invitation| Invitation {
            roles: invitation.roles.into_iter().map(Into::into).collect(),
            expires_at: DateTime(invitation.expires_at),
        }))
    }
}
