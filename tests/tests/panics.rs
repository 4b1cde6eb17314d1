//! A panic inside a request: it is answered as a fault of ours, and nothing else notices. The API runs inside the test, with
//! a source of randomness that panics when it is told to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use admin_api::{AdminApi, PublicUrl, SecurityHeaders};
use app::staff::AcceptInvitation;
use app::{App, NoRandomness, Random, SystemClock, SystemRandom};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use domain::staff::Role;
use serde_json::{Value, json};
use test_support::TestDatabase;
use tests::PASSWORD;
use tower::ServiceExt as _;

test_support::on_both_engines!(a_panic_in_a_resolver_is_answered_as_a_fault_and_the_next_request_is_served);

const ORIGIN: &str = "http://localhost:8080";
/// Bytes of a session's token, which nothing else is made of.
const TOKEN: usize = 32;

/// The machine's randomness; while armed, the one who asks for a token panics.
#[derive(Default)]
struct Trap {
    armed: AtomicBool,
}

impl Random for Trap {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        assert!(
            !(self.armed.load(Ordering::SeqCst) && bytes.len() == TOKEN),
            "the trap was armed"
        );
        SystemRandom.fill(bytes)
    }
}

async fn sign_in(router: &Router) -> (StatusCode, String, Value) {
    let query = "mutation($input: SignInInput!) { signIn(input: $input) { __typename } }";
    let variables = json!({ "input": { "login": "kanri", "password": PASSWORD } });
    let mut request = Request::post("/graphql")
        .header("origin", ORIGIN)
        .header("content-type", "application/json")
        .body(Body::from(
            json!({ "query": query, "variables": variables }).to_string(),
        ))
        .expect("a request");
    request
        .extensions_mut()
        .insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))));
    let answer = router.clone().oneshot(request).await.expect("an answer");
    let status = answer.status();
    let id = answer
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok());
    let id = id.unwrap_or_default().to_owned();
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    (status, id, serde_json::from_slice(&bytes).expect("JSON"))
}

async fn a_panic_in_a_resolver_is_answered_as_a_fault_and_the_next_request_is_served(db: TestDatabase) {
    let store = db.open_store_with(storage::inline_projectors()).await;
    let trap = Arc::new(Trap::default());
    let app = Arc::new(App::new(store, Arc::new(SystemClock), Arc::clone(&trap) as _));
    let op = app.command_line().expect("a context");
    let invited = app.invite(&op, Role::Administrator).await.expect("a link");
    let command = AcceptInvitation {
        token: invited.token,
        login: "kanri".to_owned(),
        name: "管理".to_owned(),
        password: PASSWORD.to_owned(),
    };
    app.accept_invitation(command).await.expect("an account");
    let router = admin_api::router(
        AdminApi::new(Arc::clone(&app), PublicUrl::parse(ORIGIN).expect("an address")),
        SecurityHeaders::new(false, &[]),
        Router::new(),
    );

    trap.armed.store(true, Ordering::SeqCst);
    let (status, id, body) = sign_in(&router).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{body}");
    let fault = &body["errors"][0];
    assert_eq!(fault["extensions"]["code"], "INTERNAL", "{body}");
    assert_eq!(fault["extensions"]["requestId"], id.as_str(), "{body}");
    assert!(
        !body.to_string().contains("trap"),
        "the outside hears nothing of it: {body}"
    );

    trap.armed.store(false, Ordering::SeqCst);
    let (status, _, body) = sign_in(&router).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(body["data"]["signIn"]["__typename"], "Session", "{body}");
}
