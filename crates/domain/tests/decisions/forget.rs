//! Forgetting a person in one role.

use domain::{
    SubjectId,
    declaration::{
        DeclarationEvent, Fact, Field, FieldValue, FlagCode, Role, Source, Statement, Timeline,
        decide::{
            AddNote, ChangeContact, Correct, EvidenceInput, ForgetPerson, ForgetPersonError, Wanted,
            add_note, change_contact, correct, forget_person,
        },
    },
    value::EntityType,
};
use uuid::Uuid;

use crate::harness::*;

fn successor() -> SubjectId {
    SubjectId::new(Uuid::from_u128(99))
}

fn forget(role: Role, reason: &str) -> ForgetPerson {
    ForgetPerson {
        role,
        successor: successor(),
        reason: reason.to_owned(),
    }
}

fn person_forgotten(role: Role) -> Statement {
    at(
        "2026-11-22",
        DeclarationEvent::PersonForgotten {
            subject: subjects().of(role),
            successor: successor(),
        },
    )
}

fn without_contact() -> Timeline {
    timeline([made(), person_forgotten(Role::Contact)])
}

#[test]
fn the_contact_is_forgotten_and_the_missing_address_is_flagged() {
    given([made()])
        .when(|history| forget_person(history, &forget(Role::Contact, "本人の求め"), today()))
        .then([
            person_forgotten(Role::Contact),
            raised("2026-11-22", FlagCode::EmailMissing),
        ]);
}

#[test]
fn a_published_sole_trader_is_no_longer_shown() {
    given([made_of(facts_of(EntityType::SoleTrader, &[]))])
        .when(|history| forget_person(history, &forget(Role::SoleTrader, "本人の求め"), today()))
        .then([
            person_forgotten(Role::SoleTrader),
            at("2026-11-22", DeclarationEvent::Unpublished),
        ]);
}

#[test]
fn nobody_is_forgotten_twice_and_nobody_who_never_was() {
    let again = forget_person(&without_contact(), &forget(Role::Contact, "本人の求め"), today());
    assert_eq!(again, Err(ForgetPersonError::NothingKept));
    let company = forget_person(
        &timeline([made()]),
        &forget(Role::SoleTrader, "本人の求め"),
        today(),
    );
    assert_eq!(company, Err(ForgetPersonError::NothingKept));
}

#[test]
fn a_reason_that_names_the_person_is_refused_however_it_is_written() {
    for reason in [
        "見本　花子さまの求め",
        "花子氏が退職",
        "HANAKO@EXAMPLE.JP からの求め",
        "０３－００００－００００の方",
    ] {
        match forget_person(&timeline([made()]), &forget(Role::Contact, reason), today()) {
            Err(ForgetPersonError::Reason(problem)) => {
                assert_eq!(codes(&[problem]), ["reason names_the_person"], "{reason}");
            }
            other => panic!("{reason}: {other:?}"),
        }
    }
    match forget_person(&timeline([made()]), &forget(Role::Contact, ""), today()) {
        Err(ForgetPersonError::Reason(problem)) => assert_eq!(codes(&[problem]), ["reason empty"]),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_reason_is_free_text_of_the_record_or_the_first_text_of_its_successor() {
    let sealed_for = |role| {
        let decision =
            forget_person(&timeline([made()]), &forget(role, "本人の求め"), today()).expect("decided");
        decision.reason.expect("a reason").0
    };
    assert_eq!(sealed_for(Role::Contact), subjects().of(Role::Remarks));
    assert_eq!(sealed_for(Role::Remarks).id, successor());
}

#[test]
fn who_was_forgotten_is_forgotten_on_every_day_before_the_key_is_gone() {
    let history = without_contact();
    for day in ["2018-04-01", "2026-11-22"] {
        let view = history.at(crate::harness::day(day), None).expect("a view");
        let facts = &view.declaration.facts;
        assert!(facts.reveal(Field::ContactName).is_none(), "on {day}");
        assert_eq!(
            facts.reveal(Field::RepresentativeName).map(FieldValue::typed),
            Some("見本 太郎")
        );
        assert_eq!(
            facts.subjects().contact,
            successor(),
            "what is written on {day} has another key"
        );
    }
    let recorded = history.by_position();
    let first = recorded[0].statement.event.changes();
    let name = first
        .iter()
        .find(|change| change.field == Field::ContactName)
        .expect("the name");
    assert_eq!(name.new, Some(Fact::Forgotten(subjects().of(Role::Contact))));
}

#[test]
fn whoever_comes_after_is_sealed_under_a_key_of_their_own_on_every_day() {
    let history = without_contact();
    let anew = |wanted| Correct {
        changes: vec![entry(Field::ContactName, "見本 次郎")],
        wanted,
        reason: "後任の連絡".to_owned(),
        evidence: EvidenceInput::default(),
        source: Source::Declarer,
        number_live_elsewhere: false,
    };
    let since = Some(day("2020-01-01"));
    let command = ChangeContact {
        changes: vec![entry(Field::ContactName, "見本 次郎")],
        since,
        reason: None,
    };
    let decisions = [
        correct(&history, &anew(Wanted::Error), today()).expect("an error"),
        correct(&history, &anew(Wanted::Change { since }), today()).expect("a change"),
        change_contact(&history, &command, today()).expect("contact data"),
    ];
    for decision in decisions {
        let encoded = decision.statements[0].encode();
        let subjects_of_parts: Vec<_> = encoded.personal.iter().map(|part| part.subject.id).collect();
        assert_eq!(subjects_of_parts, [successor()]);
        let change = &decision.statements[0].event.changes()[0];
        assert_eq!(change.old, Some(Fact::Forgotten(subjects().of(Role::Contact))));
    }
}

#[test]
fn a_note_after_the_free_text_was_forgotten_has_the_successors_key() {
    let history = timeline([made(), person_forgotten(Role::Remarks)]);
    let text = "電話で確認".to_owned();
    let note = add_note(&history, &AddNote { text }, today()).expect("a note");
    assert!(
        matches!(&note.statements[0].event, DeclarationEvent::NoteAdded { subject, .. } if subject.id == successor())
    );
}
