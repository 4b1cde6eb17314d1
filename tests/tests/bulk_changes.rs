//! Changes of many declarations at once, on the real binary: chosen, tried out, begun, and each record says what became of it.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{
    Answer, Client, Correction, Engine, Following, Office, Row, Server, Start, on_both_engines, register,
};
use uuid::Uuid;

on_both_engines!(
    a_warning_is_raised_on_many_records_and_each_says_what_became_of_it,
    the_history_of_a_record_names_the_bulk_change_and_so_does_the_sheet,
    what_somebody_changed_after_the_records_were_chosen_is_left_alone,
    a_filter_that_leaves_other_records_by_then_is_chosen_again,
    what_cannot_be_chosen_or_begun_is_said_in_words,
    two_windows_that_begin_one_bulk_change_begin_it_once,
    t52_more_records_than_one_person_may_change_wait_for_a_second_one,
    t52_what_was_agreed_to_is_void_when_the_filter_leaves_others_by_then,
    a_bulk_change_is_taken_back_where_nothing_later_rests_on_it,
    every_kind_of_bulk_change_goes_through_the_decision_of_one_record,
);

struct Desk {
    office: Office,
    server: Server,
    administrator: Client,
    log: Following,
    ids: Vec<String>,
}

/// An office with so many corporations, of which up to so many may be changed without a second person.
async fn desk(engine: Engine, records: usize, approval_above: &str) -> Desk {
    let office = Office::new(engine).await;
    let numbers: Vec<String> = (1..=records).map(|i| format!("47{i:09}")).collect();
    let rows: Vec<Row> = numbers.iter().map(|number| Row::corporation(number)).collect();
    office.import(&register(&rows));
    let environment = [("SENGEN_BULK_APPROVAL_ABOVE", approval_above)];
    let mut server = office.serve_with(&Start {
        environment: &environment,
        ..Start::default()
    });
    let administrator = server.administrator().await;
    let mut ids = Vec::new();
    for number in &numbers {
        ids.push(administrator.find(number).await);
    }
    let log = office.follow().await;
    Desk {
        office,
        server,
        administrator,
        log,
        ids,
    }
}

const FREEZE: &str = "mutation($input: FreezeBulkChangeInput!) { freezeBulkChange(input: $input) { __typename \
     ... on BulkChangeFrozen { id } ... on InvalidInput { problems { field code message } } } }";
const START: &str = "mutation($input: BulkChangeCommandInput!) { startBulkChange(input: $input) { __typename \
     ... on BulkNeedsApproval { count limit } ... on BulkSelectionChanged { now message } \
     ... on InvalidInput { problems { field code message } } } }";
const ONE: &str = "query($id: ID!) { bulkChange(id: $id) { action byFilter count needsApproval canBeUndone \
     content { reason { __typename ... on OpenText { text } } } approval { id status } undoneBy { id } \
     trial { state done total counts { outcome count } error { reason } } \
     run { jobId state done total counts { outcome count } error { reason } } } }";
const ROWS: &str = "query($id: ID!, $of: BulkPass!, $outcome: BulkOutcome) { \
     bulkChangeRows(id: $id, of: $of, outcome: $outcome, first: 200) { ... on BulkRowConnection { nodes { \
     ordinal declarationId number trial outcome code message differences { what before after } } } } }";

async fn freeze(client: &Client, selection: Value, change: Value) -> Answer {
    let input = json!({ "commandId": Uuid::new_v4(), "selection": selection, "change": change });
    client.graphql(FREEZE, json!({ "input": input })).await
}

/// Freezes, and waits until it was tried out.
async fn tried(desk: &Desk, client: &Client, selection: Value, change: Value) -> Value {
    let answer = freeze(client, selection, change).await;
    let id = answer.at("/freezeBulkChange/id").clone();
    assert!(id.is_string(), "{answer:?}");
    until(desk, client, &id, "trial", "DONE").await;
    id
}

async fn look(client: &Client, id: &Value) -> Value {
    let answer = client.graphql(ONE, json!({ "id": id })).await;
    answer.at("/bulkChange").clone()
}

/// Waits until a pass is in a state.
async fn until(desk: &Desk, client: &Client, id: &Value, pass: &str, state: &str) -> Value {
    let found = desk.log.until(async || {
        let found = look(client, id).await;
        (found[pass]["state"] == state).then_some(found)
    });
    found.await
}

