//! Files that belong to a change, on the real binary: what is taken, what a change makes of it, who gets it, and what is left when its
//! person is forgotten or its change never came.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{
    Client, Correction, Engine, Office, Server, canary_trader, corporate_number, database, on_both_engines,
    register,
};
use uuid::Uuid;

on_both_engines!(
    t46_a_file_is_attached_to_a_correction_and_given_out_on_record,
    t41b_what_is_no_document_is_refused_at_its_field,
    t42_files_are_taken_from_and_given_to_our_own_pages_and_those_with_the_right_only,
    a_file_of_another_record_or_another_person_is_not_attached,
    staff_declare_for_an_organisation_with_its_form_attached,
    what_is_wrong_with_a_declaration_stands_at_its_fields,
    t55_a_file_is_stored_sealed_in_pieces,
    t55_whoever_forgets_the_free_text_of_a_record_forgets_its_files,
    a_file_that_no_change_names_is_removed_after_a_day_and_another_stays,
    a_verification_names_a_document_that_was_changed_or_is_gone,
);

const NUMBER: &str = "47000000002";
const PDF: &[u8] = b"%PDF-1.7\nkin-shi-jaku\n";

struct Desk {
    office: Office,
    server: Server,
    client: Client,
    id: String,
}

async fn desk(engine: Engine) -> Desk {
    let office = Office::new(engine).await;
    office.import(&register(&[canary_trader(NUMBER)]));
    let mut server = office.serve();
    let client = server.administrator().await;
    let id = client.find(NUMBER).await;
    Desk {
        office,
        server,
        client,
        id,
    }
}

async fn uploaded(client: &Client, of: (&str, &str), name: &str, bytes: &[u8]) -> String {
    let answer = Client::send(client.upload(of, name, bytes)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.body["file"]["id"].as_str().expect("an id").to_owned()
}

const HISTORY: &str = "query($id: ID!) { declaration(id: $id) { ... on Declaration { history { kind evidence { \
     attachments { id kind size name { __typename ... on OpenText { text } } } noDocument { ... on OpenText { text } } } } } } }";

/// The evidence of the newest entry.
async fn newest_evidence(client: &Client, id: &str) -> Value {
    let answer = client.graphql(HISTORY, json!({ "id": id })).await;
    let history = answer.at("/declaration/history").as_array().expect("a list");
    history.last().expect("an entry")["evidence"].clone()
}

async fn events(office: &Office) -> Vec<i64> {
    database::numbers(&office.database().await, "SELECT count(*) FROM event").await
}

async fn t46_a_file_is_attached_to_a_correction_and_given_out_on_record(engine: Engine) {
    let Desk {
        office,
        client,
        id,
        server: _server,
    } = desk(engine).await;
    let version = client.version(&id).await;
    let correction = Correction::new(&id, &version, "NAME", "見本 次郎").with("noDocument", Value::Null);
    let answer = client.correct(&correction).await;
    let needed = [("attachments".to_owned(), "evidence_required".to_owned())];
    assert_eq!(answer.problems("correctDeclaration"), needed);
    let file = uploaded(&client, ("declaration", &id), "C:\\戸籍.PDF", PDF).await;
    let missing = Client::send(client.attachment(&file)).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND, "nothing names it yet");
    let correction = correction.with("attachments", json!([file]));
    for _ in 0..2 {
        let answer = client.correct(&correction).await;
        assert_eq!(
            answer.at("/correctDeclaration/__typename"),
            "DeclarationChanged",
            "{answer:?}"
        );
    }
    let evidence = newest_evidence(&client, &id).await;
    let named = json!([{ "id": file, "kind": "PDF", "size": PDF.len(), "name": { "__typename": "OpenText", "text": "戸籍.PDF" } }]);
    assert_eq!(evidence["attachments"], named);
    let database = office.database().await;
    let records = database::read_records(&database).await;
    let reads =
        "SELECT count(*) FROM read_record WHERE purpose = 'console:attachment' AND field_class = 'free_text'";
    assert_eq!(database::numbers(&records, reads).await, [0]);
    let given = Client::send(client.attachment(&file)).await;
    assert_eq!(given.status, StatusCode::OK);
    assert_eq!(given.body.as_str().map(str::as_bytes), Some(PDF));
    assert_eq!(given.header("content-type"), "application/pdf");
    assert_eq!(
        given.header("content-disposition"),
        "attachment; filename*=UTF-8''%E6%88%B8%E7%B1%8D.PDF"
    );
    assert_eq!(
        given.header("content-security-policy"),
        "default-src 'none'; sandbox; frame-ancestors 'none'"
    );
    assert_eq!(given.header("x-content-type-options"), "nosniff");
    assert_eq!(given.header("cache-control"), "no-store");
    assert_eq!(database::numbers(&records, reads).await, [1]);
    database::execute(&database, "UPDATE attachment_chunk SET seq = seq + 1").await;
    let other = uploaded(&client, ("declaration", &id), "別.pdf", b"%PDF-1.7 other").await;
    let swap = "UPDATE attachment_chunk SET attachment_id = (SELECT id FROM attachment WHERE uploaded_at = \
                (SELECT min(uploaded_at) FROM attachment)) WHERE seq = 0";
    database::execute(&database, swap).await;
    let damaged = Client::send(client.attachment(&file)).await;
    assert_eq!(
        damaged.fault(),
        Some("INTERNAL"),
        "bytes that the log does not name: {other}"
    );
}

