//! `sengen import declarations`: the given register in every figure, again, on top of itself, and what cannot be taken.

use std::fs;

use serde_json::Value;
use tests::{Engine, Office, data_file};

fn expected() -> Value {
    let text = fs::read_to_string(data_file("legacy-register.expected.json")).expect("the expected summary");
    serde_json::from_str(&text).expect("JSON")
}

async fn the_given_register_is_taken_over_as_expected(engine: Engine) {
    let office = Office::new(engine).await;
    let file = data_file("legacy-register.csv");
    let file = file.to_str().expect("a UTF-8 path");
    let summary = office
        .run(&["import", "declarations", file, "--json"])
        .ok()
        .json();
    for (key, value) in expected().as_object().expect("an object") {
        assert_eq!(&summary[key], value, "{key}");
    }

    let again = office
        .run(&["import", "declarations", file, "--json"])
        .ok()
        .json();
    assert_eq!(again["accepted"], 0);
    assert_eq!(again["identical_repeats"], 4882 + 19);
    assert_eq!(again["refused_by_code"], summary["refused_by_code"]);
    assert_eq!(again["events_written"], 0);
    let verified = office.run(&["verify", "--json"]).ok().json();
    assert_eq!(verified["breaches"], serde_json::json!([]));
}

#[tokio::test]
async fn the_given_register_is_taken_over_as_expected_on_sqlite() {
    the_given_register_is_taken_over_as_expected(Engine::Sqlite).await;
}

#[tokio::test]
async fn the_given_register_is_taken_over_as_expected_on_postgres() {
    the_given_register_is_taken_over_as_expected(Engine::Postgres).await;
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_writes_nothing() {
    let office = Office::new(Engine::Sqlite).await;
    let file = data_file("legacy-register.csv");
    let file = file.to_str().expect("a UTF-8 path");
    let dry = office
        .run(&["import", "declarations", file, "--json", "--dry-run"])
        .ok()
        .json();
    for (key, value) in expected().as_object().expect("an object") {
        assert_eq!(&dry[key], value, "{key}");
    }
    let wet = office
        .run(&["import", "declarations", file, "--json"])
        .ok()
        .json();
    assert_eq!(wet["accepted"], 4882, "the dry run had written nothing");
}

#[tokio::test]
async fn the_report_names_row_code_column_and_what_was_found_in_words() {
    let office = Office::new(Engine::Sqlite).await;
    let file = data_file("legacy-register.csv");
    let file = file.to_str().expect("a UTF-8 path");
    office
        .run(&[
            "import",
            "declarations",
            file,
            "--dry-run",
            "--report",
            "report.csv",
        ])
        .ok();
    let report = fs::read_to_string(office.folder().join("report.csv")).expect("the report");
    assert!(report.starts_with('\u{feff}'), "Excel needs the byte order mark");
    let mut lines = report.lines();
    assert_eq!(
        lines.next().map(|line| line.trim_start_matches('\u{feff}')),
        Some("行,結果,コード,列,内容,説明")
    );
    let refused = report
        .lines()
        .find(|line| line.starts_with("60,"))
        .expect("row 60 is refused");
    assert!(
        refused.contains("declaration_no_conflict") && refused.contains("自己宣言ID"),
        "{refused}"
    );
    let warnings = expected()["warnings_by_code"]
        .as_object()
        .expect("an object")
        .values()
        .filter_map(Value::as_u64)
        .sum::<u64>();
    let count = |outcome: &str| report.lines().filter(|line| line.contains(outcome)).count() as u64;
    assert_eq!(count(",取り込まず,"), 99);
    assert_eq!(count(",注意,"), warnings);
}

#[tokio::test]
async fn a_row_corrected_in_the_register_is_still_the_same_row_of_the_file() {
    let office = Office::new(Engine::Sqlite).await;
    let file = data_file("legacy-register.csv");
    let file = file.to_str().expect("a UTF-8 path");
    office.run(&["import", "declarations", file, "--json"]).ok();
    {
        let mut server = office.serve();
        let client = server.administrator().await;
        let page = client
            .graphql(
                "{ declarations(first: 1, search: \"47000000002\") { ... on DeclarationConnection { nodes { id } } } }",
                Value::Null,
            )
            .await;
        let id = page
            .at("/declarations/nodes/0/id")
            .as_str()
            .expect("an id")
            .to_owned();
        let detail = client
            .graphql(
                "query($id: ID!) { declaration(id: $id) { ... on Declaration { version } } }",
                serde_json::json!({ "id": id }),
            )
            .await;
        let input = serde_json::json!({
            "commandId": "01930000-0000-7000-8000-000000000001",
            "declarationId": id,
            "expectedVersion": detail.at("/declaration/version"),
            "kind": "ERROR",
            "reason": "電話での申し出により訂正",
            "changes": [{ "field": "CITY", "value": "見本市" }],
        });
        let corrected = client
            .graphql(
                "mutation($input: CorrectDeclarationInput!) { correctDeclaration(input: $input) { __typename } }",
                serde_json::json!({ "input": input }),
            )
            .await;
        assert_eq!(
            corrected.at("/correctDeclaration/__typename"),
            "DeclarationCorrected",
            "{corrected:?}"
        );
    }
    let again = office
        .run(&["import", "declarations", file, "--json"])
        .ok()
        .json();
    assert_eq!(again["accepted"], 0);
    assert_eq!(again["refused_by_code"]["declaration_no_conflict"], 15);
}

#[tokio::test]
async fn an_import_runs_beside_a_serving_office() {
    let office = Office::new(Engine::Sqlite).await;
    let mut server = office.serve();
    let client = server.administrator().await;
    let file = data_file("legacy-register.csv");
    let summary = office
        .run(&["import", "declarations", file.to_str().expect("a path"), "--json"])
        .ok()
        .json();
    let query = "query($at: Position!) { declarations(first: 1, atLeast: $at) { __typename ... on DeclarationConnection { total { count } } } }";
    let page = client
        .graphql(query, serde_json::json!({ "at": summary["position"] }))
        .await;
    assert_eq!(page.at("/declarations/total/count"), 4882, "{page:?}");
}
