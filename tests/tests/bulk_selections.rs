//! How the records of a bulk change are named: by a list of numbers from a file, and by a filter that is told back in words.

use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, Row, Server, on_both_engines, register};
use uuid::Uuid;

on_both_engines!(
    a_list_of_numbers_in_any_spelling_names_each_record_once,
    numbers_that_nobody_has_are_named_and_nothing_is_chosen,
    the_filter_of_a_bulk_change_is_told_back_as_it_was_set,
);

const FREEZE: &str = "mutation($input: FreezeBulkChangeInput!) { freezeBulkChange(input: $input) { __typename \
     ... on BulkChangeFrozen { id } ... on InvalidInput { problems { field code message } } } }";
const ONE: &str = "query($id: ID!) { bulkChange(id: $id) { byFilter byNumbers count narrowedBy { stars states prefectures \
     flags industries sizes pledges provenances published policies contacts unreachable city declaredFrom declaredTo \
     changedFrom changedTo search { __typename ... on OpenText { text } } } } }";

struct Desk {
    office: Office,
    server: Server,
    administrator: Client,
}

/// An office with three corporations: 47000000001 to 47000000003.
async fn desk(engine: Engine) -> Desk {
    let office = Office::new(engine).await;
    let numbers: Vec<String> = (1..=3).map(|i| format!("47{i:09}")).collect();
    let rows: Vec<Row> = numbers.iter().map(|number| Row::corporation(number)).collect();
    office.import(&register(&rows));
    let mut server = office.serve();
    let administrator = server.administrator().await;
    Desk {
        office,
        server,
        administrator,
    }
}

async fn freeze(client: &Client, command_id: Uuid, selection: &Value) -> Answer {
    let change = json!({ "addNote": { "text": "一斉に照会した。" } });
    let input = json!({ "commandId": command_id, "selection": selection, "change": change });
    client.graphql(FREEZE, json!({ "input": input })).await
}

async fn frozen(client: &Client, selection: Value) -> Value {
    let answer = freeze(client, Uuid::new_v4(), &selection).await;
    let id = answer.at("/freezeBulkChange/id").clone();
    assert!(id.is_string(), "{answer:?}");
    look(client, &id).await
}

async fn look(client: &Client, id: &Value) -> Value {
    let answer = client.graphql(ONE, json!({ "id": id })).await;
    answer.at("/bulkChange").clone()
}

async fn a_list_of_numbers_in_any_spelling_names_each_record_once(engine: Engine) {
    let desk = desk(engine).await;
    let me = &desk.administrator;
    let selection = json!({ "numbers": ["47000000001", "4700-0000-003", "４７０００００００01"] });
    let found = frozen(me, selection.clone()).await;
    assert_eq!(
        (
            &found["count"],
            &found["byNumbers"],
            &found["byFilter"],
            &found["narrowedBy"]
        ),
        (&json!(2), &json!(true), &json!(false), &Value::Null)
    );
    let command_id = Uuid::new_v4();
    let first = freeze(me, command_id, &selection).await;
    let again = freeze(me, command_id, &selection).await;
    assert_eq!(
        first.at("/freezeBulkChange/id"),
        again.at("/freezeBulkChange/id"),
        "a retry is the same bulk change"
    );
}

async fn numbers_that_nobody_has_are_named_and_nothing_is_chosen(engine: Engine) {
    let desk = desk(engine).await;
    let me = &desk.administrator;
    let many: Vec<String> = (0..10_001).map(|i| format!("47{i:09}")).collect();
    let unknown: Vec<String> = (1..=9).map(|i| format!("47{i:09}")).collect();
    for (numbers, code, said) in [
        (json!([]), "empty", "対象の宣言がありません"),
        (json!(many), "numbers_too_many", "10,000件まで"),
        (
            json!(["47000000001", "みほん商事"]),
            "numbers_unreadable",
            "みほん商事は",
        ),
        (json!(unknown), "numbers_unknown", "47000000008（ほか1件）"),
    ] {
        let refused = freeze(me, Uuid::new_v4(), &json!({ "numbers": numbers })).await;
        let problem = refused.at("/freezeBulkChange/problems/0");
        assert_eq!(problem["code"], code, "{refused:?}");
        let message = problem["message"].as_str().expect("a sentence");
        assert!(message.contains(said), "{message}");
    }
}

async fn the_filter_of_a_bulk_change_is_told_back_as_it_was_set(engine: Engine) {
    let desk = desk(engine).await;
    let filter = json!({ "stars": ["ONE"], "states": ["ACTIVE"], "provenances": ["IMPORT"],
        "changedFrom": "2020-01-01", "changedTo": "2099-12-31" });
    let selection = json!({ "matching": { "filter": filter, "search": "47000000002" } });
    let answer = freeze(&desk.administrator, Uuid::new_v4(), &selection).await;
    let id = answer.at("/freezeBulkChange/id").clone();
    let found = look(&desk.administrator, &id).await;
    let told = &found["narrowedBy"];
    assert_eq!(found["count"], 1);
    assert_eq!(
        (&told["stars"], &told["states"], &told["provenances"]),
        (&json!(["ONE"]), &json!(["ACTIVE"]), &json!(["IMPORT"]))
    );
    assert_eq!(
        (&told["changedFrom"], &told["changedTo"]),
        (&json!("2020-01-01"), &json!("2099-12-31"))
    );
    assert_eq!(
        (&told["prefectures"], &told["published"]),
        (&json!([]), &Value::Null)
    );
    assert_eq!(
        told["search"],
        json!({ "__typename": "OpenText", "text": "47000000002" })
    );
    // What was searched for may be a name.
    let viewer = desk.server.member(&desk.office, "viewer").await;
    let seen = look(&viewer, &id).await;
    assert_eq!(seen["narrowedBy"]["stars"], json!(["ONE"]));
    assert_eq!(seen["narrowedBy"]["search"]["__typename"], "Withheld");
}
