//! Passwords tried by the thousand on the real binary: from many addresses on one account, from one address on many accounts, and
//! whether the time of a refusal tells that there is such an account. Few tries here, many under `cargo xtask torture security`.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_support::{size, tell};
use tests::{Client, Engine, Office, Server, Start, database};

const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { __typename \
                       ... on SignInRefused { retryAfterSeconds } } }";
const WRONG: &str = "wrong wrong wrong";
const NO_DELAY: &str = "DELETE FROM sign_in_delay";

/// Behind a proxy that says where each request comes from.
async fn office() -> (Office, Server, Client) {
    let office = Office::new(Engine::Sqlite).await;
    let environment = [("SENGEN_TRUSTED_PROXIES", "127.0.0.1")];
    let mut server = office.serve_with(&Start {
        environment: &environment,
        log: Some("warn"),
        ..Start::default()
    });
    server.administrator().await;
    let bare = Client::without_cookies(server.address(), server.address());
    (office, server, bare)
}

async fn sign_in(client: &Client, from: &str, login: &str, password: &str) -> (Value, bool) {
    let input = json!({ "input": { "login": login, "password": password } });
    let request = client.operation(SIGN_IN, &input).header("x-forwarded-for", from);
    let answer = Client::send(request).await;
    let has_cookie = answer.headers.contains_key("set-cookie");
    (answer.at("/signIn").clone(), has_cookie)
}

/// The address of a number, each in a network of its own.
fn address(number: u64) -> String {
    format!("10.{}.{}.1", number / 250, number % 250)
}

