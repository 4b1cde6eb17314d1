//! Programs that come with a token instead of a cookie. No browser sends that header by itself, so a foreign page cannot make one
//! send it; whoever comes with it is judged by it alone.

use std::num::NonZeroU32;
use std::time::Duration;

use app::api_token::TokenBearer;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use domain::ApiTokenId;
use domain::staff::{Actor, SecurityKind};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use uuid::Uuid;

use super::graphql::Refusal;
use crate::AdminApi;
use crate::fault::log_chain;

/// Requests of one token in a second, in the long run; one process counts.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
/// Requests at once.
const BURST: NonZeroU32 = NonZeroU32::new(50).expect("not zero");

/// How fast each token may ask.
pub struct TokenRates(DefaultKeyedRateLimiter<ApiTokenId>);

impl Default for TokenRates {
    fn default() -> Self {
        Self(RateLimiter::keyed(
            Quota::per_second(PER_SECOND).allow_burst(BURST),
        ))
    }
}

impl TokenRates {
    /// Takes one request; or how long to wait.
    fn take(&self, id: ApiTokenId) -> Result<(), Duration> {
        self.0
            .check_key(&id)
            .map_err(|wait| wait.wait_time_from(DefaultClock::default().now()))
    }
}

/// Whether a request comes with a token, good or not.
pub(super) fn is_meant(headers: &HeaderMap) -> bool {
    headers.contains_key(AUTHORIZATION)
}

/// The program that a request comes from. A token that is unknown, over or taken back, and a header that holds none, are refused in
/// the same words.
pub(super) async fn bearer(
    api: &AdminApi,
    headers: &HeaderMap,
    request_id: Uuid,
) -> Result<TokenBearer, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Refusal::bad_token());
    };
    let token = value.to_str().ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    });
    let Some(token) = token else {
        return Err(Refusal::bad_token());
    };
    let found = api.app.token_bearer(token).await.map_err(|error| {
        log_chain(request_id, &error);
        Refusal::internal()
    })?;
    let Some(found) = found else {
        api.app.note_bad_token().await;
        return Err(Refusal::bad_token());
    };
    match api.token_rates.take(found.id) {
        Ok(()) => Ok(found),
        Err(wait) => {
            let actor = Actor::Token(found.id);
            api.app
                .note_held_back(SecurityKind::Throttled, "token", &actor)
                .await;
            Err(Refusal::too_many(
                wait,
                "too many requests with this token; wait and try again",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t48_one_token_is_held_back_and_another_is_not() {
        let rates = TokenRates::default();
        let [first, second] = [1, 2].map(|id| ApiTokenId::new(Uuid::from_u128(id)));
        let taken = (0..BURST.get() * 2).filter(|_| rates.take(first).is_ok()).count();
        assert!(taken >= BURST.get() as usize, "{taken}");
        assert!(taken < BURST.get() as usize * 2, "{taken}");
        assert!(rates.take(second).is_ok());
    }
}
