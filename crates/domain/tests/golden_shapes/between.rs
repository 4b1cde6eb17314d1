//! What happens between two declarations, or two declarers, and a number that was told.

use domain::{
    DeclarationId, Personal, Readable,
    declaration::{
        DeclarationEvent, Field, HandOverKind, IdentityCheck, Liveness, NumberLookedUp, Replacement, Role,
        SentTo, Undone,
    },
    value::CorporateNumber,
};

use super::{change, id, subjects};

/// The other one of two.
fn other() -> DeclarationId {
    DeclarationId::new(id(9))
}

pub fn shapes() -> Vec<(&'static str, DeclarationEvent)> {
    let number = CorporateNumber::parse("7999901000001").ok();
    let taken = vec![
        change(Field::City, "べつの市", "みほん市"),
        change(Field::ContactPhone, "03-0000-0000", "03-0000-0001"),
    ];
    let successor = vec![
        change(Field::CorporateNumber, "7999901000001", "6999901000002"),
        change(Field::RepresentativeName, "見本 太郎", "見本 次郎"),
    ];
    vec![
        (
            "superseded.v1",
            DeclarationEvent::Superseded {
                by: other(),
                corporate_number: number.clone(),
            },
        ),
        ("linked_to_old.v1", DeclarationEvent::LinkedToOld { old: other() }),
        (
            "merged_into.v1",
            DeclarationEvent::MergedInto {
                survivor: other(),
                corporate_number: None,
            },
        ),
        (
            "absorbed.v1",
            DeclarationEvent::Absorbed {
                merged: other(),
                changes: taken,
            },
        ),
        (
            "absorbed-nothing.v1",
            DeclarationEvent::Absorbed {
                merged: other(),
                changes: Vec::new(),
            },
        ),
        (
            "handed_over.v1",
            DeclarationEvent::HandedOver {
                kind: HandOverKind::Merger,
                changes: successor,
            },
        ),
        (
            "undone-replaced.v1",
            undone(Some(Replacement::SupersededBy(other())), number),
        ),
        ("undone-replacing.v1", replacing()),
        ("number_looked_up.v1", looked_up()),
    ]
}

fn looked_up() -> DeclarationEvent {
    let said = [
        (Field::Name, "みほん製作所"),
        (Field::ContactPhone, "03-0000-0000"),
    ];
    let said = said.map(|(field, typed)| (field, typed.to_owned()));
    DeclarationEvent::NumberLookedUp(Box::new(NumberLookedUp {
        subject: subjects().of(Role::Remarks),
        asked: [Field::Name, Field::ContactPhone].into(),
        answers: Readable::Open(Personal::new(said.into())),
        fitting: [Field::ContactPhone].into(),
        checks: [IdentityCheck::Answers, IdentityCheck::CallBack].into(),
        sent_to: SentTo::Registered,
    }))
}

const NOTHING: Undone = Undone {
    undoes: 41,
    changes: Vec::new(),
    liveness: None,
    published: None,
    logo_allowed: None,
    flag: None,
    replaced: None,
    replaces: None,
    corporate_number: None,
};

fn undone(before: Option<Replacement>, number: Option<CorporateNumber>) -> DeclarationEvent {
    DeclarationEvent::Undone(Box::new(Undone {
        liveness: Some(Liveness::Live),
        replaced: Some(before),
        corporate_number: number,
        ..NOTHING
    }))
}

fn replacing() -> DeclarationEvent {
    DeclarationEvent::Undone(Box::new(Undone {
        replaced: Some(None),
        replaces: Some((other(), false)),
        ..NOTHING
    }))
}
