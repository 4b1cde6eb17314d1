//! `given([…]).when(|history| …).then([…])`, and short ways to write histories.

use chrono::NaiveDate;
use domain::{
    DeclarationId, OrganizationId, SubjectId,
    declaration::{
        Change, Corrected, CorrectionKind, DeclarationEvent, Facts, Field, FieldValue, FlagCode, Made,
        Origin, Recorded, Source, Statement, Stop, StopKind, Subjects, Timeline,
        decide::{Decision, FieldInput, Problem},
    },
    value::EntityType,
};
use uuid::Uuid;

/// The day on which every test is run.
pub fn today() -> NaiveDate {
    day("2026-11-22")
}

pub fn day(iso: &str) -> NaiveDate {
    iso.parse().expect("a day")
}

pub fn declaration_id() -> DeclarationId {
    DeclarationId::new(Uuid::from_u128(1))
}

pub fn organization_id() -> OrganizationId {
    OrganizationId::new(Uuid::from_u128(2))
}

pub fn subjects() -> Subjects {
    let id = |n| SubjectId::new(Uuid::from_u128(n));
    Subjects {
        representative: id(11),
        contact: id(12),
        sole_trader: id(13),
        remarks: id(14),
    }
}

/// A history.
pub struct Given(Timeline);

/// A history and what was decided on it.
pub struct When<E>(Timeline, Result<Decision, E>);

/// Events in the order in which they were recorded, from position 1.
pub fn given<const N: usize>(statements: [Statement; N]) -> Given {
    Given(timeline(statements))
}

pub fn timeline(statements: impl IntoIterator<Item = Statement>) -> Timeline {
    let events = (1..)
        .zip(statements)
        .map(|(position, statement)| Recorded { position, statement });
    Timeline::new(events).expect("a history")
}

impl Given {
    pub fn when<E>(self, decide: impl FnOnce(&Timeline) -> Result<Decision, E>) -> When<E> {
        let decision = decide(&self.0);
        When(self.0, decision)
    }
}

impl<E: std::fmt::Debug + PartialEq> When<E> {
    /// These events and no others.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "`then([…])` reads like the rule")]
    pub fn then<const N: usize>(self, expected: [Statement; N]) -> Self {
        let decision = self.1.as_ref().expect("a decision");
        assert_eq!(decision.statements, expected);
        self
    }

    /// This refusal.
    #[track_caller]
    pub fn then_refused(self, expected: &E) {
        assert_eq!(self.1.as_ref().err(), Some(expected));
    }

    /// The history with the decided events recorded.
    #[track_caller]
    pub fn history(self) -> Timeline {
        let before = self
            .0
            .by_position()
            .into_iter()
            .map(|recorded| recorded.statement.clone());
        timeline(
            before
                .collect::<Vec<_>>()
                .into_iter()
                .chain(self.1.expect("a decision").statements),
        )
    }
}

/// The codes of problems with their paths: `changes.NAME empty`.
pub fn codes(problems: &[Problem]) -> Vec<String> {
    assert!(
        problems.iter().all(|problem| problem.message.ends_with('。')),
        "every problem says a sentence"
    );
    problems
        .iter()
        .map(|problem| format!("{} {}", problem.field.path(), problem.code))
        .collect()
}

pub fn at(on: &str, event: DeclarationEvent) -> Statement {
    Statement {
        declaration_id: declaration_id(),
        organization_id: organization_id(),
        effective_at: day(on),
        event,
    }
}

/// Facts of a company with nothing doubtful about it.
pub fn facts() -> Facts {
    facts_of(EntityType::Corporation, &[])
}

/// The same with other entries; an empty one empties the field.
pub fn facts_of(entity: EntityType, entries: &[(Field, &str)]) -> Facts {
    let mut facts = Facts::new(entity, subjects());
    let usual = [
        (Field::DeclarationNo, "59990000017"),
        (Field::DeclaredOn, "2018-04-01"),
        (Field::Star, "★"),
        (Field::EntityType, entity.code()),
        (
            Field::CorporateNumber,
            if entity == EntityType::SoleTrader {
                ""
            } else {
                "7999901000001"
            },
        ),
        (Field::Name, "株式会社みほん製作所"),
        (Field::NameKana, "ミホンセイサクショ"),
        (Field::RepresentativeName, "見本 太郎"),
        (Field::PostalCode, "1000000"),
        (Field::Prefecture, "東京都"),
        (Field::City, "みほん市"),
        (Field::Street, "1-2-3"),
        (Field::Industry, "E"),
        (Field::Employees, "18"),
        (Field::CapitalYen, "1,000万円"),
        (Field::ContactName, "見本 花子"),
        (Field::ContactEmail, "hanako@example.jp"),
        (Field::ContactPhone, "03-0000-0000"),
        (Field::PublishConsent, "同意"),
    ];
    for (field, typed) in usual.iter().chain(entries) {
        facts.type_in(*field, typed);
    }
    facts
}

/// Declared on 2018-04-01.
pub fn made() -> Statement {
    made_with(&[])
}

/// Declared on 2018-04-01 with other entries.
pub fn made_with(entries: &[(Field, &str)]) -> Statement {
    made_of(facts_of(EntityType::Corporation, entries))
}

pub fn made_of(facts: Facts) -> Statement {
    let flags = domain::declaration::assess(facts.entity_type(), |field| facts.reveal(field), None);
    let published = facts.publish_consent();
    at(
        "2018-04-01",
        DeclarationEvent::Made(Box::new(Made {
            origin: Origin::Staff,
            facts,
            published,
            flags,
        })),
    )
}

pub fn entry(field: Field, typed: &str) -> FieldInput {
    FieldInput {
        field,
        typed: typed.to_owned(),
    }
}

pub fn change(field: Field, old: &str, new: &str) -> Change {
    let facts = facts();
    let fact = |typed: &str| FieldValue::read(field, typed).map(|value| facts.classify(field, value));
    Change {
        field,
        old: fact(old),
        new: fact(new),
    }
}

/// An error that was corrected.
pub fn mended(on: &str, field: Field, old: &str, new: &str) -> Statement {
    corrected(on, field, old, new, CorrectionKind::Error)
}

/// A change since the day on which it holds.
pub fn changed(on: &str, field: Field, old: &str, new: &str) -> Statement {
    corrected(on, field, old, new, CorrectionKind::Change { since: day(on) })
}

fn corrected(on: &str, field: Field, old: &str, new: &str, kind: CorrectionKind) -> Statement {
    let change = change(field, old, new);
    at(
        on,
        DeclarationEvent::Corrected(Box::new(Corrected {
            change,
            kind,
            source: Source::Staff,
        })),
    )
}

/// Stopped on a day, or without one: then from the beginning.
pub fn stopped(on: Option<&str>) -> Statement {
    let stop = Stop {
        kind: StopKind::Closed,
        on: on.map(day),
    };
    at(
        on.unwrap_or("2018-04-01"),
        DeclarationEvent::Stopped {
            stop,
            corporate_number: facts().corporate_number(),
        },
    )
}

pub fn reinstated(on: &str) -> Statement {
    at(
        on,
        DeclarationEvent::Reinstated {
            corporate_number: facts().corporate_number(),
        },
    )
}

pub fn raised(on: &str, flag: FlagCode) -> Statement {
    at(on, DeclarationEvent::FlagRaised { flag })
}

pub fn cleared(on: &str, flag: FlagCode) -> Statement {
    at(on, DeclarationEvent::FlagCleared { flag })
}
