//! An old number and the new one that takes its place.

use domain::{
    DeclarationId,
    declaration::{
        DeclarationEvent, DeclarationState, Field, FlagCode, Statement, Timeline,
        decide::{
            LinkNumbers, LinkNumbersError, Reinstate, ReinstateError, StopDeclaration, StopError, UndoError,
            link_numbers, reinstate, stop,
        },
    },
};
use uuid::Uuid;

use crate::harness::*;
use crate::undo::{undoing, with};

pub fn other_id() -> DeclarationId {
    DeclarationId::new(Uuid::from_u128(101))
}

/// The same said of the other declaration.
pub fn of_other(statement: Statement) -> Statement {
    Statement {
        declaration_id: other_id(),
        ..statement
    }
}

fn old() -> Timeline {
    timeline([made_with(&[(Field::DeclarationNo, "49990000017")])])
}

/// Declared on 2018-04-01, too, as everything here.
fn new() -> Timeline {
    timeline([of_other(made())])
}

fn linking(on: &str) -> LinkNumbers {
    LinkNumbers {
        on: day(on),
        reason: "新しいIDで宣言し直した".to_owned(),
        number_live_elsewhere: false,
    }
}

fn superseded(on: &str) -> Statement {
    at(
        on,
        DeclarationEvent::Superseded {
            by: other_id(),
            corporate_number: facts().corporate_number(),
        },
    )
}

fn linked(on: &str) -> Statement {
    of_other(at(
        on,
        DeclarationEvent::LinkedToOld {
            old: declaration_id(),
        },
    ))
}

/// Both after the link.
fn both_linked(on: &str) -> (Timeline, Timeline) {
    (with(&old(), vec![superseded(on)]), with(&new(), vec![linked(on)]))
}

#[track_caller]
fn refused(old: &Timeline, new: &Timeline, command: &LinkNumbers, expected: &LinkNumbersError) {
    let decided = link_numbers(old, new, command, today());
    assert_eq!(decided.as_ref().err(), Some(expected));
}

#[test]
fn both_histories_tell_of_a_link_and_the_old_number_leads_to_the_new_one() {
    let decision = link_numbers(&old(), &new(), &linking("2026-05-12"), today()).expect("a decision");
    assert_eq!(
        decision.statements,
        [superseded("2026-05-12"), linked("2026-05-12")]
    );
    let (old, new) = both_linked("2026-05-12");
    assert_eq!(old.current().superseded_by(), Some(other_id()));
    assert_eq!(old.current().merged_into(), None);
    assert_eq!(old.current().state_on(today()), DeclarationState::Superseded);
    assert!(new.current().supersedes.contains(&declaration_id()));
    assert_eq!(new.current().state_on(today()), DeclarationState::Active);
    // Until that day it was live.
    assert!(old.live_on(day("2026-05-11")));
    assert!(!old.live_on(day("2026-05-12")));
    let before = old.at(day("2026-05-11"), None).expect("a view");
    assert_eq!(before.declaration.superseded_by(), None);
}

#[test]
fn a_stopped_old_declaration_is_linked_too_and_a_duplicate_is_none_any_more() {
    let doubtful = |statement: fn(Statement) -> Statement| {
        statement(raised("2020-01-01", FlagCode::CorporateNumberDuplicate))
    };
    let old = with(&old(), vec![doubtful(|it| it), stopped(Some("2021-04-01"))]);
    let new = with(&new(), vec![doubtful(of_other)]);
    let decision = link_numbers(&old, &new, &linking("2026-05-12"), today()).expect("a decision");
    let clear = cleared("2026-05-12", FlagCode::CorporateNumberDuplicate);
    assert_eq!(
        decision.statements,
        [
            superseded("2026-05-12"),
            clear.clone(),
            linked("2026-05-12"),
            of_other(clear)
        ]
    );
    // A third one has the number: both stay doubtful.
    let command = LinkNumbers {
        number_live_elsewhere: true,
        ..linking("2026-05-12")
    };
    let decision = link_numbers(&old, &new, &command, today()).expect("a decision");
    assert_eq!(decision.statements.len(), 2);
}