async fn start(client: &Client, id: &Value) -> Answer {
    let input = json!({ "commandId": Uuid::new_v4(), "id": id });
    client.graphql(START, json!({ "input": input })).await
}

async fn run(desk: &Desk, client: &Client, id: &Value) -> Value {
    let started = start(client, id).await;
    assert_eq!(
        started.at("/startBulkChange/__typename"),
        "BulkChangeTouched",
        "{started:?}"
    );
    until(desk, client, id, "run", "DONE").await
}

async fn rows(client: &Client, id: &Value, of: &str, outcome: Option<&str>) -> Vec<Value> {
    let asked = json!({ "id": id, "of": of, "outcome": outcome });
    let answer = client.graphql(ROWS, asked).await;
    answer
        .at("/bulkChangeRows/nodes")
        .as_array()
        .expect("a list")
        .clone()
}

/// Counts that are not zero, in the order of the schema.
fn counts(of: &Value) -> Vec<(String, u64)> {
    let counts = of["counts"].as_array().expect("counts").iter();
    counts
        .map(|it| {
            let outcome = it["outcome"].as_str().expect("an outcome").to_owned();
            (outcome, it["count"].as_u64().expect("a count"))
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}

fn of(counted: &[(&str, u64)]) -> Vec<(String, u64)> {
    counted
        .iter()
        .map(|(outcome, count)| ((*outcome).to_owned(), *count))
        .collect()
}

fn flag(flag: &str) -> Value {
    json!({ "raiseFlag": { "flag": flag, "reason": "一斉点検の対象" } })
}

fn city(name: &str) -> Value {
    json!({ "correct": { "fields": [{ "field": "CITY", "value": name }], "since": "2026-04-01", "reason": "市町村合併" } })
}

async fn facts(client: &Client, id: &str) -> Value {
    let text = "query($id: ID!) { declaration(id: $id) { ... on Declaration { state published logoAllowed star flags city { typed } \
                history { kind reason { ... on OpenText { text } } bulkChange { id action } actor { name } } } } }";
    let answer = client.graphql(text, json!({ "id": id })).await;
    answer.at("/declaration").clone()
}

async fn a_warning_is_raised_on_many_records_and_each_says_what_became_of_it(engine: Engine) {
    let desk = desk(engine, 4, "1000").await;
    let me = &desk.administrator;
    let already = json!({ "commandId": Uuid::new_v4(), "declarationId": desk.ids[1],
        "expectedVersion": me.version(&desk.ids[1]).await, "flag": "INDUSTRY_UNKNOWN", "reason": "確認中" });
    let raised = me.change("raiseFlag", &already).await;
    assert_eq!(raised.at("/raiseFlag/__typename"), "DeclarationChanged");
    let nobody = Uuid::new_v4().to_string();
    // One is named twice, one is nobody.
    let ids = json!([desk.ids[0], desk.ids[1], desk.ids[2], desk.ids[0], nobody]);
    let id = tried(&desk, me, json!({ "ids": ids }), flag("INDUSTRY_UNKNOWN")).await;
    let found = look(me, &id).await;
    assert_eq!((&found["count"], &found["run"]), (&json!(4), &Value::Null));
    let expected = of(&[("CHANGED", 2), ("UNCHANGED", 1), ("GONE", 1)]);
    assert_eq!(counts(&found["trial"]), expected);
    let untouched = facts(me, &desk.ids[0]).await;
    assert!(
        !untouched["flags"].to_string().contains("INDUSTRY_UNKNOWN"),
        "a trial changes nothing"
    );
    let sample = &rows(me, &id, "TRIAL", Some("CHANGED")).await[0];
    assert_eq!(
        sample["differences"],
        json!([{ "what": "flag:industry_unknown", "before": "no", "after": "yes" }])
    );

    let done = run(&desk, me, &id).await;
    assert_eq!(counts(&done["run"]), expected);
    assert_eq!(
        (&done["run"]["done"], &done["run"]["total"]),
        (&json!(4), &json!(4))
    );
    let all = rows(me, &id, "RUN", None).await;
    let outcomes: Vec<_> = all.iter().map(|row| row["outcome"].clone()).collect();
    assert_eq!(outcomes, ["CHANGED", "UNCHANGED", "CHANGED", "GONE"]);
    assert_eq!(all[3]["code"], "gone");
    for changed in [0, 1, 2] {
        let now = facts(me, &desk.ids[changed]).await;
        assert!(now["flags"].to_string().contains("INDUSTRY_UNKNOWN"), "{now}");
    }
    let left = facts(me, &desk.ids[3]).await;
    assert!(!left["flags"].to_string().contains("INDUSTRY_UNKNOWN"));
}

async fn the_history_of_a_record_names_the_bulk_change_and_so_does_the_sheet(engine: Engine) {
    let desk = desk(engine, 2, "1000").await;
    let me = &desk.administrator;
    let id = tried(&desk, me, json!({ "ids": desk.ids }), city("=新見本市")).await;
    run(&desk, me, &id).await;
    let now = facts(me, &desk.ids[0]).await;
    let entries = now["history"].as_array().expect("a history");
    let newest = entries.last().expect("an entry");
    assert_eq!(newest["bulkChange"], json!({ "id": id, "action": "CORRECT" }));
    assert_eq!(newest["reason"]["text"], "市町村合併");
    assert_eq!(
        newest["actor"]["name"], "見本 花子",
        "in the name of whoever began it"
    );
    assert_eq!(entries[0]["bulkChange"], Value::Null);

    let sheet = Client::send(me.export("bulk-change.csv", &json!({ "id": id }))).await;
    assert_eq!(sheet.status, StatusCode::OK, "{sheet:?}");
    let text = sheet.body.as_str().expect("a text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[0].starts_with("\u{feff}番号,自己宣言ID,"), "{text}");
    // What was typed looks like a formula; in the sheet it stands behind words of ours.
    assert!(
        lines[1].contains(",変更,変更,,,市区町村：みほん市→=新見本市"),
        "{text}"
    );
    let viewer = desk.server.member(&desk.office, "viewer").await;
    let reading = look(&viewer, &id).await;
    assert_eq!(
        reading["content"]["reason"],
        json!({ "__typename": "Withheld" }),
        "free text is for those who may read it"
    );
}

async fn what_somebody_changed_after_the_records_were_chosen_is_left_alone(engine: Engine) {
    let desk = desk(engine, 3, "1000").await;
    let me = &desk.administrator;
    let id = tried(&desk, me, json!({ "ids": desk.ids }), city("新見本市")).await;
    let version = me.version(&desk.ids[1]).await;
    let corrected = me
        .correct(&Correction::new(&desk.ids[1], &version, "STREET", "9-9-9"))
        .await;
    assert_eq!(
        corrected.at("/correctDeclaration/__typename"),
        "DeclarationChanged"
    );
    let done = run(&desk, me, &id).await;
    assert_eq!(counts(&done["run"]), of(&[("CHANGED", 2), ("CHANGED_SINCE", 1)]));
    let left = &rows(me, &id, "RUN", Some("CHANGED_SINCE")).await[0];
    assert_eq!(
        (&left["declarationId"], &left["code"]),
        (&json!(desk.ids[1]), &json!("changed_since_chosen"))
    );
    assert_eq!(facts(me, &desk.ids[1]).await["city"]["typed"], json!("みほん市"));
}

/// Waits until a list holds what was written.
async fn listed(client: &Client, position: &Value) {
    let page = client
        .graphql(tests::LIST_OF_NUMBERS, json!({ "first": 1, "atLeast": position }))
        .await;
    assert_eq!(page.at("/declarations/__typename"), "DeclarationConnection");
}

async fn raise(client: &Client, id: &str, flag: &str) {
    let input = json!({ "commandId": Uuid::new_v4(), "declarationId": id,
        "expectedVersion": client.version(id).await, "flag": flag, "reason": "確認中" });
    let raised = client.change("raiseFlag", &input).await;
    listed(client, raised.at("/raiseFlag/position")).await;
}

async fn a_filter_that_leaves_other_records_by_then_is_chosen_again(engine: Engine) {
    let desk = desk(engine, 3, "1000").await;
    let me = &desk.administrator;
    for record in &desk.ids[..2] {
        raise(me, record, "EMAIL_MISSING").await;
    }
    let selection = json!({ "matching": { "filter": { "flags": ["EMAIL_MISSING"] } } });
    let note = json!({ "addNote": { "text": "郵送で照会済み" } });
    let id = tried(&desk, me, selection.clone(), note.clone()).await;
    assert_eq!(look(me, &id).await["count"], 2);
    raise(me, &desk.ids[2], "EMAIL_MISSING").await;
    let refused = start(me, &id).await;
    assert_eq!(
        refused.at("/startBulkChange/__typename"),
        "BulkSelectionChanged",
        "{refused:?}"
    );
    assert_eq!(refused.at("/startBulkChange/now"), 3);
    assert_eq!(look(me, &id).await["run"], Value::Null);
    let again = tried(&desk, me, selection, note).await;
    let done = run(&desk, me, &again).await;
    assert_eq!(counts(&done["run"]), of(&[("CHANGED", 3)]));
    assert_eq!(done["canBeUndone"], false, "a note stays");
}

async fn what_cannot_be_chosen_or_begun_is_said_in_words(engine: Engine) {
    let desk = desk(engine, 1, "1000").await;
    let me = &desk.administrator;
    let many: Vec<String> = (0..501).map(|_| Uuid::new_v4().to_string()).collect();
    let of_all = |selection: Value, change: Value| freeze(me, selection, change);
    let one = json!({ "ids": desk.ids });
    let nothing = json!({ "raiseFlag": { "flag": "EMAIL_MISSING", "reason": " " } });
    let name = json!({ "correct": { "fields": [{ "field": "NAME", "value": "x" }], "reason": "合併" } });
    let stop = json!({ "stop": { "kind": "CLOSED", "reason": "廃業" } });
    let search = json!({ "matching": { "search": "どこにもない名前" } });
    for (selection, change, problem) in [
        (
            json!({ "ids": many }),
            flag("EMAIL_MISSING"),
            ("selection.ids", "too_many"),
        ),
        (
            json!({ "ids": [] }),
            flag("EMAIL_MISSING"),
            ("selection", "empty"),
        ),
        (
            json!({ "ids": ["x"] }),
            flag("EMAIL_MISSING"),
            ("selection.ids", "shape"),
        ),
        (search, flag("EMAIL_MISSING"), ("selection", "empty")),
        (one.clone(), nothing, ("reason", "empty")),
        (one.clone(), name, ("changes.NAME", "not_in_bulk")),
        (one.clone(), stop, ("on", "required")),
    ] {
        let refused = of_all(selection, change).await;
        let (field, code) = problem;
        assert_eq!(
            refused.problems("freezeBulkChange"),
            [(field.to_owned(), code.to_owned())],
            "{refused:?}"
        );
    }
    // Nothing would be changed: there is nothing to begin.
    let id = tried(
        &desk,
        me,
        one,
        json!({ "restoreLogo": { "reason": "是正を確認した" } }),
    )
    .await;
    let refused = start(me, &id).await;
    assert_eq!(
        refused.problems("startBulkChange"),
        [("id".to_owned(), "nothing_to_do".to_owned())]
    );
    let nobody = start(me, &json!(Uuid::new_v4())).await;
    assert_eq!(nobody.at("/startBulkChange/__typename"), "NotFound");
    let undo = "mutation($input: UndoBulkChangeInput!) { undoBulkChange(input: $input) { __typename ... on InvalidInput { problems { field code } } } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": id, "reason": "取り違え" });
    let refused = me.graphql(undo, json!({ "input": input })).await;
    assert_eq!(
        refused.problems("undoBulkChange"),
        [("id".to_owned(), "nothing_done".to_owned())]
    );
}

async fn two_windows_that_begin_one_bulk_change_begin_it_once(engine: Engine) {
    let desk = desk(engine, 3, "1000").await;
    let me = &desk.administrator;
    let id = tried(&desk, me, json!({ "ids": desk.ids }), flag("EMPLOYEES_MISSING")).await;
    let all = futures::future::join_all((0..6).map(|_| start(me, &id))).await;
    for answer in &all {
        assert_eq!(
            answer.at("/startBulkChange/__typename"),
            "BulkChangeTouched",
            "{answer:?}"
        );
    }
    until(&desk, me, &id, "run", "DONE").await;
    for record in &desk.ids {
        let now = facts(me, record).await;
        let of_it = now["history"].as_array().expect("a history").iter();
        let count = of_it.filter(|entry| entry["bulkChange"]["id"] == id).count();
        assert_eq!(count, 1, "{now}");
    }
}

const REQUEST: &str = "mutation($input: RequestBulkChangeInput!) { requestBulkChange(input: $input) { __typename \
     ... on ApprovalRequested { id } ... on InvalidInput { problems { field code } } } }";
const APPROVE: &str = "mutation($input: ApprovalCommandInput!, $seen: String!) { approve(input: $input, contentHash: $seen) { \
     __typename ... on ApprovalDecided { approval { summary { status } } } ... on InvalidInput { problems { code } } } }";

async fn request(client: &Client, id: &Value) -> Value {
    let input = json!({ "commandId": Uuid::new_v4(), "id": id, "reason": "一斉点検のため" });
    let answer = client.graphql(REQUEST, json!({ "input": input })).await;
    let request = answer.at("/requestBulkChange/id").clone();
    assert!(request.is_string(), "{answer:?}");
    request
}

async fn approve(client: &Client, id: &Value) -> Value {
    let text = "query($id: ID!) { approval(id: $id) { contentHash content { __typename ... on ChangeManyContent { action count bulkChangeId } } \
                summary { about { ... on BulkChangeSubject { bulkChangeId } } } } }";
    let seen = client.graphql(text, json!({ "id": id })).await;
    assert_eq!(
        seen.at("/approval/content/__typename"),
        "ChangeManyContent",
        "{seen:?}"
    );
    assert_eq!(
        seen.at("/approval/content/bulkChangeId"),
        seen.at("/approval/summary/about/bulkChangeId")
    );
    let variables = json!({ "input": { "commandId": Uuid::new_v4(), "id": id }, "seen": seen.at("/approval/contentHash") });
    let answer = client.graphql(APPROVE, variables).await;
    answer.at("/approve/approval/summary/status").clone()
}

async fn t52_more_records_than_one_person_may_change_wait_for_a_second_one(engine: Engine) {
    let desk = desk(engine, 3, "2").await;
    let me = &desk.administrator;
    let approver = desk.server.member(&desk.office, "approver").await;
    let registrar = desk.server.member(&desk.office, "registrar").await;
    let id = tried(&desk, &registrar, json!({ "ids": desk.ids }), city("新見本市")).await;
    assert_eq!(look(me, &id).await["needsApproval"], true);
    let refused = start(&registrar, &id).await;
    assert_eq!(
        refused.at("/startBulkChange"),
        &json!({ "__typename": "BulkNeedsApproval", "count": 3, "limit": 2 })
    );
    let asked = request(&registrar, &id).await;
    let waiting = look(&registrar, &id).await;
    assert_eq!(waiting["approval"], json!({ "id": asked, "status": "OPEN" }));
    assert_eq!(waiting["run"], Value::Null);
    assert_eq!(approve(&approver, &asked).await, "CARRIED_OUT");
    let done = until(&desk, me, &id, "run", "DONE").await;
    assert_eq!(counts(&done["run"]), of(&[("CHANGED", 3)]));
    // As few as are allowed need nobody.
    let few = tried(
        &desk,
        &registrar,
        json!({ "ids": desk.ids[..2] }),
        city("本見本市"),
    )
    .await;
    let done = run(&desk, &registrar, &few).await;
    assert_eq!(counts(&done["run"]), of(&[("CHANGED", 2)]));
}

async fn t52_what_was_agreed_to_is_void_when_the_filter_leaves_others_by_then(engine: Engine) {
    let desk = desk(engine, 3, "1").await;
    let me = &desk.administrator;
    let approver = desk.server.member(&desk.office, "approver").await;
    for record in &desk.ids[..2] {
        raise(me, record, "EMAIL_MISSING").await;
    }
    let selection = json!({ "matching": { "filter": { "flags": ["EMAIL_MISSING"] } } });
    let id = tried(&desk, me, selection, city("新見本市")).await;
    let asked = request(me, &id).await;
    raise(me, &desk.ids[2], "EMAIL_MISSING").await;
    assert_eq!(approve(&approver, &asked).await, "VOIDED");
    assert_eq!(look(me, &id).await["run"], Value::Null);
    for record in &desk.ids {
        assert_eq!(facts(me, record).await["city"]["typed"], "みほん市");
    }
}

async fn a_bulk_change_is_taken_back_where_nothing_later_rests_on_it(engine: Engine) {
    let desk = desk(engine, 3, "1000").await;
    let me = &desk.administrator;
    let id = tried(&desk, me, json!({ "ids": desk.ids }), city("新見本市")).await;
    let done = run(&desk, me, &id).await;
    assert_eq!(done["canBeUndone"], true);
    let version = me.version(&desk.ids[1]).await;
    let corrected = me
        .correct(&Correction::new(&desk.ids[1], &version, "CITY", "別見本市"))
        .await;
    assert_eq!(
        corrected.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{corrected:?}"
    );
    let undo = "mutation($input: UndoBulkChangeInput!) { undoBulkChange(input: $input) { ... on BulkChangeFrozen { id } } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": id, "reason": "対象の取り違え" });
    let undone = me.graphql(undo, json!({ "input": input.clone() })).await;
    let undoing = undone.at("/undoBulkChange/id").clone();
    let again = me.graphql(undo, json!({ "input": input })).await;
    assert_eq!(
        again.at("/undoBulkChange/id"),
        &undoing,
        "a retry is the same one"
    );
    until(&desk, me, &undoing, "trial", "DONE").await;
    let result = run(&desk, me, &undoing).await;
    assert_eq!(counts(&result["run"]), of(&[("CHANGED", 2), ("REFUSED", 1)]));
    let refused = &rows(me, &undoing, "RUN", Some("REFUSED")).await[0];
    assert_eq!(refused["code"], "changed_since");
    let cities: Vec<Value> = {
        let mut cities = Vec::new();
        for record in &desk.ids {
            cities.push(facts(me, record).await["city"]["typed"].clone());
        }
        cities
    };
    assert_eq!(cities, ["みほん市", "別見本市", "みほん市"]);
    let original = look(me, &id).await;
    assert_eq!(original["undoneBy"], json!([{ "id": undoing }]));
    assert_eq!(result["canBeUndone"], false);
}

