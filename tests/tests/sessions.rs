//! Signing in and out, sessions, one-time links: on the real binary, with stored times moved in the database.

use reqwest::header::COOKIE;
use serde_json::{Value, json};
use tests::{
    Answer, Client, Engine, Office, PASSWORD, Server, Start, database, free_address, on_both_engines,
};

on_both_engines!(
    t50_what_a_page_asks_by_itself_does_not_keep_its_session,
    a_session_ends_after_30_idle_minutes_and_after_12_hours_whatever_happens,
    t47_the_fifth_wrong_password_of_an_account_delays_the_next_try_and_more_delay_it_longer,
    an_invitation_raced_by_two_at_once_makes_exactly_one_account,
    an_invitation_that_is_expired_or_used_is_refused,
    a_server_removes_sessions_three_months_after_their_end_and_leaves_the_others,
);

/// An office with an administrator called kanri, and a client that keeps no cookies.
async fn office(engine: Engine) -> (Office, Server, Client) {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    server.administrator().await;
    let bare = Client::without_cookies(server.address(), server.address());
    (office, server, bare)
}

/// `NAME=TOKEN` of the cookie that an answer sets.
#[track_caller]
fn cookie(answer: &Answer) -> String {
    let line = answer.header("set-cookie");
    line.split(';').next().expect("a cookie").to_owned()
}

/// Who is signed in with these cookies.
async fn who(client: &Client, cookies: &str) -> Option<String> {
    let request = client
        .operation("{ session { staff { login } } }", &Value::Null)
        .header(COOKIE, cookies);
    let answer = Client::send(request).await;
    let login = answer.at("/session").pointer("/staff/login");
    login.and_then(Value::as_str).map(str::to_owned)
}

#[tokio::test]
async fn t50_signing_in_again_ends_the_session_that_the_browser_had() {
    let (_office, _server, client) = office(Engine::Sqlite).await;
    let old = cookie(&client.sign_in("kanri").await);
    assert_eq!(who(&client, &old).await.as_deref(), Some("kanri"));
    let mutation = "mutation($input: SignInInput!) { signIn(input: $input) { __typename } }";
    let input = json!({ "input": { "login": "kanri", "password": PASSWORD } });
    let request = client.operation(mutation, &input).header(COOKIE, &old);
    let new = cookie(&Client::send(request).await);
    assert_ne!(old, new);
    assert_eq!(who(&client, &old).await, None, "the old token is dead");
    assert_eq!(who(&client, &new).await.as_deref(), Some("kanri"));
}

#[tokio::test]
async fn t50_a_token_that_somebody_planted_never_becomes_a_session() {
    let (_office, _server, client) = office(Engine::Sqlite).await;
    let planted = format!("sengen={}", "A".repeat(43));
    let mutation = "mutation($input: SignInInput!) { signIn(input: $input) { __typename } }";
    let input = json!({ "input": { "login": "kanri", "password": PASSWORD } });
    let request = client.operation(mutation, &input).header(COOKIE, &planted);
    let answer = Client::send(request).await;
    assert_ne!(cookie(&answer), planted);
    assert_eq!(who(&client, &planted).await, None);
}