async fn t41b_what_is_no_document_is_refused_at_its_field(engine: Engine) {
    let Desk {
        client,
        id,
        server: _server,
        office: _office,
    } = desk(engine).await;
    let of = ("declaration", id.as_str());
    let code = async |name: &str, bytes: Vec<u8>| {
        let answer = Client::send(client.upload(of, name, bytes)).await;
        assert_eq!(answer.body["problem"]["field"], "attachments", "{answer:?}");
        let message = answer.body["problem"]["message"].as_str().expect("a sentence");
        assert!(message.ends_with('。'), "{message}");
        answer.body["problem"]["code"]
            .as_str()
            .expect("a code")
            .to_owned()
    };
    assert_eq!(code("申込.pdf", b"MZ\x90\x00".to_vec()).await, "attachment_kind");
    assert_eq!(code("空.pdf", Vec::new()).await, "attachment_empty");
    assert_eq!(
        code("表.xlsx", b"PK\x03\x04zip".to_vec()).await,
        "attachment_kind"
    );
    let large = [PDF.to_vec(), vec![b'a'; 50 * 1024 * 1024]].concat();
    assert_eq!(code("大.pdf", large).await, "attachment_too_large");
    assert_eq!(
        code("a\u{202e}fdp.exe", PDF.to_vec()).await,
        "direction_character"
    );
    assert_eq!(code("a\u{200b}.pdf", PDF.to_vec()).await, "invisible_character");
    assert_eq!(code(&"長".repeat(10_000), PDF.to_vec()).await, "too_long");
    let nothing = client
        .path(reqwest::Method::POST, "/uploads")
        .header("sec-fetch-site", "same-origin");
    let nothing = nothing.header("content-type", "application/octet-stream");
    assert_eq!(Client::send(nothing).await.fault(), Some("VALIDATION"));
    let unknown = Uuid::new_v4().to_string();
    let unknown = client.upload(("declaration", &unknown), "a.pdf", PDF);
    assert_eq!(Client::send(unknown).await.fault(), Some("VALIDATION"));
}

