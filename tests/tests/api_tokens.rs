//! Programs that read with a token, on the real binary.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, ORIGIN};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, Row, Server, database, in_days, on_both_engines, register};
use uuid::Uuid;

on_both_engines!(
    a_program_reads_what_its_token_is_good_for_and_it_is_on_record,
    a_token_that_was_taken_back_or_is_over_or_unknown_is_refused_in_the_same_words,
);

const TRADER: &str = "47000000002";
const ISSUE: &str = "mutation($input: IssueApiTokenInput!) { issueApiToken(input: $input) { __typename ... on ApiTokenIssued { id token } \
                     ... on InvalidInput { problems { field code } } } }";
const TOKENS: &str = "{ apiTokens { id name status scopes usedAt issuedBy { name } revokedBy { name } } }";
const LIST: &str = "query ProgramList { declarations(first: 9) { ... on DeclarationConnection { nodes { number name { __typename \
                    ... on PersonName { name } } } } } }";

struct Opened {
    office: Office,
    server: Server,
    administrator: Client,
}

async fn opened(engine: Engine) -> Opened {
    let office = Office::new(engine).await;
    office.import(&register(&[Row::sole_trader(TRADER, "金糸雀", "カナリア")]));
    let mut server = office.serve();
    let administrator = server.administrator().await;
    Opened {
        office,
        server,
        administrator,
    }
}

fn wanted(scopes: &[&str], expires_at: &str) -> Value {
    json!({ "input": { "commandId": Uuid::new_v4(), "name": "見本県 補助金", "scopes": scopes, "expiresAt": expires_at } })
}

async fn issued(client: &Client, scopes: &[&str]) -> (Value, String) {
    let answer = client.graphql(ISSUE, wanted(scopes, &in_days(30))).await;
    let token = answer
        .at("/issueApiToken/token")
        .as_str()
        .expect("a token")
        .to_owned();
    (answer.at("/issueApiToken/id").clone(), token)
}

/// As a program asks: no cookie, no origin.
async fn ask(server: &Server, token: &str, query: &str) -> Answer {
    let name = query
        .split_whitespace()
        .nth(1)
        .filter(|name| *name == "ProgramList");
    let program = Client::without_cookies(server.address(), server.address());
    let request = program
        .bare(Method::POST)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/json")
        .body(json!({ "query": query, "operationName": name }).to_string());
    Client::send(request).await
}

async fn revoke(client: &Client, id: &Value) -> Answer {
    let text = "mutation($input: RevokeApiTokenInput!) { revokeApiToken(input: $input) { __typename } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": id });
    client.graphql(text, json!({ "input": input })).await
}

async fn a_program_reads_what_its_token_is_good_for_and_it_is_on_record(engine: Engine) {
    let Opened {
        office,
        server,
        administrator,
    } = opened(engine).await;
    let (id, public) = issued(&administrator, &["READ_DECLARATIONS"]).await;
    assert!(
        public.starts_with("sengen_"),
        "it is recognised where it was left lying"
    );
    let withheld = ask(&server, &public, LIST).await;
    assert_eq!(
        withheld.at("/declarations/nodes/0/number"),
        TRADER,
        "{withheld:?}"
    );
    assert_eq!(withheld.at("/declarations/nodes/0/name/__typename"), "Withheld");
    let (_, personal) = issued(&administrator, &["READ_DECLARATIONS", "READ_PERSONAL"]).await;
    let before = database::reads(&office.database().await).await.len();
    let open = ask(&server, &personal, LIST).await;
    assert_eq!(open.at("/declarations/nodes/0/name/name"), "金糸雀", "{open:?}");
    assert_eq!(database::reads(&office.database().await).await.len(), before + 1);
    let reads = database::read_records(&office.database().await).await;
    let sql = "SELECT actor || ' ' || purpose FROM read_record ORDER BY seq DESC LIMIT 1";
    let whom = database::texts(&reads, sql).await;
    assert!(
        whom[0].starts_with("token:") && whom[0].ends_with(" token:ProgramList"),
        "{whom:?}"
    );

    let list = administrator.graphql(TOKENS, Value::Null).await;
    let used = list.at("/apiTokens").as_array().expect("a list").iter();
    assert!(
        used.into_iter().all(|token| token["usedAt"].is_string()),
        "{list:?}"
    );
    assert_eq!(list.at("/apiTokens/1/id"), &id);
    assert!(!list.body.to_string().contains(&public), "it is shown once");

    // Without the scope there is no way, and a token never writes.
    let only_personal = issued(&administrator, &["READ_PERSONAL"]).await.1;
    assert_eq!(
        ask(&server, &only_personal, LIST).await.fault(),
        Some("FORBIDDEN"),
        "t51"
    );
    for query in [
        TOKENS,
        "{ staffAccounts { nodes { id } } }",
        "{ openApprovals { id } }",
    ] {
        assert_eq!(
            ask(&server, &personal, query).await.fault(),
            Some("FORBIDDEN"),
            "t51: {query}"
        );
    }
    for mutation in ["mutation { signOut }", "mutation { endOtherSessions }"] {
        let refused = ask(&server, &personal, mutation).await;
        assert_eq!(
            (refused.status, refused.fault()),
            (StatusCode::FORBIDDEN, Some("FORBIDDEN"))
        );
    }
    let session = ask(&server, &personal, "{ session { expiresAt } }").await;
    assert_eq!(session.at("/session"), &Value::Null, "{session:?}");
}

