//! The public listener: what programs of other offices ask, by a token, and the frequently asked questions for everybody. It has an address of
//! its own, and nothing of the console is on it: no sessions, no GraphQL, no script; a cookie is not even read.
//!
//! It decides nothing: a request becomes a question, one use case answers it. Whatever goes wrong is told as `application/problem+json`
//! (RFC 9457) with a stable code, also an address that does not exist.
//!
//! To add an operation: a file with its handler, its route below, its description in `openapi.json`, and a scope of its own.

mod bearer;
mod faq;
mod headers;
mod health;
mod openapi;
mod problem;
mod rates;
mod request;
mod status_checks;

use std::net::IpAddr;
use std::sync::Arc;

use app::App;
use axum::Router;
use axum::http::HeaderMap;
use axum::routing::{get, post};

use crate::problem::Problem;

/// Where the requests of a listener come from: the peer, or what the proxies in front of us say.
pub type ClientAddress = Arc<dyn Fn(IpAddr, &HeaderMap) -> IpAddr + Send + Sync>;

/// What the public listener needs.
pub struct PublicApi {
    app: Arc<App>,
    client: ClientAddress,
    rates: rates::Rates,
}

impl PublicApi {
    /// The API over the use cases.
    pub fn new(app: Arc<App>, client: ClientAddress) -> Self {
        Self {
            app,
            client,
            rates: rates::Rates::default(),
        }
    }
}

/// The routes of the public listener.
pub fn router(api: PublicApi) -> Router {
    let health = Router::new()
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .with_state(Arc::clone(&api.app));
    Router::new()
        .route(openapi::PATH, get(openapi::serve))
        .route(status_checks::PATH, post(status_checks::serve))
        .route(faq::API_PATH, get(faq::serve_json))
        .route("/faq", get(faq::list_japanese))
        .route("/faq/{id}", get(faq::article_japanese))
        .route("/en/faq", get(faq::list_english))
        .route("/en/faq/{id}", get(faq::article_english))
        .route(faq::STYLE_PATH, get(faq::serve_style))
        .with_state(Arc::new(api))
        .merge(health)
        .fallback(|| async { Problem::not_found().bare() })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed().bare() })
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(
            problem::of_panic,
        ))
        .layer(axum::middleware::from_fn(headers::add))
}
