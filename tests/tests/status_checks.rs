//! Where many declarations stand, on the real binary: asked in the console, and by programs of other offices on the public listener.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, ORIGIN};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{
    Answer, Client, Engine, Office, Row, Server, Start, corporate_number, database, free_address, in_days,
    on_both_engines, register,
};
use uuid::Uuid;

on_both_engines!(
    each_row_is_told_where_its_declaration_stood_on_its_day,
    a_sole_traders_name_is_compared_on_record_and_for_nobody_without_the_right,
    a_token_asks_on_the_public_listener_and_for_nothing_else,
    t48_a_token_that_asks_about_the_whole_register_is_held_back,
);

const LIVE: &str = "59990000017";
const STOPPED: &str = "49990000017";
const TRADER: &str = "47000000002";

struct Opened {
    office: Office,
    server: Server,
    administrator: Client,
    public: String,
}

async fn opened(engine: Engine) -> Opened {
    let office = Office::new(engine).await;
    office.import(&register(&[
        Row::corporation(LIVE)
            .with("法人番号", &corporate_number(1))
            .with("事業者名", "株式会社みほん製作所")
            .with("取組段階", "2"),
        Row::corporation(STOPPED)
            .with("法人番号", &corporate_number(2))
            .with("状態", "廃業")
            .with("停止日", "2024-05-01"),
        Row::sole_trader(TRADER, "金糸雀", "カナリア"),
    ]));
    let public = free_address();
    let environment = [("SENGEN_PUBLIC_LISTEN", public.as_str())];
    let mut server = office.serve_with(&Start {
        environment: &environment,
        ..Start::default()
    });
    let administrator = server.administrator().await;
    Opened {
        office,
        server,
        administrator,
        public: format!("http://{public}"),
    }
}

async fn ask(client: &Client, question: &Value) -> Answer {
    let request = client
        .path(Method::POST, "/status-checks")
        .header(ORIGIN, client.address())
        .header(CONTENT_TYPE, "application/json")
        .body(question.to_string());
    Client::send(request).await
}

fn outcomes(answer: &Answer) -> Vec<&str> {
    let rows = answer.body["rows"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer:?}"));
    rows.iter()
        .map(|row| row["outcome"].as_str().expect("a code"))
        .collect()
}

async fn each_row_is_told_where_its_declaration_stood_on_its_day(engine: Engine) {
    let Opened {
        administrator,
        office: _office,
        server: _server,
        ..
    } = opened(engine).await;
    let question = json!({ "date": "2026-04-01", "rows": [
        { "number": "５９９９－００００－０１７", "name": "㈱ミホン製作所" },
        { "number": LIVE, "date": "2019-12-31" },
        { "number": STOPPED },
        { "number": STOPPED, "date": "令和6年4月30日" },
        { "corporateNumber": corporate_number(1), "name": "株式会社みほん製作所" },
        { "number": LIVE, "corporateNumber": corporate_number(2) },
        { "number": "59990009999" },
        { "corporateNumber": corporate_number(9) },
        { "line": 40, "number": "123", "corporateNumber": "8999901000001", "name": "み\u{202E}ほん", "date": "2026-02-30" },
        { "number": LIVE, "ragged": true },
    ] });
    let answer = ask(&administrator, &question).await;
    assert_eq!(
        outcomes(&answer),
        [
            "valid",
            "not_yet_declared",
            "stopped",
            "valid",
            "valid",
            "other_corporate_number",
            "unknown",
            "unknown",
            "invalid",
            "invalid"
        ]
    );
    let row = |at: usize| &answer.body["rows"][at];
    assert_eq!((&row(0)["stars"], &row(0)["number"]), (&json!(2), &json!(LIVE)));
    assert_eq!(
        row(0)["name"],
        json!({ "result": "other_spelling", "given": "㈱ミホン製作所", "onRecord": "株式会社みほん製作所" })
    );
    assert_eq!(row(1)["declaredOn"], "2020-04-01");
    assert_eq!(
        (&row(2)["stoppedSince"], &row(2)["stop"]),
        (&json!("2024-05-01"), &json!("closed"))
    );
    assert_eq!(
        (&row(3)["date"], &row(3)["stars"]),
        (&json!("2024-04-30"), &json!(1))
    );
    assert_eq!(row(4)["name"], json!({ "result": "same" }));
    assert_eq!(
        row(5).get("number"),
        None,
        "nothing of the other declaration is told"
    );
    assert_eq!(row(8)["line"], 40);
    let problems = row(8)["problems"].as_array().expect("a list").iter();
    let problems: Vec<_> = problems.map(|it| it["code"].as_str().expect("a code")).collect();
    assert_eq!(
        problems,
        [
            "declaration_no_shape",
            "corporate_number_check_digit",
            "direction_character",
            "date_unreadable"
        ]
    );
    assert_eq!(answer.body["counts"]["valid"], 3);
    assert_eq!(
        (&answer.body["counts"]["superseded"], &answer.body["otherNames"]),
        (&json!(0), &json!(1))
    );
}

