//! Every change of one declaration through the API, on both engines: what it does, what it refuses with which sentence at which
//! place, and that nothing is half done.

use serde_json::{Value, json};
use tests::{Answer, Client, Correction, Engine, Office, Row, Server, database, on_both_engines, register};

#[path = "records/look_up.rs"]
mod look_up;
#[path = "records/steps.rs"]
mod steps;
#[path = "records/succession.rs"]
mod succession;
#[path = "records/undo.rs"]
mod undo;

on_both_engines!(
    contact_data_is_changed_since_a_day,
    the_way_to_two_stars_is_diagnosis_policy_step,
    a_policy_that_is_not_on_the_web_is_recorded_in_words,
    a_declaration_is_stopped_and_brought_back,
    a_declaration_is_shown_and_no_longer_shown,
    a_warning_is_raised_and_cleared_and_a_note_written,
    every_refusal_is_a_sentence_at_its_place_and_writes_nothing,
    a_stale_change_is_told_what_happened_meanwhile,
    a_form_that_two_tabs_submit_is_one_change,
);

const NUMBER: &str = "47000000002";

/// Texts that nobody may type anywhere, and the code that says so.
const BAD_TEXTS: [(&str, &str); 4] = [
    ("み\u{202E}ほん", "direction_character"),
    ("み\u{200B}ほん", "invisible_character"),
    ("み\u{0007}ほん", "control_character"),
    ("み\u{E0041}ほん", "tag_character"),
];

/// One record, its office, and somebody who may change it.
struct Desk {
    office: Office,
    server: Server,
    client: Client,
    id: String,
}

impl Desk {
    async fn open(engine: Engine) -> Self {
        Self::with(engine, &[Row::corporation(NUMBER)]).await
    }

    /// At the first of these records.
    async fn with(engine: Engine, rows: &[Row]) -> Self {
        let office = Office::new(engine).await;
        office.import(&register(rows));
        let mut server = office.serve();
        let client = server.administrator().await;
        let id = client.find(NUMBER).await;
        Self {
            office,
            server,
            client,
            id,
        }
    }

    /// An input for the newest version, with these keys.
    async fn input(&self, more: Value) -> Value {
        let mut input = json!({
            "commandId": uuid::Uuid::new_v4(),
            "declarationId": self.id,
            "expectedVersion": self.client.version(&self.id).await,
        });
        for (key, value) in more.as_object().expect("an object") {
            input[key] = value.clone();
        }
        input
    }

    async fn change(&self, name: &str, more: Value) -> Answer {
        self.client.change(name, &self.input(more).await).await
    }

    /// A change that must be made; the position of its last event.
    #[track_caller]
    fn made(name: &str, answer: &Answer) -> String {
        let outcome = answer.at(&format!("/{name}"));
        assert_eq!(outcome["__typename"], "DeclarationChanged", "{answer:?}");
        outcome["position"].as_str().expect("a position").to_owned()
    }

    async fn must(&self, name: &str, more: Value) -> String {
        Self::made(name, &self.change(name, more).await)
    }

    /// A change that must be refused, with one problem.
    async fn refused(&self, name: &str, more: Value, field: &str, code: &str) {
        let shown = more.to_string();
        let answer = self.change(name, more).await;
        let expected = [(field.to_owned(), code.to_owned())];
        assert_eq!(answer.problems(name), expected, "{name} {shown}");
        let message = answer.at(&format!("/{name}/problems/0/message"));
        let message = message.as_str().expect("a text");
        assert!(!message.is_ascii() && message.ends_with('。'), "{message}");
    }

    async fn detail(&self) -> Value {
        let answer = self.client.graphql(DETAIL, json!({ "id": self.id })).await;
        answer.at("/declaration").clone()
    }

    async fn events(&self) -> i64 {
        let database = self.office.database().await;
        database::numbers(&database, "SELECT COUNT(*) FROM event").await[0]
    }
}

const DETAIL: &str = "query($id: ID!) { declaration(id: $id) { ... on Declaration { version state published star flags \
     stop { kind on } plannedStop { kind on } logoAllowed diagnosisScore { typed } diagnosisBand \
     diagnosis { questionnaire doneOn answers } city { typed } policyUrl { typed } policyMedium policyPublishedOn { typed value } \
     contact { ... on Contact { name { typed } email { typed } } } \
     history { position kind effectiveAt flag undoes undoneBy undoUntil command reason { ... on OpenText { text } } note { ... on OpenText { text } } } } } }";