async fn t42_files_are_taken_from_and_given_to_our_own_pages_and_those_with_the_right_only(engine: Engine) {
    let Desk {
        office,
        client,
        id,
        server,
    } = desk(engine).await;
    let of = ("declaration", id.as_str());
    let foreign = client
        .upload(of, "a.pdf", PDF)
        .header("sec-fetch-site", "cross-site");
    assert_eq!(Client::send(foreign).await.fault(), Some("CROSS_SITE"));
    let form = client.path(reqwest::Method::POST, &format!("/uploads?declaration={id}"));
    let form = form
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "text/plain");
    assert_eq!(
        Client::send(form.body("%PDF-")).await.fault(),
        Some("UNSUPPORTED_MEDIA_TYPE")
    );
    let nobody = server.client();
    assert_eq!(
        Client::send(nobody.upload(of, "a.pdf", PDF)).await.fault(),
        Some("UNAUTHENTICATED")
    );
    let file = uploaded(&client, of, "a.pdf", PDF).await;
    let version = client.version(&id).await;
    let correction = Correction::new(&id, &version, "CITY", "べつの市").with("attachments", json!([file]));
    let answer = client.correct(&correction).await;
    assert_eq!(answer.at("/correctDeclaration/__typename"), "DeclarationChanged");
    assert_eq!(
        Client::send(nobody.attachment(&file)).await.fault(),
        Some("UNAUTHENTICATED")
    );
    let linked = client.path(reqwest::Method::GET, &format!("/attachments/{file}"));
    let linked = linked.header("sec-fetch-site", "cross-site");
    assert_eq!(Client::send(linked).await.fault(), Some("CROSS_SITE"));
    let other = client.path(reqwest::Method::DELETE, &format!("/attachments/{file}"));
    assert_eq!(Client::send(other).await.fault(), Some("METHOD_NOT_ALLOWED"));
    // Whoever has no right to what is personal has no way to a file either.
    let viewer = server.member(&office, "viewer").await;
    let refused = Client::send(viewer.attachment(&file)).await;
    assert_eq!(
        (refused.status, refused.fault()),
        (StatusCode::FORBIDDEN, Some("FORBIDDEN"))
    );
    let refused = Client::send(viewer.upload(of, "a.pdf", PDF)).await;
    assert_eq!(
        (refused.status, refused.fault()),
        (StatusCode::FORBIDDEN, Some("FORBIDDEN"))
    );
}

async fn a_file_of_another_record_or_another_person_is_not_attached(engine: Engine) {
    let Desk {
        office,
        client,
        id,
        server: _server,
    } = desk(engine).await;
    let command = Uuid::new_v4().to_string();
    let elsewhere = uploaded(&client, ("command", &command), "a.pdf", PDF).await;
    let version = client.version(&id).await;
    let correction =
        |file: &str| Correction::new(&id, &version, "CITY", "べつの市").with("attachments", json!([file]));
    let gone = [("attachments".to_owned(), "attachment_gone".to_owned())];
    for file in [elsewhere.as_str(), &Uuid::new_v4().to_string()] {
        assert_eq!(
            client
                .correct(&correction(file))
                .await
                .problems("correctDeclaration"),
            gone
        );
    }
    assert_eq!(
        client
            .correct(&correction("x"))
            .await
            .problems("correctDeclaration"),
        [("attachments".to_owned(), "shape".to_owned())]
    );
    let file = uploaded(&client, ("declaration", &id), "a.pdf", PDF).await;
    let database = office.database().await;
    let old = "UPDATE attachment SET uploaded_at = uploaded_at - 82800000000";
    database::execute(&database, old).await;
    assert_eq!(
        client
            .correct(&correction(&file))
            .await
            .problems("correctDeclaration"),
        gone
    );
}

