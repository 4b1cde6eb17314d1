//! A panic inside a request: it is answered as a fault of ours, and nothing else notices. The API runs inside the test, with
//! a source of randomness that panics when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::{NoRandomness, Random, SystemRandom};
use axum::http::StatusCode;
use serde_json::json;
use test_support::TestDatabase;
use tests::{Inside, PASSWORD, Reply};

test_support::on_both_engines!(a_panic_in_a_resolver_is_answered_as_a_fault_and_the_next_request_is_served);

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

async fn sign_in(inside: &Inside) -> Reply {
    let query = "mutation($input: SignInInput!) { signIn(input: $input) { __typename } }";
    let variables = json!({ "input": { "login": "kanri", "password": PASSWORD } });
    inside.graphql("", query, variables).await
}

async fn a_panic_in_a_resolver_is_answered_as_a_fault_and_the_next_request_is_served(db: TestDatabase) {
    let store = db.open_store_with(storage::inline_projectors()).await;
    let trap = Arc::new(Trap::default());
    let inside = Inside::open(store, Arc::clone(&trap) as _).await;
    inside.member("kanri").await;

    trap.armed.store(true, Ordering::SeqCst);
    let Reply {
        status,
        request_id,
        body,
    } = sign_in(&inside).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{body}");
    let fault = &body["errors"][0];
    assert_eq!(fault["extensions"]["code"], "INTERNAL", "{body}");
    assert_eq!(fault["extensions"]["requestId"], request_id.as_str(), "{body}");
    assert!(
        !body.to_string().contains("trap"),
        "the outside hears nothing of it: {body}"
    );

    trap.armed.store(false, Ordering::SeqCst);
    let Reply { status, body, .. } = sign_in(&inside).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(body["data"]["signIn"]["__typename"], "Session", "{body}");
}
