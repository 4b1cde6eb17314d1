//! One's own sessions: seeing them, and ending those that one does not know.

use app::staff::{OwnSession as Own, SignedIn};
use async_graphql::{Context, ID, Object, Result, SimpleObject};

use super::types::SignInMethod;
use crate::context::{RequestContext, request};
use crate::fault;
use crate::scalars::DateTime;

/// A session of whoever asks.
#[derive(SimpleObject)]
pub struct OwnSession {
    /// By which it can be ended; it opens nothing.
    pub id: ID,
    /// Whether it is the one that asks.
    pub is_this: bool,
    /// When it began.
    pub created_at: DateTime,
    /// When it was last used, to a minute.
    pub last_seen_at: DateTime,
    /// Where it began.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// How it was opened; null: before that was kept.
    pub method: Option<SignInMethod>,
}

impl From<Own> for OwnSession {
    fn from(own: Own) -> Self {
        Self {
            id: ID(own.id),
            is_this: own.is_this,
            created_at: DateTime(own.created_at),
            last_seen_at: DateTime(own.last_seen_at),
            address: own.address,
            user_agent: own.user_agent,
            method: own.method.map(Into::into),
        }
    }
}

/// Queries about one's own sessions.
#[derive(Default)]
pub struct OwnSessionsQuery;

#[Object]
impl OwnSessionsQuery {
    /// One's own sessions that hold, the newest first, a hundred at most.
    #[graphql(complexity = "10 * child_complexity")]
    async fn own_sessions(&self, ctx: &Context<'_>) -> Result<Vec<OwnSession>> {
        let request = request(ctx)?;
        let (signed_in, token) = whole_owner(request)?;
        let own = request.app().own_sessions(signed_in.staff.id, token).await;
        let own = own.map_err(|error| fault::internal(request.request_id(), &error))?;
        Ok(own.into_iter().map(Into::into).collect())
    }
}

/// Mutations of one's own sessions.
#[derive(Default)]
pub struct OwnSessionsMutation;

#[Object]
impl OwnSessionsMutation {
    /// Ends one of one's own sessions; false: it was over, or is somebody else's.
    async fn end_own_session(&self, ctx: &Context<'_>, id: ID) -> Result<bool> {
        let request = request(ctx)?;
        let (signed_in, _) = whole_owner(request)?;
        let ended = request.app().end_own_session(signed_in.staff.id, &id).await;
        let ended = ended.map_err(|error| fault::internal(request.request_id(), &error))?;
        Ok(ended > 0)
    }

    /// Ends all of one's own sessions but this one; says how many.
    async fn end_other_sessions(&self, ctx: &Context<'_>) -> Result<u32> {
        let request = request(ctx)?;
        let (signed_in, token) = whole_owner(request)?;
        let ended = request.app().end_other_sessions(signed_in.staff.id, token).await;
        let ended = ended.map_err(|error| fault::internal(request.request_id(), &error))?;
        Ok(u32::try_from(ended).unwrap_or(u32::MAX))
    }
}

/// Whose session it is, where more than setting a second factor up is open.
pub(super) fn whole_owner(request: &RequestContext) -> Result<(&SignedIn, &str)> {
    request.operation()?;
    owner(request)
}

/// Whose session it is, also of somebody who must set a second factor up first: only for what leads there.
pub(super) fn owner(request: &RequestContext) -> Result<(&SignedIn, &str)> {
    request
        .session()
        .zip(request.token())
        .ok_or_else(fault::unauthenticated)
}
