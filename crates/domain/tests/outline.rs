//! An outline, folded event by event with its parts sealed, is what the timeline makes of all events.

use chrono::{NaiveDate, TimeDelta};
use domain::declaration::outline::{EventText, LISTED, Outline, Parts, Step, UNOPENED};
use domain::declaration::{
    Change, ContactState, Corrected, CorrectionKind, Declaration, DeclarationEvent, EncodedEvent, Fact,
    Facts, Field, FieldValue, FlagCode, HandOverKind, Liveness, Recorded, RegisterSource, Registered, Role,
    Source, Standing, Statement, Stop, StopKind, StoredEvent, StoredPart, Subjects, Timeline, Undone,
};
use domain::value::EntityType;
use domain::{DeclarationId, OrganizationId, Personal, Readable, SubjectId};
use proptest::prelude::*;
use serde_json::Value;
use uuid::Uuid;

fn subjects() -> Subjects {
    let subject = |n| SubjectId::new(Uuid::from_u128(n));
    Subjects {
        representative: subject(3),
        contact: subject(4),
        sole_trader: subject(5),
        remarks: subject(6),
    }
}

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 4, 1).expect("a day") + TimeDelta::days(n)
}

/// An event in the making: what kind, about which field, with which text, since which day.
type Draft = (u8, usize, Option<String>, i64);

fn other() -> DeclarationId {
    DeclarationId::new(Uuid::from_u128(99))
}

fn event((kind, at, text, since): &Draft, facts: &Facts) -> DeclarationEvent {
    let field = Field::ALL[at % Field::ALL.len()];
    let new = text
        .as_deref()
        .and_then(|text| FieldValue::read(field, text))
        .map(|value| facts.classify(field, value));
    let change = Change {
        field,
        old: facts.get(field).cloned(),
        new,
    };
    let flag = FlagCode::ALL[at % FlagCode::ALL.len()];
    match kind % 20 {
        0 | 1 => DeclarationEvent::Corrected(Box::new(Corrected {
            change,
            kind: CorrectionKind::Error,
            source: Source::Staff,
        })),
        2 => DeclarationEvent::SteppedUp {
            changes: vec![change],
        },
        3 => DeclarationEvent::ContactChanged {
            changes: vec![change.clone(), change],
        },
        4 => DeclarationEvent::Stopped {
            stop: Stop {
                kind: StopKind::Closed,
                on: Some(day(*since)),
            },
            corporate_number: None,
        },
        5 => DeclarationEvent::Reinstated {
            corporate_number: None,
        },
        6 => DeclarationEvent::FlagRaised { flag },
        7 => DeclarationEvent::FlagCleared { flag },
        8 if at % 2 == 0 => DeclarationEvent::Published,
        8 => DeclarationEvent::Unpublished,
        9 | 10 => {
            let role = Role::ALL[at % Role::ALL.len()];
            DeclarationEvent::PersonForgotten {
                subject: facts.subjects().of(role),
                successor: SubjectId::new(Uuid::from_u128(100 + u128::from(*kind))),
            }
        }
        11 => DeclarationEvent::SteppedDown {
            changes: vec![change],
        },
        12 => DeclarationEvent::Undone(Box::new(Undone {
            undoes: 2,
            changes: vec![change],
            liveness: None,
            published: Some(true),
            logo_allowed: Some(false),
            flag: Some((flag, at % 2 == 0)),
            replaced: None,
            replaces: None,
            corporate_number: None,
        })),
        13 => DeclarationEvent::Undone(Box::new(Undone {
            undoes: 2,
            changes: Vec::new(),
            liveness: Some(if at % 2 == 0 {
                Liveness::Live
            } else {
                Liveness::Stopped(Stop {
                    kind: StopKind::Closed,
                    on: Some(day(*since)),
                })
            }),
            published: None,
            logo_allowed: None,
            flag: None,
            replaced: Some(None),
            replaces: None,
            corporate_number: None,
        })),
        14 => DeclarationEvent::Superseded {
            by: other(),
            corporate_number: None,
        },
        15 => DeclarationEvent::MergedInto {
            survivor: other(),
            corporate_number: None,
        },
        16 => DeclarationEvent::Absorbed {
            merged: other(),
            changes: vec![change],
        },
        17 => DeclarationEvent::HandedOver {
            kind: HandOverKind::Succession,
            changes: vec![change],
        },
        18 => DeclarationEvent::LinkedToOld { old: other() },
        _ => DeclarationEvent::NoteAdded {
            subject: facts.subjects().of(Role::Remarks),
            text: Readable::Open(Personal::new("覚え書き".to_owned())),
        },
    }
}

