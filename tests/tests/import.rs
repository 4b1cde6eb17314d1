//! `sengen import declarations`: the given register in every figure, again, on top of itself, beside a server and beside
//! another import, killed in the middle, and what cannot be taken.

use std::fs;
use std::io::{BufRead as _, BufReader};

use serde_json::{Value, json};
use tests::{
    Correction, Engine, LIST_OF_NUMBERS, Office, Row, corporate_number, data_file, database, given_rows,
    on_both_engines, register,
};

on_both_engines!(
    the_given_register_is_taken_over_as_expected,
    an_import_that_is_killed_goes_on_where_it_was,
    the_same_file_imported_twice_at_one_time_is_in_the_register_once,
    an_import_runs_beside_a_serving_office,
);

fn expected() -> Value {
    let text = fs::read_to_string(data_file("legacy-register.expected.json")).expect("the expected summary");
    serde_json::from_str(&text).expect("JSON")
}

fn given_file() -> String {
    let path = data_file("legacy-register.csv");
    path.to_str().expect("a UTF-8 path").to_owned()
}

#[track_caller]
fn assert_verified(office: &Office, events: u64) {
    let verified = office.run(&["verify", "--json"]).ok().json();
    assert_eq!(
        (&verified["events"], &verified["breaches"]),
        (&json!(events), &json!([]))
    );
}

async fn the_given_register_is_taken_over_as_expected(engine: Engine) {
    let office = Office::new(engine).await;
    let file = given_file();
    let dry = office
        .run(&["import", "declarations", &file, "--json", "--dry-run"])
        .ok()
        .json();
    let summary = office
        .run(&["import", "declarations", &file, "--json"])
        .ok()
        .json();
    for (key, value) in expected().as_object().expect("an object") {
        assert_eq!(&dry[key], value, "{key}, in a dry run");
        assert_eq!(&summary[key], value, "{key}");
    }
    assert_eq!(summary["events_written"], 4882, "the dry run had written nothing");

    let again = office
        .run(&["import", "declarations", &file, "--json"])
        .ok()
        .json();
    assert_eq!(again["accepted"], 0);
    assert_eq!(again["identical_repeats"], 4882 + 19);
    assert_eq!(again["refused_by_code"], summary["refused_by_code"]);
    assert_eq!(again["refused_rows"], summary["refused_rows"]);
    assert_eq!(again["events_written"], 0);
    assert_verified(&office, 4882);
}

#[tokio::test]
async fn json_is_one_line_on_standard_output_and_nothing_else() {
    let office = Office::new(Engine::Sqlite).await;
    office.import(&given_rows(20));
    let outcome = office
        .run(&["import", "declarations", "register.csv", "--json"])
        .ok();
    assert_eq!(outcome.stdout.trim_end().lines().count(), 1, "{outcome:?}");
}

#[tokio::test]
async fn without_json_people_read_what_happened() {
    let office = Office::new(Engine::Sqlite).await;
    let rows = [
        Row::corporation("47000000002"),
        Row::corporation("1").with("備考", "短い番号"),
    ];
    fs::write(office.folder().join("in.csv"), register(&rows)).expect("the file");
    let outcome = office.run(&["import", "declarations", "in.csv"]).ok();
    assert!(outcome.stderr.contains("2 rows, utf-8 (detected)"), "{outcome:?}");
    assert!(
        outcome.stdout.contains("1 of 2 rows accepted, 1 refused"),
        "{outcome:?}"
    );
    assert!(outcome.stdout.contains("declaration_no_shape"), "{outcome:?}");
    let again = office.run(&["import", "declarations", "in.csv"]).ok();
    assert!(again.stdout.contains("nothing was changed"), "{again:?}");
}