async fn a_sole_traders_name_is_compared_on_record_and_for_nobody_without_the_right(engine: Engine) {
    let Opened {
        office,
        server,
        administrator,
        ..
    } = opened(engine).await;
    let named = |name: &str| json!({ "rows": [{ "number": TRADER, "name": name }] });
    let result = |answer: &Answer| answer.body["rows"][0]["name"].clone();
    let reads = async || database::reads(&office.database().await).await;
    let viewer = server.member(&office, "viewer").await;
    let before = reads().await;
    for guess in ["金糸雀", "別人"] {
        let answer = ask(&viewer, &named(guess)).await;
        assert_eq!(
            result(&answer),
            json!({ "result": "withheld" }),
            "nothing is told of the name"
        );
    }
    let unnamed = json!({ "rows": [{ "number": TRADER }] });
    assert_eq!(outcomes(&ask(&administrator, &unnamed).await), ["valid"]);
    assert_eq!(reads().await, before, "whoever asks for no name has read none");

    let answer = ask(&administrator, &named("キンシジャク")).await;
    assert_eq!(
        result(&answer),
        json!({ "result": "differs", "given": "キンシジャク", "onRecord": "金糸雀" })
    );
    assert_eq!(
        result(&ask(&administrator, &named("金糸雀")).await),
        json!({ "result": "same" })
    );
    let after = reads().await;
    let new = &after[before.len()..];
    assert_eq!(
        new,
        vec![format!("{TRADER} sole_trader_name"); 2],
        "also where it was the same"
    );
}

