//! Somebody else stands behind a declaration.

use domain::{
    Personal,
    declaration::{
        DeclarationEvent, Field, FieldValue, FlagCode, HandOverKind, Statement,
        decide::{EvidenceInput, FieldInput, HandOver, HandOverError, hand_over},
    },
    value::EntityType,
};

use crate::harness::*;

fn handing(kind: HandOverKind, changes: Vec<FieldInput>) -> HandOver {
    HandOver {
        kind,
        on: day("2026-04-01"),
        changes,
        reason: "吸収合併の届出".to_owned(),
        evidence: EvidenceInput {
            no_document: Some(Personal::new("登記で確認した".to_owned())),
            ..EvidenceInput::default()
        },
        number_live_elsewhere: false,
    }
}

fn successor() -> Vec<FieldInput> {
    vec![
        entry(Field::CorporateNumber, "6999901000002"),
        entry(Field::Name, "株式会社みほん工業"),
        entry(Field::RepresentativeName, "見本 次郎"),
        // As it was: left out.
        entry(Field::City, "みほん市"),
    ]
}

fn handed_over() -> Statement {
    at(
        "2026-04-01",
        DeclarationEvent::HandedOver {
            kind: HandOverKind::Merger,
            changes: vec![
                change(Field::CorporateNumber, "7999901000001", "6999901000002"),
                change(Field::Name, "株式会社みほん製作所", "株式会社みほん工業"),
                change(Field::RepresentativeName, "見本 太郎", "見本 次郎"),
            ],
        },
    )
}

#[track_caller]
fn refused(command: &HandOver) -> Vec<String> {
    match hand_over(&timeline([made()]), command, today()) {
        Err(HandOverError::Invalid(problems)) => codes(&problems),
        other => panic!("{other:?}"),
    }
}

#[test]
fn number_and_star_stay_and_every_day_before_knows_who_it_was() {
    let decided = hand_over(
        &timeline([made()]),
        &handing(HandOverKind::Merger, successor()),
        today(),
    );
    let decision = decided.expect("a decision");
    assert_eq!(decision.statements[0], handed_over());
    assert_eq!(
        decision.statements[1].event.event_type(),
        "declaration.evidence_given"
    );
    let history = timeline(std::iter::once(made()).chain(decision.statements));
    let name = |on| {
        let view = history.at(day(on), None).expect("a view");
        let facts = view.declaration.facts;
        facts
            .reveal(Field::Name)
            .map(FieldValue::typed)
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(name("2026-03-31"), "株式会社みほん製作所");
    assert_eq!(name("2026-04-01"), "株式会社みほん工業");
    let facts = &history.current().facts;
    assert_eq!(facts.value(Field::DeclarationNo), Some("59990000017"));
    assert_eq!(facts.star(), domain::value::Star::from_code("one"));
    assert!(history.live_on(today()));
}

#[test]
fn a_successor_with_a_live_declaration_of_its_own_is_marked() {
    let command = HandOver {
        number_live_elsewhere: true,
        ..handing(HandOverKind::Merger, successor())
    };
    let decision = hand_over(&timeline([made()]), &command, today()).expect("a decision");
    let flag = raised("2026-04-01", FlagCode::CorporateNumberDuplicate);
    assert!(decision.statements.contains(&flag));
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let with = |changes| handing(HandOverKind::Succession, changes);
    let cases = [
        (with(vec![]), "changes unchanged"),
        (with(vec![entry(Field::City, "みほん市")]), "changes unchanged"),
        (
            with(vec![entry(Field::CorporateNumber, "7999901000002")]),
            "changes.CORPORATE_NUMBER corporate_number_check_digit",
        ),
        (
            with(vec![entry(Field::Name, &"長".repeat(10_000))]),
            "changes.NAME too_long",
        ),
        (
            with(vec![entry(Field::Name, "み\u{202E}ほん")]),
            "changes.NAME direction_character",
        ),
        (
            with(vec![entry(Field::RepresentativeName, "見\u{200B}本")]),
            "changes.REPRESENTATIVE_NAME invisible_character",
        ),
        (
            with(vec![entry(Field::Star, "★★")]),
            "changes.STAR not_handed_over",
        ),
        (
            with(vec![entry(Field::City, "べつの市"), entry(Field::City, "別の市")]),
            "changes.CITY repeated",
        ),
        (
            handing(
                HandOverKind::Rename,
                vec![entry(Field::CorporateNumber, "6999901000002")],
            ),
            "changes.CORPORATE_NUMBER number_stays",
        ),
        (
            HandOver {
                on: day("2026-11-23"),
                ..with(successor())
            },
            "on in_the_future",
        ),
        (
            HandOver {
                on: day("2018-03-31"),
                ..with(successor())
            },
            "on before_declaration",
        ),
        (
            HandOver {
                reason: String::new(),
                ..with(successor())
            },
            "reason empty",
        ),
        (
            HandOver {
                evidence: EvidenceInput::default(),
                ..with(successor())
            },
            "attachments evidence_required",
        ),
    ];
    for (command, expected) in cases {
        assert_eq!(refused(&command), [expected]);
    }
}

#[test]
fn what_is_not_live_is_not_handed_over() {
    let ended = timeline([made(), stopped(Some("2024-04-01"))]);
    let command = handing(HandOverKind::Merger, successor());
    assert_eq!(
        hand_over(&ended, &command, today()).err(),
        Some(HandOverError::NotLive)
    );
}

#[test]
fn a_sole_trader_hands_over_to_another_and_no_number_comes_with_it() {
    let trader = timeline([made_of(facts_of(EntityType::SoleTrader, &[]))]);
    let command = handing(
        HandOverKind::Succession,
        vec![entry(Field::CorporateNumber, "6999901000002")],
    );
    let Err(HandOverError::Invalid(problems)) = hand_over(&trader, &command, today()) else {
        panic!("it is refused");
    };
    assert_eq!(codes(&problems), ["changes.CORPORATE_NUMBER not_for_sole_trader"]);
}

#[test]
fn a_hand_over_is_taken_back_as_if_it_had_never_been() {
    let before = timeline([made()]);
    let after = crate::undo::with(&before, vec![handed_over()]);
    crate::undo::assert_as_if_never(&crate::undo::after(&after, [2]), &before);
}
