//! `sengen rebuild declarations`: the list is computed from the log, so that building it anew changes nothing, and mends what
//! was damaged.

use serde_json::{Value, json};
use tests::{Client, Engine, Office, database, given_rows, on_both_engines};

on_both_engines!(a_rebuild_changes_nothing_of_a_sound_list_and_mends_a_damaged_one);

const LIST: &str = "query($after: String) { declarations(first: 50, after: $after, sort: CHANGED_DESC) { \
     ... on DeclarationConnection { pageInfo { hasNextPage endCursor } total { count kind } \
     facets { stars { star count } states { state count } prefectures { prefecture { code } count } \
     flags { flag count } } \
     nodes { id number star state declaredOn entityType tradeName corporateNumber city flags changedAt \
     prefecture { code } name { __typename ... on OrganizationName { name kana } ... on PersonName { name kana } } \
     } } } }";
const SEARCH: &str = "query($search: String) { declarations(first: 200, search: $search, sort: NUMBER_ASC) { \
     ... on DeclarationConnection { total { count } nodes { number } } } }";

/// Every page of the list, and what searches find.
async fn list(client: &Client) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = client.graphql(LIST, json!({ "after": after })).await;
        let connection = page.at("/declarations").clone();
        after = connection["pageInfo"]["endCursor"].clone();
        let more = connection["pageInfo"]["hasNextPage"] == true;
        pages.push(connection);
        if !more {
            break;
        }
    }
    assert!(pages.len() > 1, "more than one page");
    for search in ["株式会社", "東京", "4700"] {
        let found = client.graphql(SEARCH, json!({ "search": search })).await;
        pages.push(found.at("/declarations").clone());
    }
    pages
}

/// The list as a server that is started now shows it.
async fn served(office: &Office) -> Vec<Value> {
    let server = office.serve();
    let client = server.client();
    client.sign_in("kanri").await;
    list(&client).await
}

/// As a person with the database's password could, or a disk that forgets.
async fn damage(office: &Office, engine: Engine) {
    let database = office.database().await;
    let index = match engine {
        Engine::Sqlite => "DELETE FROM declaration_search WHERE rowid > 90",
        Engine::Postgres => "UPDATE declaration SET tokens = '{}' WHERE seq > 90",
    };
    for statement in [
        "UPDATE declaration SET city = 'よそ市', declared_on = '1999-01-01' WHERE seq = 1",
        "DELETE FROM declaration WHERE seq = 2",
        "UPDATE declaration_count SET count = count + 7",
        index,
    ] {
        assert!(database::execute(&database, statement).await > 0, "{statement}");
    }
}

async fn a_rebuild_changes_nothing_of_a_sound_list_and_mends_a_damaged_one(engine: Engine) {
    let office = Office::new(engine).await;
    office.import(&given_rows(120));
    let mut server = office.serve();
    let client = server.administrator().await;
    let database = office.database().await;
    let newest = database::numbers(&database, "SELECT MAX(position) FROM event").await[0];
    let caught_up = "query($atLeast: Position) { declarations(first: 1, atLeast: $atLeast) { __typename } }";
    let page = client
        .graphql(caught_up, json!({ "atLeast": newest.to_string() }))
        .await;
    assert_eq!(page.at("/declarations/__typename"), "DeclarationConnection");
    drop(server);

    let before = served(&office).await;
    let rebuilt = office.run(&["rebuild", "declarations"]).ok();
    assert!(rebuilt.stdout.contains("the same rows as before"), "{rebuilt:?}");
    assert!(!rebuilt.stdout.contains("not the same"), "{rebuilt:?}");
    assert_eq!(served(&office).await, before);

    damage(&office, engine).await;
    assert_ne!(served(&office).await, before, "the damage shows");
    let mended = office.run(&["rebuild", "declarations"]).ok();
    assert!(
        mended.stdout.contains("not the same rows as before"),
        "{mended:?}"
    );
    assert_eq!(served(&office).await, before);
}
