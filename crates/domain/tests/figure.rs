//! The spans of what is counted are what the timeline says of every day, and their changes add up to a recount.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use chrono::{NaiveDate, TimeDelta};
use domain::declaration::outline::EventText;
use domain::declaration::{
    Change, Corrected, CorrectionKind, DeclarationEvent, DeclarationState, EncodedEvent, Facts, Field,
    FieldValue, Liveness, Made, Origin, Recorded, RegisterSource, Registered, Replacement, Role, Source,
    Standing, Statement, Stop, StopKind, Subjects, Timeline, TimelineError, Undone, size_hint,
};
use domain::figure::{
    self, AsOfError, Cell, Counted, Dimension, FIRST_DAY, Month, Span, Step, changes, is_planned, latest_day,
    read_as_of, spans,
};
use domain::value::{EntityType, Industry, Prefecture, Star};
use domain::{DeclarationId, OrganizationId, SubjectId};
use proptest::prelude::*;
use serde_json::Value;
use uuid::Uuid;

/// The days that histories are about, and some before and after them.
const DAYS: i64 = 70;

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 2, 1).expect("a day") + TimeDelta::days(n)
}

fn subjects() -> Subjects {
    let subject = |n| SubjectId::new(Uuid::from_u128(n));
    Subjects {
        representative: subject(3),
        contact: subject(4),
        sole_trader: subject(5),
        remarks: subject(6),
    }
}

/// An event in the making: what kind, about which field, with which text, since which day, and another day.
type Draft = (u8, usize, usize, i64, i64);

const FIELDS: [Field; 8] = [
    Field::DeclaredOn,
    Field::Star,
    Field::Prefecture,
    Field::Industry,
    Field::Employees,
    Field::CapitalYen,
    // Not counted.
    Field::City,
    Field::Name,
];

/// A text for a field: several that can be read, one that cannot, and nothing.
fn text(field: Field, n: usize) -> String {
    let texts: &[&str] = match field {
        Field::DeclaredOn => &[
            "2024/02/11",
            "令和6年3月1日",
            "R6.2.21",
            "2024-04-01",
            "いつか",
            "",
        ],
        Field::Star => &["★", "★★", "二つ星", "三つ星", ""],
        Field::Prefecture => &["東京都", "大阪", "47", "海外", ""],
        Field::Industry => &["E", "製造業", "I", "M", "その他", ""],
        Field::Employees => &["3人", "18", "5,000名", "多数", ""],
        Field::CapitalYen => &["1,000万円", "5億円", "なし", ""],
        _ => &["みほん", "見本", ""],
    };
    texts[n % texts.len()].to_owned()
}

fn change(facts: &Facts, at: usize, n: usize) -> Change {
    let field = FIELDS[at % FIELDS.len()];
    let new = FieldValue::read(field, &text(field, n)).map(|value| facts.classify(field, value));
    Change {
        field,
        old: facts.get(field).cloned(),
        new,
    }
}

fn stop(n: usize, on: i64) -> Stop {
    Stop {
        kind: StopKind::ALL[n % StopKind::ALL.len()],
        on: (!n.is_multiple_of(7)).then(|| day(on)),
    }
}

