//! What auditors are told of ways in, what asks for a fresh session, how much one account may take, and whose account is whose: on the
//! real binary, with stored times moved in the database.

use std::fs;

use reqwest::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tests::{
    Answer, Client, Engine, Office, PASSWORD, Row, Server, Start, database, in_days, on_both_engines,
    register,
};
use uuid::Uuid;

on_both_engines!(
    a_session_says_by_what_it_was_opened,
    each_thing_that_happens_to_a_way_in_is_on_record_and_nothing_that_was_typed,
    t48_whoever_changes_the_address_within_one_network_of_ipv6_is_written_once_a_minute,
    t48_what_anybody_can_bring_about_is_written_once_a_minute,
    t50_who_may_sign_in_or_do_what_is_changed_by_a_fresh_session_only,
    t48_an_account_that_shows_or_takes_away_too_much_waits_and_another_does_not,
    t52_two_accounts_of_one_person_without_addresses_do_not_agree_to_each_other,
);

const CANARY: &str = "kinshicho-canary@example.jp";
const STALE: &str = "UPDATE session SET fresh_at = fresh_at - 300000000";
const EVER: (&str, &str) = ("2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z");

struct Desk {
    office: Office,
    server: Server,
    administrator: Client,
    viewer: Client,
}

async fn desk(engine: Engine) -> Desk {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let administrator = server.administrator().await;
    let viewer = server.member(&office, "viewer").await;
    Desk {
        office,
        server,
        administrator,
        viewer,
    }
}

async fn account(client: &Client, login: &str) -> (Value, Value) {
    let query = "{ staffAccounts { nodes { id login } } }";
    let answer = client.graphql(query, Value::Null).await;
    let nodes = answer.at("/staffAccounts/nodes").as_array().cloned();
    let mut nodes = nodes.unwrap_or_default().into_iter();
    let id = nodes.find(|node| node["login"] == login).expect("the account")["id"].clone();
    let query = "query($id: ID!) { staffAccount(id: $id) { version } }";
    let detail = client.graphql(query, json!({ "id": id })).await;
    (id, detail.at("/staffAccount/version").clone())
}

/// What changing the account of this login answers: `done` is the mutation without its input.
async fn change(client: &Client, login: &str, done: &str) -> Value {
    let (id, version) = account(client, login).await;
    let input = json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": version });
    let text = format!("mutation($input: AccountCommandInput!) {{ done: {done} {{ __typename }} }}");
    let answer = client.graphql(&text, json!({ "input": input })).await;
    answer.at("/done/__typename").clone()
}

const DISABLE: &str = "disableStaff(input: $input, reason: LEFT)";
const ENABLE: &str = "enableStaff(input: $input)";
const ROLES: &str = "changeStaffRoles(input: $input, roles: [SUPPORT, VIEWER])";

async fn refresh(client: &Client, password: &str) -> Value {
    let text = "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { __typename } }";
    let answer = client
        .graphql(text, json!({ "input": { "password": password } }))
        .await;
    answer.at("/refreshSession/__typename").clone()
}

fn export(client: &Client) -> RequestBuilder {
    let body = json!({ "staff": Uuid::nil(), "since": EVER.0, "until": EVER.1 }).to_string();
    client
        .path(Method::POST, "/exports/exposure.csv")
        .header(ORIGIN, client.address())
        .header(CONTENT_TYPE, "application/json")
        .body(body)
}

async fn records(client: &Client, more: Value) -> Answer {
    let text = "query($since: DateTime!, $until: DateTime!, $staff: ID, $kind: SecurityKind, $before: String, $first: Int) { \
                securityRecords(since: $since, until: $until, staff: $staff, kind: $kind, before: $before, first: $first) { \
                ... on SecurityRecords { nextBefore nodes { id kind detail staffId mark address requestId account { name } by { name } } } \
                ... on InvalidInput { problems { field code } } } }";
    let mut asked = json!({ "since": EVER.0, "until": EVER.1, "first": 200 });
    for (key, value) in more.as_object().expect("an object") {
        asked[key] = value.clone();
    }
    client.graphql(text, asked).await
}

/// Kind and detail of each record, the oldest first.
fn told(answer: &Answer) -> Vec<String> {
    let nodes = answer.at("/securityRecords/nodes").as_array().expect("a list");
    let words = nodes.iter().rev().map(|node| {
        let text = |key: &str| node[key].as_str().unwrap_or_default().to_owned();
        format!("{} {}", text("kind"), text("detail"))
    });
    words.collect()
}