fn declaring(command: &str, of: u32, more: &Value) -> Value {
    let number = corporate_number(of);
    let fields = json!([
        { "field": "CORPORATE_NUMBER", "value": number }, { "field": "NAME", "value": "株式会社みほん製作所" },
        { "field": "NAME_KANA", "value": "ミホンセイサクショ" }, { "field": "REPRESENTATIVE_NAME", "value": "見本 太郎" },
        { "field": "POSTAL_CODE", "value": "100-0000" }, { "field": "PREFECTURE", "value": "東京都" },
        { "field": "CITY", "value": "みほん市" }, { "field": "STREET", "value": "1-2-3" },
        { "field": "INDUSTRY", "value": "E" }, { "field": "EMPLOYEES", "value": "8" },
        { "field": "CONTACT_NAME", "value": "見本 花子" }, { "field": "CONTACT_EMAIL", "value": "hanako@example.jp" },
        { "field": "CONTACT_PHONE", "value": "03-0000-0000" }, { "field": "PUBLISH_CONSENT", "value": "同意" },
    ]);
    let mut input = json!({ "commandId": command, "entityType": "CORPORATION", "star": "ONE", "pledgeVersion": "SIX_RULES",
        "fields": fields, "reason": "申込書を郵送で受領", "noDocument": "申込書は返送した" });
    for (key, value) in more.as_object().expect("an object") {
        input[key] = value.clone();
    }
    input
}

const MAKE: &str = "mutation($input: MakeDeclarationInput!) { makeDeclaration(input: $input) { __typename \
     ... on DeclarationMade { declarationId number position version } ... on AlreadyLive { declarationId number } \
     ... on InvalidInput { problems { field code message } } } }";

async fn staff_declare_for_an_organisation_with_its_form_attached(engine: Engine) {
    let Desk {
        client,
        server: _server,
        office: _office,
        ..
    } = desk(engine).await;
    let command = Uuid::new_v4().to_string();
    let file = uploaded(&client, ("command", &command), "申込書.pdf", PDF).await;
    let input = declaring(&command, 1, &json!({ "noDocument": null, "attachments": [file] }));
    let made = client.graphql(MAKE, json!({ "input": input })).await;
    assert_eq!(
        made.at("/makeDeclaration/__typename"),
        "DeclarationMade",
        "{made:?}"
    );
    let number = made
        .at("/makeDeclaration/number")
        .as_str()
        .expect("a number")
        .to_owned();
    assert!(number.len() == 11 && number.starts_with('5'), "{number}");
    let again = client.graphql(MAKE, json!({ "input": input })).await;
    assert_eq!(
        again.at("/makeDeclaration/number"),
        number.as_str(),
        "a retry has the same number"
    );
    let id = made.at("/makeDeclaration/declarationId").as_str().expect("an id");
    let evidence = newest_evidence(&client, id).await;
    assert_eq!(evidence["attachments"][0]["name"]["text"], "申込書.pdf");
    assert_eq!(
        Client::send(client.attachment(&file)).await.status,
        StatusCode::OK
    );
    // The same form in another tab.
    let other = declaring(&Uuid::new_v4().to_string(), 1, &json!({}));
    let live = client.graphql(MAKE, json!({ "input": other })).await;
    assert_eq!(live.at("/makeDeclaration/__typename"), "AlreadyLive");
    assert_eq!(live.at("/makeDeclaration/number"), number.as_str());
    // The same command for something else.
    let other = declaring(&command, 2, &json!({}));
    let reused = client.graphql(MAKE, json!({ "input": other })).await;
    assert_eq!(
        reused.problems("makeDeclaration"),
        [("commandId".to_owned(), "command_reused".to_owned())]
    );
}

