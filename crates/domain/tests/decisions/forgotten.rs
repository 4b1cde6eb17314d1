//! A declaration whose persons were forgotten can still be read and worked on.

use domain::declaration::{
    EncodedEvent, Fact, Field, Source, Statement, StoredEvent, StoredPart, Timeline,
    decide::{Correct, EvidenceInput, Wanted, correct},
};

use crate::harness::*;

/// What the log gives back of an event; without the keys every sealed part is redacted.
fn read_back(encoded: &EncodedEvent, keys: bool) -> Statement {
    let parts =
        |part: &domain::declaration::EncodedPart| (part.subject.id.uuid(), part.name, part.body.clone());
    let parts: Vec<_> = encoded.personal.iter().map(parts).collect();
    let personal: Vec<_> = parts
        .iter()
        .map(|(subject, name, body)| StoredPart {
            subject: *subject,
            name,
            body: keys.then_some(body),
        })
        .collect();
    let stored = StoredEvent {
        event_type: encoded.event_type,
        schema_version: encoded.schema_version,
        effective_at: encoded.effective_at,
        data: &encoded.data,
        personal: &personal,
    };
    Statement::decode(&stored).expect("it can be read")
}

fn forgotten() -> Timeline {
    timeline([read_back(&made().encode(), false)])
}

fn contact_name(typed: &str) -> Correct {
    Correct {
        changes: vec![entry(Field::ContactName, typed)],
        wanted: Wanted::Error,
        reason: "本人の求め".to_owned(),
        evidence: EvidenceInput::default(),
        source: Source::Declarer,
        number_live_elsewhere: false,
    }
}

#[test]
fn public_facts_are_still_there_and_personal_ones_say_whose_they_were() {
    let history = forgotten();
    let facts = &history.current().facts;
    assert_eq!(facts.value(Field::Name), Some("株式会社みほん製作所"));
    assert!(
        matches!(facts.get(Field::ContactName), Some(Fact::Forgotten(subject)) if subject.id == subjects().contact)
    );
    assert!(facts.reveal(Field::ContactName).is_none());
}

#[test]
fn what_is_forgotten_can_be_emptied_and_the_event_can_be_read_again() {
    let decision = correct(&forgotten(), &contact_name(""), today()).expect("a decision");
    let corrected = &decision.statements[0];
    let encoded = corrected.encode();
    assert!(
        encoded.personal.is_empty(),
        "nothing is sealed under a key that is gone"
    );
    assert_eq!(&read_back(&encoded, true), corrected);
}

#[test]
fn what_is_forgotten_can_be_typed_anew_and_the_event_can_be_read_again() {
    let decision = correct(&forgotten(), &contact_name("見本 次郎"), today()).expect("a decision");
    let corrected = &decision.statements[0];
    assert_eq!(&read_back(&corrected.encode(), true), corrected);
}