fn statements(person: bool, stopped: bool, first: &[Option<String>], drafts: &[Draft]) -> Vec<Statement> {
    let entity = if person {
        EntityType::SoleTrader
    } else {
        EntityType::Corporation
    };
    let mut facts = Facts::new(entity, subjects());
    for (field, text) in LISTED.into_iter().zip(first) {
        facts.type_in(field, text.as_deref().unwrap_or_default());
    }
    let statement = |effective_at, event| Statement {
        declaration_id: DeclarationId::new(Uuid::from_u128(1)),
        organization_id: OrganizationId::new(Uuid::from_u128(2)),
        effective_at,
        event,
    };
    let registered = DeclarationEvent::Registered(Box::new(Registered {
        source: RegisterSource {
            register: "old.csv".to_owned(),
            fingerprint: String::new(),
        },
        facts: facts.clone(),
        standing: Standing {
            stop: stopped.then_some(Stop {
                kind: StopKind::Stopped,
                on: None,
            }),
            state_typed: String::new(),
            stopped_on_typed: String::new(),
        },
        published: true,
        flags: [FlagCode::PolicyMissing].into(),
    }));
    let mut statements = vec![statement(day(5), registered)];
    for draft in drafts {
        let event = event(draft, &facts);
        if let DeclarationEvent::PersonForgotten { subject, successor } = &event {
            // What is written from now on is sealed for the successor; what stands there was the other's.
            let mut next = Facts::new(entity, facts.subjects().with(subject.role, *successor));
            for (field, fact) in facts.iter() {
                next.set_fact(field, Some(fact.clone()));
            }
            facts = next;
        }
        statements.push(statement(day(draft.3), event));
    }
    statements
}

/// What both sides are compared in: the listed fields and everything beside the fields that lists show. Of the unopened field
/// only whether something stands there, and not where a key is gone without anybody having been forgotten: nobody looks.
fn listed(declaration: &Declaration, keys_are_gone: bool) -> (Vec<Option<Fact>>, ContactState, Declaration) {
    let opened = LISTED.iter().filter(|field| **field != UNOPENED);
    let facts = opened
        .map(|field| declaration.facts.get(*field).cloned())
        .collect();
    let mut rest = declaration.clone();
    rest.facts = Facts::new(declaration.facts.entity_type(), *declaration.facts.subjects());
    rest.logo_allowed = true;
    rest.supersedes.clear();
    rest.absorbed.clear();
    let contact = if keys_are_gone {
        ContactState::None
    } else {
        declaration.contact_state()
    };
    (facts, contact, rest)
}

fn parts(encoded: &EncodedEvent, forgotten: bool) -> Vec<(&'static str, SubjectId, Option<Value>)> {
    let body = |body: &Value| (!forgotten).then(|| body.clone());
    encoded
        .personal
        .iter()
        .map(|part| (part.name, part.subject.id, body(&part.body)))
        .collect()
}

fn by_timeline(encoded: &[EncodedEvent], forgotten: bool) -> Timeline {
    let recorded = (1..).zip(encoded).map(|(position, encoded)| {
        let parts = parts(encoded, forgotten);
        let parts: Vec<_> = parts
            .iter()
            .map(|(name, subject, body)| StoredPart {
                subject: subject.uuid(),
                name,
                body: body.as_ref(),
            })
            .collect();
        let stored = StoredEvent {
            event_type: encoded.event_type,
            schema_version: encoded.schema_version,
            effective_at: encoded.effective_at,
            data: &encoded.data,
            personal: &parts,
        };
        Recorded {
            position,
            statement: Statement::decode(&stored).expect("it was encoded"),
        }
    });
    Timeline::new(recorded).expect("a history")
}

type Sealed = (SubjectId, Option<Value>);