async fn a_session_says_by_what_it_was_opened(engine: Engine) {
    let desk = desk(engine).await;
    let other = desk.server.client();
    other.sign_in("kanri").await;
    let own = "{ ownSessions { method isThis } }";
    let answer = other.graphql(own, Value::Null).await;
    let expected =
        json!([{ "method": "PASSWORD", "isThis": true }, { "method": "INVITATION", "isThis": false }]);
    assert_eq!(answer.at("/ownSessions"), &expected, "{answer:?}");
    // What was opened before that was kept says nothing, and holds.
    database::execute(&desk.office.database().await, "UPDATE session SET method = NULL").await;
    let answer = other.graphql(own, Value::Null).await;
    assert_eq!(answer.at("/ownSessions/0/method"), &Value::Null);
}

async fn each_thing_that_happens_to_a_way_in_is_on_record_and_nothing_that_was_typed(engine: Engine) {
    let desk = desk(engine).await;
    let kanri = &desk.administrator;
    let auditor = desk.server.member(&desk.office, "auditor").await;
    let stranger = desk.server.client();
    stranger.sign_in_with(CANARY, "the secret of a canary").await;
    stranger.sign_in_with("kanri", "the secret of a canary").await;
    stranger.sign_in("viewer").await;
    stranger.graphql("mutation { signOut }", Value::Null).await;
    desk.viewer
        .graphql("{ staffAccounts { nodes { id } } }", Value::Null)
        .await;
    assert_eq!(change(kanri, "viewer", ROLES).await, "AccountChanged");
    assert_eq!(change(kanri, "viewer", DISABLE).await, "AccountChanged");
    stranger.sign_in("viewer").await;
    assert_eq!(change(kanri, "viewer", ENABLE).await, "AccountChanged");
    assert_eq!(refresh(kanri, "the secret of a canary").await, "SignInRefused");
    assert_eq!(refresh(kanri, PASSWORD).await, "Session");
    let change_password = "mutation($p: String!, $n: String!) { changePassword(input: { current: $p, password: $n }) { __typename } }";
    let new = json!({ "p": PASSWORD, "n": "みかんを三つ食べた朝の電車のなか" });
    kanri.graphql(change_password, new).await;
    let sheet = Client::send(export(&auditor)).await;
    assert_eq!(sheet.status, StatusCode::OK, "{sheet:?}");
    let issue = "mutation($input: IssueApiTokenInput!) { issueApiToken(input: $input) { ... on ApiTokenIssued { id } } }";
    let wanted = json!({ "commandId": Uuid::now_v7(), "name": "見本県", "scopes": ["READ_DECLARATIONS"], "expiresAt": in_days(30) });
    let issued = kanri.graphql(issue, json!({ "input": wanted })).await;
    let revoke = "mutation($input: RevokeApiTokenInput!) { revokeApiToken(input: $input) { __typename } }";
    let token = json!({ "commandId": Uuid::now_v7(), "id": issued.at("/issueApiToken/id") });
    kanri.graphql(revoke, json!({ "input": token })).await;
    let bad_link = "mutation { acceptPasswordLink(input: { token: \"x\", password: \"x\" }) { __typename } }";
    stranger.graphql(bad_link, Value::Null).await;
    let all = records(&auditor, json!({})).await;
    let expected = [
        "SIGNED_IN invitation",
        "SIGNED_IN invitation",
        "SIGNED_IN invitation",
        "SIGN_IN_REFUSED unknown_login",
        "SIGN_IN_REFUSED wrong_password",
        "SIGNED_IN password",
        "SESSION_ENDED sign_out",
        "ACCESS_REFUSED READ_STAFF",
        "ROLES_CHANGED support viewer",
        "ACCOUNT_DISABLED ",
        "SIGN_IN_REFUSED disabled",
        "ACCOUNT_ENABLED ",
        "SIGN_IN_REFUSED wrong_password",
        "PROVED_AGAIN password",
        "CREDENTIAL_CHANGED password_changed",
        "EXPORTED exposure",
        "CREDENTIAL_CHANGED token_issued",
        "CREDENTIAL_CHANGED token_revoked",
        "SIGN_IN_REFUSED password_link",
    ];
    assert_eq!(told(&all), expected, "{all:?}");
    let nodes = all.at("/securityRecords/nodes").as_array().expect("a list");
    assert!(
        nodes.iter().all(|node| node["address"] == "127.0.0.1"),
        "{nodes:?}"
    );
    assert!(
        nodes.iter().all(|node| node["requestId"].is_string()),
        "{nodes:?}"
    );
    let of = |kind: &str| nodes.iter().find(|node| node["kind"] == kind).expect("a record");
    let (viewer, _) = account(kanri, "viewer").await;
    let roles = of("ROLES_CHANGED");
    assert_eq!(
        (&roles["staffId"], &roles["by"]["name"]),
        (&viewer, &json!("見本 花子"))
    );
    let unknown = nodes
        .iter()
        .find(|node| node["detail"] == "unknown_login")
        .expect("a record");
    assert_eq!(unknown["staffId"], Value::Null);
    assert_eq!(unknown["mark"].as_str().map(str::len), Some(8), "{unknown}");
    // Narrowed, and page by page.
    let refused = records(&auditor, json!({ "kind": "SIGN_IN_REFUSED", "staff": viewer })).await;
    assert_eq!(told(&refused), ["SIGN_IN_REFUSED disabled"]);
    let first = records(&auditor, json!({ "first": 2 })).await;
    let next = json!({ "first": 2, "before": first.at("/securityRecords/nextBefore") });
    assert_eq!(told(&records(&auditor, next).await), expected[15..17]);
    for (more, field) in [
        (json!({ "staff": "金糸雀" }), "staff"),
        (json!({ "before": "金糸雀" }), "after"),
        (json!({ "until": EVER.0 }), "until"),
    ] {
        assert_eq!(
            records(&auditor, more).await.problems("securityRecords")[0].0,
            field
        );
    }
    nothing_typed_is_kept(&desk.office).await;
}

