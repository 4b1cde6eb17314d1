//! Requests of data subjects on the real binary: opened, proved, decided, done, answered and closed, and who sees what of it.

use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, Server, canary_trader, database, on_both_engines, register};
use uuid::Uuid;

on_both_engines!(
    a_request_goes_from_its_opening_to_its_end_and_what_we_hold_is_recorded_as_read_for_it,
    nothing_is_given_before_it_is_proved_who_asked,
    whoever_sees_no_persons_sees_the_case_without_them,
    a_stale_change_is_refused_and_the_same_command_is_one,
);

const TRADER: &str = "47000000002";
const CANARY: &str = "請求花子";

struct People {
    office: Office,
    server: Server,
    administrator: Client,
}

async fn people(engine: Engine) -> People {
    let office = Office::new(engine).await;
    office.import(&register(&[canary_trader(TRADER)]));
    let mut server = office.serve();
    let administrator = server.administrator().await;
    administrator.find(TRADER).await;
    People {
        office,
        server,
        administrator,
    }
}

async fn open(client: &Client, kind: &str) -> Answer {
    let input = json!({ "commandId": Uuid::new_v4(), "kind": kind, "channel": "POST", "receivedOn": "2026-04-01",
        "numbers": [TRADER], "name": CANARY, "contact": "東京都みほん区1-1", "wanted": "保有する情報をすべて見たい" });
    let text = "mutation($input: OpenPrivacyRequestInput!) { openPrivacyRequest(input: $input) { __typename \
                ... on PrivacyRequestOpened { id } ... on InvalidInput { problems { field code } } } }";
    client.graphql(text, json!({ "input": input })).await
}

const CASE: &str = "version summary { status dueOn receivedOn isIdentified outcome } records { id number version } \
     requester { __typename ... on Requester { name contact } } wanted { __typename ... on OpenText { text } } \
     history { kind text { __typename ... on OpenText { text } } }";

async fn case(client: &Client, id: &Value) -> Value {
    let text = format!("query($id: ID!) {{ privacyRequest(id: $id) {{ {CASE} }} }}");
    let answer = client.graphql(&text, json!({ "id": id })).await;
    answer.at("/privacyRequest").clone()
}

async fn change_as(client: &Client, id: &Value, version: &Value, command: Uuid, change: &Value) -> Answer {
    let text = format!(
        "mutation($input: ChangePrivacyRequestInput!) {{ done: changePrivacyRequest(input: $input) {{ __typename \
         ... on PrivacyRequestChanged {{ privacyRequest {{ {CASE} }} }} \
         ... on InvalidInput {{ problems {{ field code }} }} }} }}"
    );
    let input = json!({ "commandId": command, "id": id, "expectedVersion": version, "change": change });
    client.graphql(&text, json!({ "input": input })).await
}

async fn change(client: &Client, id: &Value, change: Value) -> Answer {
    let version = case(client, id).await["version"].clone();
    change_as(client, id, &version, Uuid::new_v4(), &change).await
}

async fn changed(client: &Client, id: &Value, what: Value) -> Value {
    let answer = change(client, id, what.clone()).await;
    assert_eq!(
        answer.at("/done/__typename"),
        "PrivacyRequestChanged",
        "{what} {answer:?}"
    );
    answer.at("/done/privacyRequest").clone()
}

async fn a_request_goes_from_its_opening_to_its_end_and_what_we_hold_is_recorded_as_read_for_it(
    engine: Engine,
) {
    let people = people(engine).await;
    let me = &people.administrator;
    let id = open(me, "DISCLOSURE").await.at("/openPrivacyRequest/id").clone();
    let seen = case(me, &id).await;
    assert_eq!(seen["summary"]["dueOn"], "2026-05-01", "thirty days");
    assert_eq!(seen["requester"]["name"], CANARY);
    let record = seen["records"][0].clone();
    assert_eq!(record["number"], TRADER);

    changed(
        me,
        &id,
        json!({ "checkIdentity": { "method": "DOCUMENT", "isConfirmed": true, "text": "運転免許証" } }),
    )
    .await;
    changed(
        me,
        &id,
        json!({ "extend": { "on": "2026-05-20", "text": "対象の記録が多いため" } }),
    )
    .await;
    changed(me, &id, json!({ "decide": { "outcome": "GRANTED" } })).await;
    let text = "query($id: ID!) { privacyRequestHoldings(id: $id) { json records { number facts { field value } \
                history { what source } reads } } }";
    let held = me.graphql(text, json!({ "id": id })).await;
    let held = held.at("/privacyRequestHoldings").clone();
    let facts = held["records"][0]["facts"].as_array().expect("facts");
    let value = |field: &str| {
        facts
            .iter()
            .find(|fact| fact["field"] == field)
            .map(|fact| fact["value"].clone())
    };
    assert!(
        value("contact_email").is_some_and(|value| value == "tori@example.jp"),
        "{held}"
    );
    assert_eq!(held["records"][0]["history"][0]["source"], "system:command-line");
    let json: Value = serde_json::from_str(held["json"].as_str().expect("a text")).expect("JSON");
    assert_eq!(json["records"][0]["number"], TRADER);

    let register = people.office.database().await;
    let reads = database::read_records(&register).await;
    let purposes = database::texts(
        &reads,
        "SELECT DISTINCT purpose FROM read_record WHERE purpose LIKE 'privacy-request:%'",
    );
    let purpose = format!("privacy-request:{}", id.as_str().expect("an id"));
    assert_eq!(purposes.await, [purpose]);

    let measure = json!({ "recordMeasure": { "kind": "DISCLOSED", "declarationId": record["id"], "text": "書面を送付" } });
    changed(me, &id, measure).await;
    changed(
        me,
        &id,
        json!({ "answer": { "on": "2026-04-02", "channel": "POST" } }),
    )
    .await;
    let closed = changed(me, &id, json!({ "close": { "how": "ANSWERED" } })).await;
    assert_eq!(closed["summary"]["status"], "CLOSED");
    let kinds: Vec<&str> = closed["history"]
        .as_array()
        .expect("a history")
        .iter()
        .filter_map(|entry| entry["kind"].as_str())
        .collect();
    let expected = [
        "OPENED",
        "IDENTITY_CHECKED",
        "EXTENDED",
        "DECIDED",
        "MEASURE_RECORDED",
        "ANSWERED",
        "CLOSED",
    ];
    assert_eq!(kinds, expected);
    // What the person is called stands nowhere in the clear.
    let clear = database::texts(
        &register,
        "SELECT data FROM event WHERE event_type LIKE 'privacy_request.%'",
    )
    .await;
    assert!(clear.iter().all(|data| !data.contains(CANARY)), "{clear:?}");
    let open = me
        .graphql("{ unfinishedPrivacyRequests { id } }", Value::Null)
        .await;
    assert_eq!(open.at("/unfinishedPrivacyRequests"), &json!([]));
}

