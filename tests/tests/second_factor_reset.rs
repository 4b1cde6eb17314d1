//! A second factor that was lost, and an office that asks everybody for one: on the real binary.

use chrono::Utc;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, ORIGIN};
use serde_json::{Value, json};
use tests::{Client, Engine, Office, PASSWORD, Server, Start, database, on_both_engines};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

on_both_engines!(
    t50_a_lost_second_factor_is_taken_away_by_somebody_else_with_a_fresh_session,
    t50_whoever_has_the_machine_takes_a_second_factor_away,
    where_a_second_factor_is_asked_for_a_session_without_one_opens_nothing_but_setting_one_up,
);

const RESET: &str = "mutation($c: ID!, $s: ID!) { resetSecondFactor(commandId: $c, staffId: $s) { __typename \
                     ... on InvalidInput { problems { field code } } } }";
const REFRESH: &str =
    "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { __typename } }";
const ACCOUNTS: &str = "{ staffAccounts { nodes { id login hasSecondFactor } } }";

#[expect(clippy::disallowed_methods, reason = "an authenticator has the time of day")]
fn code(totp: &Totp) -> String {
    let seconds = u64::try_from(Utc::now().timestamp()).expect("after 1970");
    totp.generate(seconds).to_string()
}

/// Sets an authenticator up; answers the recovery codes.
async fn arm(client: &Client) -> Vec<String> {
    let begun = client
        .graphql(
            "mutation { beginTotp { ... on TotpBegun { secret } } }",
            Value::Null,
        )
        .await;
    let secret = begun.at("/beginTotp/secret").as_str().expect("a secret");
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).expect("base32"));
    let totp = totp.build().expect("an authenticator");
    let confirm = "mutation($code: String!) { confirmTotp(code: $code) { ... on RecoveryCodes { codes } } }";
    let confirmed = client.graphql(confirm, json!({ "code": code(&totp) })).await;
    let codes = confirmed
        .at("/confirmTotp/codes")
        .as_array()
        .expect("codes")
        .iter();
    codes
        .map(|code| code.as_str().expect("a code").to_owned())
        .collect()
}

async fn account(administrator: &Client, login: &str) -> Value {
    let answer = administrator.graphql(ACCOUNTS, Value::Null).await;
    let nodes = answer
        .at("/staffAccounts/nodes")
        .as_array()
        .expect("a list")
        .clone();
    nodes
        .into_iter()
        .find(|node| node["login"] == login)
        .expect("an account")
}

async fn reset(administrator: &Client, command: Uuid, id: &Value) -> Value {
    let answer = administrator
        .graphql(RESET, json!({ "c": command, "s": id }))
        .await;
    let result = answer.at("/resetSecondFactor");
    result
        .pointer("/problems/0/code")
        .unwrap_or(&result["__typename"])
        .clone()
}

async fn kind(client: &Client, login: &str) -> Value {
    client.sign_in(login).await.at("/signIn/__typename").clone()
}

async fn office(engine: Engine) -> (Office, Server, Client, Client) {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let administrator = server.administrator().await;
    let member = server.member(&office, "viewer").await;
    arm(&member).await;
    (office, server, administrator, member)
}

async fn t50_a_lost_second_factor_is_taken_away_by_somebody_else_with_a_fresh_session(engine: Engine) {
    let (office, server, administrator, member) = office(engine).await;
    let database = office.database().await;
    let run = async |sql: &'static str| database::execute(&database, sql).await;
    run("UPDATE staff SET mail = 'viewer@example.jp' WHERE login = 'viewer'").await;
    let viewer = account(&administrator, "viewer").await;
    assert_eq!(viewer["hasSecondFactor"], true);
    let kanri = account(&administrator, "kanri").await;
    assert_eq!(kanri["hasSecondFactor"], false);
    run("UPDATE session SET fresh_at = fresh_at - 300000000").await;
    let command = Uuid::new_v4();
    assert_eq!(
        reset(&administrator, command, &viewer["id"]).await,
        "FreshSignInNeeded"
    );
    assert_eq!(member.signed_in().await.as_deref(), Some("viewer"));
    let input = json!({ "input": { "password": PASSWORD } });
    administrator.graphql(REFRESH, input).await;
    assert_eq!(
        reset(&administrator, Uuid::new_v4(), &kanri["id"]).await,
        "own_second_factor"
    );
    let nobody = json!(Uuid::new_v4());
    assert_eq!(reset(&administrator, Uuid::new_v4(), &nobody).await, "NotFound");
    assert_eq!(
        reset(&administrator, command, &viewer["id"]).await,
        "SecondFactorReset"
    );
    assert_eq!(member.signed_in().await, None, "their sessions ended");
    assert_eq!(kind(&member, "viewer").await, "Session", "the password alone");
    // The same command again is the same, also when they have set one up again; another finds nothing, or the new one.
    assert_eq!(
        reset(&administrator, Uuid::new_v4(), &viewer["id"]).await,
        "no_second_factor"
    );
    arm(&member).await;
    assert_eq!(
        reset(&administrator, command, &viewer["id"]).await,
        "SecondFactorReset"
    );
    assert_eq!(kind(&server.client(), "viewer").await, "SecondFactorNeeded");
    assert_eq!(
        reset(&administrator, command, &kanri["id"]).await,
        "own_second_factor"
    );
    let sql = "SELECT CAST(data AS TEXT) FROM event WHERE event_type = 'staff.credential_changed' ORDER BY position";
    let told = database::texts(&database, sql).await;
    let resets = told.iter().filter(|line| line.contains("second_factor_reset"));
    assert_eq!(resets.count(), 1, "{told:?}");
    let by = "SELECT actor FROM event WHERE event_type = 'staff.credential_changed' ORDER BY position";
    let by = database::texts(&database, by).await;
    let id = kanri["id"].as_str().expect("an id");
    assert_eq!(by[1], format!("staff:{id}"), "{by:?}");
    let mails = database::numbers(&database, "SELECT count(*) FROM mail").await;
    assert_eq!(mails, [2], "taken away, and set up again");
}

