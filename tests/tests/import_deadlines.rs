//! `sengen import deadlines`: CSV and iCalendar in every encoding, dry first, again, beside another one, and what cannot be
//! taken.

use std::fs;

use encoding_rs::SHIFT_JIS;
use serde_json::{Value, json};
use tests::{Engine, Office, Outcome, database, on_both_engines};

on_both_engines!(
    a_file_is_looked_through_dry_then_taken_and_then_there_already,
    a_file_larger_than_the_console_takes_is_taken_as_a_whole,
    the_same_file_taken_over_twice_at_one_time_is_in_the_calendar_once,
    one_wrong_row_is_named_with_its_line_and_nothing_is_taken,
);

const INPUT: i32 = 3;
const FILE: &str =
    "日付,時刻,名称,出典,備考\n2059-12-25,17:00,甲補助金,公募要領,\n2059-12-26,,乙補助金,,電子のみ\n";

fn import(office: &Office, content: &[u8], more: &[&str]) -> Outcome {
    fs::write(office.folder().join("deadlines"), content).expect("the file");
    office.run(&[&["import", "deadlines", "deadlines"], more].concat())
}

fn figures(outcome: Outcome) -> Value {
    let summary = outcome.ok().json();
    json!(["added", "changed", "same", "refused", "written"].map(|key| summary[key].clone()))
}

async fn names(office: &Office) -> Vec<String> {
    database::texts(
        &office.database().await,
        "SELECT name FROM deadline ORDER BY day, name",
    )
    .await
}

async fn a_file_is_looked_through_dry_then_taken_and_then_there_already(engine: Engine) {
    let office = Office::new(engine).await;
    office.run(&["migrate"]).ok();
    let args = ["--source", "みほん県の一覧", "--json"];
    let dry = import(&office, FILE.as_bytes(), &[&args[..], &["--dry-run"]].concat());
    assert_eq!(figures(dry), json!([2, 0, 0, 0, false]));
    assert_eq!(names(&office).await, [""; 0], "a dry run writes nothing");
    let done = import(&office, FILE.as_bytes(), &args);
    assert_eq!(figures(done), json!([2, 0, 0, 0, true]));
    assert_eq!(names(&office).await, ["甲補助金", "乙補助金"]);
    let sources = "SELECT source FROM deadline ORDER BY day";
    let sources = database::texts(&office.database().await, sources).await;
    assert_eq!(sources, ["公募要領", "みほん県の一覧"]);

    // However it is written, it is the same file.
    let (cp932, _, _) = SHIFT_JIS.encode(FILE);
    let marked = format!("\u{feff}{}", FILE.replace('\n', "\r\n"));
    for (content, encoding) in [
        (FILE.as_bytes(), "utf-8"),
        (&cp932, "cp932"),
        (marked.as_bytes(), "utf-8"),
    ] {
        for asked in [&[][..], &["--encoding", encoding]] {
            let again = import(&office, content, &[&args[..], asked].concat());
            assert_eq!(again.json()["encoding"], encoding);
            assert_eq!(figures(again), json!([0, 0, 2, 0, false]));
        }
    }
    // One that came forward is moved, and one of a calendar file is like any other.
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@example.jp\r\nSUMMARY:甲補助金\r\n\
         DTSTART;TZID=Asia/Tokyo:20591201T170000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let moved = import(&office, calendar.as_bytes(), &args);
    assert_eq!(figures(moved), json!([0, 1, 0, 0, true]));
    let verified = office.run(&["verify", "--json"]).ok().json();
    assert_eq!(
        (&verified["events"], &verified["breaches"]),
        (&json!(3), &json!([]))
    );
}

async fn a_file_larger_than_the_console_takes_is_taken_as_a_whole(engine: Engine) {
    let office = Office::new(engine).await;
    let note = "あ".repeat(60);
    let rows: Vec<String> = (0..10_000)
        .map(|n| format!("2060-05-01,第{n}回,公募要領,{note}\n"))
        .collect();
    let text = format!("date,name,source,note\n{}", rows.concat());
    assert!(text.len() > 2 << 20, "{}", text.len());
    let done = import(&office, text.as_bytes(), &["--json"]);
    assert_eq!(figures(done), json!([10_000, 0, 0, 0, true]));
    let again = import(&office, text.as_bytes(), &["--json"]);
    assert_eq!(figures(again), json!([0, 0, 10_000, 0, false]));
    let count = "SELECT count(*) FROM deadline";
    let count = database::numbers(&office.database().await, count).await;
    assert_eq!(count, [10_000]);

    let one_more = import(&office, format!("{text}2060-05-02,x,y,\n").as_bytes(), &[]);
    assert_eq!(one_more.code, INPUT, "{one_more:?}");
    assert!(
        one_more.stderr.contains("more than 10000 deadlines"),
        "{one_more:?}"
    );
}