async fn issued(client: &Client, scopes: &[&str]) -> String {
    let text = "mutation($input: IssueApiTokenInput!) { issueApiToken(input: $input) { ... on ApiTokenIssued { token } } }";
    let input = json!({ "commandId": Uuid::new_v4(), "name": "見本県 補助金", "scopes": scopes, "expiresAt": in_days(30) });
    let answer = client.graphql(text, json!({ "input": input })).await;
    let token = answer.at("/issueApiToken/token");
    token.as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

async fn program(public: &str, token: &str, body: impl Into<String>) -> Answer {
    let request = Client::without_cookies(public, public)
        .path(Method::POST, "/api/v1/status-checks")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/json")
        .body(body.into());
    Client::send(request).await
}

#[track_caller]
fn is_problem(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!(
        (answer.status, answer.body["code"].as_str()),
        (status, Some(code)),
        "{answer:?}"
    );
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let detail = answer.body["detail"].as_str().expect("a sentence");
    assert!(detail.ends_with('。') && !detail.contains('('), "{detail}");
    assert_eq!(answer.body["status"], status.as_u16());
}

async fn a_token_asks_on_the_public_listener_and_for_nothing_else(engine: Engine) {
    let Opened {
        office,
        server,
        administrator,
        public,
    } = opened(engine).await;
    let token = issued(&administrator, &["CHECK_STATUS"]).await;
    let question = json!({ "rows": [{ "number": LIVE, "name": "株式会社みほん製作所" }, { "number": TRADER, "name": "金糸雀" }] });
    let answer = program(&public, &token, question.to_string()).await;
    assert_eq!(
        (answer.status, outcomes(&answer)),
        (StatusCode::OK, vec!["valid", "valid"])
    );
    assert_eq!(answer.body["rows"][1]["name"]["result"], "withheld");
    assert_eq!(answer.body["rows"][0].get("id"), None, "ids are the console's");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");

    // With the scope for what is personal, the name is compared, and that is on record under the token.
    let personal = issued(&administrator, &["CHECK_STATUS", "READ_PERSONAL"]).await;
    let answer = program(&public, &personal, question.to_string()).await;
    assert_eq!(answer.body["rows"][1]["name"]["result"], "same");
    let reads = database::read_records(&office.database().await).await;
    let sql = "SELECT actor || ' ' || purpose FROM read_record ORDER BY seq DESC LIMIT 1";
    let whom = database::texts(&reads, sql).await;
    assert!(
        whom[0].starts_with("token:") && whom[0].ends_with(" token:StatusChecks"),
        "{whom:?}"
    );

    // The token is good for nothing else, and others are not good for this.
    let list = server
        .client()
        .bare(Method::POST)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/json")
        .body(json!({ "query": "{ declarations(first: 1) { __typename } }" }).to_string());
    assert_eq!(Client::send(list).await.fault(), Some("FORBIDDEN"));
    let reader = issued(&administrator, &["READ_DECLARATIONS", "READ_PERSONAL"]).await;
    is_problem(
        &program(&public, &reader, question.to_string()).await,
        StatusCode::FORBIDDEN,
        "forbidden",
    );
    for token in ["", "sengen_unknown"] {
        let refused = program(&public, token, question.to_string()).await;
        is_problem(&refused, StatusCode::UNAUTHORIZED, "unauthenticated");
        assert_eq!(refused.header("www-authenticate"), "Bearer");
    }
    let used = administrator
        .graphql("{ apiTokens { usedAt } }", Value::Null)
        .await;
    assert!(used.at("/apiTokens/2/usedAt").is_string(), "{used:?}");

    nothing_of_the_console_is_public(&public, &administrator).await;
}

/// No page, no session, no GraphQL; and a cookie says nothing there.
async fn nothing_of_the_console_is_public(public: &str, administrator: &Client) {
    let outside = Client::without_cookies(public, public);
    let cookie = administrator.cookie_of("kanri").await;
    for (method, path) in [
        (Method::GET, "/"),
        (Method::POST, "/graphql"),
        (Method::GET, "/graphql/socket"),
        (Method::POST, "/status-checks"),
        (Method::POST, "/exports/status-check.csv"),
        (Method::GET, "/sign-in"),
        (Method::GET, "/assets/index.js"),
    ] {
        let request = outside
            .path(method, path)
            .header(COOKIE, &cookie)
            .header(ORIGIN, public);
        is_problem(&Client::send(request).await, StatusCode::NOT_FOUND, "not_found");
    }
    let request = outside
        .path(Method::POST, "/api/v1/status-checks")
        .header(COOKIE, &cookie)
        .header(CONTENT_TYPE, "application/json")
        .body("{}");
    is_problem(
        &Client::send(request).await,
        StatusCode::UNAUTHORIZED,
        "unauthenticated",
    );
    let get = Client::send(outside.path(Method::GET, "/api/v1/status-checks")).await;
    is_problem(&get, StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
    for path in ["/livez", "/readyz"] {
        let answer = Client::send(outside.path(Method::GET, path)).await;
        assert_eq!(
            (answer.status, answer.body),
            (StatusCode::OK, json!("ok\n")),
            "{path}"
        );
    }
    let description = Client::send(outside.path(Method::GET, "/api/v1/openapi.json")).await;
    assert_eq!(description.body["openapi"], "3.1.0");
}

async fn t48_a_token_that_asks_about_the_whole_register_is_held_back(engine: Engine) {
    let Opened {
        administrator,
        public,
        office: _office,
        server: _server,
    } = opened(engine).await;
    let token = issued(&administrator, &["CHECK_STATUS"]).await;
    let rows: Vec<Value> = (0..10_000)
        .map(|n| json!({ "number": format!("5{n:010}") }))
        .collect();
    let question = json!({ "rows": rows }).to_string();
    for _ in 0..2 {
        let answer = program(&public, &token, question.clone()).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let refused = program(&public, &token, question.clone()).await;
    is_problem(&refused, StatusCode::TOO_MANY_REQUESTS, "rate_limited");
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((10..=60).contains(&wait), "{wait}");
    let other = issued(&administrator, &["CHECK_STATUS"]).await;
    assert_eq!(program(&public, &other, question).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_as_a_whole_with_a_sentence() {
    let Opened {
        administrator,
        public,
        office: _office,
        server: _server,
    } = opened(Engine::Sqlite).await;
    let token = issued(&administrator, &["CHECK_STATUS"]).await;
    let many: Vec<Value> = (0..10_001).map(|_| json!({ "number": LIVE })).collect();
    let huge = "あ".repeat(3 * 1024 * 1024);
    let cases = [
        (json!({ "rows": [] }), 422, "invalid", "no_rows"),
        (json!({ "rows": many }), 422, "invalid", "too_many_rows"),
        (
            json!({ "date": "きのう", "rows": [{}] }),
            422,
            "invalid",
            "date_unreadable",
        ),
        (
            json!({ "date": "2999-01-01", "rows": [{}] }),
            422,
            "invalid",
            "in_the_future",
        ),
        (json!({ "rows": [{ "numbr": LIVE }] }), 400, "bad_request", ""),
        (json!([]), 400, "bad_request", ""),
        (json!({ "rows": [{ "name": huge }] }), 413, "too_large", ""),
    ];
    for (question, status, code, problem) in cases {
        let status = StatusCode::from_u16(status).expect("a status");
        let refused = program(&public, &token, question.to_string()).await;
        is_problem(&refused, status, code);
        if !problem.is_empty() {
            assert_eq!(refused.body["problems"][0]["code"], problem);
            let console = ask(&administrator, &question).await;
            assert_eq!(
                (console.status, &console.body["problem"]["code"]),
                (status, &json!(problem))
            );
        }
    }
    // A row that says nothing is one that says nothing, and the others are answered.
    let answer = program(
        &public,
        &token,
        json!({ "rows": [{}, { "number": LIVE }] }).to_string(),
    )
    .await;
    assert_eq!(outcomes(&answer), ["invalid", "valid"]);
    assert_eq!(answer.body["rows"][0]["problems"][0]["code"], "no_number");

    let outside = Client::without_cookies(&public, &public);
    let form = outside
        .path(Method::POST, "/api/v1/status-checks")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "text/plain")
        .body("{}");
    is_problem(
        &Client::send(form).await,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
    );
}

async fn sheet(client: &Client, content: impl Into<Vec<u8>>) -> Answer {
    let request = client
        .path(Method::POST, "/status-checks/sheet")
        .header(ORIGIN, client.address())
        .header(CONTENT_TYPE, "application/octet-stream")
        .body(content.into());
    Client::send(request).await
}

#[tokio::test]
async fn a_sheet_is_read_into_cells_or_refused_with_a_sentence_and_leaves_nothing() {
    let Opened {
        office,
        administrator,
        server,
        ..
    } = opened(Engine::Sqlite).await;
    let text = format!(
        "自己宣言ID,事業者名,基準日\n{LIVE},\"=cmd|' /C calc'!A0\",2026-04-01\n{STOPPED},み,ほん,x\n"
    );
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(&text);
    let read = sheet(&administrator, cp932.into_owned()).await;
    assert_eq!(read.status, StatusCode::OK, "{read:?}");
    assert_eq!(read.body["columns"], json!({ "number": 0, "name": 1, "date": 2 }));
    assert_eq!(read.body["rows"][0]["cells"][1], "=cmd|' /C calc'!A0");
    assert_eq!(
        (&read.body["rows"][1]["line"], &read.body["rows"][1]["ragged"]),
        (&json!(3), &json!(true))
    );
    for (content, status, code) in [
        (vec![b'1'; 50 * 1024 * 1024], 413, "sheet_too_large"),
        (b"\n\n".to_vec(), 422, "sheet_empty"),
        (
            format!("{LIVE}\n").repeat(10_001).into_bytes(),
            422,
            "sheet_too_many_rows",
        ),
        (b"\xFF\x00\x80\xA0\xFD\n".to_vec(), 422, "sheet_encoding"),
        (b"PK\x03\x04 and nothing else".to_vec(), 422, "sheet_workbook"),
        (
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(),
            422,
            "sheet_old_workbook",
        ),
    ] {
        let refused = sheet(&administrator, content).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.body["problem"]["code"]),
            (status, &json!(code))
        );
        let message = refused.body["problem"]["message"].as_str().expect("a sentence");
        assert!(message.ends_with('。'), "{message}");
    }
    // Nobody but a page of the console, with a session, gets so far.
    let stranger = server.client();
    assert_eq!(
        sheet(&stranger, text.clone()).await.status,
        StatusCode::UNAUTHORIZED
    );
    let foreign = administrator
        .path(Method::POST, "/status-checks")
        .header(ORIGIN, "https://example.jp")
        .header(CONTENT_TYPE, "application/json")
        .body(json!({ "rows": [{ "number": LIVE }] }).to_string());
    assert_eq!(Client::send(foreign).await.fault(), Some("CROSS_SITE"));
    let kept = "SELECT count(*) FROM attachment";
    assert_eq!(
        database::numbers(&office.database().await, kept).await,
        [0],
        "no file is kept"
    );
}

#[tokio::test]
async fn t41_the_answer_leaves_as_a_sheet_without_a_formula_and_is_on_record() {
    let Opened {
        administrator,
        office: _office,
        server: _server,
        ..
    } = opened(Engine::Sqlite).await;
    let question = json!({ "rows": [
        { "number": LIVE, "name": "=HYPERLINK(\"https://example.jp\")" },
        { "number": "+81", "name": "見本" },
    ] });
    let answer = Client::send(administrator.export("status-check.csv", &question)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let text = answer.body.as_str().expect("a text");
    assert!(text.starts_with('\u{feff}'));
    let rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<_> = rows.into_records().map(|row| row.expect("a row")).collect();
    assert_eq!(&rows[0][3], "'=HYPERLINK(\"https://example.jp\")");
    assert_eq!(
        (&rows[0][5], &rows[0][11], &rows[0][12]),
        ("有効", "異なる", "株式会社みほん製作所")
    );
    assert_eq!((&rows[1][1], &rows[1][5]), ("'+81", "入力の誤り"));
    let cells = rows.iter().flatten();
    assert!(
        cells
            .into_iter()
            .all(|cell| !cell.starts_with(['=', '+', '-', '@']))
    );
    let book = administrator
        .export("status-check.xlsx", &question)
        .send()
        .await
        .expect("an answer");
    assert_eq!(book.status(), StatusCode::OK);
    let book = book.bytes().await.expect("a body").to_vec();
    // What we write we read: every cell is the text that it was, and none is the result of a formula.
    let read = sheet(&administrator, book).await;
    assert_eq!(
        read.body["rows"][0]["cells"][3], "=HYPERLINK(\"https://example.jp\")",
        "{read:?}"
    );
    assert_eq!(read.body["rows"][0]["cells"][1], LIVE);

    let records = "{ securityRecords(since: \"2020-01-01T00:00:00Z\", until: \"2099-01-01T00:00:00Z\", kind: EXPORTED, first: 9) { \
                   ... on SecurityRecords { nodes { detail } } } }";
    let records = administrator.graphql(records, Value::Null).await;
    assert_eq!(records.at("/securityRecords/nodes/0/detail"), "status_check");
}

#[tokio::test]
async fn without_an_address_there_is_no_public_listener_and_one_that_is_taken_is_named() {
    let office = Office::new(Engine::Sqlite).await;
    let address = free_address();
    let held = std::net::TcpListener::bind(&address).expect("it is free");
    let outcome = office.run(&["serve", "--listen", "127.0.0.1:0", "--public-listen", &address]);
    assert_eq!(outcome.code, 5, "{outcome:?}");
    assert!(outcome.stderr.contains("--public-listen"), "{outcome:?}");
    drop(held);
    let mut server = office.serve();
    server.administrator().await;
    assert!(
        std::net::TcpStream::connect(&address).is_err(),
        "nobody listens there"
    );
}