/// Nothing of what was typed stands in the table.
async fn nothing_typed_is_kept(office: &Office) {
    let sql = "SELECT kind || detail || coalesce(actor, '') || coalesce(address, '') FROM security_record";
    let kept = database::texts(&office.database().await, sql).await.join("\n");
    for typed in ["canary", "kanri", "kinshicho", PASSWORD, "みかん"] {
        assert!(!kept.contains(typed), "{typed}: {kept}");
    }
    if let Ok(file) = fs::read(office.folder().join("data/sengen.db-wal")) {
        let found = file
            .windows(CANARY.len())
            .any(|window| window == CANARY.as_bytes());
        assert!(!found, "a login that nobody has is in the file");
    }
}

async fn t48_what_anybody_can_bring_about_is_written_once_a_minute(engine: Engine) {
    let desk = desk(engine).await;
    let auditor = desk.server.member(&desk.office, "auditor").await;
    let stranger = desk.server.client();
    for _ in 0..8 {
        stranger.sign_in_with("viewer", "wrong wrong wrong").await;
        let link = "mutation { acceptPasswordLink(input: { token: \"x\", password: \"x\" }) { __typename } }";
        stranger.graphql(link, Value::Null).await;
        let token = "sengen_00000000000000000000000000000000000000000000";
        let program = stranger
            .operation("{ verifierKey }", &Value::Null)
            .bearer_auth(token);
        assert_eq!(Client::send(program).await.status, StatusCode::UNAUTHORIZED);
        desk.viewer
            .graphql("{ staffAccounts { nodes { id } } }", Value::Null)
            .await;
    }
    let count = async |kind: &str, detail: &str| {
        let all = records(&auditor, json!({ "kind": kind })).await;
        let wanted = format!("{kind} {detail}");
        told(&all).into_iter().filter(|told| *told == wanted).count()
    };
    assert_eq!(
        count("SIGN_IN_REFUSED", "wrong_password").await,
        4,
        "those that were looked at"
    );
    assert_eq!(count("THROTTLED", "account").await, 1);
    let (viewer, _) = account(&desk.administrator, "viewer").await;
    let throttled = records(&auditor, json!({ "kind": "THROTTLED", "staff": viewer })).await;
    assert_eq!(
        told(&throttled),
        ["THROTTLED account"],
        "of whose account it is told"
    );
    assert_eq!(count("SIGN_IN_REFUSED", "password_link").await, 1);
    assert_eq!(count("SIGN_IN_REFUSED", "api_token").await, 1);
    assert_eq!(count("ACCESS_REFUSED", "READ_STAFF").await, 1);
}