struct Sealable(Vec<(&'static str, SubjectId, Option<Value>)>);

impl Parts for Sealable {
    type Part = Sealed;

    fn has(&self, name: &str) -> bool {
        self.part(name).is_some()
    }

    fn part(&self, name: &str) -> Option<Sealed> {
        let found = self.0.iter().find(|(known, ..)| *known == name);
        found.map(|(_, subject, body)| (*subject, body.clone()))
    }

    fn subject(&self, name: &str) -> Option<SubjectId> {
        self.part(name).map(|(subject, _)| subject)
    }
}

fn step(encoded: &EncodedEvent, forgotten: bool) -> Step<Sealed> {
    let data = encoded.data.to_string();
    let event = EventText {
        event_type: encoded.event_type,
        schema_version: encoded.schema_version,
        effective_at: encoded.effective_at,
        data: &data,
    };
    assert_eq!(
        event.declaration_id().expect("it was encoded"),
        DeclarationId::new(Uuid::from_u128(1))
    );
    Step::read(&event, &Sealable(parts(encoded, forgotten))).expect("it was encoded")
}

fn text() -> impl Strategy<Value = Option<String>> {
    let some = prop::sample::select(vec![
        "みほん",
        "㈱みほん",
        "★★",
        "東京都",
        "2024/04/03",
        "T7999901000001",
        "?",
        "４７０",
        "山田　太郎",
    ]);
    prop::option::weighted(0.8, some.prop_map(str::to_owned))
}

proptest! {
    #[test]
    fn an_outline_is_what_the_timeline_says(
        person: bool,
        stopped: bool,
        forgotten: bool,
        first in prop::collection::vec(text(), LISTED.len()),
        drafts in prop::collection::vec((any::<u8>(), any::<usize>(), text(), 0_i64..12), 0..12),
        again: bool,
        asked in 0_i64..14,
    ) {
        let mut statements = statements(person, stopped, &first, &drafts);
        if again {
            // A second beginning changes nothing but the version.
            statements.push(statements[0].clone());
        }
        let encoded: Vec<EncodedEvent> = statements.iter().map(Statement::encode).collect();
        let timeline = by_timeline(&encoded, forgotten);

        let mut steps = (1..).zip(encoded.iter().map(|encoded| step(encoded, forgotten)));
        let (position, first) = steps.next().expect("one at least");
        let mut outline = Outline::begin(position, first).expect("it begins");
        for (position, step) in steps {
            outline.apply(position, step);
        }

        let bodies: Vec<Sealed> = outline.sealed().cloned().collect();
        let open = |part: &Sealed| {
            let known = bodies.iter().find(|known| *known == part).expect("one of those that are sealed");
            (known.0, known.1.as_ref())
        };
        let id = DeclarationId::new(Uuid::from_u128(1));
        let (declaration, begun_on) = outline.declaration(id, open).expect("it opens");
        prop_assert_eq!(begun_on, timeline.begun_on());
        prop_assert_eq!(listed(&declaration, forgotten), listed(timeline.current(), forgotten));

        let steps: Vec<_> = (1..).zip(encoded.iter().map(|encoded| step(encoded, forgotten))).collect();
        let outline = Outline::on_day(&steps, day(asked)).expect("it begins");
        let bodies: Vec<Sealed> = outline.sealed().cloned().collect();
        let open = |part: &Sealed| {
            let known = bodies.iter().find(|known| *known == part).expect("one of those that are sealed");
            (known.0, known.1.as_ref())
        };
        let (mut declaration, _) = outline.declaration(id, open).expect("it opens");
        let mut expected = timeline.at(day(asked), None).expect("it is on record").declaration;
        // Whoever was forgotten later counts for one of them and not for the other; nobody changes what was on a day.
        (declaration.version, expected.version) = (0, 0);
        prop_assert_eq!(listed(&declaration, forgotten), listed(&expected, forgotten));
    }
}

/// What the timeline cannot read, an outline does not read either.
#[test]
fn an_event_that_lacks_its_part_or_has_another_shape_is_not_read() {
    let statements = statements(true, false, &[], &[(0, 6, Some("山田".to_owned()), 1)]);
    let encoded = statements[1].encode();
    let none = Sealable(Vec::new());
    let read = |data: &str, version, event_type| {
        let event = EventText {
            event_type,
            schema_version: version,
            effective_at: encoded.effective_at,
            data,
        };
        Step::read(&event, &none).expect_err("it is not one").to_string()
    };
    let data = encoded.data.to_string();
    assert!(read(&data, 1, encoded.event_type).contains("lacks its sealed part"));
    assert!(read(&data, 2, encoded.event_type).contains("no schema version 2"));
    assert!(read(&data, 1, "declaration.sold").contains("unknown event type"));
    assert!(read("{}", 1, encoded.event_type).contains("does not have its shape"));
}
