//! Files of imports on the real binary: what is refused before it is kept, and one that takes two persons, from its file to the register.

use std::io::{Cursor, Write as _};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{
    Answer, Client, Engine, Following, Office, Server, Start, corporations, database, on_both_engines,
};
use uuid::Uuid;

on_both_engines!(
    t38_what_is_larger_than_an_import_may_be_is_refused_in_a_sentence_after_all_of_it_was_heard,
    t38_a_workbook_that_unpacks_to_far_more_is_refused_and_nothing_is_kept,
    t52_an_import_of_more_rows_than_one_person_may_take_over_waits_for_a_second_one,
    t53_whoever_saw_a_file_of_an_import_saw_an_import_and_no_declaration,
    t57_whoever_saw_rows_of_an_import_may_have_seen_everybody_in_it,
);

struct Desk {
    office: Office,
    server: Server,
    registrar: Client,
    log: Following,
}

/// An empty office that takes over up to three rows without a second person.
async fn desk(engine: Engine) -> Desk {
    let office = Office::new(engine).await;
    let server = office.serve_with(&Start {
        environment: &[("SENGEN_BULK_IMPORT_APPROVAL_ABOVE", "3")],
        ..Start::default()
    });
    let registrar = server.member(&office, "registrar").await;
    let log = office.follow().await;
    Desk {
        office,
        server,
        registrar,
        log,
    }
}

async fn kept(desk: &Desk) -> Vec<i64> {
    let database = desk.office.database().await;
    database::numbers(
        &database,
        "SELECT (SELECT count(*) FROM import_file) + (SELECT count(*) FROM import_chunk)",
    )
    .await
}

fn problem(answer: &Answer) -> (StatusCode, &str, &str) {
    let problem = &answer.body["problem"];
    let text = |key: &str| problem[key].as_str().unwrap_or_default();
    (answer.status, text("code"), text("message"))
}

async fn t38_what_is_larger_than_an_import_may_be_is_refused_in_a_sentence_after_all_of_it_was_heard(
    engine: Engine,
) {
    let desk = desk(engine).await;
    let me = &desk.registrar;
    let largest = app::import::FILE_BYTES_MAX;
    let sentence = "ファイルが大きすぎます。50MB以内に分けてください。";
    // One byte, and far more than a connection takes before somebody reads it.
    for size in [largest + 1, largest + 30 * 1024 * 1024] {
        let request = me.upload_import("台帳.csv", vec![b'x'; size]);
        // Whoever is cut off while they send get no answer at all.
        let answer = Client::send(request).await;
        assert_eq!(
            problem(&answer),
            (StatusCode::PAYLOAD_TOO_LARGE, "import_too_large", sentence),
            "{size}"
        );
    }
    assert_eq!(kept(&desk).await, [0]);
    // The office goes on.
    let answer = Client::send(me.upload_import("台帳.csv", corporations(1))).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

/// A workbook of some hundred kilobytes whose only sheet has so many bytes.
fn bomb(inside: usize) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [
        (
            "[Content_Types].xml",
            r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>"#,
        ),
    ] {
        archive.start_file(name, options).expect("a part");
        archive.write_all(text.as_bytes()).expect("its bytes");
    }
    archive
        .start_file("xl/worksheets/sheet1.xml", options)
        .expect("a part");
    let megabyte = vec![b' '; 1024 * 1024];
    for _ in 0..inside / megabyte.len() {
        archive.write_all(&megabyte).expect("its bytes");
    }
    archive.finish().expect("an archive").into_inner()
}

async fn t38_a_workbook_that_unpacks_to_far_more_is_refused_and_nothing_is_kept(engine: Engine) {
    let desk = desk(engine).await;
    let bytes = bomb(400 * 1024 * 1024);
    assert!(bytes.len() < 1024 * 1024, "{} bytes", bytes.len());
    let answer = Client::send(desk.registrar.upload_import("台帳.xlsx", bytes)).await;
    let (status, code, message) = problem(&answer);
    assert_eq!(
        (status, code),
        (StatusCode::UNPROCESSABLE_ENTITY, "import_too_much_inside"),
        "{answer:?}"
    );
    assert!(message.ends_with('。'), "{message}");
    assert_eq!(kept(&desk).await, [0]);
}

