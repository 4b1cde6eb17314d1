//! Who read whose data, asked of the real binary: by account, by record, by time, and as a sheet.

use reqwest::header::{CONTENT_TYPE, ORIGIN};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, Row, Server, database, on_both_engines, register};
use uuid::Uuid;

on_both_engines!(
    t57_whose_data_an_account_could_have_seen_is_named_once_each,
    reads_are_found_by_account_by_record_and_by_time,
    a_read_says_from_which_question_of_the_console_it_was,
    t57_the_sheet_holds_every_record_and_nothing_personal,
    t57_the_words_of_a_bulk_change_an_export_and_an_import_are_on_record_and_are_no_declarations,
);

const TRADER: &str = "47000000002";
const COMPANY: &str = "47000000003";
const EVER: (&str, &str) = ("2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z");

struct Looked {
    office: Office,
    server: Server,
    administrator: Client,
    auditor: Client,
    support: Value,
}

/// A sole trader and a company; support looked at the trader twice and at the list once, an administrator at nothing.
async fn looked(engine: Engine) -> Looked {
    let office = Office::new(engine).await;
    let trader = Row::sole_trader(TRADER, "金糸雀", "カナリア").with("担当者名", "歌姫");
    // A name that a spreadsheet would evaluate.
    let company = Row::corporation(COMPANY).with("事業者名", "=HYPERLINK(\"x\")株式会社");
    office.import(&register(&[trader, company]));
    let mut server = office.serve();
    let administrator = server.administrator().await;
    let auditor = server.member(&office, "auditor").await;
    let support = server.member(&office, "support").await;
    let trader = administrator.find(TRADER).await;
    let contact = "query($id: ID!) { declaration(id: $id) { ... on Declaration { contact { ... on Contact { name { typed } } } } } }";
    for _ in 0..2 {
        let seen = support.graphql(contact, json!({ "id": trader })).await;
        assert_eq!(seen.at("/declaration/contact/name/typed"), "歌姫", "{seen:?}");
    }
    let list = "{ declarations(first: 9) { ... on DeclarationConnection { nodes { name { ... on PersonName { name } } } } } }";
    let seen = support.graphql(list, Value::Null).await;
    assert!(seen.body.to_string().contains("金糸雀"), "{seen:?}");
    let me = support.graphql("{ session { staff { id } } }", Value::Null).await;
    let support = me.at("/session/staff/id").clone();
    Looked {
        office,
        server,
        administrator,
        auditor,
        support,
    }
}

async fn exposure(client: &Client, staff: &Value, since: &str, until: &str) -> Answer {
    let text = "query($staff: ID!, $since: DateTime!, $until: DateTime!) { exposure(staff: $staff, since: $since, until: $until) { \
                __typename ... on Exposure { declarations mails parts { part records } records { number kind parts times } } \
                ... on InvalidInput { problems { field code } } } }";
    let asked = json!({ "staff": staff, "since": since, "until": until });
    client.graphql(text, asked).await
}

async fn t57_whose_data_an_account_could_have_seen_is_named_once_each(engine: Engine) {
    let looked = looked(engine).await;
    let found = exposure(&looked.auditor, &looked.support, EVER.0, EVER.1).await;
    let expected = json!({ "__typename": "Exposure", "declarations": 1, "mails": 0,
        "parts": [{ "part": "contact", "records": 1 }, { "part": "sole_trader_name", "records": 1 }],
        "records": [{ "number": TRADER, "kind": "DECLARATION", "parts": ["contact", "sole_trader_name"], "times": 3 }] });
    assert_eq!(found.at("/exposure"), &expected, "{found:?}");
    let never = exposure(
        &looked.auditor,
        &looked.support,
        "2000-01-01T00:00:00Z",
        "2000-01-02T00:00:00Z",
    )
    .await;
    assert_eq!(never.at("/exposure/declarations"), 0, "{never:?}");
    let backwards = exposure(&looked.auditor, &looked.support, EVER.1, EVER.0).await;
    assert_eq!(backwards.problems("exposure")[0].0, "until", "{backwards:?}");
    let nobody = exposure(&looked.auditor, &json!("金糸雀"), EVER.0, EVER.1).await;
    assert_eq!(nobody.problems("exposure")[0].0, "staff", "{nobody:?}");
}