#[test]
fn what_cannot_be_linked_is_refused() {
    let fine = linking("2026-05-12");
    refused(&old(), &old(), &fine, &LinkNumbersError::Itself);
    refused(&new(), &old(), &fine, &LinkNumbersError::Generation);
    let (replaced, linked) = both_linked("2026-05-12");
    refused(&replaced, &linked, &fine, &LinkNumbersError::OldReplaced);
    let gone = with(
        &new(),
        vec![of_other(at(
            "2026-05-12",
            DeclarationEvent::MergedInto {
                survivor: declaration_id(),
                corporate_number: None,
            },
        ))],
    );
    refused(&old(), &gone, &fine, &LinkNumbersError::NewReplaced);
    let ended = with(&new(), vec![of_other(stopped(Some("2024-04-01")))]);
    refused(&old(), &ended, &fine, &LinkNumbersError::NewNotLive);
    refused(
        &old(),
        &new(),
        &linking("2026-11-23"),
        &LinkNumbersError::InTheFuture,
    );
    let earliest = day("2018-04-01");
    refused(
        &old(),
        &new(),
        &linking("2018-03-31"),
        &LinkNumbersError::TooEarly { earliest },
    );
    let stopped_later = with(&old(), vec![stopped(Some("2021-04-01"))]);
    let earliest = day("2021-04-01");
    refused(
        &stopped_later,
        &new(),
        &linking("2020-04-01"),
        &LinkNumbersError::TooEarly { earliest },
    );
    let silent = LinkNumbers {
        reason: " ".to_owned(),
        ..fine
    };
    let decided = link_numbers(&old(), &new(), &silent, today());
    assert!(matches!(decided, Err(LinkNumbersError::Reason(problem)) if problem.code == "empty"));
}

#[test]
fn what_was_replaced_is_neither_stopped_nor_brought_back() {
    let (old, _) = both_linked("2026-05-12");
    let command = StopDeclaration {
        kind: domain::declaration::StopKind::Closed,
        on: None,
        reason: "廃業".to_owned(),
    };
    assert_eq!(stop(&old, &command, today()).err(), Some(StopError::Replaced));
    let command = Reinstate {
        on: today(),
        reason: "誤り".to_owned(),
        live: None,
    };
    assert_eq!(
        reinstate(&old, &command, today()).err(),
        Some(ReinstateError::Replaced)
    );
}

#[test]
fn a_link_is_taken_back_in_both_as_if_it_had_never_been() {
    let (linked_old, linked_new) = both_linked("2026-05-12");
    crate::undo::assert_as_if_never(&crate::undo::after(&linked_old, [2]), &old());
    crate::undo::assert_as_if_never(&crate::undo::after(&linked_new, [2]), &new());
    // A stop that came before it stands again.
    let stopped_before = with(&old(), vec![stopped(Some("2021-04-01"))]);
    let linked = with(&stopped_before, vec![superseded("2026-05-12")]);
    let back = crate::undo::after(&linked, [3]);
    crate::undo::assert_as_if_never(&back, &stopped_before);
    // That stop cannot be taken back under it.
    let refused = domain::declaration::decide::undo(&linked, &undoing([2]), crate::undo::soon(), today());
    assert_eq!(refused.err(), Some(UndoError::ChangedSince));
}

#[test]
fn a_link_that_was_dated_wrongly_is_taken_back_and_made_again_since_an_earlier_day() {
    let (linked_old, linked_new) = both_linked("2026-05-12");
    let (old, new) = (
        crate::undo::after(&linked_old, [2]),
        crate::undo::after(&linked_new, [2]),
    );
    assert_eq!(old.current().superseded_by(), None);
    let decision = link_numbers(&old, &new, &linking("2026-04-01"), today()).expect("a decision");
    let of = |id| {
        let statements = decision
            .statements
            .iter()
            .filter(move |it| it.declaration_id == id);
        statements.cloned().collect::<Vec<_>>()
    };
    let (old, new) = (with(&old, of(declaration_id())), with(&new, of(other_id())));
    for on in ["2026-04-01", "2026-05-12", "2026-11-22"] {
        let view = old.at(day(on), None).expect("a view").declaration;
        assert_eq!(view.superseded_by(), Some(other_id()), "{on}");
        let view = new.at(day(on), None).expect("a view").declaration;
        assert!(view.supersedes.contains(&declaration_id()), "{on}");
    }
    assert!(old.live_on(day("2026-03-31")));
}