async fn t48_whoever_changes_the_address_within_one_network_of_ipv6_is_written_once_a_minute(engine: Engine) {
    let office = Office::new(engine).await;
    let mut server = office.serve_with(&Start {
        environment: &[("SENGEN_TRUSTED_PROXIES", "127.0.0.1")],
        ..Start::default()
    });
    let administrator = server.administrator().await;
    for address in ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"] {
        let program = server
            .client()
            .operation("{ verifierKey }", &Value::Null)
            .header("x-forwarded-for", address)
            .bearer_auth("sengen_00000000000000000000000000000000000000000000");
        assert_eq!(Client::send(program).await.status, StatusCode::UNAUTHORIZED);
    }
    let all = records(&administrator, json!({ "kind": "SIGN_IN_REFUSED" })).await;
    let nodes = all.at("/securityRecords/nodes").as_array().expect("a list");
    let from: Vec<&Value> = nodes.iter().map(|node| &node["address"]).collect();
    assert_eq!(from, ["2001:db8:0:1::1", "2001:db8::1"], "one for each network");
}

async fn t50_who_may_sign_in_or_do_what_is_changed_by_a_fresh_session_only(engine: Engine) {
    let desk = desk(engine).await;
    let kanri = &desk.administrator;
    let database = desk.office.database().await;
    for (done, now) in [(DISABLE, ENABLE), (ENABLE, ROLES), (ROLES, DISABLE)] {
        database::execute(&database, STALE).await;
        assert_eq!(change(kanri, "viewer", done).await, "FreshSignInNeeded", "{done}");
        let invite = "mutation($input: InviteStaffInput!) { inviteStaff(input: $input) { __typename } }";
        let whom = json!({ "commandId": Uuid::now_v7(), "mail": "new@example.jp", "roles": ["VIEWER"] });
        let invited = kanri.graphql(invite, json!({ "input": whom })).await;
        assert_eq!(invited.at("/inviteStaff/__typename"), "FreshSignInNeeded");
        let link =
            "mutation($c: ID!, $s: ID!) { sendPasswordLink(commandId: $c, staffId: $s) { __typename } }";
        let to = json!({ "c": Uuid::now_v7(), "s": account(kanri, "viewer").await.0 });
        let sent = kanri.graphql(link, to).await;
        assert_eq!(sent.at("/sendPasswordLink/__typename"), "FreshSignInNeeded");
        let sheet = Client::send(export(kanri)).await;
        assert_eq!(sheet.status, StatusCode::FORBIDDEN);
        assert_eq!(sheet.fault(), Some("FRESH_SIGN_IN_REQUIRED"), "{sheet:?}");
        assert_eq!(refresh(kanri, PASSWORD).await, "Session");
        assert_eq!(change(kanri, "viewer", done).await, "AccountChanged", "{done}");
        assert_eq!(
            Client::send(export(kanri)).await.status,
            StatusCode::OK,
            "before {now}"
        );
    }
}

async fn t48_an_account_that_shows_or_takes_away_too_much_waits_and_another_does_not(engine: Engine) {
    let office = Office::new(engine).await;
    let traders = (0..60).map(|n| Row::sole_trader(&format!("47000001{n:03}"), "見本", "ミホン"));
    office.import(&register(&traders.collect::<Vec<_>>()));
    // A page takes all that one may have at once, and it takes a minute until it is there again.
    let environment = [
        ("SENGEN_LIMITS_PERSONAL_PER_SECOND", "1"),
        ("SENGEN_LIMITS_PERSONAL_BURST", "60"),
        ("SENGEN_LIMITS_EXPORTS_PER_HOUR", "2"),
    ];
    let mut server = office.serve_with(&Start {
        environment: &environment,
        ..Start::default()
    });
    let kanri = server.administrator().await;
    let support = server.member(&office, "support").await;
    let personal = "{ declarations(first: 60) { ... on DeclarationConnection { nodes { name { ... on PersonName { name } } } } } }";
    let shown = kanri.graphql(personal, Value::Null).await;
    assert_eq!(shown.body.to_string().matches("見本").count(), 60, "{shown:?}");
    let held = kanri.graphql(personal, Value::Null).await;
    assert_eq!(held.status, StatusCode::TOO_MANY_REQUESTS, "{held:?}");
    assert_eq!(held.fault(), Some("RATE_LIMITED"), "{held:?}");
    assert!(
        held.header("retry-after")
            .parse::<u32>()
            .is_ok_and(|seconds| seconds >= 1)
    );
    assert!(!held.body.to_string().contains("見本"), "nothing is shown");
    // What is not personal goes on, and so does somebody else.
    let list = "{ staffAccounts { nodes { login } } }";
    assert_eq!(kanri.graphql(list, Value::Null).await.status, StatusCode::OK);
    assert_eq!(
        support.graphql(personal, Value::Null).await.status,
        StatusCode::OK
    );
    for _ in 0..2 {
        assert_eq!(Client::send(export(&kanri)).await.status, StatusCode::OK);
    }
    let held = Client::send(export(&kanri)).await;
    assert_eq!(held.status, StatusCode::TOO_MANY_REQUESTS, "{held:?}");
    assert!(
        held.header("retry-after")
            .parse::<u32>()
            .is_ok_and(|seconds| seconds > 60)
    );
    let all = records(&kanri, json!({ "kind": "THROTTLED" })).await;
    assert_eq!(told(&all), ["THROTTLED personal", "THROTTLED export"], "{all:?}");
}