async fn reads(client: &Client, more: Value) -> Answer {
    let text = "query($since: DateTime!, $until: DateTime!, $staff: ID, $number: String, $before: String, $first: Int! = 50) { \
                reads(since: $since, until: $until, staff: $staff, declarationNumber: $number, before: $before, first: $first) { \
                ... on Reads { nextBefore nodes { part records purpose by { name } staffId declarations { number } } } \
                ... on InvalidInput { problems { field code } } } }";
    let mut asked = json!({ "since": EVER.0, "until": EVER.1 });
    for (key, value) in more.as_object().expect("an object") {
        asked[key] = value.clone();
    }
    client.graphql(text, asked).await
}

fn parts(answer: &Answer) -> Vec<&str> {
    let nodes = answer.at("/reads/nodes").as_array().expect("a list").iter();
    nodes.map(|node| node["part"].as_str().expect("a code")).collect()
}

async fn reads_are_found_by_account_by_record_and_by_time(engine: Engine) {
    let looked = looked(engine).await;
    let auditor = &looked.auditor;
    let newest_first = ["sole_trader_name", "contact", "contact"];
    let all = reads(auditor, json!({})).await;
    assert_eq!(parts(&all)[..3], newest_first, "{all:?}");
    assert_eq!(all.at("/reads/nodes/0/by/name"), "見本 花子");
    assert_eq!(all.at("/reads/nodes/0/staffId"), &looked.support);
    assert_eq!(
        all.at("/reads/nodes/0/declarations"),
        &json!([{ "number": TRADER }])
    );
    let of_account = reads(auditor, json!({ "staff": looked.support, "number": TRADER })).await;
    assert_eq!(parts(&of_account), newest_first, "{of_account:?}");
    let of_company = reads(auditor, json!({ "number": COMPANY })).await;
    assert!(parts(&of_company).is_empty(), "{of_company:?}");
    let me = looked
        .administrator
        .graphql("{ session { staff { id } } }", Value::Null)
        .await;
    let of_administrator = reads(auditor, json!({ "staff": me.at("/session/staff/id") })).await;
    assert_eq!(
        parts(&of_administrator),
        ["sole_trader_name"],
        "they looked for the record by its number: {of_administrator:?}"
    );
    let earlier = reads(auditor, json!({ "until": "2001-01-01T00:00:00Z" })).await;
    assert!(parts(&earlier).is_empty(), "{earlier:?}");

    let first = reads(auditor, json!({ "first": 2 })).await;
    let next = first.at("/reads/nextBefore");
    let rest = reads(auditor, json!({ "first": 2, "before": next })).await;
    assert_eq!(
        (parts(&first).len(), parts(&rest)),
        (2, vec!["contact", "sole_trader_name"]),
        "{rest:?}"
    );
    for (more, field) in [
        (json!({ "number": "金糸雀" }), "declarationNumber"),
        (json!({ "number": "47000000009" }), "declarationNumber"),
        (json!({ "staff": "金糸雀" }), "staff"),
        (json!({ "before": "金糸雀" }), "after"),
        (json!({ "until": EVER.0 }), "until"),
    ] {
        let refused = reads(auditor, more).await;
        assert_eq!(refused.problems("reads")[0].0, field, "{refused:?}");
        assert!(!refused.body.to_string().contains("金糸雀"), "{refused:?}");
    }
}

