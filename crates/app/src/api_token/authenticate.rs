//! Whoever comes with a token.

use chrono::TimeDelta;
use domain::ApiTokenId;
use domain::api_token::Scope;
use storage::api_token;

use super::hash;
use crate::{App, Internal};

/// How far behind the last use of a token may be: a write for each read would cost more than the read.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A program that came with a good token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenBearer {
    /// Which token.
    pub id: ApiTokenId,
    /// What it is good for.
    pub scopes: Vec<Scope>,
}

impl App {
    /// Whom a token stands for; none when it is unknown, over or taken back. Asked anew for each request, so that taking one back
    /// holds at once on every node.
    pub async fn token_bearer(&self, token: &str) -> Result<Option<TokenBearer>, Internal> {
        let database = self.store.database();
        let now = self.now();
        let found = api_token::by_hash(database, &hash(token)).await;
        let found = found.map_err(Internal::new)?.filter(|found| found.holds_at(now));
        let Some(found) = found else { return Ok(None) };
        if found.used_at.is_none_or(|used_at| now - used_at >= TOUCH_EVERY) {
            api_token::used(database, found.id, now)
                .await
                .map_err(Internal::new)?;
        }
        Ok(Some(TokenBearer {
            id: found.id,
            scopes: found.scopes,
        }))
    }
}