async fn t50_whoever_has_the_machine_takes_a_second_factor_away(engine: Engine) {
    let (office, server, _administrator, member) = office(engine).await;
    office.run(&["staff", "reset-second-factor", "viewer"]).ok();
    assert_eq!(member.signed_in().await, None);
    assert_eq!(kind(&server.client(), "viewer").await, "Session");
    let again = office.run(&["staff", "reset-second-factor", "viewer"]);
    assert_ne!(again.code, 0);
    assert!(again.stderr.contains("no second factor"), "{again:?}");
    assert_ne!(office.run(&["staff", "reset-second-factor", "nobody"]).code, 0);
}

async fn where_a_second_factor_is_asked_for_a_session_without_one_opens_nothing_but_setting_one_up(
    engine: Engine,
) {
    let office = Office::new(engine).await;
    let environment = [("SENGEN_STAFF_REQUIRE_SECOND_FACTOR", "true")];
    let mut server = office.serve_with(&Start {
        environment: &environment,
        ..Start::default()
    });
    let client = server.administrator().await;
    let must = "{ session { mustSetUpSecondFactor secondFactor } }";
    let session = client.graphql(must, Value::Null).await;
    assert_eq!(session.at("/session/mustSetUpSecondFactor"), true);
    let id = json!(Uuid::new_v4());
    for (text, variables) in [
        ("{ declarations(first: 1) { __typename } }", Value::Null),
        ("{ staffAccounts { nodes { login } } }", Value::Null),
        ("{ calendar { opening { open } } }", Value::Null),
        ("{ verifierKey }", Value::Null),
        ("{ mailCounts { count } }", Value::Null),
        ("{ approvals(first: 1) { __typename } }", Value::Null),
        ("{ ownSessions { id } }", Value::Null),
        ("mutation { endOtherSessions }", Value::Null),
        ("mutation { removeTotp { __typename } }", Value::Null),
        ("mutation { makeRecoveryCodes { __typename } }", Value::Null),
        (
            "mutation { changePassword(input: { current: \"x\", password: \"x\" }) { __typename } }",
            Value::Null,
        ),
        (RESET, json!({ "c": id, "s": id })),
        // Nor another way in but a passkey, which is both factors.
        (
            "mutation { removePasskey(id: \"x\") { __typename } }",
            Value::Null,
        ),
        (
            "mutation { requestMailChange(mail: \"x\") { __typename } }",
            Value::Null,
        ),
        ("mutation { beginProviderLink { __typename } }", Value::Null),
    ] {
        let answer = client.graphql(text, variables).await;
        assert_eq!(
            answer.fault(),
            Some("SECOND_FACTOR_REQUIRED"),
            "{text}: {answer:?}"
        );
    }
    let body = json!({ "staff": id, "since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z" });
    let export = client
        .path(Method::POST, "/exports/exposure.csv")
        .header(ORIGIN, client.address())
        .header(CONTENT_TYPE, "application/json")
        .body(body.to_string());
    let export = Client::send(export).await;
    assert_eq!(export.fault(), Some("SECOND_FACTOR_REQUIRED"), "{export:?}");
    let codes = arm(&client).await;
    let list = "{ declarations(first: 1) { __typename } }";
    let answer = client.graphql(list, Value::Null).await;
    assert_eq!(answer.fault(), None, "{answer:?}");
    assert_eq!(
        client
            .graphql(must, Value::Null)
            .await
            .at("/session/mustSetUpSecondFactor"),
        false
    );
    // The next sign-in asks for a code, and then opens everything.
    let other = server.client();
    assert_eq!(kind(&other, "kanri").await, "SecondFactorNeeded");
    let complete = "mutation($code: String!) { completeSignIn(code: $code) { __typename } }";
    other.graphql(complete, json!({ "code": codes[0] })).await;
    assert_eq!(other.graphql(list, Value::Null).await.fault(), None);
    // Without one it is as at the beginning, for a session that is open too.
    database::execute(&office.database().await, "DELETE FROM totp").await;
    assert_eq!(
        other.graphql(list, Value::Null).await.fault(),
        Some("SECOND_FACTOR_REQUIRED")
    );
}
