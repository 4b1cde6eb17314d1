//! Proofs and the signed head outside, on the real binary: given out, checked without a database, forged, rolled back.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tests::{Engine, Office, Outcome, given_rows};

const USAGE: i32 = 2;
const STORAGE: i32 = 4;
const OTHER_HISTORY: i32 = 8;
const NOT_TRUE: i32 = 9;

#[track_caller]
fn refused(outcome: &Outcome, code: i32, words: &[&str]) {
    assert_eq!(outcome.code, code, "{outcome:?}");
    for word in words {
        assert!(outcome.stderr.contains(word), "no {word:?} in {outcome:?}");
    }
}

/// How many events the log has.
fn events(office: &Office) -> u64 {
    let verified = office.run(&["verify", "--json"]).ok().json();
    assert_eq!(verified["breaches"], json!([]));
    verified["events"].as_u64().expect("a number")
}

fn verifier_key(office: &Office) -> String {
    let said = office.run(&["proof", "--verifier-key"]).ok().stdout;
    said.trim().to_owned()
}

async fn t65_a_proof_is_checked_without_a_database_and_a_forged_one_is_refused(engine: Engine) {
    let office = Office::new(engine).await;
    office.import(&given_rows(20));
    let (last, key) = (events(&office).to_string(), verifier_key(&office));
    office
        .run(&["proof", "--position", &last, "--out", "event.tlog-proof"])
        .ok();
    office
        .run(&["proof", "--consistency", "2", &last, "--out", "growth.proof"])
        .ok();

    // Somebody else, who has the files and the key.
    let stranger = Office::new(Engine::Sqlite).await;
    let here = |name: &str| stranger.folder().join(name);
    for name in ["event.tlog-proof", "growth.proof"] {
        fs::copy(office.folder().join(name), here(name)).expect("a copy");
        let holds = stranger.run(&["verify", "--proof", name, "--key", &key]).ok();
        assert!(holds.stdout.contains("the proof holds"), "{holds:?}");
        assert!(holds.stdout.contains("not proven"), "{holds:?}");
        let unsigned = stranger.run(&["verify", "--proof", name]);
        refused(&unsigned, USAGE, &["without the log's key this proves nothing"]);
    }
    assert!(!here("data").exists(), "no database was made");

    let good = fs::read_to_string(here("event.tlog-proof")).expect("the proof");
    let forged = good.replacen("\nindex ", "\nindex 1", 1);
    fs::write(here("forged"), forged).expect("written");
    let outcome = stranger.run(&["verify", "--proof", "forged", "--key", &key]);
    refused(&outcome, NOT_TRUE, &["proves nothing"]);
    // Another office's log has another name and key.
    office_of_its_own(&stranger, &good, &key);
}

fn office_of_its_own(stranger: &Office, proof: &str, key: &str) {
    stranger.import(&given_rows(20));
    let own = verifier_key(stranger);
    assert_ne!(
        own.split('+').next(),
        key.split('+').next(),
        "two logs of one name"
    );
    fs::write(stranger.folder().join("foreign"), proof).expect("written");
    let outcome = stranger.run(&["verify", "--proof", "foreign", "--key", &own]);
    refused(&outcome, NOT_TRUE, &["not signed by this key"]);
}

#[tokio::test]
async fn t65_a_proof_is_checked_without_a_database_and_a_forged_one_is_refused_on_sqlite() {
    t65_a_proof_is_checked_without_a_database_and_a_forged_one_is_refused(Engine::Sqlite).await;
}

#[tokio::test]
async fn t65_a_proof_is_checked_without_a_database_and_a_forged_one_is_refused_on_postgres() {
    t65_a_proof_is_checked_without_a_database_and_a_forged_one_is_refused(Engine::Postgres).await;
}

/// The files of the database, to be put back later.
fn copy_database(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for name in ["sengen.db", "keys.db"] {
        fs::copy(from.join(name), to.join(name)).expect("a copy");
        for rest in ["-wal", "-shm"] {
            let _absent = fs::remove_file(to.join(format!("{name}{rest}")));
        }
    }
}

