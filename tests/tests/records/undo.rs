//! Stops to come, and changes that are taken back.

use serde_json::{Value, json};
use tests::{Answer, Correction, Engine, Row, corporate_number, on_both_engines};

use super::{DETAIL, Desk, NUMBER, last, with_two_stars};

on_both_engines!(
    a_stop_to_come_is_shown_and_taken_back,
    a_change_is_taken_back_and_the_history_says_so,
    an_undoing_is_refused_where_something_rests_on_the_change,
    a_return_beside_another_declaration_names_its_number,
    what_somebody_may_not_do_they_may_not_take_back,
);

async fn undo(desk: &Desk, position: &str) -> Answer {
    desk.change(
        "undoChange",
        json!({ "position": position, "reason": "入力誤り" }),
    )
    .await
}

async fn what_somebody_may_not_do_they_may_not_take_back(engine: Engine) {
    let desk = Desk::open(engine).await;
    let support = desk.server.member(&desk.office, "support").await;
    let stop = json!({ "kind": "CLOSED", "dayUnknown": true, "reason": "廃業の届出" });
    let stopped = desk.must("stopDeclaration", stop).await;
    let undo = |position: &str| desk.input(json!({ "position": position, "reason": "入力誤り" }));
    let refused = support.change("undoChange", &undo(&stopped).await).await;
    assert_eq!(refused.fault(), Some("FORBIDDEN"), "{refused:?}");
    assert_eq!(
        refused.body["errors"][0]["extensions"]["permission"],
        "STOP_DECLARATION"
    );
    let query = json!({ "id": desk.id });
    let seen = support.graphql(DETAIL, query.clone()).await;
    assert_eq!(last(seen.at("/declaration"))["undoUntil"], Value::Null);
    assert!(last(&desk.detail().await)["undoUntil"].is_string());
    // Their own kind of change they take back.
    let contact = json!({ "changes": [{ "field": "CONTACT_NAME", "value": "見本 次郎" }] });
    let changed = support.change("changeContact", &desk.input(contact).await).await;
    let position = Desk::made("changeContact", &changed);
    let seen = support.graphql(DETAIL, query).await;
    assert!(last(seen.at("/declaration"))["undoUntil"].is_string());
    let undone = support.change("undoChange", &undo(&position).await).await;
    Desk::made("undoChange", &undone);
}

async fn a_stop_to_come_is_shown_and_taken_back(engine: Engine) {
    let desk = Desk::open(engine).await;
    let ahead = |days: i64| tests::in_days(days)[..10].to_owned();
    let stop = |on: String| json!({ "kind": "CLOSED", "on": on, "reason": "廃業の予定" });
    desk.refused("stopDeclaration", stop(ahead(1000)), "on", "too_late")
        .await;
    desk.must("stopDeclaration", stop(ahead(30))).await;
    let detail = desk.detail().await;
    assert_eq!(detail["state"], "ACTIVE");
    assert_eq!(detail["stop"], Value::Null);
    assert_eq!(
        detail["plannedStop"],
        json!({ "kind": "CLOSED", "on": ahead(30) })
    );
    // Another day takes its place, and it is live all the while.
    desk.must("stopDeclaration", stop(ahead(10))).await;
    assert_eq!(desk.detail().await["plannedStop"]["on"], ahead(10));
    desk.must("unpublishDeclaration", json!({ "reason": "本人の希望" }))
        .await;
    let position = desk
        .must("reinstateDeclaration", json!({ "reason": "予定の変更" }))
        .await;
    let detail = desk.detail().await;
    assert_eq!(detail["plannedStop"], Value::Null);
    assert_eq!(detail["state"], "ACTIVE");
    let live = "query($at: Position!) { declarations(first: 1, atLeast: $at, filter: { states: [ACTIVE] }) { \
                ... on DeclarationConnection { total { count } } } }";
    let page = desk.client.graphql(live, json!({ "at": position })).await;
    assert_eq!(page.at("/declarations/total/count"), 1);
}