fn last(detail: &Value) -> &Value {
    detail["history"]
        .as_array()
        .expect("a list")
        .last()
        .expect("an entry")
}

async fn contact_data_is_changed_since_a_day(engine: Engine) {
    let desk = Desk::open(engine).await;
    let changes = json!([
        { "field": "CONTACT_NAME", "value": "見本 次郎" },
        { "field": "CONTACT_EMAIL", "value": "jiro@example.jp" },
    ]);
    desk.must(
        "changeContact",
        json!({ "changes": changes, "since": "2024-04-01", "reason": "担当者の交代" }),
    )
    .await;
    let detail = desk.detail().await;
    assert_eq!(detail["contact"]["name"]["typed"], "見本 次郎");
    assert_eq!(detail["contact"]["email"]["typed"], "jiro@example.jp");
    assert_eq!(last(&detail)["kind"], "CONTACT_CHANGED");
    assert_eq!(last(&detail)["effectiveAt"], "2024-04-01");
    assert_eq!(last(&detail)["reason"]["text"], "担当者の交代");

    let before = desk.events().await;
    let with = |field: &str, value: &str| json!({ "changes": [{ "field": field, "value": value }] });
    let refusals = [
        (with("CONTACT_NAME", "見本 次郎"), "changes", "unchanged"),
        (with("CITY", "別の市"), "changes.CITY", "not_contact"),
        (
            with("CONTACT_EMAIL", "example.jp"),
            "changes.CONTACT_EMAIL",
            "email_unreadable",
        ),
        (
            with("CONTACT_PHONE", "12"),
            "changes.CONTACT_PHONE",
            "phone_unreadable",
        ),
    ];
    for (input, field, code) in refusals {
        desk.refused("changeContact", input, field, code).await;
    }
    let long = with("CONTACT_NAME", &"長".repeat(10_000));
    desk.refused("changeContact", long, "changes.CONTACT_NAME", "too_long")
        .await;
    for (text, code) in BAD_TEXTS {
        let input = with("CONTACT_NAME", text);
        desk.refused("changeContact", input, "changes.CONTACT_NAME", code)
            .await;
    }
    for (since, code) in [
        ("2999-01-01", "in_the_future"),
        ("2020-03-31", "before_declaration"),
    ] {
        let mut input = with("CONTACT_NAME", "見本 三郎");
        input["since"] = json!(since);
        desk.refused("changeContact", input, "since", code).await;
    }
    assert_eq!(desk.events().await, before, "nothing was written");
}

async fn the_way_to_two_stars_is_diagnosis_policy_step(engine: Engine) {
    let desk = Desk::open(engine).await;
    desk.refused("stepUp", json!({}), "declarationId", "diagnosis_missing")
        .await;
    let diagnosis = |score: &str, on: &str| json!({ "questionnaire": "25-v3", "score": score, "doneOn": on });
    desk.refused(
        "recordDiagnosis",
        diagnosis("101", "2021-03-01"),
        "score",
        "score_unreadable",
    )
    .await;
    desk.refused(
        "recordDiagnosis",
        diagnosis("", "2021-03-01"),
        "score",
        "required",
    )
    .await;
    desk.refused(
        "recordDiagnosis",
        diagnosis("78", "2999-01-01"),
        "doneOn",
        "in_the_future",
    )
    .await;
    desk.refused(
        "recordDiagnosis",
        diagnosis("78", "2020-03-31"),
        "doneOn",
        "before_declaration",
    )
    .await;
    desk.must("recordDiagnosis", diagnosis("78", "2021-03-01")).await;
    desk.refused("stepUp", json!({}), "declarationId", "policy_missing")
        .await;
    let policy = |place: &str| json!({ "medium": "WEB", "place": place, "publishedOn": "令和3年4月1日", "on": "2021-04-01" });
    desk.refused("recordPolicy", policy("受付に掲示"), "place", "not_web_address")
        .await;
    desk.refused("recordPolicy", policy(""), "place", "required")
        .await;
    let long = format!("https://example.jp/{}", "a".repeat(10_000));
    desk.refused("recordPolicy", policy(&long), "place", "too_long")
        .await;
    desk.must("recordPolicy", policy("https://example.jp/policy"))
        .await;
    desk.refused(
        "recordPolicy",
        policy("https://example.jp/policy"),
        "changes",
        "unchanged",
    )
    .await;
    desk.refused("stepUp", json!({ "on": "2999-01-01" }), "on", "in_the_future")
        .await;
    desk.refused(
        "stepUp",
        json!({ "on": "2020-03-31" }),
        "on",
        "before_declaration",
    )
    .await;
    desk.must("stepUp", json!({ "on": "2021-05-01", "reason": "申し出により" }))
        .await;
    desk.refused("stepUp", json!({}), "declarationId", "already_two_stars")
        .await;
    let detail = desk.detail().await;
    assert_eq!(detail["star"], "TWO");
    assert_eq!(detail["diagnosisScore"]["typed"], "78");
    assert_eq!(detail["policyMedium"], "WEB");
    assert_eq!(detail["policyPublishedOn"]["value"], "2021-04-01");
    assert_eq!(last(&detail)["kind"], "STEPPED_UP");
    assert_eq!(last(&detail)["reason"]["text"], "申し出により");
}

