//! Whether sessions still stand, for what stays open between requests. Asking does not count as a use: what is only left open ends as
//! any other session does.

use std::collections::HashMap;

use domain::staff::Actor;
use storage::session;

use super::token;
use crate::{App, Internal, OpContext};

/// Which session, without the token that opens it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionKey([u8; 32]);

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey(…)")
    }
}

impl SessionKey {
    /// Of the session that a token opens.
    pub fn of(token: &str) -> Self {
        Self(token::hash(token))
    }
}

impl App {
    /// Whether whoever asked could still do now all that they could when they did: what takes a while asks in between. A session that was
    /// given another token meanwhile is no reason to end it; an account that was disabled, or has lost a right, is.
    pub async fn still_may(&self, op: &OpContext) -> Result<bool, Internal> {
        let Actor::Staff(id) = *op.actor() else {
            return Ok(true);
        };
        let now = self.in_the_name_of(id, op.request_id(), "download").await?;
        let before = op.permissions();
        Ok(now.is_some_and(|now| before.iter().all(|permission| now.may(*permission))))
    }

    /// Of these sessions those that still hold and whose owner may sign in, with the roles that the owner has now.
    pub async fn standing_sessions(
        &self,
        keys: &[SessionKey],
    ) -> Result<HashMap<SessionKey, Vec<String>>, Internal> {
        let hashes: Vec<[u8; 32]> = keys.iter().map(|key| key.0).collect();
        let standing = session::standing(self.store.database(), &hashes, self.now()).await;
        let standing = standing.map_err(Internal::new)?.into_iter();
        Ok(standing
            .filter_map(|(hash, roles)| Some((SessionKey(hash.try_into().ok()?), roles)))
            .collect())
    }
}