fn event(&(kind, at, n, _, other): &Draft, facts: &Facts) -> DeclarationEvent {
    let corporate_number = None;
    match kind % 10 {
        0 | 1 => DeclarationEvent::Corrected(Box::new(Corrected {
            change: change(facts, at, n),
            kind: CorrectionKind::Error,
            source: Source::Staff,
        })),
        2 => DeclarationEvent::SteppedUp {
            changes: vec![change(facts, 1, 1)],
        },
        3 => DeclarationEvent::SteppedDown {
            changes: vec![change(facts, 1, 0), change(facts, at, n)],
        },
        4 | 5 => DeclarationEvent::Stopped {
            stop: stop(n, other),
            corporate_number,
        },
        6 => DeclarationEvent::Reinstated { corporate_number },
        7 => DeclarationEvent::PersonForgotten {
            subject: facts.subjects().of(Role::ALL[at % Role::ALL.len()]),
            successor: SubjectId::new(Uuid::from_u128(100)),
        },
        8 => DeclarationEvent::Superseded {
            by: OTHER,
            corporate_number,
        },
        _ => DeclarationEvent::Undone(Box::new(Undone {
            undoes: 2,
            changes: vec![change(facts, at, n)],
            liveness: match n % 3 {
                0 => Some(Liveness::Live),
                1 => Some(Liveness::Stopped(stop(n, other))),
                _ => None,
            },
            published: None,
            replaced: match n % 4 {
                0 => Some(None),
                1 => Some(Some(Replacement::SupersededBy(OTHER))),
                _ => None,
            },
            replaces: None,
            logo_allowed: None,
            flag: None,
            corporate_number,
        })),
    }
}

/// What takes its place.
const OTHER: DeclarationId = DeclarationId::new(Uuid::from_u128(3));

/// How a declaration begins: as whom, whether it is taken over, with which texts, and whether it is stopped already.
type First = (usize, bool, Vec<usize>, Option<(usize, i64)>);

fn beginning((entity, taken_over, texts, stopped): &First) -> (Facts, DeclarationEvent) {
    let mut facts = Facts::new(EntityType::ALL[entity % EntityType::ALL.len()], subjects());
    for (field, n) in FIELDS.into_iter().zip(texts) {
        facts.type_in(field, &text(field, *n));
    }
    let event = if *taken_over {
        DeclarationEvent::Registered(Box::new(Registered {
            source: RegisterSource {
                register: "old.csv".to_owned(),
                fingerprint: String::new(),
            },
            facts: facts.clone(),
            standing: Standing {
                stop: stopped.map(|(n, on)| stop(n, on)),
                state_typed: String::new(),
                stopped_on_typed: String::new(),
            },
            published: true,
            flags: [].into(),
        }))
    } else {
        DeclarationEvent::Made(Box::new(Made {
            origin: Origin::ALL[entity % Origin::ALL.len()],
            facts: facts.clone(),
            published: true,
            flags: [].into(),
        }))
    };
    (facts, event)
}

fn history(first: &First, drafts: &[Draft]) -> Vec<Recorded> {
    let (facts, begins) = beginning(first);
    let statement = |since, event| Statement {
        declaration_id: DeclarationId::new(Uuid::from_u128(1)),
        organization_id: OrganizationId::new(Uuid::from_u128(2)),
        effective_at: day(since),
        event,
    };
    let later = drafts
        .iter()
        .map(|draft| statement(draft.3, event(draft, &facts)));
    (1..)
        .zip(std::iter::once(statement(10, begins)).chain(later))
        .map(|(position, statement)| Recorded { position, statement })
        .collect()
}

fn steps(history: &[Recorded]) -> Vec<Step> {
    let mut steps = Vec::new();
    for recorded in history {
        let encoded: EncodedEvent = recorded.statement.encode();
        let data = encoded.data.to_string();
        let event = EventText {
            event_type: encoded.event_type,
            schema_version: encoded.schema_version,
            effective_at: encoded.effective_at,
            data: &data,
        };
        if let Some((id, found)) = Step::read(recorded.position, &event).expect("it was encoded") {
            assert_eq!(id, recorded.statement.declaration_id);
            steps.extend(found);
        }
    }
    steps
}

