//! What a watcher is told of a server: that it lives, and whether it can do its work.

use reqwest::{Method, StatusCode};
use test_support::{FixedClock, ServerClock};
use tests::{Answer, Client, Engine, Office, Server, Start, on_both_engines};

on_both_engines!(a_server_that_can_work_says_so_to_whoever_asks);

async fn asked(server: &Server, path: &str) -> Answer {
    let client = Client::new(server.address());
    Client::send(client.path(Method::GET, path)).await
}

async fn a_server_that_can_work_says_so_to_whoever_asks(engine: Engine) {
    let office = Office::new(engine).await;
    let server = office.serve();
    for path in ["/livez", "/readyz"] {
        let answer = asked(&server, path).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::OK, Some("ok\n")),
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

/// Waits until the log has a text.
async fn said(office: &Office, text: &str) {
    while !office.log().contains(text) {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t18_a_server_whose_clock_is_wrong_is_not_ready_and_its_log_says_so_once() {
    let office = Office::new(Engine::Postgres).await;
    let database = office.test_database().expect("PostgreSQL");
    let clock = ServerClock::take_over(database).await;
    // Long ago, so this machine is far ahead.
    clock.set(FixedClock::default().now()).await;
    let server = office.serve_with(&Start {
        log: Some("info"),
        ..Start::default()
    });
    let answer = asked(&server, "/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let text = answer.body.as_str().expect("a sentence");
    assert!(
        text.ends_with("s ahead of the database's: set both by NTP\n"),
        "{text}"
    );
    assert_eq!(asked(&server, "/livez").await.status, StatusCode::OK);

    said(&office, "ahead of the database's").await;
    clock.let_go().await;
    assert_eq!(asked(&server, "/readyz").await.status, StatusCode::OK);
    said(&office, "the clock of this machine is right again").await;
    assert_eq!(office.log().matches("ahead of the database's").count(), 1);
}