async fn the_same_file_taken_over_twice_at_one_time_is_in_the_calendar_once(engine: Engine) {
    let office = Office::new(engine).await;
    office.run(&["migrate"]).ok();
    let rows: Vec<String> = (0..500).map(|n| format!("2060-05-01,第{n}回,x\n")).collect();
    let text = format!("date,name,source\n{}", rows.concat());
    fs::write(office.folder().join("deadlines"), &text).expect("the file");
    let args = ["import", "deadlines", "deadlines", "--json"];
    for import in [office.start(&args), office.start(&args)] {
        let output = import.wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        // Who met the other says so, and what to do.
        assert!(
            output.status.success() || stderr.contains("run this import again"),
            "{stderr}"
        );
    }
    let again = import(&office, text.as_bytes(), &["--json"]);
    assert_eq!(figures(again), json!([0, 0, 500, 0, false]));
    assert_eq!(names(&office).await.len(), 500);
}

async fn one_wrong_row_is_named_with_its_line_and_nothing_is_taken(engine: Engine) {
    let office = Office::new(engine).await;
    office.run(&["migrate"]).ok();
    let text = "date,time,name,source\n2059-12-25,17:00,甲,x\nあした,17:00,乙,x\n\n2059-02-30,夕方,丙\u{7}戊,x\n2059-12-27,,丁\n";
    for more in [&[][..], &["--dry-run"]] {
        let refused = import(&office, text.as_bytes(), more);
        assert_eq!(refused.code, INPUT, "{refused:?}");
        for said in [
            "1 of 4 rows would be added, 0 would be changed, 0 the calendar has already, 3 refused",
            "line      3  date_unreadable",
            "line      5  date_unreadable",
            "line      5  time_unreadable",
            "line      5  control_character",
            "line      6  ragged_row",
        ] {
            assert!(refused.stdout.contains(said), "{said}: {refused:?}");
        }
        let sentence = "3 of 4 rows of deadlines cannot be taken, so none was; correct them";
        assert!(refused.stderr.contains(sentence), "{refused:?}");
        assert!(!refused.stdout.contains('\u{7}'), "{refused:?}");
    }
    let refused = import(&office, text.as_bytes(), &["--json"]);
    assert_eq!(
        refused.json()["refused_rows"][0],
        json!({ "line": 3, "field": "date", "code": "date_unreadable",
                "message": refused.json()["refused_rows"][0]["message"] })
    );
    assert_eq!(
        (refused.code, refused.stdout.lines().count()),
        (INPUT, 1),
        "{refused:?}"
    );
    assert_eq!(names(&office).await, [""; 0]);
}

#[tokio::test]
async fn people_read_what_happened_and_a_dry_run_where_no_register_is_leaves_none() {
    let office = Office::new(Engine::Sqlite).await;
    let dry = import(&office, FILE.as_bytes(), &["--source", "x", "--dry-run"]).ok();
    assert!(
        dry.stderr.contains("deadlines: 2 rows, utf-8 (detected)"),
        "{dry:?}"
    );
    assert_eq!(
        dry.stdout,
        "2 of 2 rows would be added, 0 would be changed, 0 the calendar has already, 0 refused\n"
    );
    assert!(!office.folder().join("data").exists());
    let done = import(&office, FILE.as_bytes(), &["--source", "x"]).ok();
    assert_eq!(
        done.stdout,
        "2 of 2 rows added, 0 changed, 0 the calendar has already, 0 refused\n"
    );
    let again = import(&office, FILE.as_bytes(), &["--source", "x"]).ok();
    assert_eq!(
        again.stdout,
        "0 of 2 rows added, 0 changed, 2 the calendar has already, 0 refused\nnothing was changed\n"
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_taken_as_a_whole_is_refused_in_a_sentence_and_leaves_no_trace() {
    let office = Office::new(Engine::Sqlite).await;
    let (cp932, _, _) = SHIFT_JIS.encode(FILE);
    let open = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n";
    let large = vec![b'x'; (16 << 20) + 1];
    let long = format!("date,name,note\n{}", "2060-05-01,x,y\n".repeat(10_000));
    let source = "あ".repeat(500);
    for (content, more, said) in [
        (&b""[..], &[][..], "the file holds no deadlines"),
        (b"PK\x03\x04rest of an archive", &[], "the headings are not those"),
        (
            b"\xFF\xFE\x00\x80",
            &[],
            "is not in UTF-8 or in CP932; save it anew",
        ),
        (&cp932, &["--encoding", "utf-8"], "is not in UTF-8; save it anew"),
        (open.as_bytes(), &[], "cannot be read from line 2 on"),
        (&large, &[], "larger than 16 MiB; take it over in parts"),
        (
            long.as_bytes(),
            &["--source", &source],
            "more than 7 MiB together; take the file over in parts",
        ),
    ] {
        let refused = import(&office, content, more);
        assert_eq!(
            (refused.code, refused.stdout.as_str()),
            (INPUT, ""),
            "{said}: {refused:?}"
        );
        assert!(
            refused.stderr.starts_with("sengen: deadlines: ") && refused.stderr.contains(said),
            "{said}: {refused:?}"
        );
        assert!(!office.folder().join("data").exists());
    }
    let missing = office.run(&["import", "deadlines", "nowhere.csv"]);
    assert!(
        missing.code == INPUT && missing.stderr.contains("nowhere.csv cannot be read"),
        "{missing:?}"
    );
    // Neither is a pipe, which nobody may ever write into, nor one that never ends.
    for path in [".", "/dev/zero"] {
        let refused = office.run(&["import", "deadlines", path]);
        assert!(
            refused.code == INPUT && refused.stderr.contains("is not a file"),
            "{refused:?}"
        );
    }
}
