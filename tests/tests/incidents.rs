//! Incidents on the real binary: whose data may have been seen, the draft of the report, and its clocks.

use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, Server, canary_trader, on_both_engines, register};
use uuid::Uuid;

on_both_engines!(
    t57_whose_data_an_account_could_have_seen_becomes_the_nine_items_of_the_report,
    t57_a_report_goes_out_and_the_incident_ends,
    t57_the_incident_itself_is_nobodys_data_and_other_cases_have_their_names,
);

const TRADER: &str = "47000000002";
const ACCOUNT: &str = "{ staffAccounts { nodes { id login } } }";

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
    People {
        office,
        server,
        administrator,
    }
}

async fn open(client: &Client, categories: &[&str]) -> Value {
    let input = json!({ "commandId": Uuid::new_v4(), "awareAt": "2026-04-01T01:00:00Z", "categories": categories,
        "text": "退職した職員のアカウントが使われた" });
    let text = "mutation($input: OpenIncidentInput!) { openIncident(input: $input) { ... on IncidentOpened { id } } }";
    let answer = client.graphql(text, json!({ "input": input })).await;
    answer.at("/openIncident/id").clone()
}

const INCIDENT: &str = "version mustBeReported threshold summary { status persons firstDueOn finalDueOn nextDue { stage on } } \
     known { __typename } report { __typename ... on IncidentReport { items { item text } json text } }";

async fn incident(client: &Client, id: &Value) -> Value {
    let text = format!("query($id: ID!) {{ incident(id: $id) {{ {INCIDENT} }} }}");
    client
        .graphql(&text, json!({ "id": id }))
        .await
        .at("/incident")
        .clone()
}

async fn change(client: &Client, id: &Value, change: Value) -> Answer {
    let text = format!(
        "mutation($input: ChangeIncidentInput!) {{ done: changeIncident(input: $input) {{ __typename \
         ... on IncidentChanged {{ incident {{ {INCIDENT} }} }} ... on InvalidInput {{ problems {{ code }} }} }} }}"
    );
    let version = incident(client, id).await["version"].clone();
    let input =
        json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": version, "change": change });
    client.graphql(&text, json!({ "input": input })).await
}

async fn changed(client: &Client, id: &Value, what: Value) -> Value {
    let answer = change(client, id, what.clone()).await;
    assert_eq!(
        answer.at("/done/__typename"),
        "IncidentChanged",
        "{what} {answer:?}"
    );
    answer.at("/done/incident").clone()
}

async fn draft(client: &Client, id: &Value) -> Vec<Value> {
    let text = "query($id: ID!) { incidentDraft(id: $id) { ... on IncidentReport { items { item text } } } }";
    let answer = client.graphql(text, json!({ "id": id })).await;
    answer
        .at("/incidentDraft/items")
        .as_array()
        .cloned()
        .expect("items")
}