async fn a_token_that_was_taken_back_or_is_over_or_unknown_is_refused_in_the_same_words(engine: Engine) {
    let Opened {
        office,
        server,
        administrator,
    } = opened(engine).await;
    let other = office.serve();
    let (id, token) = issued(&administrator, &["READ_DECLARATIONS"]).await;
    assert_eq!(ask(&other, &token, LIST).await.fault(), None);
    let revoked = revoke(&administrator, &id).await;
    assert_eq!(
        revoked.at("/revokeApiToken/__typename"),
        "ApiTokenRevoked",
        "{revoked:?}"
    );
    let again = revoke(&administrator, &id).await;
    assert_eq!(
        again.at("/revokeApiToken/__typename"),
        "ApiTokenRevoked",
        "{again:?}"
    );
    let list = administrator.graphql(TOKENS, Value::Null).await;
    assert_eq!(list.at("/apiTokens/0/status"), "REVOKED", "{list:?}");
    let (_, over) = issued(&administrator, &["READ_DECLARATIONS"]).await;
    let database = office.database().await;
    database::execute(
        &database,
        "UPDATE api_token SET expires_at = issued_at WHERE revoked_at IS NULL",
    )
    .await;
    let unknown = format!("sengen_{}", "A".repeat(43));
    // On every node, at once.
    for server in [&server, &other] {
        for bad in [
            token.as_str(),
            &over,
            &unknown,
            "",
            "sengen_",
            "金糸雀",
            &token[..20],
        ] {
            let refused = ask(server, bad, LIST).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{bad}: {refused:?}");
            assert_eq!(
                refused.body["errors"][0]["message"],
                "the token is not good: it is unknown, over or taken back"
            );
            assert_eq!(refused.header("www-authenticate"), "Bearer");
        }
    }
}

#[tokio::test]
async fn a_token_is_asked_for_with_a_name_a_scope_and_an_end_and_shown_once() {
    let Opened {
        office: _office,
        server: _server,
        administrator,
    } = opened(Engine::Sqlite).await;
    for (scopes, expires_at, field) in [
        (&[][..], &*in_days(30), "scopes"),
        (&["READ_DECLARATIONS"], "2020-01-01T00:00:00Z", "expiresAt"),
        (&["READ_DECLARATIONS"], "2099-01-01T00:00:00Z", "expiresAt"),
    ] {
        let refused = administrator.graphql(ISSUE, wanted(scopes, expires_at)).await;
        assert_eq!(refused.problems("issueApiToken")[0].0, field, "{refused:?}");
    }
    let wanted = wanted(&["READ_DECLARATIONS"], &in_days(30));
    let first = administrator.graphql(ISSUE, wanted.clone()).await;
    assert_eq!(first.at("/issueApiToken/__typename"), "ApiTokenIssued");
    let again = administrator.graphql(ISSUE, wanted).await;
    assert_eq!(again.problems("issueApiToken")[0].1, "shown_before", "{again:?}");
}

#[tokio::test]
async fn t42_a_foreign_page_gains_nothing_by_a_token_header_and_a_token_gains_nothing_by_a_cookie() {
    let Opened {
        office: _office,
        server,
        administrator,
    } = opened(Engine::Sqlite).await;
    let plain = Client::without_cookies(server.address(), server.address());
    let signed_in = plain.sign_in("kanri").await;
    let cookie = signed_in
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a cookie")
        .to_owned();
    let body = json!({ "query": TOKENS }).to_string();
    // With both, the header alone counts.
    let request = plain
        .bare(Method::POST)
        .header(AUTHORIZATION, "Bearer sengen_x")
        .header(COOKIE, &cookie)
        .header(ORIGIN, server.address())
        .header(CONTENT_TYPE, "application/json")
        .body(body.clone());
    assert_eq!(Client::send(request).await.status, StatusCode::UNAUTHORIZED);
    for header in ["Basic a2FucmlAYQ==", "Bearer", "bearer  ", "sengen_x"] {
        let request = plain
            .bare(Method::POST)
            .header(AUTHORIZATION, header)
            .header(COOKIE, &cookie)
            .header(CONTENT_TYPE, "application/json")
            .body(body.clone());
        assert_eq!(
            Client::send(request).await.status,
            StatusCode::UNAUTHORIZED,
            "{header}"
        );
    }
    let (_, token) = issued(&administrator, &["READ_DECLARATIONS"]).await;
    let form = plain
        .bare(Method::POST)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "text/plain")
        .body(body);
    assert_eq!(
        Client::send(form).await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
}

#[tokio::test]
async fn t48_a_token_that_asks_too_often_is_told_when_to_come_back_and_others_are_served() {
    let Opened {
        office: _office,
        server,
        administrator,
    } = opened(Engine::Sqlite).await;
    let (_, busy) = issued(&administrator, &["READ_DECLARATIONS"]).await;
    let (_, other) = issued(&administrator, &["READ_DECLARATIONS"]).await;
    let answers = (0..200).map(|_| ask(&server, &busy, "{ session { expiresAt } }"));
    let answers = futures::future::join_all(answers).await;
    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS)
        .collect();
    assert!(!refused.is_empty(), "200 at once are too many");
    assert_eq!(refused[0].fault(), Some("RATE_LIMITED"));
    assert_eq!(refused[0].header("retry-after"), "1");
    assert_eq!(ask(&server, &other, LIST).await.fault(), None);
}
