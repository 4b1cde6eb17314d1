//! What takes too long is ended and said, and nobody else waits for it. The API runs inside the test.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::SystemRandom;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use event_store::DatabaseOptions;
use futures::{StreamExt as _, stream};
use serde_json::json;
use test_support::TestDatabase;
use tests::{Inside, LIST_OF_NUMBERS};

#[tokio::test]
async fn a_body_that_never_ends_is_given_up_after_ten_seconds() {
    let db = TestDatabase::sqlite().await;
    let store = db.open_store_with(storage::inline_projectors()).await;
    let inside = Inside::open(store, Arc::new(SystemRandom)).await;
    let begun = Instant::now();
    let first = stream::once(async { Ok::<_, std::convert::Infallible>(Bytes::from_static(b"{\"query\":")) });
    let answer = inside
        .post("", Body::from_stream(first.chain(stream::pending())))
        .await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT, "{}", answer.body);
    assert_eq!(answer.fault(), Some("TIMEOUT"), "{}", answer.body);
    let took = begun.elapsed();
    assert!(
        took >= Duration::from_secs(10) && took < Duration::from_secs(11),
        "{took:?}"
    );
}

/// SQLite has nobody else who could hold a reader up.
#[tokio::test]
async fn a_statement_that_postgres_ends_is_answered_as_a_timeout_and_not_as_a_fault_of_ours() {
    let db = TestDatabase::postgres().await;
    let options = DatabaseOptions {
        read_timeout: Some(Duration::from_secs(1)),
        ..DatabaseOptions::default()
    };
    let database = db.open_again(options).await;
    let store = db.open_store_over(database, storage::inline_projectors()).await;
    let inside = Inside::open(store, Arc::new(SystemRandom)).await;
    let cookie = inside.member("kanri").await;

    let mut held = db.database().begin_write().await.expect("a transaction");
    event_store::each_engine!(held, c => {
        sqlx::query("LOCK TABLE declaration IN ACCESS EXCLUSIVE MODE").execute(c).await.map(drop)
    })
    .expect("a lock");
    let late = inside
        .graphql(&cookie, LIST_OF_NUMBERS, json!({ "first": 1 }))
        .await;
    assert_eq!(late.fault(), Some("TIMEOUT"), "{}", late.body);
    held.rollback().await.expect("the lock is given back");
    let now = inside
        .graphql(&cookie, LIST_OF_NUMBERS, json!({ "first": 1 }))
        .await;
    assert_eq!(now.fault(), None, "{}", now.body);
}
