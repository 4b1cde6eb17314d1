//! The data folder is full: the real binary says so, loses nothing that it acknowledged, and does once what is asked for again
//! when there is room.

use std::fs;

use serde_json::{Value, json};
use test_support::{SmallDisk, tell};
use tests::{Client, Engine, Office, database};
use uuid::Uuid;

const ADD: &str = "mutation($input: AddDeadlineInput!) { addDeadline(input: $input) { __typename } }";
const NAMES: &str =
    "{ calendar { deadlines(scope: UPCOMING, first: 50) { ... on DeadlineConnection { nodes { name } } } } }";

async fn add(client: &Client, command_id: Uuid, name: &str) -> Value {
    let input = json!({ "commandId": command_id, "date": "2059-12-25", "time": "", "name": name, "source": "x",
        "note": "あ".repeat(1_000) });
    let answer = client.graphql(ADD, json!({ "input": input })).await;
    answer.body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_data_folder_refuses_changes_in_a_sentence_and_loses_and_doubles_nothing() {
    let Some(disk) = SmallDisk::mount("24m") else {
        return tell(
            "full data folder",
            "not run: this user may not mount; the tests of the log make its writes fail",
        );
    };
    let office = Office::new(Engine::Sqlite).await;
    let data = disk.path().join("data");
    fs::write(
        office.folder().join("sengen.toml"),
        format!("data_dir = {data:?}\n"),
    )
    .expect("a configuration");
    let start = tests::Start {
        log: Some("warn"),
        ..tests::Start::default()
    };
    let mut server = office.serve_with(&start);
    let client = server.administrator().await;
    disk.fill();
    let mut taken = Vec::new();
    // The last page of the files may have room for some.
    let refused = loop {
        let (id, name) = (Uuid::new_v4(), format!("第{}回", taken.len()));
        let answer = add(&client, id, &name).await;
        if answer["data"]["addDeadline"]["__typename"] != "DeadlineAdded" {
            assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{answer}");
            break (id, name);
        }
        taken.push(name);
        assert!(taken.len() < 2_000, "the disk is never full");
    };
    let log = office.log();
    assert!(log.contains("the disk of the database is full"), "{log}");
    // Reading goes on, and a command beside the server says why it cannot write.
    assert_eq!(client.signed_in().await.as_deref(), Some("kanri"));
    let told = office.run(&["mail", "test", "operator@example.jp"]);
    assert!(
        told.code != 0 && told.stderr.contains("full") && told.stdout.is_empty(),
        "{told:?}"
    );

    disk.free();
    for _ in 0..2 {
        let answer = add(&client, refused.0, &refused.1).await;
        assert_eq!(
            answer["data"]["addDeadline"]["__typename"], "DeadlineAdded",
            "{answer}"
        );
    }
    taken.push(refused.1);
    let answer = client.graphql(NAMES, Value::Null).await;
    assert_eq!(answer.fault(), None, "{answer:?}");
    drop(server);
    let url = format!("sqlite:{}", data.join("sengen.db").display());
    let database = event_store::Database::open(&url)
        .await
        .expect("the database opens");
    let mut names = database::texts(&database, "SELECT name FROM deadline").await;
    names.sort();
    taken.sort();
    assert_eq!(names, taken, "each once");
    let mails = database::texts(&database, "SELECT state FROM mail").await;
    assert!(mails.is_empty(), "{mails:?}");
    let verified = office.run(&["verify", "--json"]).ok().json();
    assert_eq!(verified["breaches"], json!([]));
}
