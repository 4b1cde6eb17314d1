//! `GET /sso/callback`: where the identity provider sends a browser back to.
//!
//! What it brings is worth nothing without the cookie of the browser that was sent, and that cookie is good once. It answers by going on
//! to a page of ours, one of few: nothing of the address that was asked for is repeated, and nothing of it is logged.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::security::{self, Asked};
use app::staff::{Finished, Place, ProviderAnswer, ProviderError, ProviderFault};
use axum::extract::rejection::QueryRejection;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::header::{LOCATION, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::cookie::{self, Cookie};
use crate::AdminApi;
use crate::fault::log_chain;

/// Where the provider sends browsers back to. It is set up there, so it never changes.
pub const PROVIDER_PATH: &str = "/sso/callback";

/// The longest that a browser waits here: the provider is asked up to three times meanwhile.
const TIMEOUT: Duration = Duration::from_secs(15);

/// What a provider may send; a repeated name is refused by the type.
#[derive(Deserialize)]
pub struct Brought {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Takes what a browser brings back.
pub async fn serve(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    brought: Result<Query<Brought>, QueryRejection>,
) -> Response {
    let Ok(request_id) = api.app.new_id() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let taken = tokio::time::timeout(TIMEOUT, take(&api, peer, &headers, brought.ok(), request_id)).await;
    let went = taken.unwrap_or(Went {
        on: "/sign-in?sso=unreachable".to_owned(),
        token: None,
        vouched: None,
    });
    let url = &api.public_url;
    let vouched = went
        .vouched
        .map(|token| cookie::hand_over(url, Cookie::Provider, &token));
    // What was sent with it is answered; somebody who was invited goes on with another token.
    let mut cookies = vec![vouched.unwrap_or_else(|| cookie::take_away(url, Cookie::Provider))];
    cookies.extend(
        went.token
            .map(|token| cookie::hand_over(url, Cookie::Session, &token)),
    );
    let mut response = StatusCode::SEE_OTHER.into_response();
    let lines = cookies.into_iter().map(|line| (SET_COOKIE, line));
    let request_line = (HeaderName::from_static("x-request-id"), request_id.to_string());
    let all = lines.chain([(LOCATION, went.on), request_line]);
    for (name, line) in all {
        // Ours, and ASCII.
        if let Ok(value) = HeaderValue::from_str(&line) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// Where the browser goes on to, and with which session.
struct Went {
    on: String,
    token: Option<String>,
    vouched: Option<String>,
}

async fn take(
    api: &AdminApi,
    peer: SocketAddr,
    headers: &HeaderMap,
    brought: Option<Query<Brought>>,
    request_id: Uuid,
) -> Went {
    let token = cookie::token(headers, &api.public_url, Cookie::Session);
    let session = match token {
        Some(token) => match api.app.session(token).await {
            Ok(session) => session.map(|session| (token, session)),
            Err(error) => {
                log_chain(request_id, &error);
                None
            }
        },
        None => None,
    };
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    let place = Place {
        address: api.trusted_proxies.client(peer.ip(), headers),
        user_agent: user_agent.map(str::to_owned),
    };
    let sent = cookie::token(headers, &api.public_url, Cookie::Provider);
    let answer = brought.map_or_else(ProviderAnswer::default, |Query(brought)| ProviderAnswer {
        code: brought.code,
        state: brought.state,
        error: brought.error,
        issuer: brought.iss,
    });
    let session = session.as_ref().map(|(token, session)| (*token, session));
    let page = if session.is_some() { "/account" } else { "/sign-in" };
    let asked = Asked {
        address: place.address,
        request_id,
        actor: None,
    };
    let finished = api
        .app
        .finish_at_provider(&place, sent, &answer, session, request_id);
    let finished = security::asked(asked, finished).await;
    let word = match finished {
        Ok(Finished::Entered(entered)) => {
            return Went {
                on: "/declarations".to_owned(),
                token: Some(entered.token),
                vouched: None,
            };
        }
        Ok(Finished::Vouched(token)) => {
            return Went {
                on: "/invitation?sso=vouched".to_owned(),
                token: None,
                vouched: Some(token.reveal().to_owned()),
            };
        }
        Ok(Finished::Linked) => "linked",
        Err(error) => word_of(&error, request_id),
    };
    Went {
        on: format!("{page}?sso={word}"),
        token: None,
        vouched: None,
    }
}

/// The word by which the page knows what to say.
fn word_of(error: &ProviderError, request_id: Uuid) -> &'static str {
    match error {
        ProviderError::Over => "over",
        ProviderError::Denied => "denied",
        ProviderError::Fault(ProviderFault::Unreachable(_)) => "unreachable",
        ProviderError::Fault(ProviderFault::Invalid(_)) => "invalid",
        ProviderError::Unknown => "unknown",
        ProviderError::NoRole => "no_role",
        ProviderError::NotFresh => "not_fresh",
        ProviderError::Taken => "taken",
        ProviderError::Internal(error) => {
            log_chain(request_id, error);
            "fault"
        }
    }
}