async fn a_change_is_taken_back_and_the_history_says_so(engine: Engine) {
    let desk = Desk::open(engine).await;
    let version = desk.client.version(&desk.id).await;
    let correction = Correction::new(&desk.id, &version, "CITY", "別の市");
    let position = Desk::made("correctDeclaration", &desk.client.correct(&correction).await);
    let detail = desk.detail().await;
    assert!(last(&detail)["undoUntil"].is_string(), "{detail}");
    let input = desk
        .input(json!({ "position": position, "reason": "入力誤り" }))
        .await;
    let undone = desk.client.change("undoChange", &input).await;
    let at = Desk::made("undoChange", &undone);
    let detail = desk.detail().await;
    assert_eq!(detail["city"]["typed"], "みほん市");
    let history = detail["history"].as_array().expect("a list");
    assert_eq!(history.len(), 3, "nothing is deleted");
    assert_eq!(history[1]["undoneBy"], json!(at));
    assert_eq!(history[1]["undoUntil"], Value::Null);
    assert_eq!(history[2]["kind"], "UNDONE");
    assert_eq!(history[2]["undoes"], json!(position));
    assert_eq!(history[2]["reason"]["text"], "入力誤り");
    // A retry has the first answer.
    let again = desk.client.change("undoChange", &input).await;
    assert_eq!(again.at("/undoChange"), undone.at("/undoChange"));

    // Each other kind of change, and the state before it.
    with_two_stars(&desk).await;
    let before = |detail: &Value| {
        let mut before = detail.clone();
        for key in ["version", "history"] {
            before[key] = Value::Null;
        }
        before
    };
    let contact = json!({ "changes": [{ "field": "CONTACT_NAME", "value": "見本 次郎" }] });
    let diagnosis = json!({ "questionnaire": "25-v3", "score": "90", "doneOn": "2024-03-01" });
    let policy = json!({ "medium": "PAMPHLET", "on": "2024-03-01" });
    let reason = json!({ "reason": "届出" });
    let changes = [
        ("changeContact", contact),
        ("recordDiagnosis", diagnosis),
        ("recordPolicy", policy),
        ("stepDown", reason.clone()),
        ("withdrawPolicy", json!({ "stepDown": true, "reason": "届出" })),
        (
            "stopDeclaration",
            json!({ "kind": "CLOSED", "dayUnknown": true, "reason": "届出" }),
        ),
        (
            "stopDeclaration",
            json!({ "kind": "CLOSED", "on": "2024-04-01", "reason": "届出" }),
        ),
        ("unpublishDeclaration", reason.clone()),
        ("suspendLogo", reason),
        ("raiseFlag", json!({ "flag": "EMAIL_MISSING", "reason": "届出" })),
    ];
    for (name, input) in changes {
        let was = before(&desk.detail().await);
        let position = desk.must(name, input.clone()).await;
        assert_ne!(before(&desk.detail().await), was, "{name}");
        Desk::made("undoChange", &undo(&desk, &position).await);
        assert_eq!(before(&desk.detail().await), was, "{name} {input}");
    }
}

async fn an_undoing_is_refused_where_something_rests_on_the_change(engine: Engine) {
    let desk = Desk::open(engine).await;
    let first = desk.detail().await["history"][0]["position"].clone();
    let refused = async |position: &str, code: &str| {
        let answer = undo(&desk, position).await;
        let expected = [("position".to_owned(), code.to_owned())];
        assert_eq!(answer.problems("undoChange"), expected);
    };
    refused(first.as_str().expect("a position"), "not_undoable").await;
    refused("1000000", "not_undoable").await;
    let note = desk.must("addNote", json!({ "text": "電話あり" })).await;
    refused(&note, "not_undoable").await;
    with_two_stars(&desk).await;
    let detail = desk.detail().await;
    let of = |kind: &str| {
        let history = detail["history"].as_array().expect("a list");
        let found = history.iter().find(|entry| entry["kind"] == kind);
        found.expect("an entry")["position"]
            .as_str()
            .expect("a position")
            .to_owned()
    };
    refused(&of("DIAGNOSIS_RECORDED"), "changed_since").await;
    let step = of("STEPPED_UP");
    Desk::made("undoChange", &undo(&desk, &step).await);
    refused(&step, "already_undone").await;
    let undone = last(&desk.detail().await)["position"].clone();
    refused(undone.as_str().expect("a position"), "not_undoable").await;
    // What the step had rested on can go now.
    Desk::made("undoChange", &undo(&desk, &of("DIAGNOSIS_RECORDED")).await);
    assert_eq!(desk.detail().await["diagnosis"], Value::Null);
}

async fn a_return_beside_another_declaration_names_its_number(engine: Engine) {
    const OTHER: &str = "47000000003";
    let row = |number: &str| Row::corporation(number).with("法人番号", &corporate_number(1));
    let desk = Desk::with(engine, &[row(NUMBER), row(OTHER)]).await;
    let stop = json!({ "kind": "CLOSED", "on": "2024-04-01", "reason": "廃業の届出" });
    let stopped = desk.must("stopDeclaration", stop).await;
    let back = json!({ "on": "2024-05-01", "reason": "誤り" });
    let answer = desk.change("reinstateDeclaration", back).await;
    let expected = [("declarationId".to_owned(), "already_live".to_owned())];
    assert_eq!(answer.problems("reinstateDeclaration"), expected);
    let message = answer.at("/reinstateDeclaration/problems/0/message");
    assert!(message.as_str().expect("a text").contains(OTHER), "{message}");
    let answer = undo(&desk, &stopped).await;
    assert_eq!(answer.problems("undoChange"), expected);
}