async fn every_kind_of_bulk_change_goes_through_the_decision_of_one_record(engine: Engine) {
    let desk = desk(engine, 2, "1000").await;
    let me = &desk.administrator;
    let why = || json!({ "reason": "一斉点検の結果" });
    for (change, outcome) in [
        (json!({ "unpublish": why() }), "CHANGED"),
        (json!({ "unpublish": why() }), "UNCHANGED"),
        (json!({ "publish": why() }), "CHANGED"),
        (json!({ "suspendLogo": why() }), "CHANGED"),
        (json!({ "restoreLogo": why() }), "CHANGED"),
        (flag("EMAIL_MISSING"), "CHANGED"),
        (
            json!({ "clearFlag": { "flag": "EMAIL_MISSING", "reason": "確認済み" } }),
            "CHANGED",
        ),
        (json!({ "addNote": { "text": "点検済み" } }), "CHANGED"),
        (json!({ "stepDown": why() }), "UNCHANGED"),
        (
            json!({ "stop": { "kind": "CLOSED", "on": "2000-01-01", "reason": "廃業" } }),
            "REFUSED",
        ),
        (
            json!({ "stop": { "kind": "CLOSED", "dayUnknown": true, "reason": "廃業" } }),
            "CHANGED",
        ),
        (json!({ "publish": why() }), "UNCHANGED"),
        (json!({ "unpublish": why() }), "CHANGED"),
        (json!({ "publish": why() }), "REFUSED"),
    ] {
        let id = tried(&desk, me, json!({ "ids": desk.ids }), change.clone()).await;
        let found = look(me, &id).await;
        assert_eq!(counts(&found["trial"]), of(&[(outcome, 2)]), "{change}");
        if outcome == "CHANGED" {
            let done = run(&desk, me, &id).await;
            assert_eq!(counts(&done["run"]), of(&[(outcome, 2)]), "{change}");
        } else if outcome == "REFUSED" {
            let row = &rows(me, &id, "TRIAL", None).await[0];
            assert!(
                row["message"].as_str().is_some_and(|it| it.ends_with('。')),
                "{row}"
            );
        }
    }
}
