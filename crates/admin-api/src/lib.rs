//! The console's API: one GraphQL schema over the use cases of `app`, with sessions, limits and the headers of every
//! answer.
//!
//! It decides nothing: a resolver turns input into a command, calls one use case, and turns the outcome into payload
//! data. It never holds SQL, and never lets a request of a foreign page through.
//!
//! To add a mutation: a file under its noun with input, result and resolver; add it to `schema.rs`; give it a row in
//! `tests/every_mutation.rs`; run `cargo xtask schema`.

#![expect(
    clippy::unused_async,
    reason = "the library takes resolvers only as async functions"
)]

mod api_token;
mod approval;
mod article;
mod audit;
mod bulk_change;
mod calendar;
mod context;
mod declaration;
mod export;
mod fault;
mod figure;
mod home;
mod http;
mod import;
mod incident;
mod input;
mod inquiry;
mod job;
mod list_view;
mod loaders;
mod mail;
mod operations;
mod privacy_request;
mod proof;
mod reply_template;
mod review;
mod said;
mod scalars;
mod schedule;
mod schema;
mod staff;

use std::sync::Arc;

use app::App;
use axum::Router;
use axum::routing::{get, post};

pub use context::RequestContext;
pub use http::account_rates::AccountLimits;
pub use http::client_address::{BadProxy, TrustedProxies};
pub use http::headers::SecurityHeaders;
pub use http::origin::{BadPublicUrl, PublicUrl};
pub use http::provider::PROVIDER_PATH;
pub use http::security_txt::{BadContact, SecurityContact};
pub use http::socket::{SOCKET_PATH, Sockets};
pub use operations::Operations;
pub use schema::sdl;

/// What the listener of the console needs.
pub struct AdminApi {
    pub(crate) app: Arc<App>,
    pub(crate) operations: Operations,
    pub(crate) schema: schema::AdminSchema,
    pub(crate) public_url: PublicUrl,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) security_contact: Option<SecurityContact>,
    pub(crate) token_rates: http::bearer::TokenRates,
    pub(crate) account_rates: http::account_rates::AccountRates,
    pub(crate) sockets: Sockets,
}

impl AdminApi {
    /// The API over the use cases, for pages at that address.
    pub fn new(app: Arc<App>, operations: Operations, public_url: PublicUrl) -> Self {
        Self {
            app,
            operations,
            schema: schema::build(),
            public_url,
            trusted_proxies: TrustedProxies::default(),
            security_contact: None,
            token_rates: http::bearer::TokenRates::default(),
            sockets: Sockets::default(),
            account_rates: http::account_rates::AccountRates::new(AccountLimits::default()),
        }
    }

    /// The same with other limits for each account.
    #[must_use]
    pub fn with_limits(self, limits: AccountLimits) -> Self {
        Self {
            account_rates: http::account_rates::AccountRates::new(limits),
            ..self
        }
    }

    /// The same behind these proxies.
    #[must_use]
    pub fn behind(self, trusted_proxies: TrustedProxies) -> Self {
        Self {
            trusted_proxies,
            ..self
        }
    }

    /// The sockets that it will hold, for whoever ends the process.
    pub fn sockets(&self) -> Sockets {
        self.sockets.clone()
    }

    /// The same with somebody to tell of a weakness; without, there is no `security.txt`.
    #[must_use]
    pub fn with_security_contact(self, security_contact: Option<SecurityContact>) -> Self {
        Self {
            security_contact,
            ..self
        }
    }
}

/// The routes of the console's listener: the API, and `console` for every other address.
pub fn router(api: AdminApi, headers: SecurityHeaders, console: Router) -> Router {
    let health = Router::new()
        .route("/livez", get(http::health::livez))
        .route("/readyz", get(http::health::readyz))
        .with_state(Arc::clone(&api.app));
    let graphql = Router::new()
        .route(
            "/graphql",
            post(http::graphql::serve).fallback(http::graphql::refuse_method),
        )
        .route(
            SOCKET_PATH,
            get(http::socket::serve).fallback(http::socket::refuse_method),
        )
        .route(
            http::upload::UPLOAD_PATH,
            post(http::upload::serve).fallback(http::upload::refuse_method),
        )
        .route(
            http::attachment::ATTACHMENT_PATH,
            get(http::attachment::serve).fallback(http::attachment::refuse_method),
        )
        .route(
            http::inquiry::FILE_PATH,
            get(http::inquiry::serve_file).fallback(http::inquiry::refuse_method),
        )
        .route(
            http::inquiry::HTML_PATH,
            get(http::inquiry::serve_html).fallback(http::inquiry::refuse_method),
        )
        .route("/exports/bulk-change.csv", post(http::export::bulk_change))
        .route(
            http::import::PATH,
            post(http::import::serve).fallback(http::import::refuse_method),
        )
        .route("/exports/import-rows.csv", post(http::export::import_rows))
        .route(
            "/exports/import-rows-cp932.csv",
            post(http::export::import_rows_cp932),
        )
        .route(
            http::status_check::PATH,
            post(http::status_check::serve).fallback(http::status_check::refuse_method),
        )
        .route(
            http::status_check::SHEET_PATH,
            post(http::status_check::serve_sheet).fallback(http::status_check::refuse_method),
        )
        .route("/exports/status-check.csv", post(http::export::status_check))
        .route(
            "/exports/status-check.xlsx",
            post(http::export::status_check_book),
        )
        .route("/exports/declarations", post(http::export::declarations))
        .route("/exports/exposure.csv", post(http::export::exposure))
        .route("/exports/figures.csv", post(http::export::figures))
        .route(
            "/exports/inquiry-numbers.csv",
            post(http::export::inquiry_numbers),
        )
        .route("/exports/incident.csv", post(http::export::incident))
        .route("/exports/holdings.json", post(http::export::holdings))
        .route("/.well-known/security.txt", get(http::security_txt::serve))
        .route(PROVIDER_PATH, get(http::provider::serve))
        .with_state(Arc::new(api));
    graphql
        .merge(health)
        .merge(console)
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
        .layer(axum::middleware::from_fn_with_state(headers, http::headers::add))
}
