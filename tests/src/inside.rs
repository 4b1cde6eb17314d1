//! The API inside the test's own process, with nothing in the background: for what only shows from within, such as how many
//! statements a request takes, a panic, or time that stands still.

use std::net::SocketAddr;
use std::sync::Arc;

use admin_api::{AdminApi, Operations, PublicUrl, SecurityHeaders};
use app::mail::{KnownSender, Outbox, Rendered};
use app::staff::{AcceptInvitation, Place};
use app::{App, Random, SystemClock};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use chrono::{DateTime, Utc};
use domain::mailing::Draft;
use domain::reason::Reason;
use domain::staff::Role;
use event_store::EventStore;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::PASSWORD;

const ORIGIN: &str = "http://localhost:8080";

/// An office without a server.
pub struct Inside {
    /// The use cases.
    pub app: Arc<App>,
    router: Router,
}

/// What came back.
pub struct Reply {
    /// The HTTP status.
    pub status: StatusCode,
    /// From the header.
    pub request_id: String,
    /// Data and faults.
    pub body: Value,
}

impl Reply {
    /// The code of the first fault.
    pub fn fault(&self) -> Option<&str> {
        self.body["errors"][0]["extensions"]["code"].as_str()
    }
}

impl Inside {
    /// An office over a log.
    pub async fn open(store: EventStore, random: Arc<dyn Random>) -> Self {
        let app = App::open(store, Arc::new(SystemClock), random).await;
        let app = Arc::new(app.expect("an office"));
        let public_url = PublicUrl::parse(ORIGIN).expect("an address");
        let router = admin_api::router(
            AdminApi::new(Arc::clone(&app), operations(), public_url),
            SecurityHeaders::new(false, &[]),
            Router::new(),
        );
        Self { app, router }
    }

    /// The cookie of a new administrator.
    pub async fn member(&self, login: &str) -> String {
        let op = self.app.command_line().expect("a context");
        let invited = self
            .app
            .invite(&op, &[Role::Administrator], None)
            .await
            .expect("a link");
        let command = AcceptInvitation {
            token: invited.token,
            login: login.to_owned(),
            name: login.to_owned(),
            password: PASSWORD.to_owned(),
            place: Place {
                address: std::net::IpAddr::from([127, 0, 0, 1]),
                user_agent: None,
            },
        };
        let entered = self.app.accept_invitation(command).await.expect("an account");
        format!("sengen={}", entered.token)
    }

    /// One operation as the console sends it.
    pub async fn graphql(&self, cookie: &str, query: &str, variables: Value) -> Reply {
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.post(cookie, Body::from(body)).await
    }

    /// Any body.
    pub async fn post(&self, cookie: &str, body: Body) -> Reply {
        let mut request = Request::post("/graphql")
            .header("origin", ORIGIN)
            .header("content-type", "application/json")
            .header("cookie", cookie)
            .body(body)
            .expect("a request");
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))));
        let answer = self.router.clone().oneshot(request).await.expect("an answer");
        let status = answer.status();
        let id = answer
            .headers()
            .get("x-request-id")
            .and_then(|id| id.to_str().ok());
        let request_id = id.unwrap_or_default().to_owned();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        Reply {
            status,
            request_id,
            body: serde_json::from_slice(&bytes).expect("JSON"),
        }
    }
}

/// No commands, and nobody who could send.
fn operations() -> Operations {
    struct Nothing;
    impl Outbox for Nothing {
        fn transport(&self) -> String {
            String::new()
        }
        fn leaves(&self) -> bool {
            false
        }
        fn senders(&self) -> Vec<KnownSender> {
            Vec::new()
        }
        fn render(&self, _: &Draft, _: Uuid, _: DateTime<Utc>) -> Result<Rendered, Reason> {
            Err(Reason::outside("nothing is configured"))
        }
    }
    Operations {
        commands: Arc::new([]),
        outbox: Arc::new(Nothing),
    }
}
