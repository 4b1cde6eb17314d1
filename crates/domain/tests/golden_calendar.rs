//! The stored shapes of the calendar's events are frozen: one file for each, for ever (see `golden.rs`).

use std::collections::BTreeSet;
use std::{fs, path::PathBuf};

use chrono::NaiveDate;
use domain::calendar::{CalendarEvent, DayKind, Deadline, DeadlineId, Hours, OfficeDay, TimeOfDay};
use serde_json::{Value, json};
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn time(text: &str) -> TimeOfDay {
    TimeOfDay::parse(text).expect("a time")
}

fn deadline(text: &str) -> Deadline {
    Deadline {
        id: DeadlineId(Uuid::from_u128(0x0193_5000_0000_7000_8000_0000_0000_0001)),
        day: day("2026-12-25"),
        time: time(text),
        name: "みほん補助金 第3回 申請締切".to_owned(),
        source: "https://example.jp/hojo".to_owned(),
        note: "電子申請のみ\n郵送は不可".to_owned(),
    }
}

fn shapes() -> Vec<(&'static str, CalendarEvent)> {
    let own = |kind, name: &str| CalendarEvent::DaySet {
        date: day("2026-12-29"),
        day: OfficeDay {
            kind,
            name: name.to_owned(),
        },
    };
    vec![
        ("calendar.day_set-closed.v1", own(DayKind::Closed, "館内点検")),
        ("calendar.day_set-open.v1", own(DayKind::Open, "臨時の窓口")),
        (
            "calendar.day_cleared.v1",
            CalendarEvent::DayCleared {
                date: day("2026-12-29"),
            },
        ),
        (
            "calendar.hours_set.v1",
            CalendarEvent::HoursSet {
                hours: Hours::new(time("9:00"), time("24:00")).expect("hours"),
                closed_at_year_end: false,
            },
        ),
        (
            "calendar.deadline_added.v1",
            CalendarEvent::DeadlineAdded(deadline("17:00")),
        ),
        (
            "calendar.deadline_changed.v1",
            CalendarEvent::DeadlineChanged(deadline("24:00")),
        ),
        (
            "calendar.deadline_removed.v1",
            CalendarEvent::DeadlineRemoved {
                id: deadline("17:00").id,
            },
        ),
    ]
}

fn to_json(event: &CalendarEvent) -> Value {
    let encoded = event.encode();
    json!({
        "event_type": encoded.event_type,
        "schema_version": encoded.schema_version,
        "tags": [format!("{}:{}", encoded.tag.0, encoded.tag.1)],
        "data": encoded.data,
    })
}

#[test]
fn every_shape_is_written_and_read_as_its_golden_file_says() {
    for (name, event) in shapes() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.json"));
        if std::env::var("GOLDEN").is_ok_and(|wish| wish == "write") && !path.exists() {
            let text = serde_json::to_string_pretty(&to_json(&event)).expect("JSON");
            fs::write(&path, text + "\n").expect("the folder can be written to");
        }
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let golden: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(to_json(&event), golden, "{name}");
        let read = CalendarEvent::decode(
            golden["event_type"].as_str().expect("a type"),
            u16::try_from(golden["schema_version"].as_u64().expect("a version")).expect("small"),
            &golden["data"],
        );
        assert_eq!(read.expect("a stored event can be read"), event, "{name}");
    }
}

#[test]
fn every_type_has_a_golden_file() {
    let covered: BTreeSet<_> = shapes().iter().map(|(_, event)| event.event_type()).collect();
    assert_eq!(covered, BTreeSet::from(CalendarEvent::TYPES));
}

#[test]
fn what_is_no_event_of_this_program_is_refused_with_its_type() {
    let refused = |event_type: &str, version, data: Value| {
        let error = CalendarEvent::decode(event_type, version, &data).expect_err("refused");
        assert!(error.to_string().contains(event_type), "{error}");
    };
    refused("calendar.day_painted", 1, json!({}));
    refused("calendar.day_set", 2, json!({}));
    refused(
        "calendar.day_set",
        1,
        json!({ "date": "2026-12-29", "kind": "half", "name": "x" }),
    );
    refused(
        "calendar.day_set",
        1,
        json!({ "date": "2026-02-30", "kind": "open", "name": "x" }),
    );
    refused(
        "calendar.hours_set",
        1,
        json!({ "opens": "18:00", "closes": "09:00", "closed_at_year_end": true }),
    );
    refused(
        "calendar.hours_set",
        1,
        json!({ "opens": "late", "closes": "09:00", "closed_at_year_end": true }),
    );
}
