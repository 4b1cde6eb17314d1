//! Whoever comes with a token. Nothing else says who somebody is here.

use app::OpContext;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use domain::ApiTokenId;
use domain::staff::{Actor, SecurityKind};
use uuid::Uuid;

use crate::PublicApi;
use crate::problem::Problem;
use crate::request::log_chain;

/// The program that a request comes from, with a turn of its requests. A token that is unknown, over or taken back, and a header that
/// holds none, are refused in the same words.
pub async fn bearer(
    api: &PublicApi,
    headers: &HeaderMap,
    request_id: Uuid,
    purpose: &'static str,
) -> Result<(ApiTokenId, OpContext), Problem> {
    let token = token(headers).ok_or_else(Problem::bad_token)?;
    let found = api.app.token_bearer(token).await.map_err(|error| {
        log_chain(request_id, &error);
        Problem::internal()
    })?;
    let Some(found) = found else {
        api.app.note_bad_token().await;
        return Err(Problem::bad_token());
    };
    let id = found.id;
    held_back(api, id, api.rates.take_request(id)).await?;
    Ok((id, api.app.token_context(found, request_id, purpose)))
}

/// Refuses what is too much for one token, and puts it on record.
pub async fn held_back(
    api: &PublicApi,
    id: ApiTokenId,
    taken: Result<(), std::time::Duration>,
) -> Result<(), Problem> {
    let Err(wait) = taken else { return Ok(()) };
    let actor = Actor::Token(id);
    api.app
        .note_held_back(SecurityKind::Throttled, "token", &actor)
        .await;
    Err(Problem::too_many(wait))
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, value.parse().expect("a header"));
        }
        token(&headers).map(str::to_owned)
    }

    #[test]
    fn one_header_with_the_scheme_holds_a_token_and_nothing_else_does() {
        assert_eq!(read(&["Bearer sengen_x"]).as_deref(), Some("sengen_x"));
        assert_eq!(read(&["bearer sengen_x"]).as_deref(), Some("sengen_x"));
        for values in [
            &[][..],
            &["sengen_x"],
            &["Basic sengen_x"],
            &["Bearer a", "Bearer b"],
        ] {
            assert_eq!(read(values), None, "{values:?}");
        }
    }
}
