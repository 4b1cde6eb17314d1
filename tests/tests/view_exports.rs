//! Views of the register that leave as files, on the real binary: asked for, made by a job, taken by whoever asked, on record.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{
    Client, Engine, Following, Office, Row, Server, Start, database, export_of, on_both_engines, register,
};
use uuid::Uuid;

on_both_engines!(
    a_view_leaves_as_a_file_in_the_order_of_the_list_and_each_taking_is_on_record,
    t53_taking_a_file_names_everybody_whose_data_are_in_it_and_holds_no_value,
    t48_what_cp932_has_not_is_marked_and_a_report_says_where,
    a_workbook_leaves_as_one,
    t52_more_records_than_one_person_may_take_away_wait_for_a_second_one,
    t51_a_file_is_for_whoever_asked_and_nobody_else,
    what_was_discarded_is_taken_by_nobody_and_its_pieces_are_gone,
    what_cannot_be_written_is_said_in_words_and_a_retry_is_the_same_export,
    a_file_is_destroyed_when_somebody_is_forgotten_after_it_was_made,
    t51_whoever_loses_the_right_before_the_file_is_taken_gets_nothing,
    a_file_whose_days_are_over_is_given_to_nobody_and_destroyed_at_night,
    t41_no_payload_is_a_formula_in_any_kind_of_file,
    t52_a_view_that_grew_far_beyond_what_was_asked_for_is_not_made_and_one_that_grew_a_little_is,
);

const TRADER: &str = "47000000009";

struct Desk {
    office: Office,
    server: Server,
    administrator: Client,
    log: Following,
}

/// An office with three corporations and a sole trader whose name CP932 does not have.
async fn desk(engine: Engine, environment: &[(&str, &str)]) -> Desk {
    let office = Office::new(engine).await;
    let rows = [
        Row::corporation("47000000001").with("事業者名", "=1+1商会"),
        Row::corporation("47000000002"),
        Row::corporation("47000000003"),
        Row::sole_trader(TRADER, "𠮷野 花子", "ヨシノハナコ"),
    ];
    office.import(&register(&rows));
    let mut server = office.serve_with(&Start {
        environment,
        ..Start::default()
    });
    let administrator = server.administrator().await;
    administrator.find(TRADER).await;
    let log = office.follow().await;
    Desk {
        office,
        server,
        administrator,
        log,
    }
}

