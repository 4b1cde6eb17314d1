//! The second factor on the real binary: codes of an authenticator, recovery codes, half sessions, fresh sessions. The test is
//! the authenticator: it has the secret that `beginTotp` answers. Stored times are moved in the database.

use chrono::Utc;
use event_store::each_engine;
use reqwest::header::{COOKIE, USER_AGENT};
use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, PASSWORD, Server, database, on_both_engines};
use totp_rs::{Builder, Secret, Totp};

on_both_engines!(
    t49_a_code_is_taken_once_and_none_of_an_earlier_step_after_it,
    t49_five_wrong_codes_end_the_attempt_and_delay_the_next,
    a_recovery_code_is_taken_once_and_new_ones_end_those_before,
    half_a_session_opens_nothing_else_and_only_in_its_browser,
    t50_setting_it_up_and_removing_it_end_all_other_sessions,
    t50_stepping_up_rotates_the_token_and_a_session_that_is_not_fresh_changes_nothing,
    every_change_of_a_second_factor_is_an_event_and_a_notice,
    t56_the_secret_and_the_codes_stand_nowhere_in_the_clear_and_move_with_a_backup,
);

/// Somebody with an authenticator.
struct Armed {
    office: Office,
    server: Server,
    /// Signed in.
    owner: Client,
    totp: Totp,
    codes: Vec<String>,
}

const BEGIN: &str = "mutation { beginTotp { __typename ... on TotpBegun { secret url } } }";
const CONFIRM: &str = "mutation($code: String!) { confirmTotp(code: $code) { __typename ... on RecoveryCodes { codes } \
                       ... on InvalidInput { problems { field code } } } }";
const COMPLETE: &str = "mutation($code: String!) { completeSignIn(code: $code) { __typename \
                        ... on SignInRefused { retryAfterSeconds } } }";
const REFRESH: &str =
    "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { __typename } }";
const REMOVE: &str = "mutation { removeTotp { __typename ... on InvalidInput { problems { field code } } } }";
const CODES: &str = "mutation { makeRecoveryCodes { __typename ... on RecoveryCodes { codes } } }";
const STALE: &str = "UPDATE session SET fresh_at = fresh_at - 300000000";
const NO_DELAY: &str = "UPDATE sign_in_delay SET blocked_until = last_failure_at";
/// As if the newest code that was taken were long ago.
const FORGET_STEPS: &str = "UPDATE totp SET last_step = 1";

/// The code that the authenticator shows, so many steps from now.
fn code(totp: &Totp, steps: i64) -> String {
    let seconds = now() + 30 * steps;
    totp.generate(u64::try_from(seconds).expect("after 1970"))
        .to_string()
}

#[expect(clippy::disallowed_methods, reason = "an authenticator has the time of day")]
fn now() -> i64 {
    Utc::now().timestamp()
}