/// What is counted on a day, by the timeline.
fn by_timeline(timeline: &Timeline, taken_over: bool, origin: Origin, day: NaiveDate) -> Option<Counted> {
    let view = timeline.at(day, None).filter(|view| view.existed)?;
    let facts = &view.declaration.facts;
    let standing = match view.state {
        DeclarationState::Active => figure::Standing::Live,
        DeclarationState::Superseded | DeclarationState::Merged => figure::Standing::Replaced,
        DeclarationState::Stopped => {
            figure::Standing::Stopped(view.declaration.stop.and_then(|stop| stop.on).map(Month::of))
        }
    };
    let first = |value: &str| value.chars().next();
    Some(Counted {
        standing,
        star: facts.value(Field::Star).and_then(Star::from_code),
        prefecture: facts.value(Field::Prefecture).and_then(Prefecture::from_code),
        industry: facts
            .value(Field::Industry)
            .and_then(first)
            .and_then(Industry::from_letter),
        size: size_hint(facts).class,
        origin: (!taken_over).then_some(origin).into(),
        declared: facts.declared_on().map(Month::of),
    })
}

fn on(spans: &[Span], day: NaiveDate) -> Option<Counted> {
    spans.iter().rev().find(|span| span.from <= day)?.counted
}

fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    let days = -5_i64..DAYS;
    prop::collection::vec(
        (any::<u8>(), any::<usize>(), any::<usize>(), 0_i64..50, days),
        0..14,
    )
}

fn first() -> impl Strategy<Value = First> {
    (
        any::<usize>(),
        any::<bool>(),
        prop::collection::vec(any::<usize>(), FIELDS.len()),
        prop::option::of((any::<usize>(), 0_i64..50)),
    )
}

proptest! {
    #[test]
    fn spans_are_what_the_timeline_says_of_every_day(first in first(), drafts in drafts()) {
        let history = history(&first, &drafts);
        let spans = spans(&steps(&history)).expect("it begins");
        let timeline = Timeline::new(history).expect("a history");
        let origin = Origin::ALL[first.0 % Origin::ALL.len()];
        for day in (-20..DAYS).map(day) {
            prop_assert_eq!(on(&spans, day), by_timeline(&timeline, first.1, origin, day), "{}", day);
        }
        for pair in spans.windows(2) {
            prop_assert!(pair[0].from < pair[1].from && pair[0].counted != pair[1].counted);
        }
    }

    #[test]
    fn changes_until_a_day_add_up_to_what_is_counted_on_it(first in first(), drafts in drafts()) {
        let spans = spans(&steps(&history(&first, &drafts))).expect("it begins");
        for day in (-20..DAYS).map(day) {
            let mut sums: BTreeMap<Cell, i64> = BTreeMap::new();
            changes(&spans, |on, cell, change| {
                if on <= day {
                    *sums.entry(cell).or_default() += change;
                }
            });
            sums.retain(|_, sum| *sum != 0);
            let counted = on(&spans, day).map(|counted| counted.cells().map(|cell| (cell, 1)).collect());
            prop_assert_eq!(sums, counted.unwrap_or_default(), "{}", day);
        }
    }

    #[test]
    fn cells_come_back_from_their_numbers(first in first(), drafts in drafts()) {
        let spans = spans(&steps(&history(&first, &drafts))).expect("it begins");
        for cell in spans.iter().filter_map(|span| span.counted).flat_map(|counted| counted.cells()) {
            let (star, origin) = (cell.star_number(), cell.origin_number());
            let again = Cell::from_numbers(
                cell.dimension,
                cell.value.number(),
                cell.standing_number(),
                star,
                origin,
            );
            prop_assert_eq!(again, Some(cell));
        }
    }
}

/// Numbers stand in tables: another one would be another value.
#[test]
fn numbers_in_tables_are_these() {
    let dimensions: Vec<_> = Dimension::ALL
        .iter()
        .map(|dimension| dimension.number())
        .collect();
    assert_eq!(dimensions, [1, 2, 3, 4, 5]);
    let number = |value: figure::Value| value.number();
    let industries: Vec<_> = Industry::all()
        .map(|it| number(figure::Value::Industry(it)))
        .collect();
    assert_eq!(industries, (1..=20).collect::<Vec<_>>());
    let prefectures: Vec<_> = Prefecture::all()
        .map(|it| number(figure::Value::Prefecture(it)))
        .collect();
    assert_eq!(prefectures, (1..=47).collect::<Vec<_>>());
    assert_eq!(number(figure::Value::Month(Month::of(day(0)))), 202_402);
    for (dimension, number) in [
        (Dimension::Prefecture, 48),
        (Dimension::Industry, 21),
        (Dimension::SizeClass, 5),
        (Dimension::Declared, 202_413),
    ] {
        assert_eq!(
            figure::Value::from_number(dimension, number),
            None,
            "{dimension:?} {number}"
        );
    }
}