async fn refused(client: &Client, id: &Value) -> (StatusCode, String) {
    let request = client.export("declarations", &json!({ "id": id, "part": "FILE" }));
    let answer = Client::send(request).await;
    let text = answer.body["errors"][0]["message"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (answer.status, text)
}

async fn a_view_leaves_as_a_file_in_the_order_of_the_list_and_each_taking_is_on_record(engine: Engine) {
    let desk = desk(engine, &[]).await;
    let me = &desk.administrator;
    let mut input = export_of(
        &["NUMBER", "NAME", "DECLARED_ON", "CITY", "EMPLOYEES"],
        "CSV_UTF_8",
    );
    input["filter"] = json!({ "states": ["ACTIVE"] });
    input["sort"] = json!("NUMBER_DESC");
    let id = me.exported(&desk.log, &input).await;
    let seen = me.export_record(&id).await;
    assert_eq!(seen["summary"]["file"]["rows"], 4);
    assert_eq!(seen["content"]["reason"]["text"], "年次の点検");
    assert_eq!(
        seen["content"]["narrowedBy"],
        json!({ "states": ["ACTIVE"], "search": null })
    );
    let text = String::from_utf8(me.take_export(&id, "FILE").await).expect("it is UTF-8");
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut lines = text.split("\r\n");
    assert_eq!(lines.next(), Some("自己宣言ID,事業者名,宣言日,市区町村,従業員数"));
    let numbers: Vec<_> = lines.clone().filter_map(|line| line.split(',').next()).collect();
    assert_eq!(
        numbers,
        [TRADER, "47000000003", "47000000002", "47000000001", ""],
        "{text}"
    );
    assert!(
        text.contains("47000000001,'=1+1商会,2020-04-01,みほん市"),
        "t48: {text}"
    );
    me.take_export(&id, "FILE").await;
    let seen = me.export_record(&id).await;
    assert_eq!(seen["summary"]["taken"], 2);
    assert_eq!(seen["takings"].as_array().map(Vec::len), Some(2));
    assert_eq!(seen["takings"][0]["part"], "FILE");
}

async fn t53_taking_a_file_names_everybody_whose_data_are_in_it_and_holds_no_value(engine: Engine) {
    let desk = desk(engine, &[]).await;
    let me = &desk.administrator;
    let id = me
        .exported(
            &desk.log,
            &export_of(&["NUMBER", "NAME", "CONTACT_EMAIL", "POSTAL_CODE"], "CSV_UTF_8"),
        )
        .await;
    let seen = me.export_record(&id).await;
    assert_eq!(seen["summary"]["file"]["isPersonal"], true);
    assert_eq!(seen["summary"]["asksForPersons"], true);
    let database = desk.office.database().await;
    let before = database::reads(&database).await.len();
    let text = String::from_utf8(me.take_export(&id, "FILE").await).expect("it is UTF-8");
    assert!(text.contains("𠮷野 花子"), "{text}");
    let reads = database::reads(&database).await;
    let new = reads[before..].join("\n");
    for part in ["sole_trader_name", "premises", "contact"] {
        assert!(new.contains(part), "{part}: {new}");
    }
    let records = database::read_records(&database).await;
    let purpose = "SELECT purpose FROM read_record ORDER BY seq DESC LIMIT 1";
    assert_eq!(database::texts(&records, purpose).await, ["export:declarations"]);
    assert!(!new.contains('𠮷') && !new.contains("example"), "{new}");
    // What nobody sees of a person is in no record.
    let plain = me
        .exported(&desk.log, &export_of(&["NUMBER", "CITY"], "CSV_UTF_8"))
        .await;
    assert_eq!(
        me.export_record(&plain).await["summary"]["file"]["isPersonal"],
        false
    );
    let before = database::reads(&database).await.len();
    me.take_export(&plain, "FILE").await;
    assert_eq!(database::reads(&database).await.len(), before);
}

async fn t48_what_cp932_has_not_is_marked_and_a_report_says_where(engine: Engine) {
    let desk = desk(engine, &[]).await;
    let me = &desk.administrator;
    let id = me
        .exported(&desk.log, &export_of(&["NUMBER", "NAME"], "CSV_CP_932"))
        .await;
    assert_eq!(me.export_record(&id).await["summary"]["file"]["unwritten"], 1);
    let file = me.take_export(&id, "FILE").await;
    // 〓野, as CP932 writes it.
    let marked = b"\x81\xac\x96\xec";
    assert!(
        file.windows(marked.len()).any(|bytes| bytes == marked),
        "{file:?}"
    );
    let report = String::from_utf8(me.take_export(&id, "REPORT").await).expect("it is UTF-8");
    assert!(report.contains("5,47000000009,事業者名,𠮷,U+20BB7"), "{report}");
    let takings = me.export_record(&id).await["takings"].clone();
    assert_eq!(takings[0]["part"], "REPORT");
    // Of a file in UTF-8 there is nothing to report.
    let whole = me
        .exported(&desk.log, &export_of(&["NUMBER", "NAME"], "CSV_UTF_8"))
        .await;
    let none = me.export("declarations", &json!({ "id": whole, "part": "REPORT" }));
    assert_eq!(Client::send(none).await.status, StatusCode::BAD_REQUEST);
}

async fn a_workbook_leaves_as_one(engine: Engine) {
    let desk = desk(engine, &[]).await;
    let me = &desk.administrator;
    let id = me
        .exported(&desk.log, &export_of(&["NUMBER", "NAME", "DECLARED_ON"], "XLSX"))
        .await;
    let request = me.export("declarations", &json!({ "id": id, "part": "FILE" }));
    let response = request.send().await.expect("an answer");
    let kind = response.headers()["content-type"]
        .to_str()
        .expect("a header")
        .to_owned();
    assert!(kind.contains("spreadsheetml"), "{kind}");
    let named = response.headers()["content-disposition"]
        .to_str()
        .expect("a header");
    assert_eq!(named, "attachment; filename=\"declarations.xlsx\"");
    let bytes = response.bytes().await.expect("a body");
    assert!(bytes.starts_with(b"PK"), "an archive");
}

const APPROVE: &str = "mutation($input: ApprovalCommandInput!, $seen: String!) { approve(input: $input, contentHash: $seen) { \
     __typename ... on ApprovalDecided { approval { summary { status } } } } }";

async fn approve(client: &Client, id: &Value, count: u64) -> Value {
    let text = "query($id: ID!) { approval(id: $id) { contentHash content { __typename ... on ExportViewContent { exportId columns \
                count asksForPersons } } summary { kind about { ... on ExportSubject { exportId } } } } }";
    let seen = client.graphql(text, json!({ "id": id })).await;
    assert_eq!(
        seen.at("/approval/content/__typename"),
        "ExportViewContent",
        "{seen:?}"
    );
    assert_eq!(seen.at("/approval/content/count"), count);
    assert_eq!(
        seen.at("/approval/content/exportId"),
        seen.at("/approval/summary/about/exportId")
    );
    let variables = json!({ "input": { "commandId": Uuid::new_v4(), "id": id }, "seen": seen.at("/approval/contentHash") });
    let answer = client.graphql(APPROVE, variables).await;
    answer.at("/approve/approval/summary/status").clone()
}

async fn t52_more_records_than_one_person_may_take_away_wait_for_a_second_one(engine: Engine) {
    let limits = [
        ("SENGEN_EXPORT_APPROVAL_ABOVE", "4"),
        ("SENGEN_EXPORT_PERSONAL_APPROVAL_ABOVE", "3"),
    ];
    let desk = desk(engine, &limits).await;
    let approver = desk.server.member(&desk.office, "approver").await;
    let registrar = desk.server.member(&desk.office, "registrar").await;
    // As many as may leave without anybody.
    registrar
        .exported(&desk.log, &export_of(&["NUMBER"], "CSV_UTF_8"))
        .await;
    let input = export_of(&["NUMBER", "CONTACT_EMAIL"], "CSV_UTF_8");
    let answer = registrar.request_export(&input).await;
    let (id, approval) = (
        answer.at("/requestExport/id"),
        answer.at("/requestExport/approvalId"),
    );
    assert!(approval.is_string(), "{answer:?}");
    let waiting = registrar.export_record(id).await;
    assert_eq!(waiting["summary"]["state"], "NEEDS_APPROVAL");
    assert_eq!(waiting["approval"], json!({ "id": approval, "status": "OPEN" }));
    assert_eq!(
        refused(&registrar, id).await,
        (StatusCode::BAD_REQUEST, "the file is not made yet".to_owned())
    );
    // The same command again asks nobody twice.
    let again = registrar.request_export(&input).await;
    assert_eq!(again.at("/requestExport/approvalId"), approval);
    assert_eq!(approve(&approver, approval, 4).await, "CARRIED_OUT");
    registrar.export_until(&desk.log, id, "MADE").await;
    registrar.take_export(id, "FILE").await;
    // What was destroyed before somebody agreed is not made.
    let other = registrar
        .request_export(&export_of(&["CONTACT_EMAIL"], "XLSX"))
        .await;
    let other_id = other.at("/requestExport/id");
    assert_eq!(discard(&registrar, other_id).await, "ExportTouched");
    assert_eq!(
        approve(&approver, other.at("/requestExport/approvalId"), 4).await,
        "VOIDED"
    );
}

async fn discard(client: &Client, id: &Value) -> Value {
    let text = "mutation($input: ExportCommandInput!) { discardExport(input: $input) { __typename } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": id });
    let answer = client.graphql(text, json!({ "input": input })).await;
    answer.at("/discardExport/__typename").clone()
}

