//! What takes too long is ended and said, and nobody else waits for it. The API runs inside the test where only that shows it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::SystemRandom;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use event_store::{Database, DatabaseOptions};
use futures::{StreamExt as _, stream};
use serde_json::json;
use test_support::TestDatabase;
use tests::{Engine, Inside, LIST_OF_NUMBERS, Office, Row, database, on_both_engines, register};

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

on_both_engines!(a_slow_statement_ends_after_five_seconds_and_takes_no_reader_with_it);

/// Everything that reads the list takes for ever from now on.
async fn make_slow(database: &Database) {
    for statement in [
        "ALTER TABLE declaration RENAME TO declaration_itself",
        "CREATE VIEW declaration AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
         SELECT declaration_itself.* FROM declaration_itself CROSS JOIN n WHERE n.i < 0",
    ] {
        database::execute(database, statement).await;
    }
}

/// Makes the list quick again.
async fn make_quick(database: &Database) {
    for statement in [
        "DROP VIEW declaration",
        "ALTER TABLE declaration_itself RENAME TO declaration",
    ] {
        database::execute(database, statement).await;
    }
}

async fn a_slow_statement_ends_after_five_seconds_and_takes_no_reader_with_it(engine: Engine) {
    let office = Office::new(engine).await;
    office.import(&register(&[Row::corporation("47000000002")]));
    let mut server = office.serve();
    let client = server.administrator().await;
    client.find("47000000002").await;
    let database = office.database().await;
    make_slow(&database).await;

    let ask = || client.graphql(LIST_OF_NUMBERS, json!({ "first": 1 }));
    let begun = Instant::now();
    let late = ask().await;
    let took = begun.elapsed();
    // With 200: the statement was ended, and not the request after ten seconds with 504.
    assert_eq!(
        (late.status, late.fault()),
        (StatusCode::OK, Some("TIMEOUT")),
        "{late:?}"
    );
    assert!(
        took >= Duration::from_secs(5) && took < Duration::from_secs(9),
        "{took:?}"
    );
    // More than there are readers, of people who do not wait for the answer.
    let impatient = futures::future::join_all((0..12).map(|_| ask()));
    let gone = tokio::time::timeout(Duration::from_millis(500), impatient).await;
    assert!(gone.is_err(), "{gone:?}");
    make_quick(&database).await;
    client.find("47000000002").await;
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}