async fn what_is_wrong_with_a_declaration_stands_at_its_fields(engine: Engine) {
    let Desk {
        office,
        client,
        server: _server,
        ..
    } = desk(engine).await;
    let before = events(&office).await;
    let problems = async |field: &str, value: &str| {
        let mut input = declaring(&Uuid::new_v4().to_string(), 3, &json!({}));
        let fields = input["fields"].as_array_mut().expect("a list");
        fields.retain(|entry| entry["field"] != field);
        fields.push(json!({ "field": field, "value": value }));
        let answer = client.graphql(MAKE, json!({ "input": input })).await;
        answer.problems("makeDeclaration")
    };
    for (field, value, code) in [
        ("NAME", "見\u{202e}本", "direction_character"),
        ("NAME", "見\u{200b}本", "invisible_character"),
        ("CITY", "", "required"),
        (
            "CORPORATE_NUMBER",
            "7999901000002",
            "corporate_number_check_digit",
        ),
        ("POSTAL_CODE", "1", "postal_code_unreadable"),
        ("DECLARATION_NO", "59990000017", "not_typed"),
    ] {
        assert_eq!(
            problems(field, value).await,
            [(format!("changes.{field}"), code.to_owned())]
        );
    }
    let long = "長".repeat(10_000);
    assert_eq!(
        problems("NAME", &long).await,
        [("changes.NAME".to_owned(), "too_long".to_owned())]
    );
    let input = declaring(
        &Uuid::new_v4().to_string(),
        3,
        &json!({ "star": "TWO", "reason": "", "noDocument": "" }),
    );
    let answer = client.graphql(MAKE, json!({ "input": input })).await;
    let paths: Vec<String> = answer
        .problems("makeDeclaration")
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(
        paths,
        [
            "changes.DIAGNOSIS_SCORE",
            "changes.POLICY_URL",
            "attachments",
            "reason"
        ],
        "all at once"
    );
    assert_eq!(events(&office).await, before, "nothing was written");
}

async fn a_verification_names_a_document_that_was_changed_or_is_gone(engine: Engine) {
    let Desk {
        office,
        client,
        id,
        server,
    } = desk(engine).await;
    let file = uploaded(&client, ("declaration", &id), "戸籍.pdf", PDF).await;
    let correction = Correction::new(&id, &client.version(&id).await, "NAME", "見本 次郎");
    let correction = correction
        .with("noDocument", Value::Null)
        .with("attachments", json!([file]));
    let answer = client.correct(&correction).await;
    assert_eq!(
        answer.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{answer:?}"
    );
    drop(server);
    let sound = office.run(&["verify", "--json"]).ok().json();
    assert_eq!(sound["documents"], 1);
    assert_eq!(sound["damaged_documents"], json!([]));
    let database = office.database().await;
    let flip = match engine {
        Engine::Sqlite => {
            "UPDATE attachment_chunk SET bytes = unhex(hex(substr(bytes, 1, 20)) || \
             CASE hex(substr(bytes, 21, 1)) WHEN '00' THEN '01' ELSE '00' END || hex(substr(bytes, 22)))"
        }
        Engine::Postgres => {
            "UPDATE attachment_chunk SET bytes = set_byte(bytes, 20, get_byte(bytes, 20) # 1)"
        }
    };
    for (statement, kind) in [(flip, "changed"), ("DELETE FROM attachment_chunk", "missing")] {
        assert_eq!(database::execute(&database, statement).await, 1);
        let found = office.run(&["verify", "--json"]);
        assert_eq!(found.code, 9, "{found:?}");
        let damaged = &found.json()["damaged_documents"][0];
        assert_eq!(damaged["kind"], kind);
        assert_eq!(damaged["id"], json!(file));
        assert_eq!(damaged["declaration"], NUMBER);
        let told = office.run(&["verify"]);
        assert!(
            told.stderr.contains(&file) && told.stderr.contains(NUMBER),
            "{told:?}"
        );
        assert!(
            !told.stdout.contains("戸籍"),
            "a name is for those who may read it: {told:?}"
        );
    }
}

