//! What a sole trader wrote as corporate number is about a person: it may be a My Number. It stands nowhere in the clear.

use domain::{
    declaration::{
        Field, Source, Timeline,
        decide::{Correct, EvidenceInput, Reinstate, StopDeclaration, Wanted, correct, reinstate, stop},
    },
    value::EntityType,
};

use crate::harness::*;

const NUMBER: &str = "7999901000001";

fn trader() -> Timeline {
    let facts = facts_of(EntityType::SoleTrader, &[(Field::CorporateNumber, NUMBER)]);
    assert!(
        facts.value(Field::CorporateNumber).is_some(),
        "it is kept, sealed"
    );
    timeline([made_of(facts)])
}

#[track_caller]
fn in_the_clear_nowhere(history: &Timeline) {
    for event in history.by_position() {
        let encoded = event.statement.encode();
        let clear = format!("{} {:?}", encoded.data, encoded.tags);
        assert!(!clear.contains(NUMBER), "{} shows it", encoded.event_type);
    }
}

#[test]
fn a_sole_traders_number_is_no_tag_and_in_no_event_in_the_clear_however_it_gets_there() {
    in_the_clear_nowhere(&trader());

    let correction = Correct {
        changes: vec![entry(Field::CorporateNumber, "")],
        wanted: Wanted::Error,
        reason: "個人番号が書かれていた".to_owned(),
        evidence: EvidenceInput {
            no_document: Some(domain::Personal::new("誤って届いた".to_owned())),
            ..EvidenceInput::default()
        },
        source: Source::Staff,
        number_live_elsewhere: false,
    };
    let decision = correct(&trader(), &correction, today()).expect("a decision");
    let first = trader().by_position()[0].statement.clone();
    in_the_clear_nowhere(&timeline([first].into_iter().chain(decision.statements)));

    let closing = StopDeclaration {
        kind: domain::declaration::StopKind::Closed,
        on: Some(day("2020-01-10")),
        reason: "廃業の届出".to_owned(),
    };
    let stopped = given([made_of(trader().current().facts.clone())])
        .when(|history| stop(history, &closing, today()))
        .history();
    in_the_clear_nowhere(&stopped);
    let back = Reinstate {
        on: day("2021-01-10"),
        reason: "誤って停止した".to_owned(),
        live: None,
    };
    let decision = reinstate(&stopped, &back, today()).expect("a decision");
    in_the_clear_nowhere(&timeline(decision_on(&stopped, decision.statements)));
}

fn decision_on(
    history: &Timeline,
    decided: Vec<domain::declaration::Statement>,
) -> Vec<domain::declaration::Statement> {
    let before = history
        .by_position()
        .into_iter()
        .map(|event| event.statement.clone());
    before.chain(decided).collect()
}