/// Waits until a step has just begun, so that what follows lies within it.
async fn early_in_a_step() {
    while now() % 30 > 15 {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
}

async fn begin(client: &Client) -> Totp {
    let begun = client.graphql(BEGIN, Value::Null).await;
    let secret = begun.at("/beginTotp/secret").as_str().expect("a secret");
    assert!(
        begun
            .at("/beginTotp/url")
            .as_str()
            .is_some_and(|url| url.starts_with("otpauth://totp/Sengen:"))
    );
    let secret = Secret::try_from_base32(secret).expect("base32");
    assert_eq!(secret.as_bytes().len(), 20);
    Builder::new()
        .with_secret(secret)
        .build()
        .expect("an authenticator")
}

async fn armed(engine: Engine) -> Armed {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let owner = server.administrator().await;
    let totp = begin(&owner).await;
    let wrong = owner.graphql(CONFIRM, json!({ "code": "abc" })).await;
    assert_eq!(
        wrong.problems("confirmTotp"),
        [("code".to_owned(), "wrong_code".to_owned())]
    );
    let confirmed = owner.graphql(CONFIRM, json!({ "code": code(&totp, 0) })).await;
    let codes = confirmed
        .at("/confirmTotp/codes")
        .as_array()
        .expect("codes")
        .iter();
    let codes: Vec<String> = codes
        .map(|code| code.as_str().expect("a code").to_owned())
        .collect();
    assert_eq!(codes.len(), 10);
    database::execute(&office.database().await, FORGET_STEPS).await;
    Armed {
        office,
        server,
        owner,
        totp,
        codes,
    }
}

impl Armed {
    /// A browser that knows the password and waits for a code.
    async fn half(&self) -> Client {
        let client = self.server.client();
        let answer = client.sign_in("kanri").await;
        assert_eq!(answer.at("/signIn/__typename"), "SecondFactorNeeded");
        client
    }

    async fn run(&self, sql: &'static str) {
        database::execute(&self.office.database().await, sql).await;
    }
}

/// What completing with a code answers.
async fn complete(client: &Client, code: &str) -> String {
    let answer = client.graphql(COMPLETE, json!({ "code": code })).await;
    answer
        .at("/completeSignIn/__typename")
        .as_str()
        .expect("a name")
        .to_owned()
}

/// `NAME=TOKEN` of each cookie that an answer sets and does not take away.
fn cookies(answer: &Answer) -> Vec<String> {
    let lines = answer.headers.get_all("set-cookie").iter();
    let lines = lines
        .filter_map(|line| line.to_str().ok())
        .filter(|line| !line.contains("Max-Age=0"));
    lines
        .filter_map(|line| line.split(';').next())
        .map(str::to_owned)
        .collect()
}

async fn t49_a_code_is_taken_once_and_none_of_an_earlier_step_after_it(engine: Engine) {
    let armed = armed(engine).await;
    early_in_a_step().await;
    for steps in [-2, 2] {
        assert_eq!(
            complete(&armed.half().await, &code(&armed.totp, steps)).await,
            "SignInRefused"
        );
    }
    armed.run(NO_DELAY).await;
    for steps in [-1, 0, 1] {
        let client = armed.half().await;
        assert_eq!(
            complete(&client, &code(&armed.totp, steps)).await,
            "Session",
            "{steps}"
        );
        assert_eq!(client.signed_in().await.as_deref(), Some("kanri"));
    }
    // Seen over a shoulder, each of them is worth nothing, in the same words as a wrong one.
    let replayed = armed.half().await;
    for steps in [-1, 0, 1] {
        let answer = replayed
            .graphql(COMPLETE, json!({ "code": code(&armed.totp, steps) }))
            .await;
        let refused = json!({ "__typename": "SignInRefused", "retryAfterSeconds": null });
        assert_eq!(answer.at("/completeSignIn"), &refused, "{steps}");
    }
    assert_eq!(replayed.signed_in().await, None);
    // Of two browsers with one code one gets in.
    armed.run(FORGET_STEPS).await;
    armed.run(NO_DELAY).await;
    let (one, two) = (armed.half().await, armed.half().await);
    let same = code(&armed.totp, 0);
    let outcomes = tokio::join!(complete(&one, &same), complete(&two, &same));
    assert_eq!(
        [&outcomes.0, &outcomes.1]
            .iter()
            .filter(|it| **it == "Session")
            .count(),
        1,
        "{outcomes:?}"
    );
}

async fn t49_five_wrong_codes_end_the_attempt_and_delay_the_next(engine: Engine) {
    let armed = armed(engine).await;
    let client = armed.half().await;
    for _ in 0..4 {
        assert_eq!(complete(&client, "000000").await, "SignInRefused");
    }
    // The delay holds for the right code too, and for another browser; a try that is not looked at counts for nothing.
    for client in [&client, &armed.half().await] {
        let answer = client
            .graphql(COMPLETE, json!({ "code": code(&armed.totp, 0) }))
            .await;
        let wait = answer.at("/completeSignIn/retryAfterSeconds").as_i64();
        assert!(matches!(wait, Some(60..=120)), "{answer:?}");
    }
    armed.run(NO_DELAY).await;
    assert_eq!(complete(&client, "000000").await, "SignInOver");
    armed.run(NO_DELAY).await;
    assert_eq!(
        complete(&client, &code(&armed.totp, 0)).await,
        "SignInOver",
        "the password again"
    );
    assert_eq!(client.signed_in().await, None);
    let answer = client.sign_in("kanri").await;
    assert_eq!(answer.at("/signIn/__typename"), "SecondFactorNeeded");
    assert_eq!(complete(&client, &code(&armed.totp, 0)).await, "Session");
}

async fn a_recovery_code_is_taken_once_and_new_ones_end_those_before(engine: Engine) {
    let armed = armed(engine).await;
    let client = armed.half().await;
    let typed = armed.codes[0].to_uppercase().replace('-', " ");
    assert_eq!(complete(&client, &typed).await, "Session");
    let query = "{ session { secondFactor recoveryCodesLeft } }";
    let session = client.graphql(query, Value::Null).await;
    assert_eq!(
        session.at("/session"),
        &json!({ "secondFactor": "TOTP", "recoveryCodesLeft": 9 })
    );
    assert_eq!(
        complete(&armed.half().await, &armed.codes[0]).await,
        "SignInRefused"
    );
    let made = client.graphql(CODES, Value::Null).await;
    assert_eq!(
        made.at("/makeRecoveryCodes/codes").as_array().map(Vec::len),
        Some(10)
    );
    assert_eq!(
        complete(&armed.half().await, &armed.codes[1]).await,
        "SignInRefused"
    );
    let new = made.at("/makeRecoveryCodes/codes/0").as_str().expect("a code");
    assert_eq!(complete(&armed.half().await, new).await, "Session");
    // Somebody else's recovery code is none.
    let other = armed.server.member(&armed.office, "viewer").await;
    let totp = begin(&other).await;
    other.graphql(CONFIRM, json!({ "code": code(&totp, 0) })).await;
    other.sign_in("viewer").await;
    let theirs = made.at("/makeRecoveryCodes/codes/1").as_str().expect("a code");
    assert_eq!(complete(&other, theirs).await, "SignInRefused");
}

async fn half_a_session_opens_nothing_else_and_only_in_its_browser(engine: Engine) {
    let armed = armed(engine).await;
    let bare = Client::without_cookies(armed.server.address(), armed.server.address());
    let half = cookies(&bare.sign_in("kanri").await);
    let [half] = half.as_slice() else {
        panic!("one cookie: {half:?}")
    };
    let (_, token) = half.split_once("sengen-half=").expect("a name of its own");
    let attempt = async |cookie: String, agent: &str| {
        let right = json!({ "code": code(&armed.totp, 0) });
        let request = bare
            .operation(COMPLETE, &right)
            .header(COOKIE, cookie)
            .header(USER_AGENT, agent);
        let answer = Client::send(request).await;
        (
            answer
                .at("/completeSignIn/__typename")
                .as_str()
                .map(str::to_owned),
            cookies(&answer),
        )
    };
    for (name, query) in [
        ("ownSessions", "{ ownSessions { id } }"),
        ("beginTotp", BEGIN),
        ("removeTotp", REMOVE),
        ("makeRecoveryCodes", CODES),
        ("staffAccounts", "{ staffAccounts { nodes { login } } }"),
        ("declarations", "{ declarations(first: 1) { __typename } }"),
    ] {
        for cookie in [
            half.clone(),
            format!("sengen={token}"),
            format!("{half}; sengen={token}"),
        ] {
            let answer = Client::send(bare.operation(query, &Value::Null).header(COOKIE, cookie)).await;
            assert_eq!(answer.fault(), Some("UNAUTHENTICATED"), "{name}: {answer:?}");
        }
    }
    let over = Some("SignInOver".to_owned());
    for cookie in [
        format!("sengen-half={}", &token[..token.len() - 1]),
        format!("sengen-half={token}A"),
        format!("{half}; {half}"),
        format!("sengen={token}"),
    ] {
        assert_eq!(attempt(cookie.clone(), "").await.0, over, "{cookie}");
    }
    assert_eq!(attempt(half.clone(), "another browser").await.0, over);
    let (entered, session) = attempt(half.clone(), "").await;
    assert_eq!(entered.as_deref(), Some("Session"));
    assert!(
        session.iter().all(|cookie| !cookie.contains(token)),
        "a token of its own: {session:?}"
    );
    armed.run(FORGET_STEPS).await;
    assert_eq!(attempt(half.clone(), "").await.0, over, "it is used up");
    // Ten minutes, and not for somebody who was disabled.
    let client = armed.half().await;
    armed
        .run("UPDATE sign_in_attempt SET expires_at = expires_at - 600000000")
        .await;
    assert_eq!(complete(&client, &code(&armed.totp, 0)).await, "SignInOver");
    let client = armed.half().await;
    armed.run("UPDATE staff SET disabled_at = 1").await;
    assert_eq!(complete(&client, &code(&armed.totp, 0)).await, "SignInOver");
    let refused = armed.server.client().sign_in("kanri").await;
    assert_eq!(
        refused.at("/signIn/__typename"),
        "SignInRefused",
        "nothing tells that there is a second factor"
    );
}

#[tokio::test]
async fn t49_an_account_with_a_second_factor_tells_so_only_after_the_right_password() {
    let armed = armed(Engine::Sqlite).await;
    let client = armed.server.client();
    for round in 0..5 {
        let wrong = client.sign_in_with("kanri", "not the right password").await;
        let unknown = client.sign_in_with("nobody", "not the right password").await;
        assert_eq!(wrong.at("/signIn"), unknown.at("/signIn"), "round {round}");
        assert!(cookies(&wrong).is_empty() && cookies(&unknown).is_empty());
    }
}

async fn t50_setting_it_up_and_removing_it_end_all_other_sessions(engine: Engine) {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let owner = server.administrator().await;
    let other = server.client();
    other.sign_in("kanri").await;
    let stranger = server.member(&office, "viewer").await;
    let totp = begin(&owner).await;
    assert_eq!(other.signed_in().await.as_deref(), Some("kanri"));
    let confirmed = owner.graphql(CONFIRM, json!({ "code": code(&totp, 0) })).await;
    let codes = confirmed.at("/confirmTotp/codes").clone();
    assert_eq!(other.signed_in().await, None, "it came in without a code");
    assert_eq!(owner.signed_in().await.as_deref(), Some("kanri"));
    other.sign_in("kanri").await;
    assert_eq!(
        complete(&other, codes[0].as_str().expect("a code")).await,
        "Session"
    );
    // Half a session is one too: a right password that waits for a code of what is gone.
    let half = server.client();
    half.sign_in("kanri").await;
    let removed = owner.graphql(REMOVE, Value::Null).await;
    assert_eq!(removed.at("/removeTotp/__typename"), "TotpRemoved");
    assert_eq!(other.signed_in().await, None);
    assert_eq!(owner.signed_in().await.as_deref(), Some("kanri"));
    assert_eq!(
        complete(&half, codes[1].as_str().expect("a code")).await,
        "SignInOver"
    );
    assert_eq!(stranger.signed_in().await.as_deref(), Some("viewer"));
}

async fn t50_stepping_up_rotates_the_token_and_a_session_that_is_not_fresh_changes_nothing(engine: Engine) {
    let armed = armed(engine).await;
    armed.run(STALE).await;
    for (name, query) in [
        ("beginTotp", BEGIN),
        ("removeTotp", REMOVE),
        ("makeRecoveryCodes", CODES),
    ] {
        let answer = armed.owner.graphql(query, Value::Null).await;
        assert_eq!(answer.at(&format!("/{name}/__typename")), "FreshSignInNeeded");
    }
    let bare = Client::without_cookies(armed.server.address(), armed.server.address());
    let half = cookies(&bare.sign_in("kanri").await).remove(0);
    let right = json!({ "code": code(&armed.totp, 0) });
    let entered = Client::send(bare.operation(COMPLETE, &right).header(COOKIE, half)).await;
    let old = cookies(&entered).remove(0);
    armed.run(FORGET_STEPS).await;
    let refresh = async |input: Value| {
        let request = bare
            .operation(REFRESH, &json!({ "input": input }))
            .header(COOKIE, &old);
        let answer = Client::send(request).await;
        (answer.at("/refreshSession/__typename").clone(), cookies(&answer))
    };
    let code = code(&armed.totp, 0);
    for input in [
        json!({ "password": "wrong wrong wrong", "code": code }),
        json!({ "password": PASSWORD }),
        json!({ "password": PASSWORD, "code": "000000" }),
    ] {
        assert_eq!(refresh(input).await, (json!("SignInRefused"), Vec::new()));
    }
    let (name, new) = refresh(json!({ "password": PASSWORD, "code": code })).await;
    assert_eq!((name, new.len()), (json!("Session"), 1));
    assert_ne!(new[0], old);
    let who = async |cookie: &str| {
        let request = bare
            .operation("{ session { staff { login } } }", &Value::Null)
            .header(COOKIE, cookie);
        !Client::send(request).await.at("/session").is_null()
    };
    assert!(!who(&old).await, "the old token is dead");
    assert!(who(&new[0]).await);
    let removed = Client::send(bare.operation(REMOVE, &Value::Null).header(COOKIE, &new[0])).await;
    assert_eq!(removed.at("/removeTotp/__typename"), "TotpRemoved");
    assert_eq!(
        bare.sign_in("kanri").await.at("/signIn/__typename"),
        "Session",
        "the password alone again"
    );
    let again = Client::send(bare.operation(REMOVE, &Value::Null).header(COOKIE, &new[0])).await;
    assert_eq!(
        again.problems("removeTotp"),
        [("code".to_owned(), "no_totp".to_owned())]
    );
}

async fn every_change_of_a_second_factor_is_an_event_and_a_notice(engine: Engine) {
    let armed = armed(engine).await;
    armed.run("UPDATE staff SET mail = 'kanri@example.jp'").await;
    let client = armed.half().await;
    complete(&client, &armed.codes[0]).await;
    client.graphql(CODES, Value::Null).await;
    let another = armed.half().await;
    assert_eq!(complete(&another, &code(&armed.totp, 0)).await, "Session");
    client.graphql(REMOVE, Value::Null).await;
    let database = armed.office.database().await;
    let sql = "SELECT event_type || ' ' || CAST(data AS TEXT) FROM event WHERE event_type LIKE 'staff.%' \
               ORDER BY position";
    let told = database::texts(&database, sql).await;
    let told: Vec<&str> = told
        .iter()
        .filter_map(|line| {
            line.split("\"what\":\"")
                .nth(1)
                .or_else(|| line.split("\"method\":\"").nth(1))
        })
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let expected = [
        "invitation",
        "totp_set",
        "password_and_recovery_code",
        "recovery_code_used",
        "recovery_codes_made",
        "password_and_totp",
        "totp_removed",
    ];
    assert_eq!(told, expected);
    let mails = database::numbers(&database, "SELECT count(*) FROM mail").await;
    assert!(
        mails[0] >= 3,
        "codes made, one used, authenticator removed: {mails:?}"
    );
}

async fn t56_the_secret_and_the_codes_stand_nowhere_in_the_clear_and_move_with_a_backup(engine: Engine) {
    let armed = armed(engine).await;
    let sealed = sealed(&armed.office).await;
    let secret = armed.totp.secret().as_bytes();
    assert!(sealed.len() > secret.len() + 16);
    assert!(!sealed.windows(secret.len()).any(|window| window == secret));
    let made = armed
        .office
        .run(&["backup", "--to", "one.tar", "--expires", "30"]);
    made.ok();
    let archive = std::fs::read(armed.office.folder().join("one.tar")).expect("the backup");
    for canary in [secret, armed.codes[0].as_bytes(), hex::encode(secret).as_bytes()] {
        assert!(!archive.windows(canary.len()).any(|window| window == canary));
    }
    let to = Office::new(engine).await;
    to.take_key_of(&armed.office);
    let file = armed.office.folder().join("one.tar");
    to.run(&["restore", file.to_str().expect("a path")]).ok();
    let server = to.serve();
    let client = server.client();
    assert_eq!(
        client.sign_in("kanri").await.at("/signIn/__typename"),
        "SecondFactorNeeded"
    );
    assert_eq!(complete(&client, &code(&armed.totp, 0)).await, "Session");
    client.sign_in("kanri").await;
    assert_eq!(complete(&client, &armed.codes[0]).await, "Session");
}

/// What the database keeps of the one authenticator.
async fn sealed(office: &Office) -> Vec<u8> {
    let database = office.database().await;
    let mut connection = database.acquire_read().await.expect("a connection");
    each_engine!(connection, c => {
        sqlx::query_scalar::<_, Vec<u8>>("SELECT sealed FROM totp").fetch_one(c).await
    })
    .expect("one row")
}