#[tokio::test]
async fn t50_signing_out_kills_the_session_and_takes_the_cookie_away() {
    let (_office, _server, client) = office(Engine::Sqlite).await;
    let mine = cookie(&client.sign_in("kanri").await);
    let elsewhere = cookie(&client.sign_in("kanri").await);
    let request = client
        .operation("mutation { signOut }", &Value::Null)
        .header(COOKIE, &mine);
    let answer = Client::send(request).await;
    assert_eq!(answer.at("/signOut"), true);
    let taken = answer.header("set-cookie");
    assert_eq!(taken, "sengen=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    assert_eq!(who(&client, &mine).await, None);
    assert_eq!(who(&client, &elsewhere).await.as_deref(), Some("kanri"));
}

async fn t50_what_a_page_asks_by_itself_does_not_keep_its_session(engine: Engine) {
    let (office, _server, client) = office(engine).await;
    let database = office.database().await;
    let token = cookie(&client.sign_in("kanri").await);
    let twenty =
        "UPDATE session SET last_seen_at = last_seen_at - 1200000000, expires_at = expires_at - 1200000000";
    let alone = async || {
        let query = client.operation("{ session { staff { login } } }", &Value::Null);
        let answer = Client::send(query.header(COOKIE, &token).header("x-sengen-away", "1")).await;
        answer.at("/session").is_object()
    };
    database::execute(&database, twenty).await;
    assert!(alone().await, "20 minutes idle");
    assert_eq!(
        who(&client, &token).await.as_deref(),
        Some("kanri"),
        "somebody is back"
    );
    database::execute(&database, twenty).await;
    assert!(alone().await, "20 minutes idle again");
    database::execute(&database, twenty).await;
    assert!(!alone().await, "what was asked in between was no use");
}

async fn a_session_ends_after_30_idle_minutes_and_after_12_hours_whatever_happens(engine: Engine) {
    const MINUTE: &str = "UPDATE session SET last_seen_at = last_seen_at - 60000000, expires_at = expires_at - 60000000, \
                          absolute_expires_at = absolute_expires_at - 60000000";
    let (office, _server, client) = office(engine).await;
    let database = office.database().await;
    let token = cookie(&client.sign_in("kanri").await);
    for _ in 0..29 {
        database::execute(&database, MINUTE).await;
    }
    assert_eq!(
        who(&client, &token).await.as_deref(),
        Some("kanri"),
        "29 minutes idle"
    );
    // That use has begun the 30 minutes anew.
    for _ in 0..29 {
        database::execute(&database, MINUTE).await;
    }
    assert_eq!(
        who(&client, &token).await.as_deref(),
        Some("kanri"),
        "29 minutes idle again"
    );
    for _ in 0..31 {
        database::execute(&database, MINUTE).await;
    }
    assert_eq!(who(&client, &token).await, None, "31 minutes idle");

    let token = cookie(&client.sign_in("kanri").await);
    let left =
        "SELECT (absolute_expires_at - created_at) / 60000000 FROM session ORDER BY created_at DESC LIMIT 1";
    assert_eq!(database::numbers(&database, left).await, [12 * 60]);
    let twelve_hours = "UPDATE session SET absolute_expires_at = absolute_expires_at - 43200000000";
    database::execute(&database, twelve_hours).await;
    assert_eq!(
        who(&client, &token).await,
        None,
        "used a moment ago, but twelve hours old"
    );
}

#[tokio::test]
async fn t50_somebody_who_was_disabled_is_out_at_once_and_cannot_come_back() {
    let (office, _server, client) = office(Engine::Sqlite).await;
    let token = cookie(&client.sign_in("kanri").await);
    let database = office.database().await;
    database::execute(&database, "UPDATE staff SET disabled_at = 1").await;
    assert_eq!(who(&client, &token).await, None);
    let answer = client.sign_in("kanri").await;
    assert_eq!(answer.at("/signIn/__typename"), "SignInRefused");
}

#[tokio::test]
async fn two_session_cookies_count_as_none() {
    let (_office, _server, client) = office(Engine::Sqlite).await;
    let token = cookie(&client.sign_in("kanri").await);
    assert_eq!(
        who(&client, &format!("a=b; {token}")).await.as_deref(),
        Some("kanri")
    );
    assert_eq!(who(&client, &format!("{token}; {token}")).await, None);
    assert_eq!(who(&client, &format!("sengen=planted; {token}")).await, None);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_bound_to_the_host_over_https() {
    let office = Office::new(Engine::Sqlite).await;
    {
        let mut server = office.serve();
        let token = server.invitation();
        let client = Client::without_cookies(server.address(), server.address());
        let answer = client.try_invitation(&token, "kanri", PASSWORD).await;
        let (_, attributes) = answer.header("set-cookie").split_once(';').expect("attributes");
        assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Lax");
        assert!(cookie(&answer).starts_with("sengen="), "{answer:?}");
    }
    let listen = free_address();
    let url = "https://sengen.example.jp";
    let server = office.serve_with(&Start {
        listen: Some(&listen),
        public_url: Some(url),
        log: None,
        ..Start::default()
    });
    let client = Client::without_cookies(server.address(), url);
    let answer = client.sign_in("kanri").await;
    let (_, attributes) = answer.header("set-cookie").split_once(';').expect("attributes");
    assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Lax; Secure");
    let token = cookie(&answer);
    assert!(token.starts_with("__Host-sengen="), "{token}");
    assert_eq!(who(&client, &token).await.as_deref(), Some("kanri"));
    // Without the prefix anybody on a neighbouring host could have set it.
    let unbound = token.replace("__Host-", "");
    assert_eq!(who(&client, &unbound).await, None);
    // Pages of the plain address are foreign ones now.
    let plain = Client::without_cookies(server.address(), server.address());
    assert_eq!(plain.sign_in("kanri").await.fault(), Some("CROSS_SITE"));
}

#[tokio::test]
async fn no_token_and_no_password_stands_in_the_database() {
    let (office, _server, client) = office(Engine::Sqlite).await;
    let answer = client.sign_in("kanri").await;
    let token = cookie(&answer).replace("sengen=", "");
    assert!(token.len() >= 43, "256 random bits: {token}");
    assert!(
        !answer.body.to_string().contains(&token),
        "the token is in the cookie alone"
    );
    let invitation = office.invite("viewer");
    for file in [
        "sengen.db",
        "sengen.db-wal",
        "keys.db",
        "keys.db-wal",
        "reads.db",
        "reads.db-wal",
    ] {
        let Ok(bytes) = std::fs::read(office.folder().join("data").join(file)) else {
            continue;
        };
        for secret in [token.as_str(), invitation.as_str(), PASSWORD] {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{file} holds a secret");
        }
    }
}

/// What an answer to a refused sign-in says.
fn refusal(answer: &Answer) -> (u16, Value, bool) {
    let cookies = answer.headers.contains_key("set-cookie");
    (answer.status.as_u16(), answer.at("/signIn").clone(), cookies)
}

#[tokio::test]
async fn t49_an_unknown_login_and_a_wrong_password_get_the_same_answers_all_the_way() {
    let (_office, _server, client) = office(Engine::Sqlite).await;
    for round in 0..6 {
        let wrong = refusal(&client.sign_in_with("kanri", "not the right password").await);
        let unknown = refusal(&client.sign_in_with("nobody", "not the right password").await);
        assert_eq!(wrong.1["__typename"], "SignInRefused");
        assert_eq!(wrong, unknown, "round {round}");
    }
}

#[tokio::test]
async fn logins_are_compared_without_case_and_edges_and_share_one_delay() {
    let (_office, _server, client) = office(Engine::Sqlite).await;
    assert_eq!(
        client.sign_in(" Kanri ").await.at("/signIn/__typename"),
        "Session"
    );
    for login in ["kanri", "KANRI", " kanri", "Kanri\t"] {
        client.sign_in_with(login, "wrong wrong wrong").await;
    }
    let answer = client.sign_in_with("kaNri", "wrong wrong wrong").await;
    assert!(answer.at("/signIn/retryAfterSeconds").is_u64(), "{answer:?}");
}

async fn t47_the_fifth_wrong_password_of_an_account_delays_the_next_try_and_more_delay_it_longer(
    engine: Engine,
) {
    let (office, server, client) = office(engine).await;
    let database = office.database().await;
    for _ in 0..4 {
        let answer = client.sign_in_with("kanri", "wrong wrong wrong").await;
        assert_eq!(answer.at("/signIn/retryAfterSeconds"), &Value::Null);
    }
    // The delay holds for the right password too, and says how long.
    let wait = client
        .sign_in("kanri")
        .await
        .at("/signIn/retryAfterSeconds")
        .as_i64();
    assert!(matches!(wait, Some(100..=120)), "{wait:?}");
    // Somebody else signs in as ever.
    let other = server.member(&office, "registrar").await;
    assert_eq!(
        other.sign_in("registrar").await.at("/signIn/__typename"),
        "Session"
    );
    let mut delays = Vec::new();
    for _ in 0..4 {
        database::execute(
            &database,
            "UPDATE sign_in_delay SET blocked_until = last_failure_at",
        )
        .await;
        client.sign_in_with("kanri", "wrong wrong wrong").await;
        let answer = client.sign_in("kanri").await;
        delays.push(answer.at("/signIn/retryAfterSeconds").as_i64().expect("a delay"));
    }
    let expected = [240, 480, 900, 900];
    for (delay, expected) in delays.iter().zip(expected) {
        assert!((expected - 20..=expected).contains(delay), "{delays:?}");
    }
    // It ends by itself: nobody is locked out for good, and success forgets the failures.
    database::execute(
        &database,
        "UPDATE sign_in_delay SET blocked_until = last_failure_at",
    )
    .await;
    assert_eq!(client.sign_in("kanri").await.at("/signIn/__typename"), "Session");
    let answer = client.sign_in_with("kanri", "wrong wrong wrong").await;
    assert_eq!(answer.at("/signIn/retryAfterSeconds"), &Value::Null);
}

#[tokio::test]
async fn an_office_behind_one_address_signs_in_as_often_as_it_likes() {
    let (_office, _server, client) = office(Engine::Sqlite).await;
    // More than the failures that an address has without a delay.
    for time in 1..=33 {
        let answer = client.sign_in("kanri").await;
        assert_eq!(
            answer.at("/signIn/__typename"),
            "Session",
            "time {time}: {answer:?}"
        );
    }
    // A slip of somebody is still one of few.
    let answer = client.sign_in_with("kanri", "wrong wrong wrong").await;
    assert_eq!(answer.at("/signIn/retryAfterSeconds"), &Value::Null);
}

#[tokio::test]
async fn t47_an_address_that_tries_one_account_after_another_waits_too() {
    let (office, _server, client) = office(Engine::Sqlite).await;
    client.sign_in_with("first", "wrong wrong wrong").await;
    // As after 28 more tries of 28 more accounts; each takes as long as a password does.
    let database = office.database().await;
    database::execute(&database, "UPDATE sign_in_delay SET failures = 29").await;
    let thirtieth = client.sign_in_with("second", "wrong wrong wrong").await;
    assert_eq!(thirtieth.at("/signIn/retryAfterSeconds"), &Value::Null);
    let next = client.sign_in_with("third", "wrong wrong wrong").await;
    assert!(next.at("/signIn/retryAfterSeconds").is_u64(), "{next:?}");
}

#[tokio::test]
async fn t47_tries_at_one_moment_do_not_slip_through_together() {
    let (office, _server, client) = office(Engine::Sqlite).await;
    let tries = (0..12).map(|_| client.sign_in_with("kanri", "wrong wrong wrong"));
    let answers = futures::future::join_all(tries).await;
    let looked_at = answers
        .iter()
        .filter(|answer| answer.at("/signIn/retryAfterSeconds").is_null());
    assert!(looked_at.count() <= 5, "{answers:?}");
    let database = office.database().await;
    let keys = database::numbers(&database, "SELECT COUNT(*) FROM sign_in_delay").await;
    assert_eq!(keys, [2], "the account and the address");
}

#[tokio::test]
async fn a_new_password_has_15_characters_or_more() {
    let office = Office::new(Engine::Sqlite).await;
    let mut server = office.serve();
    let token = server.invitation();
    let client = server.client();
    let short = client
        .try_invitation(&token, "kanri", "パスワードを十四文字打つ人達")
        .await;
    assert_eq!(
        short.problems("acceptInvitation"),
        [("password".to_owned(), "too_short".to_owned())]
    );
    let long = client.try_invitation(&token, "kanri", &"x".repeat(201)).await;
    assert_eq!(
        long.problems("acceptInvitation"),
        [("password".to_owned(), "too_long".to_owned())]
    );
    let fine = client
        .try_invitation(&token, "kanri", "パスワードを十五文字も打つ人達")
        .await;
    assert_eq!(
        fine.at("/acceptInvitation/__typename"),
        "Session",
        "the link was still good"
    );
    assert_eq!(client.signed_in().await.as_deref(), Some("kanri"));
}

#[tokio::test]
async fn every_problem_of_a_new_account_is_said_at_once_and_the_link_stays_good() {
    let (office, server, _client) = office(Engine::Sqlite).await;
    let token = office.invite("viewer");
    let client = server.client();
    let refused = client.try_invitation(&token, " KANRI ", "short").await;
    assert_eq!(
        refused.problems("acceptInvitation"),
        [
            ("password".to_owned(), "too_short".to_owned()),
            ("login".to_owned(), "taken".to_owned())
        ]
    );
    let shape = client.try_invitation(&token, "見本", PASSWORD).await;
    assert_eq!(
        shape.problems("acceptInvitation"),
        [("login".to_owned(), "shape".to_owned())]
    );
    for (name, code) in [
        ("", "length"),
        ("見\u{202E}本", "characters"),
        ("見\n本", "characters"),
    ] {
        let query = "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { \
                     ... on InvalidInput { problems { field code } } } }";
        let input = json!({ "token": token, "login": "mihon", "name": name, "password": PASSWORD });
        let answer = client.graphql(query, json!({ "input": input })).await;
        assert_eq!(
            answer.problems("acceptInvitation"),
            [("name".to_owned(), code.to_owned())],
            "{name:?}"
        );
    }
    client.accept_invitation(&token, "mihon").await;
}

/// How many accounts there are.
async fn accounts(office: &Office) -> Vec<i64> {
    let database = office.database().await;
    let rows = database::numbers(&database, "SELECT COUNT(*) FROM staff").await;
    let events = database::numbers(
        &database,
        "SELECT COUNT(*) FROM event WHERE event_type = 'staff.joined'",
    )
    .await;
    assert_eq!(rows, events, "each account is an event");
    rows
}

async fn an_invitation_that_is_expired_or_used_is_refused(engine: Engine) {
    let (office, server, _) = office(engine).await;
    let token = office.invite("viewer");
    let query = "query($token: String!) { invitation(token: $token) { roles } }";
    let good = server.client().graphql(query, json!({ "token": token })).await;
    assert_eq!(good.at("/invitation/roles/0"), "VIEWER");
    server.client().accept_invitation(&token, "mihon").await;
    let database = office.database().await;
    let expired = office.invite("viewer");
    database::execute(
        &database,
        "UPDATE invitation SET expires_at = expires_at - 86400000000",
    )
    .await;
    for token in [token.as_str(), &expired, "", "x", &"A".repeat(43)] {
        let client = server.client();
        let answer = client.try_invitation(token, "another", PASSWORD).await;
        assert_eq!(
            answer.at("/acceptInvitation/__typename"),
            "InvitationRefused",
            "{token}"
        );
        let asked = client.graphql(query, json!({ "token": token })).await;
        assert_eq!(asked.at("/invitation"), &Value::Null);
        assert_eq!(client.signed_in().await, None);
    }
    assert_eq!(accounts(&office).await, [2]);
}

async fn an_invitation_raced_by_two_at_once_makes_exactly_one_account(engine: Engine) {
    let (office, server, _) = office(engine).await;
    let token = office.invite("viewer");
    let logins = ["first", "second"];
    let clients = [server.client(), server.client()];
    let tries = clients
        .iter()
        .zip(logins)
        .map(|(client, login)| client.try_invitation(&token, login, PASSWORD));
    let mut outcomes: Vec<String> = futures::future::join_all(tries)
        .await
        .iter()
        .map(|answer| answer.at("/acceptInvitation/__typename").to_string())
        .collect();
    outcomes.sort();
    assert_eq!(outcomes, ["\"InvitationRefused\"", "\"Session\""]);
    assert_eq!(accounts(&office).await, [2]);

    // Two links, one login: one account again, and the link of the slower one stays good.
    let tokens = [office.invite("viewer"), office.invite("registrar")];
    let clients = [server.client(), server.client()];
    let tries = clients
        .iter()
        .zip(&tokens)
        .map(|(client, token)| client.try_invitation(token, "third", PASSWORD));
    let answers = futures::future::join_all(tries).await;
    let loser = answers
        .iter()
        .position(|answer| answer.at("/acceptInvitation/__typename") == "InvalidInput")
        .unwrap_or_else(|| panic!("no loser in {answers:?}"));
    assert_eq!(
        answers[loser].problems("acceptInvitation"),
        [("login".to_owned(), "taken".to_owned())]
    );
    assert_eq!(answers[1 - loser].at("/acceptInvitation/__typename"), "Session");
    clients[loser].accept_invitation(&tokens[loser], "fourth").await;
    assert_eq!(accounts(&office).await, [4]);
}

async fn a_server_removes_sessions_three_months_after_their_end_and_leaves_the_others(engine: Engine) {
    let (office, server, client) = office(engine).await;
    let old = cookie(&client.sign_in("kanri").await);
    let database = office.database().await;
    database::execute(
        &database,
        // 91 days: so long a browser is known as one that its owner used before.
        "UPDATE session SET absolute_expires_at = absolute_expires_at - 7862400000000",
    )
    .await;
    let new = cookie(&client.sign_in("kanri").await);
    drop(server);
    let left = "SELECT count(*) FROM session";
    assert_eq!(
        database::numbers(&database, left).await,
        [3],
        "the invitation began one too"
    );

    let server = office.serve();
    let client = Client::without_cookies(server.address(), server.address());
    // It cleans beside serving; each look is a request, so this ends when the first of them is done.
    while database::numbers(&database, left).await != [1] {
        assert_eq!(who(&client, &old).await, None);
    }
    assert_eq!(who(&client, &new).await.as_deref(), Some("kanri"));
}