/// A refusal without the seconds that are left, which a clock decides.
fn words((answer, has_cookie): &(Value, bool)) -> (Value, bool, bool) {
    let is_delayed = answer["retryAfterSeconds"].is_u64();
    (answer["__typename"].clone(), is_delayed, *has_cookie)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t47_one_account_tried_from_many_addresses_is_slowed_and_its_owner_not_locked_out() {
    let (office, _server, client) = office().await;
    let (tries, addresses) = (size(60, 10_000), size(20, 1_000));
    let began = Instant::now();
    let mut looked_at = 0;
    for number in 0..tries {
        let from = address(number % addresses);
        let known = sign_in(&client, &from, "kanri", WRONG).await;
        // A login that nobody has is refused in the same words at every step.
        let unknown = sign_in(&client, &from, "nobody", WRONG).await;
        assert_eq!(words(&known), words(&unknown), "try {number}");
        looked_at += u64::from(known.0["retryAfterSeconds"].is_null());
    }
    let hours = began.elapsed().as_secs() / 3_600 + 1;
    assert!(looked_at <= 10 * hours, "{looked_at} of {tries} in {hours} h");
    let database = office.database().await;
    let failures = database::numbers(&database, "SELECT MAX(failures) FROM sign_in_delay").await;
    assert!(failures[0] >= 4, "it is on record: {failures:?}");
    // No lock: the delay is of minutes, and ends by itself.
    let longest = database::numbers(
        &database,
        "SELECT MAX(blocked_until - last_failure_at) / 60000000 FROM sign_in_delay",
    )
    .await;
    assert!(longest[0] <= 15, "{longest:?} minutes");
    database::execute(
        &database,
        "UPDATE sign_in_delay SET blocked_until = last_failure_at",
    )
    .await;
    let (answer, _) = sign_in(&client, "192.0.2.1", "kanri", tests::PASSWORD).await;
    assert_eq!(answer["__typename"], "Session");
    let log = office.log();
    assert!(log.contains("somebody may be guessing passwords"), "{log}");
    assert!(
        !log.contains("kanri") && !log.contains("nobody") && !log.contains(WRONG),
        "{log}"
    );
    tell(
        "t47",
        &format!("{tries} tries from {addresses} addresses on one account: {looked_at} looked at"),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t47_whoever_tries_passwords_from_elsewhere_keeps_no_owner_out_where_they_are_known() {
    let (_office, server, client) = office().await;
    // From here the account was made.
    let home = "127.0.0.1";
    let me = server.client();
    assert_eq!(me.sign_in("kanri").await.at("/signIn/__typename"), "Session");
    let wrong = async |from: &str, login: &str| {
        let (answer, _) = sign_in(&client, from, login, WRONG).await;
        answer["retryAfterSeconds"].is_u64()
    };
    for number in 0..8 {
        wrong(&address(number), "kanri").await;
        // Nobody reaches what is counted for a known place by what they type.
        wrong(&address(number), "127.0.0.1 kanri").await;
    }
    assert!(wrong("192.0.2.1", "kanri").await, "strangers wait");
    let (elsewhere, _) = sign_in(&client, "192.0.2.1", "kanri", tests::PASSWORD).await;
    assert_eq!(
        elsewhere["__typename"], "SignInRefused",
        "and so does whoever is where nobody knows them"
    );
    let (at_home, _) = sign_in(&client, home, "kanri", tests::PASSWORD).await;
    assert_eq!(at_home["__typename"], "Session", "{at_home}");
    let refresh = "mutation($p: String!) { refreshSession(input: { password: $p }) { __typename } }";
    let fresh = me.graphql(refresh, json!({ "p": tests::PASSWORD })).await;
    assert_eq!(fresh.at("/refreshSession/__typename"), "Session", "{fresh:?}");
    // A known place is no way around the delay: what fails there counts there.
    for _ in 0..5 {
        wrong(home, "kanri").await;
    }
    assert!(wrong(home, "kanri").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t47_many_accounts_tried_from_one_address_are_refused_alike_and_nobody_else_waits() {
    let (office, _server, client) = office().await;
    let accounts = size(40, 1_000);
    let mut looked_at = 0;
    for number in 0..accounts {
        // One of them exists, and it is not told apart.
        let login = if number == 3 {
            "kanri".to_owned()
        } else {
            format!("member-{number}")
        };
        let (answer, has_cookie) = sign_in(&client, "192.0.2.7", &login, WRONG).await;
        assert_eq!(answer["__typename"], "SignInRefused", "{login}");
        assert!(!has_cookie);
        looked_at += u64::from(answer["retryAfterSeconds"].is_null());
    }
    assert!(looked_at <= 30, "{looked_at} of {accounts}");
    // What is not looked at counts for no account: whoever is blocked delays nobody else.
    for _ in 0..8 {
        sign_in(&client, "192.0.2.7", "kanri", WRONG).await;
    }
    let (answer, _) = sign_in(&client, "192.0.2.8", "kanri", tests::PASSWORD).await;
    assert_eq!(answer["__typename"], "Session", "{answer}");
    let counted = "SELECT failures FROM sign_in_delay WHERE failures > 1 ORDER BY failures";
    let counted = database::numbers(&office.database().await, counted).await;
    assert_eq!(counted, [30], "the address alone");
    tell(
        "t47",
        &format!("{accounts} accounts from one address: {looked_at} tries looked at"),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t49_a_refusal_takes_as_long_whether_or_not_there_is_such_an_account() {
    let (office, _server, client) = office().await;
    let database = office.database().await;
    let rounds = size(9, 400);
    let ask = "mutation($login: String!) { requestPasswordLink(login: $login) { __typename } }";
    let mut times = [const { Vec::<Duration>::new() }; 4];
    for _ in 0..rounds {
        for (place, login) in ["kanri", "nobody"].into_iter().enumerate() {
            database::execute(&database, NO_DELAY).await;
            let began = Instant::now();
            sign_in(&client, "192.0.2.1", login, WRONG).await;
            times[place].push(began.elapsed());
            let began = Instant::now();
            let asked = client.graphql(ask, json!({ "login": login })).await;
            times[place + 2].push(began.elapsed());
            assert_eq!(
                asked.at("/requestPasswordLink/__typename"),
                "PasswordLinkRequested"
            );
        }
    }
    let median = times.map(|mut all| {
        all.sort();
        all[all.len() / 2]
    });
    let [known, unknown, asked_known, asked_unknown] = median;
    // Few rounds say little on a machine that does other things: there it is enough that the same work is done.
    let allowed = if rounds >= 40 {
        Duration::from_millis(1) + known / 20
    } else {
        known
    };
    assert!(known.abs_diff(unknown) < allowed, "{known:?} and {unknown:?}");
    assert!(
        asked_known.abs_diff(asked_unknown) < allowed,
        "{asked_known:?} and {asked_unknown:?}"
    );
    tell(
        "t49",
        &format!("{rounds} refusals each: {known:?} and {unknown:?}; {asked_known:?} and {asked_unknown:?}"),
    );
}