async fn t51_a_file_is_for_whoever_asked_and_nobody_else(engine: Engine) {
    let desk = desk(engine, &[]).await;
    let registrar = desk.server.member(&desk.office, "registrar").await;
    let auditor = desk.server.member(&desk.office, "auditor").await;
    let id = registrar
        .exported(&desk.log, &export_of(&["NUMBER", "NAME"], "CSV_UTF_8"))
        .await;
    let (status, text) = refused(&desk.administrator, &id).await;
    assert_eq!(
        (status, text.as_str()),
        (StatusCode::BAD_REQUEST, "there is no such file of this account")
    );
    assert_eq!(refused(&auditor, &id).await.0, StatusCode::FORBIDDEN);
    assert_eq!(discard(&desk.administrator, &id).await, "NotFound");
    // Whoever audits sees that there is one, and cannot take it.
    assert_eq!(auditor.export_record(&id).await["isMine"], false);
    let text = "query($of: ExportOwners!) { exports(of: $of, first: 10) { ... on ExportConnection { nodes { id requestedBy { name } } } } }";
    let all = auditor.graphql(text, json!({ "of": "ALL" })).await;
    assert_eq!(all.at("/exports/nodes/0/id"), &id);
    let mine = desk.administrator.graphql(text, json!({ "of": "MINE" })).await;
    assert_eq!(mine.at("/exports/nodes").as_array().map(Vec::len), Some(0));
    let forbidden = registrar.graphql(text, json!({ "of": "ALL" })).await;
    assert_eq!(forbidden.fault(), Some("FORBIDDEN"));
}