const ONE: &str = "query($id: ID!) { import(id: $id) { needsApproval startedAt tried { accepted } finished { rows accepted } \
     reason { __typename ... on OpenText { text } } trial { id state } approval { id status } \
     file { __typename ... on ImportFile { sheets { suggested } } } } }";

async fn look(client: &Client, id: &Value) -> Value {
    let answer = client.graphql(ONE, json!({ "id": id })).await;
    answer.at("/import").clone()
}

/// Sends a register, reads it as is suggested, and waits until it was tried out.
async fn tried(desk: &Desk, rows: usize) -> (Value, Value) {
    let me = &desk.registrar;
    let sent = Client::send(me.upload_import("台帳.csv", corporations(rows))).await;
    let id = sent.body["import"]["id"].clone();
    assert!(id.is_string(), "{sent:?}");
    let suggested = look(me, &id).await["file"]["sheets"][0]["suggested"].clone();
    let map = "mutation($input: MapImportInput!) { mapImport(input: $input) { __typename } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": id, "sheet": 0, "places": suggested });
    let mapped = me.graphql(map, json!({ "input": input })).await;
    assert_eq!(mapped.at("/mapImport/__typename"), "ImportTouched", "{mapped:?}");
    let found = desk.log.until(async || {
        let found = look(me, &id).await;
        found["tried"].is_object().then_some(found)
    });
    let found = found.await;
    (id, found)
}

async fn t52_an_import_of_more_rows_than_one_person_may_take_over_waits_for_a_second_one(engine: Engine) {
    let desk = desk(engine).await;
    let me = &desk.registrar;
    let approver = desk.server.member(&desk.office, "approver").await;
    let viewer = desk.server.member(&desk.office, "viewer").await;
    let (id, found) = tried(&desk, 4).await;
    assert_eq!(found["needsApproval"], true);
    let asked = |reason: &str| json!({ "input": { "commandId": Uuid::new_v4(), "id": id, "trialJobId": found["trial"]["id"], "reason": reason } });
    let start = "mutation($input: StartImportInput!) { startImport(input: $input) { __typename ... on ImportNeedsApproval { count limit } } }";
    let alone = me.graphql(start, asked("旧台帳の移行")).await;
    assert_eq!(
        alone.at("/startImport"),
        &json!({ "__typename": "ImportNeedsApproval", "count": 4, "limit": 3 })
    );
    let request = "mutation($input: RequestImportInput!) { requestImport(input: $input) { ... on ApprovalRequested { id } } }";
    let requested = me.graphql(request, asked("支所の旧台帳の移行")).await;
    let approval = requested.at("/requestImport/id").clone();
    assert!(approval.is_string(), "{requested:?}");
    let waiting = look(me, &id).await;
    assert_eq!(
        (&waiting["startedAt"], &waiting["approval"]["status"]),
        (&Value::Null, &json!("OPEN"))
    );
    let seen = "query($id: ID!) { approval(id: $id) { contentHash content { ... on ImportContent { importId count } } } }";
    let seen = approver.graphql(seen, json!({ "id": approval })).await;
    assert_eq!(
        seen.at("/approval/content"),
        &json!({ "importId": id, "count": 4 })
    );
    let approve = "mutation($input: ApprovalCommandInput!, $seen: String!) { approve(input: $input, contentHash: $seen) { \
                   ... on ApprovalDecided { approval { summary { status } } } } }";
    let variables = json!({ "input": { "commandId": Uuid::new_v4(), "id": approval }, "seen": seen.at("/approval/contentHash") });
    let decided = approver.graphql(approve, variables).await;
    assert_eq!(
        decided.at("/approve/approval/summary/status"),
        "CARRIED_OUT",
        "{decided:?}"
    );
    let done = desk.log.until(async || {
        let found = look(me, &id).await;
        found["finished"].is_object().then_some(found)
    });
    let done = done.await;
    assert_eq!(done["finished"], json!({ "rows": 4, "accepted": 4 }));
    assert_eq!(done["reason"]["text"], "支所の旧台帳の移行");
    let registered = "SELECT count(*) FROM event WHERE event_type = 'declaration.registered'";
    let database = desk.office.database().await;
    assert_eq!(database::numbers(&database, registered).await, [4]);
    // Why is for whoever may read what is personal.
    assert_eq!(look(&viewer, &id).await["reason"]["__typename"], "Withheld");
}