async fn t55_a_file_is_stored_sealed_in_pieces(engine: Engine) {
    let Desk {
        office,
        client,
        id,
        server: _server,
    } = desk(engine).await;
    let large = [PDF.to_vec(), b"kin-shi-jaku ".repeat(60_000)].concat();
    let file = uploaded(&client, ("declaration", &id), "戸籍.pdf", &large).await;
    let version = client.version(&id).await;
    let correction = Correction::new(&id, &version, "NAME", "見本 次郎");
    let correction = correction
        .with("noDocument", Value::Null)
        .with("attachments", json!([file]));
    let answer = client.correct(&correction).await;
    assert_eq!(
        answer.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{answer:?}"
    );
    let database = office.database().await;
    let sizes = database::numbers(
        &database,
        "SELECT CAST(length(bytes) AS BIGINT) FROM attachment_chunk ORDER BY seq",
    )
    .await;
    assert!(sizes.len() > 2, "in pieces: {sizes:?}");
    let plain = match engine {
        Engine::Sqlite => {
            "SELECT count(*) FROM attachment_chunk WHERE instr(bytes, CAST('kin-shi' AS BLOB)) > 0"
        }
        Engine::Postgres => {
            "SELECT count(*) FROM attachment_chunk WHERE position('kin-shi'::bytea IN bytes) > 0"
        }
    };
    assert_eq!(database::numbers(&database, plain).await, [0]);
    let given = Client::send(client.attachment(&file)).await;
    assert_eq!(given.body.as_str().map(str::len), Some(large.len()));
    // It moves with a backup, also to the other engine.
    office.run(&["backup", "--to", "one.tar", "--expires", "30"]).ok();
    let path = office.folder().join("one.tar");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let to = Office::new(engine).await;
        to.take_key_of(&office);
        to.run(&["restore", path.to_str().expect("a path")]).ok();
        let server = to.serve();
        let client = server.member(&to, "registrar").await;
        let given = Client::send(client.attachment(&file)).await;
        assert_eq!(given.body.as_str().map(str::len), Some(large.len()), "{engine:?}");
    }
}

/// Attaches a file to a correction.
async fn attached(client: &Client, id: &str, city: &str) -> String {
    let file = uploaded(client, ("declaration", id), "戸籍.pdf", PDF).await;
    let correction = Correction::new(id, &client.version(id).await, "CITY", city);
    let answer = client
        .correct(&correction.with("attachments", json!([file])))
        .await;
    assert_eq!(
        answer.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{answer:?}"
    );
    file
}

async fn t55_whoever_forgets_the_free_text_of_a_record_forgets_its_files(engine: Engine) {
    let Desk {
        office,
        client,
        id,
        server: _server,
    } = desk(engine).await;
    let file = attached(&client, &id, "べつの市").await;
    let waiting = uploaded(&client, ("declaration", &id), "後.pdf", PDF).await;
    let forget = [
        "forget",
        "--declaration",
        NUMBER,
        "--person",
        "remarks",
        "--reason",
        "本人の求め",
        "--yes",
    ];
    office.run(&forget).ok();
    let gone = Client::send(client.attachment(&file)).await;
    assert_eq!(gone.status, StatusCode::GONE, "{gone:?}");
    let answer = client.graphql(HISTORY, json!({ "id": id })).await;
    assert!(!answer.body.to_string().contains("戸籍"), "{answer:?}");
    let correction = Correction::new(&id, &client.version(&id).await, "CITY", "また別の市");
    let answer = client
        .correct(&correction.with("attachments", json!([waiting])))
        .await;
    assert_eq!(
        answer.problems("correctDeclaration"),
        [("attachments".to_owned(), "attachment_gone".to_owned())]
    );
}

async fn a_file_that_no_change_names_is_removed_after_a_day_and_another_stays(engine: Engine) {
    let Desk {
        office,
        client,
        id,
        server,
    } = desk(engine).await;
    let named = attached(&client, &id, "べつの市").await;
    uploaded(&client, ("declaration", &id), "余り.pdf", PDF).await;
    let database = office.database().await;
    let left = "SELECT count(*) FROM attachment UNION ALL SELECT count(DISTINCT attachment_id) FROM attachment_chunk";
    assert_eq!(database::numbers(&database, left).await, [2, 2]);
    drop(server);
    database::execute(
        &database,
        "UPDATE attachment SET uploaded_at = uploaded_at - 86400000000",
    )
    .await;
    // It cleans when it starts, beside its other work.
    let server = office.serve();
    let client = server.member(&office, "registrar").await;
    while database::numbers(&database, left).await != [1, 1] {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        Client::send(client.attachment(&named)).await.status,
        StatusCode::OK
    );
}