async fn what_was_discarded_is_taken_by_nobody_and_its_pieces_are_gone(engine: Engine) {
    let desk = desk(engine, &[]).await;
    let me = &desk.administrator;
    let id = me
        .exported(&desk.log, &export_of(&["NUMBER", "NAME"], "CSV_UTF_8"))
        .await;
    let database = desk.office.database().await;
    let pieces = "SELECT count(*) FROM export_piece";
    assert!(database::numbers(&database, pieces).await[0] > 0);
    assert_eq!(discard(me, &id).await, "ExportTouched");
    assert_eq!(discard(me, &id).await, "ExportOtherState");
    assert_eq!(
        refused(me, &id).await,
        (StatusCode::BAD_REQUEST, "the file was discarded".to_owned())
    );
    assert_eq!(database::numbers(&database, pieces).await, [0]);
    assert_eq!(me.export_record(&id).await["summary"]["state"], "DISCARDED");
}

async fn what_cannot_be_written_is_said_in_words_and_a_retry_is_the_same_export(engine: Engine) {
    let desk = desk(engine, &[]).await;
    let me = &desk.administrator;
    let mut nothing = export_of(&["NUMBER"], "XLSX");
    nothing["search"] = json!("どこにもない名前");
    let mut silent = export_of(&["NUMBER"], "XLSX");
    silent["reason"] = json!(" \u{3000}");
    for (input, field, code) in [
        (nothing, "filter", "empty"),
        (export_of(&[], "XLSX"), "columns", "empty"),
        (export_of(&["NUMBER", "NUMBER"], "XLSX"), "columns", "repeated"),
        (silent, "reason", "empty"),
    ] {
        let answer = me.request_export(&input).await;
        let problem = answer.at("/requestExport/problems/0").clone();
        assert_eq!(
            (&problem["field"], &problem["code"]),
            (&json!(field), &json!(code)),
            "{answer:?}"
        );
    }
    let unknown = me.request_export(&export_of(&["SECRET"], "XLSX")).await;
    assert_ne!(unknown.fault(), None, "{unknown:?}");
    let mut input = export_of(&["NUMBER"], "CSV_UTF_8");
    let id = me.exported(&desk.log, &input).await;
    let again = me.request_export(&input).await;
    assert_eq!(again.at("/requestExport/id"), &id);
    input["columns"] = json!(["NAME"]);
    let other = me.request_export(&input).await;
    assert_eq!(other.at("/requestExport/problems/0/code"), "command_reused");
}