#[tokio::test]
async fn the_report_names_row_code_column_and_what_was_found_in_words() {
    let office = Office::new(Engine::Sqlite).await;
    let args = [
        "import",
        "declarations",
        &given_file(),
        "--dry-run",
        "--report",
        "report.csv",
    ];
    office.run(&args).ok();
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
async fn a_report_that_cannot_be_written_is_named_before_a_row_is_taken() {
    let office = Office::new(Engine::Sqlite).await;
    office.import(&register(&[Row::corporation("47000000002")]));
    fs::write(
        office.folder().join("more.csv"),
        register(&[Row::corporation("47000000003")]),
    )
    .expect("the file");
    let outcome = office.run(&[
        "import",
        "declarations",
        "more.csv",
        "--report",
        "nowhere/report.csv",
    ]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{outcome:?}");
    assert!(outcome.stderr.contains("nowhere/report.csv"), "{outcome:?}");
    assert_verified(&office, 1);
}

#[tokio::test]
async fn a_number_that_sole_traders_share_is_a_duplicate_however_far_apart_they_stand() {
    let office = Office::new(Engine::Sqlite).await;
    let trader = |i: u32, of: u32| {
        Row::sole_trader(&format!("47{i:09}"), "見本 太郎", "ミホン").with("法人番号", &corporate_number(of))
    };
    // More rows than are looked up at one time.
    let mut rows: Vec<Row> = (1..=1_500).map(|i| trader(i, i)).collect();
    rows.push(trader(2_000, 1));
    rows.push(Row::corporation("47000002001").with("法人番号", &corporate_number(2)));
    fs::write(office.folder().join("register.csv"), register(&rows)).expect("the file");
    let dry = office.run(&["import", "declarations", "register.csv", "--json", "--dry-run"]);
    let summary = office.run(&["import", "declarations", "register.csv", "--json"]);
    for summary in [dry.ok().json(), summary.ok().json()] {
        assert_eq!(summary["accepted"], 1_502);
        assert_eq!(
            summary["warnings_by_code"]["corporate_number_duplicate"], 2,
            "{summary}"
        );
    }
    // What an earlier run took over counts like what this one did.
    rows.push(trader(2_002, 3));
    let grown = office.import(&register(&rows));
    assert_eq!(
        (&grown["accepted"], &grown["identical_repeats"]),
        (&json!(1), &json!(1_502))
    );
    assert_eq!(
        grown["warnings_by_code"]["corporate_number_duplicate"], 1,
        "{grown}"
    );
}

#[tokio::test]
async fn a_dry_run_where_no_register_is_leaves_nothing_behind() {
    let office = Office::new(Engine::Sqlite).await;
    fs::write(office.folder().join("in.csv"), given_rows(20)).expect("the file");
    let args = ["import", "declarations", "in.csv", "--json", "--dry-run"];
    assert_eq!(office.run(&args).ok().json()["rows"], 20);
    let left = fs::read_dir(office.folder()).expect("the folder").count();
    assert_eq!(left, 1, "the file itself");
}

#[tokio::test]
async fn a_report_never_takes_the_place_of_the_register() {
    let office = Office::new(Engine::Sqlite).await;
    let text = register(&[Row::corporation("47000000002")]);
    fs::write(office.folder().join("in.csv"), &text).expect("the file");
    let outcome = office.run(&["import", "declarations", "in.csv", "--report", "./in.csv"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{outcome:?}");
    assert!(outcome.stderr.contains("name another file"), "{outcome:?}");
    let kept = fs::read_to_string(office.folder().join("in.csv")).expect("the file");
    assert_eq!(kept, text);
    assert!(!office.folder().join("data").exists());
}

#[tokio::test]
async fn a_damaged_line_of_a_utf_8_file_is_named_and_the_file_is_not_taken_for_cp932() {
    let office = Office::new(Engine::Sqlite).await;
    let rows = [Row::corporation("47000000002"), Row::corporation("47000000003")];
    let mut bytes = register(&rows).into_bytes();
    let last = bytes.len() - 1;
    bytes.insert(last, 0xE3);
    for start in [&b""[..], &b"\xEF\xBB\xBF"[..]] {
        fs::write(office.folder().join("in.csv"), [start, &bytes].concat()).expect("the file");
        let outcome = office.run(&["import", "declarations", "in.csv"]);
        assert_eq!(outcome.code, 3, "{outcome:?}");
        assert!(outcome.stderr.contains("is not in UTF-8: line 3"), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_row_corrected_in_the_register_is_still_the_same_row_of_the_file() {
    let office = Office::new(Engine::Sqlite).await;
    let rows = given_rows(60);
    let summary = office.import(&rows);
    {
        let mut server = office.serve();
        let client = server.administrator().await;
        let id = client.find("47000000002").await;
        let correction = Correction::new(&id, &client.version(&id).await, "CITY", "見本市");
        let corrected = client.correct(&correction).await;
        assert_eq!(
            corrected.at("/correctDeclaration/__typename"),
            "DeclarationChanged",
            "{corrected:?}"
        );
    }
    let again = office.import(&rows);
    assert_eq!(again["accepted"], 0);
    assert_eq!(again["events_written"], 0);
    assert_eq!(again["refused_by_code"], summary["refused_by_code"]);
}

async fn an_import_runs_beside_a_serving_office(engine: Engine) {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let client = server.administrator().await;
    let summary = office.import(&given_rows(200));
    let accepted = summary["accepted"].as_u64().expect("a number");
    let page = client
        .graphql(
            LIST_OF_NUMBERS,
            json!({ "first": 1, "atLeast": summary["position"] }),
        )
        .await;
    assert_eq!(page.at("/declarations/total/count"), accepted, "{page:?}");
    // The server still follows the log, and goes on writing on top of what another process wrote.
    let id = client.find("47000000002").await;
    let version = client.version(&id).await;
    let corrected = client
        .correct(&Correction::new(&id, &version, "CITY", "見本市"))
        .await;
    assert_eq!(
        corrected.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{corrected:?}"
    );
    let position = corrected.at("/correctDeclaration/position");
    let page = client
        .graphql(
            LIST_OF_NUMBERS,
            json!({ "first": 1, "search": "47000000002", "atLeast": position }),
        )
        .await;
    assert_eq!(page.at("/declarations/nodes/0/city"), "見本市", "{page:?}");
    // The account of the administrator and their sign-in are events, too, and the four schedules that every office has.
    assert_verified(&office, accepted + 7);
}

async fn an_import_that_is_killed_goes_on_where_it_was(engine: Engine) {
    let whole = Office::new(engine).await;
    let rows = given_rows(2500);
    let expected = whole.import(&rows);

    let office = Office::new(engine).await;
    fs::write(office.folder().join("register.csv"), &rows).expect("the file");
    let mut child = office.start(&["import", "declarations", "register.csv", "--json"]);
    let stderr = child.stderr.take().expect("standard error is piped");
    // The first line of progress comes when the first rows are committed, and the rest is under way. A busy machine may
    // have warnings before it.
    let progress = BufReader::new(stderr)
        .lines()
        .map(|line| line.expect("text"))
        .find(|line| line.ends_with(" rows"));
    let progress = progress.expect("a line of progress");
    assert!(
        progress.ends_with("/2500 rows") && progress != "2500/2500 rows",
        "{progress}"
    );
    child.kill().expect("it still runs");
    child.wait().expect("it ends");

    let rest = office.import(&rows);
    let figure = |summary: &Value, key: &str| summary[key].as_u64().expect("a figure");
    let before = figure(&rest, "identical_repeats") - figure(&expected, "identical_repeats");
    assert!(before > 0, "some rows were committed before the kill");
    assert_eq!(figure(&rest, "accepted") + before, figure(&expected, "accepted"));
    assert_eq!(rest["refused_rows"], expected["refused_rows"]);
    assert_verified(&office, figure(&expected, "accepted"));
    let last = office.import(&rows);
    assert_eq!(
        (figure(&last, "accepted"), figure(&last, "events_written")),
        (0, 0)
    );
}

async fn the_same_file_imported_twice_at_one_time_is_in_the_register_once(engine: Engine) {
    let office = Office::new(engine).await;
    office.run(&["migrate"]).ok();
    let rows: Vec<Row> = (0..400_u32)
        .map(|i| Row::corporation(&format!("47{i:09}")).with("法人番号", &corporate_number(i)))
        .collect();
    fs::write(office.folder().join("register.csv"), register(&rows)).expect("the file");
    let args = ["import", "declarations", "register.csv", "--json"];
    let imports = [office.start(&args), office.start(&args)];
    let mut accepted = 0;
    for import in imports {
        let output = import.wait_with_output().expect("it ends");
        let (stdout, stderr) = (
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        );
        if output.status.success() {
            let summary: Value = serde_json::from_str(&stdout).expect("JSON");
            accepted += summary["events_written"].as_u64().expect("a figure");
        } else {
            // Who met the other says so, and what to do.
            assert_eq!(stdout, "");
            let sentence = stderr.lines().rfind(|line| line.starts_with("sengen: "));
            let sentence = sentence.unwrap_or_else(|| panic!("no sentence in {stderr}"));
            assert!(sentence.contains("run this import again"), "{sentence}");
        }
    }
    assert!(accepted <= 400, "{accepted}");
    let again = office.import(&register(&rows));
    let repeats = again["identical_repeats"].as_u64().expect("a figure");
    let rest = again["accepted"].as_u64().expect("a figure");
    assert_eq!(repeats + rest, 400, "{again}");
    assert_verified(&office, 400);
    let database = office.database().await;
    let twice = "SELECT declaration_no FROM register_index GROUP BY declaration_no HAVING COUNT(*) > 1";
    assert_eq!(database::texts(&database, twice).await, [""; 0]);
    // Each organisation is one, whichever import came first.
    let sql = "SELECT COUNT(DISTINCT organization_id) FROM register_index";
    assert_eq!(database::numbers(&database, sql).await, [400]);
}

#[tokio::test]
async fn two_files_that_overlap_give_repeats_conflicts_and_new_rows() {
    let office = Office::new(Engine::Sqlite).await;
    let first = [
        Row::corporation("47000000002").with("法人番号", &corporate_number(2)),
        Row::corporation("47000000003").with("法人番号", &corporate_number(3)),
    ];
    office.import(&register(&first));
    let second = [
        first[0].clone(),
        first[1].clone().with("備考", "別の内容"),
        Row::corporation("47000000004").with("法人番号", &corporate_number(4)),
        // The same organisation declares again, while its first declaration is live.
        Row::corporation("57000000005").with("法人番号", &corporate_number(2)),
        // Within one file, too.
        Row::corporation("47000000004").with("法人番号", &corporate_number(4)),
    ];
    let summary = office.import(&register(&second));
    assert_eq!(summary["accepted"], 2);
    assert_eq!(summary["identical_repeats"], 2);
    assert_eq!(
        summary["refused_rows"],
        json!([{ "row": 2, "code": "declaration_no_conflict" }])
    );
    assert_eq!(summary["warnings_by_code"]["corporate_number_duplicate"], 1);
    let database = office.database().await;
    let sql = "SELECT COUNT(DISTINCT organization_id) FROM register_index";
    assert_eq!(
        database::numbers(&database, sql).await,
        [3],
        "both declarations of one organisation"
    );
}

#[tokio::test]
async fn quotation_marks_line_breaks_and_formulas_in_a_cell_are_kept_to_the_byte() {
    let office = Office::new(Engine::Sqlite).await;
    let remarks = "=HYPERLINK(\"x\")\r\n一行目\n二行目, \"引用\",,,,\u{3000}";
    let rows = [Row::corporation("47000000002").with("備考", remarks)];
    let summary = office.import(&register(&rows));
    assert_eq!((&summary["accepted"], &summary["rows"]), (&1.into(), &1.into()));
    let mut server = office.serve();
    let client = server.administrator().await;
    let id = client.find("47000000002").await;
    let query = "query($id: ID!) { declaration(id: $id) { ... on Declaration { \
                 remarks { ... on Remarks { text { typed } } } } } }";
    let detail = client.graphql(query, json!({ "id": id })).await;
    assert_eq!(detail.at("/declaration/remarks/text/typed"), remarks);
}

#[tokio::test]
async fn a_corporate_number_with_a_t_in_front_is_read_and_kept_as_typed() {
    let office = Office::new(Engine::Sqlite).await;
    let number = corporate_number(7);
    let typed = format!("Ｔ{number}");
    let rows = [
        Row::corporation("47000000002").with("法人番号", &typed),
        Row::corporation("47000000003").with("法人番号", &number),
    ];
    let summary = office.import(&register(&rows));
    assert_eq!(summary["accepted"], 2);
    assert_eq!(
        summary["warnings_by_code"],
        json!({ "corporate_number_duplicate": 1 })
    );
    let mut server = office.serve();
    let client = server.administrator().await;
    let id = client.find("47000000002").await;
    let query = "query($id: ID!) { declaration(id: $id) { ... on Declaration { \
                 corporateNumber { typed value } others { number flags } } } }";
    let detail = client.graphql(query, json!({ "id": id })).await;
    assert_eq!(
        detail.at("/declaration/corporateNumber"),
        &json!({ "typed": typed, "value": number })
    );
    assert_eq!(
        detail.at("/declaration/others"),
        &json!([{ "number": "47000000003", "flags": ["CORPORATE_NUMBER_DUPLICATE"] }])
    );
}