async fn t57_whose_data_an_account_could_have_seen_becomes_the_nine_items_of_the_report(engine: Engine) {
    let people = people(engine).await;
    let me = &people.administrator;
    let support = people.server.member(&people.office, "support").await;
    // Opening a record shows who stands in it.
    let record = support.find(TRADER).await;
    let look = "query($id: ID!) { declaration(id: $id) { ... on Declaration { contact { ... on Contact { email { typed } } } } } }";
    let looked = support.graphql(look, json!({ "id": record })).await;
    assert_eq!(looked.fault(), None, "{looked:?}");
    let accounts = me.graphql(ACCOUNT, Value::Null).await;
    let accounts = accounts
        .at("/staffAccounts/nodes")
        .as_array()
        .cloned()
        .expect("accounts");
    let account = accounts
        .iter()
        .find(|it| it["login"] == "support")
        .expect("the account")["id"]
        .clone();

    let id = open(me, &["WRONGFUL"]).await;
    let scope = json!({ "account": account, "from": "2020-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z" });
    let counted = changed(me, &id, json!({ "countSeen": scope })).await;
    assert!(
        counted["summary"]["persons"]
            .as_u64()
            .is_some_and(|persons| persons >= 1),
        "{counted}"
    );

    let list =
        "query($id: ID!) { incidentAffected(id: $id) { records persons nodes { number parts reads } } }";
    let auditor = people.server.member(&people.office, "auditor").await;
    let seen = auditor.graphql(list, json!({ "id": id })).await;
    let numbers = seen
        .at("/incidentAffected/nodes")
        .as_array()
        .cloned()
        .expect("rows");
    assert!(numbers.iter().any(|row| row["number"] == TRADER), "{seen:?}");
    let sheet = Client::send(auditor.export("incident.csv", &json!({ "id": id }))).await;
    let csv = sheet.body.as_str().expect("a sheet");
    assert!(
        csv.starts_with("\u{feff}種類,自己宣言ID,事業者名,") && csv.contains(&format!("\r\n宣言,{TRADER},")),
        "{csv}"
    );
    assert!(
        !csv.contains("tori@example.jp"),
        "the list names records and no persons"
    );

    let items = draft(me, &id).await;
    assert_eq!(items.len(), 9);
    let text = |item: &str| {
        let found = items.iter().find(|it| it["item"] == item).expect("an item");
        found["text"].as_str().expect("a text").to_owned()
    };
    assert!(text("OUTLINE").contains("退職した職員のアカウントが使われた"));
    assert!(
        text("DATA_ITEMS").contains("担当者の氏名"),
        "{}",
        text("DATA_ITEMS")
    );
    assert!(text("PERSONS").contains("人"));
    assert!(items.iter().all(|item| item["text"] != ""));
    // Whoever may see no persons sees no words about what happened.
    let withheld = "query($id: ID!) { incidentDraft(id: $id) { __typename } incident(id: $id) { known { __typename } } }";
    let withheld = auditor.graphql(withheld, json!({ "id": id })).await;
    assert_eq!(
        withheld.at("/incidentDraft/__typename"),
        "Withheld",
        "{withheld:?}"
    );
    assert_eq!(withheld.at("/incident/known/__typename"), "Withheld");
}

async fn t57_a_report_goes_out_and_the_incident_ends(engine: Engine) {
    let people = people(engine).await;
    let me = &people.administrator;
    let id = open(me, &["WRONGFUL"]).await;
    let seen = incident(me, &id).await;
    assert_eq!(
        seen["summary"]["firstDueOn"], "2026-04-05",
        "five days, the first is the day of awareness"
    );
    assert_eq!(
        seen["summary"]["finalDueOn"], "2026-05-30",
        "sixty when somebody meant harm"
    );
    assert_eq!(seen["summary"]["nextDue"]["stage"], "FIRST");
    assert_eq!(seen["threshold"], 1000);
    let early = change(
        me,
        &id,
        json!({ "recordReport": { "stage": "FIRST", "on": "2026-04-02" } }),
    )
    .await;
    assert_eq!(early.at("/done/problems/0/code"), "nothing_written");
    let some = json!({ "writeReport": { "items": [{ "item": "OUTLINE", "text": "調査中" }] } });
    changed(me, &id, some).await;
    let first = json!({ "recordReport": { "stage": "FIRST", "on": "2026-04-02", "receipt": "第1号" } });
    let first = changed(me, &id, first).await;
    assert_eq!(
        first["summary"]["nextDue"],
        json!({ "stage": "FINAL", "on": "2026-05-30" })
    );
    let missing = change(
        me,
        &id,
        json!({ "recordReport": { "stage": "FINAL", "on": "2026-04-20" } }),
    )
    .await;
    assert_eq!(missing.at("/done/problems/0/code"), "incomplete");
    let all: Vec<Value> = draft(me, &id).await;
    changed(me, &id, json!({ "writeReport": { "items": all } })).await;
    changed(me, &id, json!({ "countTyped": { "persons": 3 } })).await;
    changed(
        me,
        &id,
        json!({ "notifyPersons": { "persons": 3, "on": "2026-04-10", "text": "郵送" } }),
    )
    .await;
    let early = change(me, &id, json!({ "close": {} })).await;
    assert_eq!(early.at("/done/problems/0/code"), "not_reported");
    changed(
        me,
        &id,
        json!({ "recordReport": { "stage": "FINAL", "on": "2026-04-20" } }),
    )
    .await;
    let closed = changed(me, &id, json!({ "close": {} })).await;
    assert_eq!(closed["summary"]["status"], "CLOSED");
    let home = me.graphql("{ home { incidents { id } } }", Value::Null).await;
    assert_eq!(home.at("/home/incidents"), &json!([]));
}