async fn a_file_is_destroyed_when_somebody_is_forgotten_after_it_was_made(engine: Engine) {
    let desk = desk(engine, &[]).await;
    let me = &desk.administrator;
    let id = me
        .exported(&desk.log, &export_of(&["NUMBER", "CONTACT_NAME"], "CSV_UTF_8"))
        .await;
    let plain = me.exported(&desk.log, &export_of(&["NUMBER"], "CSV_UTF_8")).await;
    forget(&desk);
    let (status, text) = refused(me, &id).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(text.contains("somebody was forgotten"), "{text}");
    me.take_export(&plain, "FILE").await;
}

fn forget(desk: &Desk) {
    desk.office
        .run(&[
            "forget",
            "--declaration",
            TRADER,
            "--person",
            "contact",
            "--reason",
            "本人の求め",
            "--yes",
        ])
        .ok();
}

async fn t51_whoever_loses_the_right_before_the_file_is_taken_gets_nothing(engine: Engine) {
    let desk = desk(engine, &[]).await;
    let registrar = desk.server.member(&desk.office, "registrar").await;
    let id = registrar
        .exported(&desk.log, &export_of(&["NUMBER"], "CSV_UTF_8"))
        .await;
    let database = desk.office.database().await;
    let less = "UPDATE staff SET roles = 'viewer' WHERE roles = 'registrar'";
    assert_eq!(database::execute(&database, less).await, 1);
    let request = registrar.export("declarations", &json!({ "id": id, "part": "FILE" }));
    let answer = Client::send(request).await;
    assert_eq!(answer.fault(), Some("FORBIDDEN"), "{answer:?}");
}

async fn a_file_whose_days_are_over_is_given_to_nobody_and_destroyed_at_night(engine: Engine) {
    let desk = desk(engine, &[]).await;
    let me = &desk.administrator;
    let id = me.exported(&desk.log, &export_of(&["NUMBER"], "CSV_UTF_8")).await;
    let database = desk.office.database().await;
    let over = "UPDATE export SET expires_at = requested_at";
    assert_eq!(database::execute(&database, over).await, 1);
    assert_eq!(
        refused(me, &id).await,
        (StatusCode::BAD_REQUEST, "the file is kept no longer".to_owned())
    );
    let keys = "SELECT count(*) FROM event WHERE event_type = 'export.expired'";
    assert_eq!(database::numbers(&database, keys).await, [0]);
    me.run_nightly("forget-cases").await;
    let ended = desk.log.until(async || {
        let found = me.export_record(&id).await;
        (found["summary"]["endedAt"] != Value::Null).then_some(found)
    });
    assert_eq!(ended.await["summary"]["state"], "EXPIRED");
    assert_eq!(database::numbers(&database, keys).await, [1]);
    // The key goes with the event, and the pieces after it: by whoever follows the log, at the latest by whoever forgets somebody next.
    forget(&desk);
    let pieces = "SELECT count(*) FROM export_piece";
    assert_eq!(database::numbers(&database, pieces).await, [0]);
}

const PAYLOADS: [&str; 14] = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://example.jp\")",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "−1+1",
    "＠SUM(A1)",
    "\u{3000}=1+1",
    "\u{200b}=1+1",
    "\u{202e}=1+1",
];

/// As a spreadsheet would see it that drops what cannot be seen.
fn begins_a_formula(cell: &str) -> bool {
    let unseen = ['\u{200b}', '\u{202e}', '\u{feff}'];
    let rest = cell.trim_start_matches(|c: char| c.is_whitespace() || unseen.contains(&c));
    rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '−', '＠'])
}

