//! Declaring.

use domain::{
    declaration::{
        DeclarationEvent, Field, FlagCode, Origin,
        decide::{EvidenceInput, Make, MakeError, make},
    },
    organization::another_live,
    value::{DeclarationNo, EntityType, PledgeVersion, Star},
};

use crate::harness::*;

fn declaring(entries: &[(Field, &str)]) -> Make {
    let usual = [
        (Field::CorporateNumber, "T7999901000001"),
        (Field::Name, "株式会社みほん製作所"),
        (Field::NameKana, "みほんせいさくしょ"),
        (Field::RepresentativeName, "見本 太郎"),
        (Field::PostalCode, "100-0000"),
        (Field::Prefecture, "東京"),
        (Field::City, "みほん市"),
        (Field::Street, "1-2-3"),
        (Field::Industry, "E 製造業"),
        (Field::Employees, "約18人"),
        (Field::ContactName, "見本 花子"),
        (Field::ContactEmail, "hanako@example.jp"),
        (Field::ContactPhone, "03-0000-0000"),
        (Field::PublishConsent, "同意"),
    ];
    let kept = usual
        .iter()
        .filter(|(field, _)| !entries.iter().any(|(other, _)| other == field));
    Make {
        declaration_id: declaration_id(),
        organization_id: organization_id(),
        subjects: subjects(),
        number: DeclarationNo::parse("59990000017").expect("a number"),
        origin: Origin::Public,
        entity_type: EntityType::Corporation,
        star: Star::One,
        pledge: PledgeVersion::SixRules,
        fields: kept
            .chain(entries)
            .map(|(field, typed)| entry(*field, typed))
            .collect(),
        reason: None,
        evidence: EvidenceInput::default(),
        declared_on: day("2026-11-22"),
        live: None,
    }
}

fn problems(command: &Make) -> Vec<String> {
    match make(command, today()) {
        Err(MakeError::Invalid(problems)) => codes(&problems),
        _ => Vec::new(),
    }
}

#[test]
fn a_complete_declaration_is_made_and_published() {
    let decision = make(&declaring(&[]), today()).expect("a decision");
    let [statement] = decision.statements.as_slice() else {
        panic!("one event")
    };
    let DeclarationEvent::Made(made) = &statement.event else {
        panic!("it was made")
    };
    assert_eq!(statement.effective_at, day("2026-11-22"));
    assert!(made.published && made.flags.is_empty());
    assert_eq!(made.facts.value(Field::CorporateNumber), Some("7999901000001"));
    assert_eq!(
        made.facts
            .reveal(Field::CorporateNumber)
            .map(domain::declaration::FieldValue::typed),
        Some("T7999901000001")
    );
    assert_eq!(made.facts.value(Field::NameKana), Some("ミホンセイサクショ"));
    assert_eq!(made.facts.value(Field::Employees), Some("18"));
    assert_eq!(made.facts.value(Field::PledgeVersion), Some("six_rules"));
    let tags = statement.encode().tags;
    assert!(tags.contains(&("declaration-no", "59990000017".to_owned())));
    assert!(tags.contains(&("corporate-number", "7999901000001".to_owned())));
}

#[test]
fn a_declarer_with_a_live_declaration_declares_no_second_one() {
    let history = timeline([made()]);
    let live = another_live(None, [(declaration_id(), history.current().live_on(today()))]);
    assert_eq!(live, Some(declaration_id()));
    let refused = make(
        &Make {
            live,
            ..declaring(&[])
        },
        today(),
    );
    assert_eq!(refused.err(), Some(MakeError::AlreadyLive(declaration_id())));
}

#[test]
fn a_declarer_whose_declaration_was_stopped_may_declare_again() {
    let history = timeline([made(), stopped(Some("2020-01-01"))]);
    let known = [(declaration_id(), history.current().live_on(today()))];
    assert_eq!(another_live(None, known), None);
}

#[test]
fn what_must_be_said_must_be_said() {
    assert_eq!(
        problems(&declaring(&[(Field::Name, "")])),
        ["changes.NAME required"]
    );
    assert_eq!(
        problems(&declaring(&[(Field::City, "")])),
        ["changes.CITY required"]
    );
    assert_eq!(
        problems(&declaring(&[(Field::CorporateNumber, "")])),
        ["changes.CORPORATE_NUMBER required"]
    );
    let two = Make {
        star: Star::Two,
        ..declaring(&[])
    };
    assert_eq!(
        problems(&two),
        ["changes.DIAGNOSIS_SCORE required", "changes.POLICY_URL required"]
    );
    let two = Make {
        star: Star::Two,
        ..declaring(&[(Field::DiagnosisScore, "78"), (Field::PolicyUrl, "受付に掲示")])
    };
    let decision = make(&two, today()).expect("a policy need not be on the web");
    let DeclarationEvent::Made(made) = &decision.statements[0].event else {
        panic!("it was made")
    };
    assert!(made.flags.contains(&FlagCode::PolicyNotUrl));
}

#[test]
fn a_sole_trader_and_another_body_need_no_corporate_number() {
    let sole = Make {
        entity_type: EntityType::SoleTrader,
        ..declaring(&[(Field::CorporateNumber, "")])
    };
    assert!(make(&sole, today()).is_ok());
    let body = Make {
        entity_type: EntityType::OtherBody,
        ..declaring(&[(Field::CorporateNumber, "")])
    };
    assert!(make(&body, today()).is_ok());
}

#[test]
fn what_the_caller_gives_cannot_be_typed_and_the_day_is_not_in_the_future() {
    assert_eq!(
        problems(&declaring(&[(Field::Star, "★★")])),
        ["changes.STAR not_typed"]
    );
    let tomorrow = Make {
        declared_on: day("2026-11-23"),
        ..declaring(&[])
    };
    assert_eq!(problems(&tomorrow), ["changes.DECLARED_ON in_the_future"]);
}

#[test]
fn a_field_that_is_named_twice_is_refused_as_nobody_knows_which_is_meant() {
    let mut command = declaring(&[]);
    command
        .fields
        .push(entry(Field::CorporateNumber, "6999901000002"));
    assert_eq!(problems(&command), ["changes.CORPORATE_NUMBER repeated"]);
}