async fn nothing_is_given_before_it_is_proved_who_asked(engine: Engine) {
    let people = people(engine).await;
    let me = &people.administrator;
    let id = open(me, "ERASURE").await.at("/openPrivacyRequest/id").clone();
    let refused = change(me, &id, json!({ "decide": { "outcome": "GRANTED" } })).await;
    assert_eq!(
        refused.at("/done/problems/0/code"),
        "not_identified",
        "{refused:?}"
    );
    let unproved =
        json!({ "checkIdentity": { "method": "DOCUMENT", "isConfirmed": false, "text": "書類が足りない" } });
    changed(me, &id, unproved).await;
    let refused = change(
        me,
        &id,
        json!({ "decide": { "outcome": "PARTLY", "text": "一部" } }),
    )
    .await;
    assert_eq!(refused.at("/done/problems/0/code"), "not_identified");
    let silent = change(me, &id, json!({ "decide": { "outcome": "REFUSED" } })).await;
    assert_eq!(
        silent.at("/done/problems/0/field"),
        "text",
        "whoever is refused is told why"
    );
    let done = changed(
        me,
        &id,
        json!({ "decide": { "outcome": "REFUSED", "text": "本人と確認できないため" } }),
    )
    .await;
    assert_eq!(done["summary"]["outcome"], "REFUSED");
}

async fn whoever_sees_no_persons_sees_the_case_without_them(engine: Engine) {
    let people = people(engine).await;
    let support = people.server.member(&people.office, "support").await;
    let auditor = people.server.member(&people.office, "auditor").await;
    let id = open(&support, "CORRECTION")
        .await
        .at("/openPrivacyRequest/id")
        .clone();
    assert!(
        id.is_string(),
        "whoever answers inquiries writes down that somebody asked"
    );
    assert_eq!(case(&support, &id).await["requester"]["name"], CANARY);
    let seen = case(&auditor, &id).await;
    assert_eq!(seen["summary"]["status"], "OPEN");
    for part in ["requester", "wanted"] {
        assert_eq!(seen[part]["__typename"], "Withheld", "{seen}");
    }
    assert!(!seen.to_string().contains(CANARY));
    let refused = change(&support, &id, json!({ "note": { "text": "電話で確認" } })).await;
    assert_eq!(refused.fault(), Some("FORBIDDEN"));
    let held = support
        .graphql(
            "query($id: ID!) { privacyRequestHoldings(id: $id) { json } }",
            json!({ "id": id }),
        )
        .await;
    assert_eq!(held.fault(), Some("FORBIDDEN"));
}

async fn a_stale_change_is_refused_and_the_same_command_is_one(engine: Engine) {
    let people = people(engine).await;
    let me = &people.administrator;
    let id = open(me, "CORRECTION").await.at("/openPrivacyRequest/id").clone();
    let version = case(me, &id).await["version"].clone();
    let (command, note) = (Uuid::new_v4(), json!({ "note": { "text": "電話で確認" } }));
    for _ in 0..2 {
        let answer = change_as(me, &id, &version, command, &note).await;
        assert_eq!(
            answer.at("/done/__typename"),
            "PrivacyRequestChanged",
            "{answer:?}"
        );
    }
    assert_eq!(
        case(me, &id).await["history"].as_array().map(Vec::len),
        Some(2),
        "once"
    );
    let other = json!({ "note": { "text": "別の内容" } });
    let reused = change_as(me, &id, &version, command, &other).await;
    assert_eq!(reused.at("/done/problems/0/code"), "command_reused", "{reused:?}");
    let stale = change_as(me, &id, &version, Uuid::new_v4(), &other).await;
    assert_eq!(stale.at("/done/__typename"), "CaseStale", "{stale:?}");
}