async fn a_policy_that_is_not_on_the_web_is_recorded_in_words(engine: Engine) {
    let desk = Desk::open(engine).await;
    let policy = |medium: &str, place: &str| json!({ "medium": medium, "place": place });
    desk.must("recordPolicy", policy("PAPER_NOTICE", "本社1階の受付"))
        .await;
    let detail = desk.detail().await;
    assert_eq!(detail["policyMedium"], "PAPER_NOTICE");
    assert_eq!(detail["policyUrl"]["typed"], "紙の掲示（本社1階の受付）");
    desk.must("recordPolicy", policy("PAMPHLET", "")).await;
    assert_eq!(desk.detail().await["policyMedium"], "PAMPHLET");
    desk.refused("recordPolicy", policy("OTHER", ""), "place", "required")
        .await;
    for (text, code) in BAD_TEXTS {
        desk.refused("recordPolicy", policy("OTHER", text), "place", code)
            .await;
    }
    desk.must("recordPolicy", policy("OTHER", "取引先への説明会"))
        .await;
    assert_eq!(desk.detail().await["policyMedium"], "OTHER");
}

async fn a_declaration_is_stopped_and_brought_back(engine: Engine) {
    let desk = Desk::open(engine).await;
    let stop = |on: Value| json!({ "kind": "CLOSED", "on": on, "reason": "廃業の届出" });
    desk.refused("stopDeclaration", stop(Value::Null), "on", "required")
        .await;
    desk.refused("stopDeclaration", stop(json!("2020-03-31")), "on", "too_early")
        .await;
    desk.refused(
        "reinstateDeclaration",
        json!({ "reason": "誤り" }),
        "declarationId",
        "not_stopped",
    )
    .await;
    desk.must("stopDeclaration", stop(json!("2024-04-01"))).await;
    let detail = desk.detail().await;
    assert_eq!(detail["state"], "STOPPED");
    assert_eq!(detail["stop"], json!({ "kind": "CLOSED", "on": "2024-04-01" }));
    desk.refused(
        "stopDeclaration",
        stop(json!("2024-05-01")),
        "declarationId",
        "already_stopped",
    )
    .await;
    desk.refused(
        "publishDeclaration",
        json!({}),
        "declarationId",
        "already_published",
    )
    .await;
    desk.refused("stepUp", json!({}), "declarationId", "not_live")
        .await;
    let back = |on: &str| json!({ "on": on, "reason": "停止の届け出は誤りだったため" });
    desk.refused("reinstateDeclaration", back("2024-03-31"), "on", "too_early")
        .await;
    desk.refused("reinstateDeclaration", back("2999-01-01"), "on", "in_the_future")
        .await;
    desk.must("reinstateDeclaration", back("2024-05-01")).await;
    let detail = desk.detail().await;
    assert_eq!(detail["state"], "ACTIVE");
    assert_eq!(detail["stop"], Value::Null);
}