async fn a_read_says_from_which_question_of_the_console_it_was(engine: Engine) {
    let looked = looked(engine).await;
    let query = "query DeclarationList { declarations(first: 9) { ... on DeclarationConnection { nodes { name { __typename } } } } }";
    let body = json!({ "query": query, "operationName": "DeclarationList" }).to_string();
    let seen = Client::send(looked.administrator.post(body)).await;
    assert_eq!(seen.fault(), None, "{seen:?}");
    let newest = reads(&looked.auditor, json!({ "first": 1 })).await;
    assert_eq!(
        newest.at("/reads/nodes/0/purpose"),
        "console:DeclarationList",
        "{newest:?}"
    );
    // A name of any length would fill the disk.
    let long = "a".repeat(500);
    let query = query.replace("DeclarationList", &long);
    let body = json!({ "query": query, "operationName": long }).to_string();
    Client::send(looked.administrator.post(body)).await;
    let newest = reads(&looked.auditor, json!({ "first": 1 })).await;
    assert_eq!(newest.at("/reads/nodes/0/purpose"), "console", "{newest:?}");
}

fn sheet_request(client: &Client, staff: &Value, until: &str) -> RequestBuilder {
    let body = json!({ "staff": staff, "since": EVER.0, "until": until }).to_string();
    client
        .path(Method::POST, "/exports/exposure.csv")
        .header(ORIGIN, client.address())
        .header(CONTENT_TYPE, "application/json")
        .body(body)
}

async fn t57_the_sheet_holds_every_record_and_nothing_personal(engine: Engine) {
    let looked = looked(engine).await;
    // The company's contact was seen by an administrator.
    let company = looked.administrator.find(COMPANY).await;
    let contact = "query($id: ID!) { declaration(id: $id) { ... on Declaration { contact { ... on Contact { name { typed } } } } } }";
    looked
        .administrator
        .graphql(contact, json!({ "id": company }))
        .await;
    let me = looked
        .administrator
        .graphql("{ session { staff { id } } }", Value::Null)
        .await;
    let before = database::reads(&looked.office.database().await).await.len();
    let sheet = Client::send(sheet_request(&looked.auditor, &looked.support, EVER.1)).await;
    assert_eq!(sheet.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        sheet.header("content-disposition"),
        "attachment; filename=\"exposure.csv\""
    );
    assert_eq!(sheet.header("cache-control"), "no-store");
    let text = sheet.body.as_str().expect("a sheet");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "\u{feff}種類,自己宣言ID,事業者名,表示された項目,表示された回数,最初の表示,最後の表示"
    );
    assert!(
        lines[1].starts_with(&format!(
            "宣言,{TRADER},（個人事業主）,担当者、個人事業主の氏名,3,"
        )),
        "{text}"
    );
    assert_eq!(lines.len(), 2, "{text}");
    assert!(!text.contains("金糸雀") && !text.contains("歌姫"), "{text}");
    let of_company = Client::send(sheet_request(&looked.auditor, me.at("/session/staff/id"), EVER.1)).await;
    let text = of_company.body.as_str().expect("a sheet");
    assert!(text.contains("'=HYPERLINK("), "t41: {text}");
    let after = database::reads(&looked.office.database().await).await.len();
    assert_eq!(before, after, "it shows nothing personal");

    let backwards = Client::send(sheet_request(&looked.auditor, &looked.support, EVER.0)).await;
    assert_eq!(
        (backwards.status, backwards.fault()),
        (StatusCode::BAD_REQUEST, Some("VALIDATION"))
    );
    let foreign =
        sheet_request(&looked.auditor, &looked.support, EVER.1).header("sec-fetch-site", "cross-site");
    let foreign = Client::send(foreign).await;
    assert_eq!(
        (foreign.status, foreign.fault()),
        (StatusCode::FORBIDDEN, Some("CROSS_SITE")),
        "t42"
    );
    let stranger = Client::new(looked.auditor.address());
    let nobody = Client::send(sheet_request(&stranger, &looked.support, EVER.1)).await;
    assert_eq!(
        (nobody.status, nobody.fault()),
        (StatusCode::UNAUTHORIZED, Some("UNAUTHENTICATED"))
    );
    for role in ["viewer", "registrar", "operator", "approver"] {
        let member = looked.server.member(&looked.office, role).await;
        let refused = Client::send(sheet_request(&member, &looked.support, EVER.1)).await;
        assert_eq!(
            (refused.status, refused.fault()),
            (StatusCode::FORBIDDEN, Some("FORBIDDEN")),
            "t51: {role}"
        );
    }
}

