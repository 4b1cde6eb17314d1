//! T45: operations that somebody else's program makes up from the schema, against the real binary. How they are made and what
//! each answer is held against is in `tests/fuzz/operations.py`.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use test_support::{Dice, size, tell};
use tests::{Client, Engine, Office, Start};

const TEST: &str = "t45";
/// Where scripts/setup.sh puts Python with schemathesis.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../.cache/python/bin/python3");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/operations.py");
const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../admin-ui/schema.graphql");

fn python() -> PathBuf {
    let python = std::env::var_os("SENGEN_TEST_PYTHON").map_or_else(|| PathBuf::from(PYTHON), PathBuf::from);
    assert!(
        python.exists(),
        "{} is missing: run scripts/setup.sh test, or set SENGEN_TEST_PYTHON to a Python with schemathesis",
        python.display()
    );
    python
}

/// Every id of what the sample made, so that operations reach something.
async fn ids(client: &Client) -> Vec<Value> {
    let query = "{ declarations(first: 20) { ... on DeclarationConnection { nodes { id } } } \
                 mails(first: 20) { ... on MailConnection { nodes { id } } } \
                 jobs(first: 20) { ... on JobConnection { nodes { id } } } schedules { nodes { id } } }";
    let answer = client.graphql(query, Value::Null).await;
    let nodes = ["declarations", "mails", "jobs", "schedules"].map(|list| {
        answer
            .at(&format!("/{list}/nodes"))
            .as_array()
            .cloned()
            .unwrap_or_default()
    });
    let ids: Vec<Value> = nodes
        .concat()
        .into_iter()
        .map(|node| node["id"].clone())
        .collect();
    assert!(ids.len() > 10, "a sample to look at: {answer:?}");
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t45_no_operation_of_the_schema_brings_the_server_to_a_fault_or_off_the_schema() {
    let office = Office::new(Engine::Sqlite).await;
    office.run(&["sample", "--declarations", "60"]).ok();
    // One account asks as fast as it can.
    let limits = [
        ("SENGEN_LIMITS_PERSONAL_PER_SECOND", "1000000"),
        ("SENGEN_LIMITS_PERSONAL_BURST", "1000000"),
    ];
    let server = office.serve_with(&Start {
        environment: &limits,
        ..Start::default()
    });
    let client = server.client();
    // Both together may do everything.
    let link = office.invite_with(&["administrator", "approver"]);
    client.accept_invitation(&link, "administrator").await;
    let cookie = Client::without_cookies(server.address(), server.address())
        .sign_in("administrator")
        .await;
    let cookie = cookie
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a cookie")
        .to_owned();
    let cases = size(400, 10_000);
    let seed = Dice::new(TEST).below(1 << 32);
    let found = attack(&[
        ("FUZZ_URL", server.address()),
        ("FUZZ_COOKIE", &cookie),
        ("FUZZ_SCHEMA", SCHEMA),
        ("FUZZ_CASES", &cases.to_string()),
        ("FUZZ_SEED", &seed.to_string()),
        ("FUZZ_IDS", &json!(ids(&client).await).to_string()),
    ]);
    tell(TEST, found.lines().next().unwrap_or_default());
    assert!(
        found.starts_with(&format!("fuzz: {cases} cases ")) && found.contains(", 0 breaches"),
        "{found}"
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "the operations are made up by a program that somebody else wrote"
)]
fn attack(settings: &[(&str, &str)]) -> String {
    let output = Command::new(python())
        .arg("-B")
        .arg(SCRIPT)
        .envs(settings.iter().copied())
        .current_dir(Path::new(SCRIPT).parent().expect("a folder"))
        .output()
        .expect("Python runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    format!("{said}{}", String::from_utf8_lossy(&output.stderr))
}
