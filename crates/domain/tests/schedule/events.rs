//! Stored shapes are frozen: one file for each shape, for ever. `GOLDEN=write` writes those that are missing, as for
//! declarations; a file that is there is never changed.

use std::{collections::BTreeSet, fs, path::PathBuf};

use domain::schedule::{DefinitionInput, Firing, Misfire, Missed, MissedWhy, SCHEMA_VERSION, ScheduleEvent};
use serde_json::{Value, json};

use crate::harness::*;

/// Every shape, under the name of its file.
fn shapes() -> Vec<(&'static str, ScheduleEvent)> {
    let schedule_id = schedule_id();
    let due_after = utc("2026-11-22T00:00:00.123456Z");
    let full = DefinitionInput {
        expression: "*/30  1-3 * jan-MAR MON-FRI".to_owned(),
        zone: "Australia/Lord_Howe".to_owned(),
        misfire: Misfire::All { at_most: 100 },
        not_after: Some(utc("2030-01-01T00:00:00Z")),
        jitter: 90,
        enabled: false,
        ..input()
    };
    let firing = Firing {
        due: utc("2026-11-23T00:00:00Z"),
        run_at: utc("2026-11-23T00:00:42.5Z"),
        late: true,
        makes_up_for: 2,
    };
    let missed = Missed {
        count: 4_319,
        first_due: utc("2026-11-22T00:31:00Z"),
        last_due: utc("2026-11-25T00:29:00Z"),
        why: MissedWhy::Policy,
    };
    let over = Missed {
        why: MissedWhy::NotAfter,
        ..missed
    };
    let command = "send-reminders".to_owned();
    let job_id = job(1);
    vec![
        ("defined.v1", defined(&input(), "2026-11-22T00:00:00Z")),
        ("defined-full.v1", defined(&full, "2026-11-22T00:00:00Z")),
        (
            "changed.v1",
            ScheduleEvent::Changed {
                schedule_id,
                definition: Box::new(read(&full)),
                due_after,
            },
        ),
        ("paused.v1", ScheduleEvent::Paused { schedule_id }),
        (
            "resumed.v1",
            ScheduleEvent::Resumed {
                schedule_id,
                due_after,
            },
        ),
        ("removed.v1", ScheduleEvent::Removed { schedule_id }),
        (
            "fired.v1",
            ScheduleEvent::Fired {
                schedule_id,
                firing,
                job_id,
                command: command.clone(),
            },
        ),
        ("missed.v1", ScheduleEvent::Missed { schedule_id, missed }),
        (
            "missed-over.v1",
            ScheduleEvent::Missed {
                schedule_id,
                missed: over,
            },
        ),
        (
            "run_requested.v1",
            ScheduleEvent::RunRequested {
                schedule_id,
                job_id,
                command,
            },
        ),
    ]
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/schedule")
        .join(format!("{name}.json"))
}

fn golden(name: &str) -> Value {
    let text = fs::read_to_string(path(name)).expect("a golden file");
    serde_json::from_str(&text).expect("JSON")
}

fn stored(event: &ScheduleEvent) -> Value {
    let tags: Vec<String> = event
        .tags()
        .iter()
        .map(|(kind, value)| format!("{kind}:{value}"))
        .collect();
    json!({
        "event_type": event.event_type(),
        "schema_version": SCHEMA_VERSION,
        "tags": tags,
        "data": event.data(),
    })
}

#[test]
fn every_shape_is_written_as_its_golden_file_says() {
    for (name, event) in shapes() {
        let written = stored(&event);
        if std::env::var("GOLDEN").is_ok_and(|wish| wish == "write") && !path(name).exists() {
            let text = serde_json::to_string_pretty(&written).expect("JSON");
            fs::write(path(name), text + "\n").expect("the folder can be written to");
        }
        assert_eq!(written, golden(name), "{name}");
    }
}

#[test]
fn every_golden_file_reads_as_what_was_written() {
    for (name, event) in shapes() {
        let stored = golden(name);
        let event_type = stored["event_type"].as_str().expect("a type");
        let read = ScheduleEvent::decode(event_type, 1, &stored["data"]).expect("a stored event can be read");
        assert_eq!(read, event, "{name}");
    }
}

#[test]
fn every_event_type_has_a_golden_file_and_those_that_change_facts_are_named() {
    let types: BTreeSet<_> = shapes().iter().map(|(_, event)| event.event_type()).collect();
    assert_eq!(types, BTreeSet::from(ScheduleEvent::TYPES));
    let facts: BTreeSet<_> = shapes()
        .iter()
        .filter(|(_, event)| event.changes_facts())
        .map(|(_, event)| event.event_type())
        .collect();
    assert_eq!(facts, BTreeSet::from(ScheduleEvent::FACT_TYPES));
}

#[test]
fn what_was_never_written_is_refused_with_its_reason() {
    let refused = |event_type, version, data: &Value| {
        ScheduleEvent::decode(event_type, version, data)
            .expect_err("it is refused")
            .to_string()
    };
    let nothing = json!({});
    assert_eq!(
        refused("declaration.made", 1, &nothing),
        "unknown event type \"declaration.made\""
    );
    assert_eq!(
        refused("schedule.fired", 2, &nothing),
        "event type schedule.fired has no schema version 2"
    );
    for event_type in ScheduleEvent::TYPES {
        assert_eq!(
            refused(event_type, 1, &nothing),
            format!("data of {event_type} does not have its shape")
        );
    }
    for (field, value) in [
        ("expression", json!("0 9 * * 8")),
        ("zone", json!("Asia/Edo")),
        ("misfire", json!("all:0")),
        ("not_after", json!(i64::MAX)),
        ("jitter", json!(-1)),
    ] {
        let mut data = golden("defined.v1")["data"].clone();
        data["definition"][field] = value;
        let refused = refused("schedule.defined", 1, &data);
        assert_eq!(
            refused, "data of schedule.defined does not have its shape",
            "{field}"
        );
    }
}