async fn t57_the_words_of_a_bulk_change_an_export_and_an_import_are_on_record_and_are_no_declarations(
    engine: Engine,
) {
    let looked = looked(engine).await;
    let registrar = looked.server.member(&looked.office, "registrar").await;
    let me = registrar
        .graphql("{ session { staff { id } } }", Value::Null)
        .await;
    let me = me.at("/session/staff/id").clone();
    let change = json!({ "commandId": Uuid::new_v4(), "selection": { "matching": {} }, "change": { "addNote": { "text": "歌姫の件" } } });
    let text = "mutation($input: FreezeBulkChangeInput!) { freezeBulkChange(input: $input) { ... on BulkChangeFrozen { id } } }";
    let change = registrar.graphql(text, json!({ "input": change })).await;
    let change = change.at("/freezeBulkChange/id").clone();
    let export = json!({ "commandId": Uuid::new_v4(), "columns": ["NUMBER"], "format": "CSV_UTF_8", "reason": "点検", "search": "金糸雀" });
    let text = "mutation($input: RequestExportInput!) { requestExport(input: $input) { ... on ExportRequested { id } } }";
    let export = registrar.graphql(text, json!({ "input": export })).await;
    let export = export.at("/requestExport/id").clone();
    let address = format!("/uploads/imports?command={}", Uuid::new_v4());
    let upload = registrar
        .path(Method::POST, &address)
        .header(ORIGIN, registrar.address())
        .header(CONTENT_TYPE, "application/octet-stream")
        .header("x-file-name", "utahime.csv")
        .body(register(&[Row::sole_trader("47000000009", "歌姫", "ウタヒメ")]));
    let import = Client::send(upload).await;
    let import = import.body.pointer("/import/id").expect("an import").clone();

    let text = "query($id: ID!) { bulkChange(id: $id) { content { reason { ... on OpenText { text } } } } }";
    let seen = registrar.graphql(text, json!({ "id": change })).await;
    assert_eq!(seen.at("/bulkChange/content/reason/text"), "歌姫の件", "{seen:?}");
    let text = "query($id: ID!) { export(id: $id) { content { narrowedBy { search { ... on OpenText { text } } } } } }";
    let seen = registrar.graphql(text, json!({ "id": export })).await;
    assert_eq!(
        seen.at("/export/content/narrowedBy/search/text"),
        "金糸雀",
        "{seen:?}"
    );
    let text = "query($id: ID!) { import(id: $id) { file { ... on ImportFile { name } } } }";
    let seen = registrar.graphql(text, json!({ "id": import })).await;
    assert_eq!(seen.at("/import/file/name"), "utahime.csv", "{seen:?}");

    let text = "query($staff: ID!, $since: DateTime!, $until: DateTime!) { exposure(staff: $staff, since: $since, until: $until) { \
                ... on Exposure { declarations works records { id kind parts number } } } }";
    let asked = json!({ "staff": me, "since": EVER.0, "until": EVER.1 });
    let found = looked.auditor.graphql(text, asked).await;
    assert_eq!(found.at("/exposure/declarations"), 0, "{found:?}");
    assert_eq!(found.at("/exposure/works"), 3, "{found:?}");
    let of = |id: &Value, kind: &str, part: &str| json!({ "id": id, "kind": kind, "parts": [part], "number": null });
    let expected = json!([
        of(&change, "BULK_CHANGE", "bulk_change"),
        of(&export, "EXPORT", "export"),
        of(&import, "IMPORT", "import")
    ]);
    assert_eq!(found.at("/exposure/records"), &expected, "{found:?}");
    let sheet = json!({ "staff": me, "since": EVER.0, "until": EVER.1 });
    let sheet = Client::send(looked.auditor.export("exposure.csv", &sheet)).await;
    let sheet = sheet.body.as_str().expect("a sheet");
    for word in ["一括変更,", "書き出し,", "取り込み,"] {
        assert!(sheet.contains(word), "{sheet}");
    }
    assert!(!sheet.contains("宣言,") && !sheet.contains("歌姫"), "{sheet}");
}