const ASK: &str = "mutation($input: RequestStaffRolesInput!) { requestStaffRoles(input: $input) { ... on ApprovalRequested { id } } }";
const APPROVE: &str = "mutation($input: ApprovalCommandInput!, $seen: String!) { approve(input: $input, contentHash: $seen) { __typename \
                       ... on InvalidInput { problems { field code } } } }";
const LINK: &str = "mutation($c: ID!, $s: ID!, $o: ID) { linkPerson(commandId: $c, staffId: $s, sameAs: $o) { __typename \
                    ... on InvalidInput { problems { field code } } } }";

async fn approve(approver: &Client, id: &Value) -> Answer {
    let query = "query($id: ID!) { approval(id: $id) { contentHash } }";
    let seen = approver.graphql(query, json!({ "id": id })).await;
    let input = json!({ "input": { "commandId": Uuid::new_v4(), "id": id }, "seen": seen.at("/approval/contentHash") });
    approver.graphql(APPROVE, input).await
}

async fn t52_two_accounts_of_one_person_without_addresses_do_not_agree_to_each_other(engine: Engine) {
    let desk = desk(engine).await;
    let kanri = &desk.administrator;
    let args = ["staff", "invite", "--role", "approver"];
    assert_eq!(desk.office.run(&args).code, 2, "whose it is has to be said");
    let both = [
        "staff",
        "invite",
        "--role",
        "approver",
        "--new-person",
        "--same-person-as",
        "kanri",
    ];
    assert_eq!(desk.office.run(&both).code, 2);
    let args = [
        "staff",
        "invite",
        "--role",
        "approver",
        "--same-person-as",
        "kanri",
    ];
    let link = desk.office.run(&args).ok().stdout;
    let (_, token) = link.trim().rsplit_once('#').expect("a token");
    let second = desk.server.client();
    second.accept_invitation(token, "kanri2").await;
    let other = desk.server.member(&desk.office, "approver").await;
    let (viewer, version) = account(kanri, "viewer").await;
    let input = json!({ "commandId": Uuid::new_v4(), "id": viewer, "expectedVersion": version, "roles": ["APPROVER"], "reason": "人事異動" });
    let asked = kanri.graphql(ASK, json!({ "input": input })).await;
    let id = asked.at("/requestStaffRoles/id").clone();
    let own = approve(&second, &id).await;
    assert_eq!(own.problems("approve")[0].1, "own_request", "{own:?}");
    // Whoever it is about does not take it away, and somebody may say it of another account.
    let (second_id, _) = account(kanri, "kanri2").await;
    let (me, _) = account(kanri, "kanri").await;
    let (other_id, _) = account(kanri, "approver").await;
    let link = async |staff: &Value, same_as: Value| {
        let asked = json!({ "c": Uuid::new_v4(), "s": staff, "o": same_as });
        let answer = kanri.graphql(LINK, asked).await;
        let result = answer.at("/linkPerson").clone();
        result
            .pointer("/problems/0/code")
            .unwrap_or(&result["__typename"])
            .clone()
    };
    assert_eq!(link(&second_id, Value::Null).await, "own_person");
    assert_eq!(link(&me, me.clone()).await, "same_account");
    assert_eq!(link(&me, json!(Uuid::new_v4())).await, "NotFound");
    assert_eq!(link(&other_id, second_id.clone()).await, "PersonLinked");
    let own = approve(&other, &id).await;
    assert_eq!(
        own.problems("approve")[0].1,
        "own_request",
        "of one person by way of a third account"
    );
    database::execute(&desk.office.database().await, STALE).await;
    assert_eq!(link(&me, other_id.clone()).await, "FreshSignInNeeded");
    let detail = "query($id: ID!) { staffAccount(id: $id) { samePersonAs samePerson } }";
    let shown = kanri.graphql(detail, json!({ "id": second_id })).await;
    assert_eq!(shown.at("/staffAccount/samePersonAs"), &me);
    // It is said of the second account, and seen at the first and the third, too.
    for (one, others) in [(&me, [&second_id, &other_id]), (&other_id, [&me, &second_id])] {
        let shown = kanri.graphql(detail, json!({ "id": one })).await;
        let mut named = shown
            .at("/staffAccount/samePerson")
            .as_array()
            .expect("a list")
            .clone();
        named.sort_by_key(Value::to_string);
        let mut wanted = others.map(Clone::clone);
        wanted.sort_by_key(Value::to_string);
        assert_eq!(named, wanted);
    }
    // Somebody who is none of them agrees.
    let third = desk.server.client();
    third
        .accept_invitation(&desk.office.invite("approver"), "third")
        .await;
    let agreed = approve(&third, &id).await;
    assert_eq!(agreed.at("/approve/__typename"), "ApprovalDecided", "{agreed:?}");
}