/// The text of a part of a workbook.
fn part_of(book: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).expect("an archive");
    let mut part = archive.by_name(name).expect("the part");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut part, &mut text).expect("its text");
    text
}

async fn t41_no_payload_is_a_formula_in_any_kind_of_file(engine: Engine) {
    let desk = desk(engine, &[]).await;
    let me = &desk.administrator;
    let rows = (10..).zip(PAYLOADS).map(|(i, payload)| {
        Row::corporation(&format!("470000001{i:02}"))
            .with("事業者名", payload)
            .with("市区町村", payload)
            .with("代表者名", payload)
            .with("担当者名", payload)
    });
    desk.office.import(&register(&rows.collect::<Vec<_>>()));
    let columns = ["NUMBER", "NAME", "CITY", "REPRESENTATIVE_NAME", "CONTACT_NAME"];
    for format in ["CSV_UTF_8", "CSV_CP_932"] {
        let id = me.exported(&desk.log, &export_of(&columns, format)).await;
        let bytes = me.take_export(&id, "FILE").await;
        let encoding = if format == "CSV_UTF_8" {
            encoding_rs::UTF_8
        } else {
            encoding_rs::SHIFT_JIS
        };
        let (text, _, broken) = encoding.decode(&bytes);
        assert!(!broken, "{format}");
        let mut lines = csv::Reader::from_reader(text.as_bytes());
        let lines: Vec<_> = lines.records().map(|line| line.expect("a line")).collect();
        assert_eq!(lines.len(), 4 + PAYLOADS.len());
        let payloads = lines.iter().filter(|line| line[0].starts_with("470000001"));
        for line in payloads {
            // What CP932 has not is a mark that is seen.
            assert!(line[1].starts_with(['\'', '〓']), "{format}: {line:?}");
            assert!(!line.iter().any(begins_a_formula), "{format}: {line:?}");
        }
    }
    let id = me.exported(&desk.log, &export_of(&columns, "XLSX")).await;
    let book = me.take_export(&id, "FILE").await;
    let sheet = part_of(&book, "xl/worksheets/sheet1.xml");
    assert!(
        !sheet.contains("<f>") && !sheet.contains("<f "),
        "a formula: {sheet}"
    );
    assert!(sheet.contains(">=1+1<"), "a text is what it was: {sheet}");
}

async fn t52_a_view_that_grew_far_beyond_what_was_asked_for_is_not_made_and_one_that_grew_a_little_is(
    engine: Engine,
) {
    let desk = desk(engine, &[("SENGEN_EXPORT_APPROVAL_ABOVE", "3")]).await;
    let approver = desk.server.member(&desk.office, "approver").await;
    let registrar = desk.server.member(&desk.office, "registrar").await;
    let grows = |from: u32, to: u32| {
        let rows = (from..to).map(|i| Row::corporation(&format!("4700001{i:04}")));
        desk.office.import(&register(&rows.collect::<Vec<_>>()));
    };
    let asked = registrar
        .request_export(&export_of(&["NUMBER"], "CSV_UTF_8"))
        .await;
    grows(0, 50);
    assert_eq!(
        approve(&approver, asked.at("/requestExport/approvalId"), 4).await,
        "CARRIED_OUT"
    );
    let made = asked.at("/requestExport/id");
    let made = registrar.export_until(&desk.log, made, "MADE").await;
    assert_eq!(
        made["summary"]["file"]["rows"], 54,
        "the register goes on meanwhile"
    );
    let asked = registrar
        .request_export(&export_of(&["NUMBER"], "CSV_UTF_8"))
        .await;
    grows(50, 160);
    assert_eq!(
        approve(&approver, asked.at("/requestExport/approvalId"), 54).await,
        "VOIDED"
    );
    let waiting = registrar.export_record(asked.at("/requestExport/id")).await;
    assert_eq!(
        waiting["summary"]["state"], "NEEDS_APPROVAL",
        "nothing is made of it"
    );
}