#[tokio::test]
async fn t10_a_restored_older_copy_is_refused_until_it_is_accepted_on_record() {
    let office = Office::new(Engine::Sqlite).await;
    office.import(&given_rows(20));
    let older = events(&office);
    let (data, copy) = (office.folder().join("data"), office.folder().join("copy"));
    copy_database(&data, &copy);
    office.import(&given_rows(40));
    let newer = events(&office).to_string();
    office.run(&["proof", "--position", &newer]).ok();
    let head = fs::read_to_string(data.join("signed-head")).expect("a head outside");
    assert!(head.lines().nth(1) == Some(newer.as_str()), "{head}");

    copy_database(&copy, &data);
    let only = format!("only {older} events");
    let accept = format!("sengen accept-rollback {newer}");
    for command in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["staff", "invite", "--new-person", "--role", "viewer"],
        &["proof", "--position", "1"],
    ] {
        refused(&office.run(command), OTHER_HISTORY, &[&only, &accept]);
    }
    let found = office.run(&["verify"]);
    refused(&found, NOT_TRUE, &["tampered with or damaged"]);
    assert!(found.stdout.contains("it is an older copy"), "{found:?}");

    refused(
        &office.run(&["accept-rollback", "7"]),
        USAGE,
        &["not 7", "nothing was accepted"],
    );
    let accepted = office.run(&["accept-rollback", &newer]).ok();
    let event = (older + 1).to_string();
    assert!(
        accepted.stdout.contains(&format!("event {event}")),
        "{accepted:?}"
    );
    assert!(data.join(format!("signed-head.{newer}.set-aside")).exists());
    assert_eq!(events(&office), older + 1);
    refused(
        &office.run(&["accept-rollback", &newer]),
        USAGE,
        &["nothing to accept"],
    );
    office.import(&given_rows(40));
    drop(office.serve());
}

#[tokio::test]
async fn the_signing_key_is_refused_when_others_may_read_it_and_is_not_replaced_when_it_is_lost() {
    let office = Office::new(Engine::Sqlite).await;
    office.import(&given_rows(20));
    office.run(&["proof", "--position", "1"]).ok();
    let key = office.folder().join("data/log-signing.key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("rights");
        refused(
            &office.run(&["serve"]),
            STORAGE,
            &["log-signing.key", "644", "chmod 600"],
        );
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("rights");
    }
    fs::write(&key, [7; 32]).expect("another key");
    refused(
        &office.run(&["serve"]),
        STORAGE,
        &["not signed", "--signing-key-file"],
    );
    fs::remove_file(&key).expect("removed");
    refused(
        &office.run(&["serve"]),
        STORAGE,
        &["log-signing.key", "is missing"],
    );
    assert!(!key.exists());
}

#[tokio::test]
async fn a_log_has_the_name_that_it_was_made_with() {
    let office = Office::new(Engine::Sqlite).await;
    let settings = office.folder().join("sengen.toml");
    fs::write(&settings, "log_origin = \"register.example.jp/log\"").expect("settings");
    office.import(&given_rows(20));
    assert!(verifier_key(&office).starts_with("register.example.jp/log+"));
    fs::write(&settings, "log_origin = \"other.example.jp/log\"").expect("settings");
    refused(
        &office.run(&["verify"]),
        STORAGE,
        &["register.example.jp/log", "never changes"],
    );
    fs::remove_file(&settings).expect("removed");
    assert!(verifier_key(&office).starts_with("register.example.jp/log+"));
}

const INCLUSION: &str = "query($position: Position!) { inclusionProof(position: $position) { \
    ... on LogProof { text signedUpTo } ... on NotInLog { head } } }";
const CONSISTENCY: &str = "query($from: Position!) { consistencyProof(from: $from) { \
    ... on LogProof { text signedUpTo } ... on NotInLog { head } } }";

#[tokio::test]
async fn the_api_gives_proofs_that_the_command_line_checks() {
    let office = Office::new(Engine::Sqlite).await;
    office.import(&given_rows(20));
    let mut server = office.serve();
    let client = server.administrator().await;
    let key = client.graphql("{ verifierKey }", Value::Null).await;
    let key = key.at("/verifierKey").as_str().expect("a key").to_owned();
    for (query, variables, field) in [
        (INCLUSION, json!({ "position": "5" }), "/inclusionProof"),
        (CONSISTENCY, json!({ "from": "5" }), "/consistencyProof"),
    ] {
        let answer = client.graphql(query, variables).await;
        let proof = answer
            .at(&format!("{field}/text"))
            .as_str()
            .expect("a proof")
            .to_owned();
        fs::write(office.folder().join("proof"), proof).expect("written");
        office.run(&["verify", "--proof", "proof", "--key", &key]).ok();
    }
    let beyond = client.graphql(INCLUSION, json!({ "position": "999999" })).await;
    assert!(beyond.at("/inclusionProof/head").is_string(), "{beyond:?}");
}
