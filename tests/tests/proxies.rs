//! Where a request comes from, behind a proxy and without one: seen by whom the delay of signing in holds for.

use std::fs;

use serde_json::{Value, json};
use tests::{Client, Engine, Office, Server, database};

const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { __typename \
     ... on SignInRefused { retryAfterSeconds } } }";

/// An office with these lines in its configuration.
async fn office(configuration: &str) -> (Office, Server, Client) {
    let office = Office::new(Engine::Sqlite).await;
    fs::write(office.folder().join("sengen.toml"), configuration).expect("the configuration");
    let server = office.serve();
    let client = server.client();
    (office, server, client)
}

/// Tries an account that is not there; whether the try was not even looked at.
async fn is_delayed(client: &Client, forwarded_for: &str, login: &str) -> bool {
    let input = json!({ "input": { "login": login, "password": "wrong wrong wrong" } });
    let request = client
        .operation(SIGN_IN, &input)
        .header("x-forwarded-for", forwarded_for);
    let answer = Client::send(request).await;
    match answer.at("/signIn/retryAfterSeconds") {
        Value::Null => false,
        seconds => {
            assert!(seconds.is_u64(), "{answer:?}");
            true
        }
    }
}

/// As after so many tries from the one address that was seen that the next one is the last without a delay.
async fn all_but_one_try(office: &Office) {
    let database = office.database().await;
    let changed = database::execute(
        &database,
        "UPDATE sign_in_delay SET failures = 29 WHERE failures = 1",
    )
    .await;
    assert_eq!(changed, 2, "one account and one address");
}

#[tokio::test]
async fn t48_behind_a_trusted_proxy_the_delay_of_one_address_holds_for_nobody_else() {
    let (office, _server, client) = office("trusted_proxies = [\"127.0.0.1/32\"]").await;
    assert!(!is_delayed(&client, "192.0.2.1", "first").await);
    all_but_one_try(&office).await;
    // What its own client sent before the proxy's word does not make it another one.
    assert!(!is_delayed(&client, "198.51.100.9, 192.0.2.1", "second").await);
    assert!(is_delayed(&client, "198.51.100.8, 192.0.2.1", "third").await);
    assert!(!is_delayed(&client, "192.0.2.2", "fourth").await);
}

#[tokio::test]
async fn t48_a_peer_that_is_no_trusted_proxy_cannot_give_itself_other_addresses() {
    for configuration in ["", "trusted_proxies = [\"10.0.0.0/8\", \"::1\"]"] {
        let (office, _server, client) = office(configuration).await;
        assert!(!is_delayed(&client, "192.0.2.1", "first").await);
        all_but_one_try(&office).await;
        assert!(!is_delayed(&client, "192.0.2.2", "second").await);
        assert!(is_delayed(&client, "192.0.2.3", "third").await, "{configuration}");
    }
}

#[tokio::test]
async fn t48_a_header_that_cannot_be_read_counts_for_the_proxy_itself() {
    let (office, _server, client) = office("trusted_proxies = [\"127.0.0.1\"]").await;
    assert!(!is_delayed(&client, "unknown", "first").await);
    all_but_one_try(&office).await;
    assert!(!is_delayed(&client, "192.0.2.1, ;DROP TABLE", "second").await);
    assert!(is_delayed(&client, "", "third").await);
    assert!(
        !is_delayed(&client, "192.0.2.1", "fourth").await,
        "another address"
    );
}