async fn a_declaration_is_shown_and_no_longer_shown(engine: Engine) {
    let desk = Desk::open(engine).await;
    desk.refused(
        "publishDeclaration",
        json!({}),
        "declarationId",
        "already_published",
    )
    .await;
    desk.must("unpublishDeclaration", json!({ "reason": "本人の希望" }))
        .await;
    assert_eq!(desk.detail().await["published"], false);
    desk.refused(
        "unpublishDeclaration",
        json!({ "reason": "本人の希望" }),
        "declarationId",
        "not_published",
    )
    .await;
    desk.must("publishDeclaration", json!({ "reason": "希望の取り下げ" }))
        .await;
    let detail = desk.detail().await;
    assert_eq!(detail["published"], true);
    assert_eq!(last(&detail)["kind"], "PUBLISHED");
    assert_eq!(last(&detail)["reason"]["text"], "希望の取り下げ");
    // Withdrawing the consent ends the publication, and there is none without it.
    let version = desk.client.version(&desk.id).await;
    let correction = Correction::new(&desk.id, &version, "PUBLISH_CONSENT", "同意しない");
    Desk::made("correctDeclaration", &desk.client.correct(&correction).await);
    desk.refused("publishDeclaration", json!({}), "declarationId", "no_consent")
        .await;
}

async fn a_warning_is_raised_and_cleared_and_a_note_written(engine: Engine) {
    let desk = Desk::open(engine).await;
    let flag = |reason: &str| json!({ "flag": "EMAIL_MISSING", "reason": reason });
    let version = desk.client.version(&desk.id).await;
    desk.must("raiseFlag", flag("宛先不明で戻った")).await;
    let detail = desk.detail().await;
    assert_eq!(
        detail["flags"],
        json!(["CORPORATE_NUMBER_MISSING", "EMAIL_MISSING"])
    );
    assert_eq!(detail["version"], version, "no fact was changed");
    desk.refused("raiseFlag", flag("もう一度"), "flag", "already_raised")
        .await;
    desk.must("clearFlag", flag("確認済み")).await;
    assert_eq!(desk.detail().await["flags"], json!(["CORPORATE_NUMBER_MISSING"]));
    desk.refused("clearFlag", flag("もう一度"), "flag", "not_raised")
        .await;
    let text = "電話で確認。\n担当は月曜日に出社。";
    desk.must("addNote", json!({ "text": text })).await;
    let detail = desk.detail().await;
    assert_eq!(last(&detail)["note"]["text"], text);
    desk.must("addNote", json!({ "text": "長".repeat(10_000) })).await;
    desk.refused(
        "addNote",
        json!({ "text": "長".repeat(10_001) }),
        "text",
        "too_long",
    )
    .await;
    desk.refused("addNote", json!({ "text": " \n" }), "text", "empty")
        .await;
    for (text, code) in BAD_TEXTS {
        desk.refused("addNote", json!({ "text": text }), "text", code)
            .await;
    }
}

/// Each change that asks why, with an input that is fine but for the reason.
fn with_reasons() -> Vec<(&'static str, Value, bool)> {
    let contact = json!({ "changes": [{ "field": "CONTACT_NAME", "value": "見本 次郎" }] });
    let diagnosis = json!({ "questionnaire": "25-v3", "score": "78", "doneOn": "2021-03-01" });
    let policy = json!({ "medium": "WEB", "place": "https://example.jp/another" });
    vec![
        ("changeContact", contact, false),
        ("recordDiagnosis", diagnosis, false),
        ("recordPolicy", policy, false),
        (
            "stopDeclaration",
            json!({ "kind": "CLOSED", "on": "2024-04-01" }),
            true,
        ),
        ("unpublishDeclaration", json!({}), true),
        ("raiseFlag", json!({ "flag": "EMAIL_MISSING" }), true),
    ]
}