async fn t57_the_incident_itself_is_nobodys_data_and_other_cases_have_their_names(engine: Engine) {
    let people = people(engine).await;
    let me = &people.administrator;
    let own = me.graphql("{ session { staff { id } } }", Value::Null).await;
    let own = own.at("/session/staff/id");
    let id = open(me, &["WRONGFUL"]).await;
    incident(me, &id).await;
    let scope = json!({ "account": own, "from": "2020-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z" });
    let counted = changed(me, &id, json!({ "countSeen": scope })).await;
    assert_eq!(
        counted["summary"]["persons"], 0,
        "nothing but this incident was read"
    );

    let asked = json!({ "commandId": Uuid::new_v4(), "kind": "DISCLOSURE", "channel": "POST", "receivedOn": "2026-04-01",
        "numbers": [], "name": "見本 花子", "contact": "hanako@example.jp", "wanted": "保有する個人情報の開示" });
    let text = "mutation($input: OpenPrivacyRequestInput!) { openPrivacyRequest(input: $input) { ... on PrivacyRequestOpened { id } } }";
    let request = me.graphql(text, json!({ "input": asked })).await;
    let request = request.at("/openPrivacyRequest/id").clone();
    let look = "query($id: ID!) { privacyRequest(id: $id) { requester { __typename } } }";
    me.graphql(look, json!({ "id": request })).await;
    let other = open(me, &[]).await;
    incident(me, &other).await;

    let list = "query($id: ID!, $staff: ID!) { incidentAffected(id: $id) { records persons nodes { id kind number case { id request } } } \
                exposure(staff: $staff, since: \"2020-01-01T00:00:00Z\", until: \"2099-01-01T00:00:00Z\") { \
                ... on Exposure { cases records { id kind case { request } } } } }";
    let seen = me.graphql(list, json!({ "id": id, "staff": own })).await;
    let row = |id: &Value, request: Value| json!({ "id": id, "kind": "CASE", "number": null, "case": { "id": id, "request": request } });
    let nodes = seen.at("/incidentAffected/nodes").as_array().expect("rows");
    for expected in [row(&request, json!("DISCLOSURE")), row(&other, Value::Null)] {
        assert!(nodes.contains(&expected), "{expected} {seen:?}");
    }
    assert_eq!(
        (
            nodes.len(),
            seen.at("/incidentAffected/records"),
            seen.at("/incidentAffected/persons")
        ),
        (2, &json!(2), &json!(2)),
        "{seen:?}"
    );
    assert_eq!(seen.at("/exposure/cases"), 3, "audit names the incident too");
    let records = seen.at("/exposure/records").as_array().expect("records");
    let named = |id: &Value| records.iter().find(|record| record["id"] == *id).cloned();
    let expected = json!({ "id": request, "kind": "CASE", "case": { "request": "DISCLOSURE" } });
    assert_eq!(named(&request), Some(expected));
    let expected = json!({ "id": id, "kind": "CASE", "case": { "request": null } });
    assert_eq!(named(&id), Some(expected));

    let sheet = Client::send(me.export("incident.csv", &json!({ "id": id }))).await;
    let csv = sheet.body.as_str().expect("a sheet");
    let line = |kind: &str, id: &Value| format!("\r\n{kind},{},", id.as_str().expect("an id"));
    assert!(csv.contains(&line("開示の請求", &request)), "{csv}");
    assert!(csv.contains(&line("漏えい等", &other)), "{csv}");
    assert_eq!(csv.lines().count(), 3, "{csv}");
}