async fn t53_whoever_saw_a_file_of_an_import_saw_an_import_and_no_declaration(engine: Engine) {
    let desk = desk(engine).await;
    let me = &desk.registrar;
    let sent = Client::send(me.upload_import("台帳.csv", corporations(2))).await;
    let id = &sent.body["import"]["id"];
    assert_eq!(look(me, id).await["file"]["__typename"], "ImportFile");
    let own = me.graphql("{ session { staff { id } } }", Value::Null).await;
    let auditor = desk.server.member(&desk.office, "auditor").await;
    let time = json!({ "staff": own.at("/session/staff/id"), "since": "2020-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z" });
    let text = "query($staff: ID!, $since: DateTime!, $until: DateTime!) { \
                exposure(staff: $staff, since: $since, until: $until) { ... on Exposure { declarations mails cases works \
                records { id kind number parts } } } \
                reads(staff: $staff, since: $since, until: $until) { ... on Reads { nodes { part records imports declarations { id } } } } }";
    let seen = auditor.graphql(text, time.clone()).await;
    assert_eq!(
        seen.at("/exposure"),
        &json!({ "declarations": 0, "mails": 0, "cases": 0, "works": 1,
            "records": [{ "id": id, "kind": "IMPORT", "number": null, "parts": ["import"] }] })
    );
    assert_eq!(
        seen.at("/reads/nodes/0"),
        &json!({ "part": "import", "records": 1, "imports": [id], "declarations": [] })
    );
    let sheet = auditor.export("exposure.csv", &time);
    let sheet = Client::send(sheet).await;
    let sheet = sheet.body.as_str().expect("a sheet").to_owned();
    assert!(
        sheet.contains(&format!("取り込み,{},", id.as_str().expect("an id"))),
        "{sheet}"
    );
}

async fn t57_whoever_saw_rows_of_an_import_may_have_seen_everybody_in_it(engine: Engine) {
    let mut desk = desk(engine).await;
    let (id, _) = tried(&desk, 3).await;
    let me = &desk.registrar;
    let own = me.graphql("{ session { staff { id } } }", Value::Null).await;
    let own = own.at("/session/staff/id").clone();
    let administrator = desk.server.administrator().await;
    let opened = "mutation($input: OpenIncidentInput!) { openIncident(input: $input) { ... on IncidentOpened { id } } }";
    let input = json!({ "commandId": Uuid::new_v4(), "awareAt": "2026-04-01T01:00:00Z", "categories": ["WRONGFUL"], "text": "不正な利用" });
    let incident = administrator.graphql(opened, json!({ "input": input })).await;
    let incident = incident.at("/openIncident/id").clone();
    let counted = async || {
        let version = "query($id: ID!) { incident(id: $id) { version } }";
        let version = administrator.graphql(version, json!({ "id": incident })).await;
        let scope = json!({ "account": own, "from": "2020-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z" });
        let input = json!({ "commandId": Uuid::new_v4(), "id": incident, "expectedVersion": version.at("/incident/version"),
            "change": { "countSeen": scope } });
        let count = "mutation($input: ChangeIncidentInput!) { changeIncident(input: $input) { \
                     ... on IncidentChanged { incident { summary { persons } } } } }";
        let answer = administrator.graphql(count, json!({ "input": input })).await;
        answer.at("/changeIncident/incident/summary/persons").clone()
    };
    assert_eq!(counted().await, 1, "the name of the file may be somebody's");
    let sheet = Client::send(me.export("import-rows.csv", &json!({ "id": id }))).await;
    assert_eq!(sheet.status, StatusCode::OK, "{sheet:?}");
    assert_eq!(
        counted().await,
        6,
        "three rows, each with a representative and a contact"
    );
}