async fn every_refusal_is_a_sentence_at_its_place_and_writes_nothing(engine: Engine) {
    let desk = Desk::open(engine).await;
    let before = desk.events().await;
    for (name, input, required) in with_reasons() {
        let with = |reason: &str| {
            let mut input = input.clone();
            input["reason"] = json!(reason);
            input
        };
        for (text, code) in BAD_TEXTS {
            desk.refused(name, with(text), "reason", code).await;
        }
        desk.refused(name, with(&"由".repeat(1_001)), "reason", "too_long")
            .await;
        desk.refused(name, with(&"由".repeat(10_000)), "reason", "too_long")
            .await;
        desk.refused(name, with(" \u{3000}\n"), "reason", "empty").await;
        if required {
            desk.refused(name, with(""), "reason", "empty").await;
        }
        let mut shapeless = desk.input(with("本人の申し出")).await;
        shapeless["commandId"] = json!("x");
        let answer = desk.client.change(name, &shapeless).await;
        assert_eq!(
            answer.problems(name),
            [("commandId".to_owned(), "shape".to_owned())]
        );
        for id in ["", "x", "01930000-0000-7000-8000-000000000001"] {
            let mut elsewhere = desk.input(with("本人の申し出")).await;
            elsewhere["declarationId"] = json!(id);
            let answer = desk.client.change(name, &elsewhere).await;
            assert_eq!(
                answer.at(&format!("/{name}")),
                &json!({ "__typename": "NotFound", "id": id })
            );
        }
    }
    assert_eq!(desk.events().await, before, "nothing was written");
}

async fn a_stale_change_is_told_what_happened_meanwhile(engine: Engine) {
    let desk = Desk::open(engine).await;
    let contact = |name: &str| json!({ "changes": [{ "field": "CONTACT_NAME", "value": name }] });
    let seen = desk.input(contact("見本 次郎")).await;
    let stale_stop = desk
        .input(json!({ "kind": "CLOSED", "on": "2024-04-01", "reason": "廃業の届出" }))
        .await;
    desk.must("changeContact", contact("見本 三郎")).await;
    let before = desk.events().await;
    let answer = desk.client.change("changeContact", &seen).await;
    let conflict = answer.at("/changeContact");
    assert_eq!(conflict["__typename"], "Conflict", "{answer:?}");
    assert_eq!(conflict["kind"], "CONTACT_CHANGED");
    let field = &conflict["fields"][0];
    assert_eq!(field["field"], "CONTACT_NAME");
    assert_eq!(field["theirs"]["text"], "見本 三郎");
    assert_eq!(field["mine"]["text"], "見本 次郎");
    let answer = desk.client.change("stopDeclaration", &stale_stop).await;
    let conflict = answer.at("/stopDeclaration");
    assert_eq!(conflict["__typename"], "Conflict", "{answer:?}");
    assert_eq!(conflict["fields"][0]["changedByMe"], false);
    assert_eq!(desk.events().await, before, "nothing was written");
    let mut redone = stale_stop;
    redone["expectedVersion"] = conflict["version"].clone();
    Desk::made(
        "stopDeclaration",
        &desk.client.change("stopDeclaration", &redone).await,
    );
}

async fn a_form_that_two_tabs_submit_is_one_change(engine: Engine) {
    let desk = Desk::open(engine).await;
    for (name, mut input, _) in with_reasons().into_iter().rev() {
        input["reason"] = json!("本人の申し出");
        let input = desk.input(input).await;
        let before = desk.events().await;
        let (one, other) = futures::join!(desk.client.change(name, &input), desk.client.change(name, &input));
        Desk::made(name, &one);
        assert_eq!(one.at(&format!("/{name}")), other.at(&format!("/{name}")));
        let written = desk.events().await;
        assert!(written > before);
        // Also later, and never as another change under the same id.
        let again = desk.client.change(name, &input).await;
        assert_eq!(again.at(&format!("/{name}")), one.at(&format!("/{name}")));
        let mut reused = input.clone();
        reused["reason"] = json!("別の理由");
        let answer = desk.client.change(name, &reused).await;
        let expected = [("commandId".to_owned(), "command_reused".to_owned())];
        assert_eq!(answer.problems(name), expected, "{name}");
        assert_eq!(desk.events().await, written);
        if name == "stopDeclaration" {
            desk.must(
                "reinstateDeclaration",
                json!({ "on": "2024-04-02", "reason": "誤り" }),
            )
            .await;
        }
    }
}

/// Two stars, by the commands.
async fn with_two_stars(desk: &Desk) {
    let diagnosis = json!({ "questionnaire": "25-v3", "score": "78", "doneOn": "2021-03-01" });
    desk.must("recordDiagnosis", diagnosis).await;
    let policy = json!({ "medium": "WEB", "place": "https://example.jp/policy", "on": "2021-04-01" });
    desk.must("recordPolicy", policy).await;
    desk.must("stepUp", json!({ "on": "2021-05-01" })).await;
}
