//! The given register, read in memory as an import reads it, against the figures that a right import reports.

use std::collections::{BTreeMap, HashMap};

use domain::{
    declaration::Field,
    legacy_register::{Columns, Earlier, RowReading, Verdict, judge},
};
use serde_json::{Value, json};

/// What an import reports, counted.
#[derive(Default)]
struct Report {
    rows: u64,
    accepted: u64,
    repeats: u64,
    refused: Vec<(u64, &'static str)>,
    warnings: BTreeMap<&'static str, u64>,
    stars: BTreeMap<&'static str, u64>,
    stopped: u64,
    prefectures: BTreeMap<&'static str, u64>,
}

/// What the rows accepted so far say about the next one.
#[derive(Default)]
struct Seen {
    numbers: HashMap<String, Vec<u8>>,
    live: HashMap<String, u64>,
}

fn import(bytes: &[u8]) -> Report {
    let (text, _, broken) = encoding_rs::SHIFT_JIS.decode(bytes);
    assert!(!broken, "the register is CP932");
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let heading: Vec<String> = reader
        .headers()
        .expect("a heading")
        .iter()
        .map(str::to_owned)
        .collect();
    let columns = Columns::read(&heading).expect("the known headings");
    let mut report = Report::default();
    let mut seen = Seen::default();
    for record in reader.records() {
        report.rows += 1;
        let cells: Vec<String> = record
            .expect("text that was decoded")
            .iter()
            .map(str::to_owned)
            .collect();
        take(&columns.read_row(&cells), &mut seen, &mut report);
    }
    report
}

fn take(reading: &RowReading, seen: &mut Seen, report: &mut Report) {
    let (row, warnings) = match reading {
        RowReading::Accepted(row, warnings) => (row, warnings),
        RowReading::Refused(refusal) => return report.refused.push((report.rows, refusal.code.code())),
    };
    let earlier = match seen.numbers.get(row.number().as_str()) {
        None => Earlier::Never,
        Some(bytes) if bytes == row.fingerprint_bytes().reveal() => Earlier::SameRow,
        Some(_) => Earlier::OtherContent,
    };
    let corporate = row.corporate_number().map(|number| number.to_string());
    let elsewhere = corporate
        .as_ref()
        .is_some_and(|number| seen.live.contains_key(number));
    let duplicate = match judge(row, earlier, elsewhere) {
        Verdict::Accept(duplicate) => duplicate,
        Verdict::IdenticalRepeat => return report.repeats += 1,
        Verdict::Refuse(refusal) => return report.refused.push((report.rows, refusal.code.code())),
    };
    seen.numbers
        .insert(row.number().to_string(), row.fingerprint_bytes().reveal().clone());
    report.accepted += 1;
    for warning in warnings.iter().chain(&duplicate) {
        *report.warnings.entry(warning.flag.code()).or_default() += 1;
    }
    let star = if row.value(Field::Star) == Some("one") {
        "1"
    } else {
        "2"
    };
    *report.stars.entry(star).or_default() += 1;
    if row.standing().stop.is_some() {
        report.stopped += 1;
    } else if let Some(number) = corporate {
        *seen.live.entry(number).or_default() += 1;
    }
    let prefecture = row
        .value(Field::Prefecture)
        .and_then(domain::value::Prefecture::from_code)
        .expect("a prefecture");
    *report.prefectures.entry(prefecture.name()).or_default() += 1;
}

#[test]
fn the_given_register_reads_as_expected_in_every_figure() {
    let report = import(include_bytes!("data/legacy-register.csv"));
    let expected: Value =
        serde_json::from_str(include_str!("data/legacy-register.expected.json")).expect("JSON");
    let mut by_code: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, code) in &report.refused {
        *by_code.entry(code).or_default() += 1;
    }
    let refused_rows: Vec<Value> = report
        .refused
        .iter()
        .map(|(row, code)| json!({"row": row, "code": code}))
        .collect();
    let mut prefectures: Vec<_> = report.prefectures.into_iter().collect();
    prefectures.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let top: BTreeMap<_, _> = prefectures.into_iter().take(5).collect();
    let found = json!({
        "encoding": "cp932",
        "rows": report.rows,
        "accepted": report.accepted,
        "identical_repeats": report.repeats,
        "refused": report.refused.len(),
        "refused_by_code": by_code,
        "refused_rows": refused_rows,
        "warnings_by_code": report.warnings,
        "accepted_by_star": report.stars,
        "accepted_stopped": report.stopped,
        "accepted_by_prefecture_top5": top,
    });
    for (key, value) in expected.as_object().expect("an object") {
        assert_eq!(&found[key], value, "{key}");
    }
}