#[test]
fn steps_without_a_beginning_are_no_declaration() {
    let first = (0, true, vec![0; FIELDS.len()], None);
    let steps = steps(&history(&first, &[(2, 0, 0, 12, 0)]));
    assert_eq!(spans(&steps[1..]), Err(TimelineError::NoBeginning));
    assert_eq!(spans(&steps[..0]), Ok(Vec::new()));
}

#[test]
fn an_event_that_cannot_be_read_is_not_counted_as_nothing() {
    let read = |event_type, schema_version, data| {
        let event = EventText {
            event_type,
            schema_version,
            effective_at: day(0),
            data,
        };
        Step::read(1, &event).map_err(|error| error.to_string())
    };
    let shape = read("declaration.stopped", 1, "{}").expect_err("no shape");
    assert!(shape.contains("does not have its shape"), "{shape}");
    let unknown = read("declaration.sold", 1, "{}").expect_err("no type");
    assert!(unknown.contains("unknown event type"), "{unknown}");
    let later = read("declaration.stopped", 2, "{}").expect_err("no version");
    assert!(later.contains("no schema version 2"), "{later}");
    assert_eq!(
        read("declaration.published", 1, "{}"),
        Ok(None),
        "it says nothing that is counted"
    );
}

#[test]
fn figures_are_given_from_the_first_day_of_the_programme_until_the_last_day_that_is_planned() {
    let today = day(0);
    assert_eq!(read_as_of(None, today), Ok(today));
    assert_eq!(read_as_of(Some(FIRST_DAY), today), Ok(FIRST_DAY));
    let before = FIRST_DAY.pred_opt();
    assert_eq!(read_as_of(before, today), Err(AsOfError::BeforeTheProgramme));
    let latest = latest_day(today);
    assert_eq!(latest.to_string(), "2026-02-01");
    assert_eq!(read_as_of(Some(latest), today), Ok(latest));
    assert_eq!(
        read_as_of(latest.succ_opt(), today),
        Err(AsOfError::TooFarAhead { latest })
    );
    assert!(is_planned(latest, today) && !is_planned(today, today));
}

#[test]
fn months_follow_each_other() {
    let december = Month::of(NaiveDate::from_ymd_opt(2025, 12, 31).expect("a day"));
    assert_eq!(december.to_string(), "2025-12");
    assert_eq!(december.next().to_string(), "2026-01");
    assert_eq!(Month::from_number(december.number()), Some(december));
}

/// Where one cannot be read, the figures stop for everybody.
#[test]
fn every_shape_that_ever_lay_in_a_log_is_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut read = 0;
    for file in fs::read_dir(folder).expect("the folder is there") {
        let path = file.expect("a file").path();
        // Folders hold the shapes of other nouns.
        if path.is_dir() {
            continue;
        }
        let text = fs::read_to_string(&path).expect("it can be read");
        let stored: Value = serde_json::from_str(&text).expect("JSON");
        let event_type = stored["event_type"].as_str().unwrap_or_default();
        if !event_type.starts_with("declaration.") {
            continue;
        }
        let data = stored["data"].to_string();
        let event = EventText {
            event_type,
            schema_version: 1,
            effective_at: day(0),
            data: &data,
        };
        if let Err(error) = Step::read(1, &event) {
            panic!("{}: {error}", path.display());
        }
        read += 1;
    }
    assert!(read > 20, "only {read} shapes were found");
}