#[tokio::test]
async fn t42_coming_back_from_a_provider_changes_nothing_without_the_cookie_and_the_state_of_who_was_sent() {
    let office = Office::new(Engine::Sqlite).await;
    let secret = office.folder().join("secret");
    fs::write(&secret, "secret\n").expect("a file");
    let secret = secret.to_str().expect("text").to_owned();
    let environment = [
        ("SENGEN_SIGN_IN_OIDC_ISSUER", "http://localhost:9"),
        ("SENGEN_SIGN_IN_OIDC_CLIENT_ID", "sengen"),
        ("SENGEN_SIGN_IN_OIDC_CLIENT_SECRET_FILE", secret.as_str()),
        ("SENGEN_SIGN_IN_OIDC_LABEL", "みほんID"),
    ];
    let mut server = office.serve_with(&Start {
        environment: &environment,
        ..Start::default()
    });
    server.administrator().await;
    let bare = Client::without_cookies(server.address(), server.address());
    let signed_in = bare.sign_in("kanri").await;
    let session = signed_in
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a cookie")
        .to_owned();
    let database = office.database().await;
    let token = "A".repeat(43);
    let hash = hex::encode(Sha256::digest(token.as_bytes()));
    let insert =
        format!("INSERT INTO identity_attempt (token_hash, expires_at) VALUES (X'{hash}', 9000000000000000)");
    let insert: &'static str = insert.leak();
    let facts = "SELECT count(*) FROM event";
    let before = database::numbers(&database, facts).await;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    for (query, cookies) in [
        ("", session.clone()),
        ("?code=x&state=y", session.clone()),
        ("?code=x&state=y", format!("{session}; sengen-sso=planted")),
        ("?code=x&state=wrong", format!("{session}; sengen-sso={token}")),
        (
            "?code=x&state=y&state=z",
            format!("{session}; sengen-sso={token}"),
        ),
        ("?error=access_denied", format!("{session}; sengen-sso={token}")),
    ] {
        database::execute(&database, "DELETE FROM identity_attempt").await;
        database::execute(&database, insert).await;
        let address = format!("{}/sso/callback{query}", server.address());
        let answer = http
            .get(address)
            .header(COOKIE, &cookies)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{query}");
        assert_eq!(answer.headers()["location"], "/account?sso=over", "{query}");
        let set = answer.headers().get_all("set-cookie").iter();
        let set: Vec<&str> = set.map(|line| line.to_str().expect("text")).collect();
        assert_eq!(
            set,
            ["sengen-sso=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"],
            "no session: {query}"
        );
    }
    assert_eq!(
        database::numbers(&database, facts).await,
        before,
        "nothing happened to the register"
    );
    let who = bare.operation("{ session { staff { login } } }", &Value::Null);
    let who = Client::send(who.header(COOKIE, &session)).await;
    assert_eq!(
        who.at("/session/staff/login"),
        "kanri",
        "whoever is signed in stays so"
    );
}
