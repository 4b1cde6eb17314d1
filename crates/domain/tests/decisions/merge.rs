//! Two declarations become one, and two again.

use std::collections::BTreeMap;

use domain::{
    declaration::{
        DeclarationEvent, DeclarationState, Field, FieldValue, Role, Statement, Timeline,
        decide::{Merge, MergeError, MergeSide, UndoError, differing, merge, merge_can_be_undone, undo},
    },
    value::EntityType,
};

use crate::harness::*;
use crate::link::{of_other, other_id};
use crate::undo::{assert_as_if_never, soon, undoing, with};

fn survivor() -> Timeline {
    timeline([made()])
}

/// Declared again with another telephone, a trade name and without a capital.
fn twin() -> Timeline {
    timeline([of_other(made_with(&[
        (Field::DeclarationNo, "59990000025"),
        (Field::ContactPhone, "03-0000-0001"),
        (Field::TradeName, "みほん商店"),
        (Field::CapitalYen, ""),
    ]))])
}

fn choices(sides: [(Field, MergeSide); 3]) -> BTreeMap<Field, MergeSide> {
    sides.into()
}

fn merging() -> Merge {
    Merge {
        choices: choices([
            (Field::ContactPhone, MergeSide::Merged),
            (Field::TradeName, MergeSide::Merged),
            (Field::CapitalYen, MergeSide::Survivor),
        ]),
        reason: "同じ事業者が二度宣言していた".to_owned(),
        number_live_elsewhere: false,
    }
}

fn absorbed() -> Statement {
    let of = |field, old: &str, new: &str| change(field, old, new);
    at(
        "2026-11-22",
        DeclarationEvent::Absorbed {
            merged: other_id(),
            changes: vec![
                of(Field::TradeName, "", "みほん商店"),
                of(Field::ContactPhone, "03-0000-0000", "03-0000-0001"),
            ],
        },
    )
}

fn merged() -> Statement {
    of_other(at(
        "2026-11-22",
        DeclarationEvent::MergedInto {
            survivor: declaration_id(),
            corporate_number: facts().corporate_number(),
        },
    ))
}

fn undoing_merge(positions: impl IntoIterator<Item = i64>) -> domain::declaration::decide::Undo {
    domain::declaration::decide::Undo {
        merge: true,
        reason: Some("別の事業者だった".to_owned()),
        ..undoing(positions)
    }
}

#[test]
fn only_what_differs_is_asked_for_and_never_what_a_number_stands_for() {
    let fields = differing(&survivor().current().facts, &twin().current().facts);
    let named: Vec<_> = fields.iter().map(|it| it.field).collect();
    assert_eq!(named, [Field::TradeName, Field::CapitalYen, Field::ContactPhone]);
    assert_eq!(fields[1].merged, None);
    assert_eq!(
        fields[2].merged.as_ref().map(FieldValue::typed),
        Some("03-0000-0001")
    );
}

#[test]
fn the_chosen_values_are_taken_over_and_the_other_number_leads_to_the_survivor() {
    let decision = merge(&survivor(), &twin(), &merging(), today()).expect("a decision");
    assert_eq!(decision.statements, [absorbed(), merged()]);
    let (survivor, twin) = (with(&survivor(), vec![absorbed()]), with(&twin(), vec![merged()]));
    assert_eq!(twin.current().merged_into(), Some(declaration_id()));
    assert_eq!(twin.current().state_on(today()), DeclarationState::Merged);
    assert!(twin.live_on(day("2026-11-21")));
    assert_eq!(survivor.current().state_on(today()), DeclarationState::Active);
    assert!(survivor.current().absorbed.contains(&other_id()));
    let phone = survivor.current().facts.reveal(Field::ContactPhone);
    assert_eq!(phone.map(FieldValue::typed), Some("03-0000-0001"));
    // Whose it is follows the record that it stands in.
    let fact = survivor.current().facts.get(Field::ContactPhone).expect("a fact");
    assert_eq!(fact.subject(), Some(subjects().of(Role::Contact)));
}

#[test]
fn each_field_needs_a_choice() {
    let command = Merge {
        choices: [(Field::TradeName, MergeSide::Merged)].into(),
        reason: String::new(),
        ..merging()
    };
    let Err(MergeError::Invalid(problems)) = merge(&survivor(), &twin(), &command, today()) else {
        panic!("it is refused");
    };
    assert_eq!(
        codes(&problems),
        [
            "reason empty",
            "changes.CAPITAL_YEN choice_required",
            "changes.CONTACT_PHONE choice_required"
        ]
    );
}

#[test]
fn what_cannot_become_one_is_refused() {
    #[track_caller]
    fn refused(survivor: &Timeline, merged: &Timeline, expected: &MergeError) {
        assert_eq!(
            merge(survivor, merged, &merging(), today()).as_ref().err(),
            Some(expected)
        );
    }
    refused(&survivor(), &survivor(), &MergeError::Itself);
    let gone = with(&twin(), vec![merged()]);
    refused(&survivor(), &gone, &MergeError::MergedReplaced);
    // In a circle: the one that was merged does not take up the one that it went into.
    refused(&gone, &survivor(), &MergeError::SurvivorReplaced);
    let trader = timeline([of_other(made_of(facts_of(EntityType::SoleTrader, &[])))]);
    refused(&survivor(), &trader, &MergeError::OtherKind);
    let ended = timeline([made(), stopped(Some("2024-04-01"))]);
    refused(&ended, &twin(), &MergeError::WrongSurvivor);
}

#[test]
fn a_consent_that_is_not_taken_over_ends_the_publication() {
    let reserved = timeline([of_other(made_with(&[(Field::PublishConsent, "同意しない")]))]);
    let command = Merge {
        choices: [(Field::PublishConsent, MergeSide::Merged)].into(),
        ..merging()
    };
    let decision = merge(&survivor(), &reserved, &command, today()).expect("a decision");
    assert!(
        decision
            .statements
            .contains(&at("2026-11-22", DeclarationEvent::Unpublished))
    );
}

#[test]
fn a_merge_is_taken_back_at_any_time_and_both_are_what_they_were() {
    let (joined, gone) = (with(&survivor(), vec![absorbed()]), with(&twin(), vec![merged()]));
    let years_later = soon() + chrono::TimeDelta::days(800);
    for (history, before) in [(&joined, survivor()), (&gone, twin())] {
        assert!(merge_can_be_undone(history, &[2].into()));
        let decision = undo(history, &undoing_merge([2]), years_later, today()).expect("a decision");
        assert_as_if_never(&with(history, decision.statements), &before);
        // Not by the way of ten minutes, nor without a reason.
        let quick = undo(history, &undoing([2]), soon(), today());
        assert_eq!(quick.err(), Some(UndoError::NotUndoable));
        let silent = domain::declaration::decide::Undo {
            reason: None,
            ..undoing_merge([2])
        };
        let silent = undo(history, &silent, years_later, today());
        assert!(matches!(silent, Err(UndoError::Reason(problem)) if problem.code == "empty"));
    }
}

#[test]
fn a_merge_on_which_something_rests_stays() {
    let joined = with(&survivor(), vec![absorbed()]);
    let mended = mended("2026-11-22", Field::ContactPhone, "03-0000-0001", "03-0000-0002");
    let later = with(&joined, vec![mended]);
    assert!(!merge_can_be_undone(&later, &[2].into()));
    let refused = undo(&later, &undoing_merge([2]), soon(), today());
    assert_eq!(refused.err(), Some(UndoError::ChangedSince));
    // About another field nothing rests on it.
    let elsewhere = mended_city();
    assert!(merge_can_be_undone(&with(&joined, vec![elsewhere]), &[2].into()));
    // The survivor went into another one itself: that first.
    let further = at(
        "2026-11-22",
        DeclarationEvent::MergedInto {
            survivor: other_id(),
            corporate_number: None,
        },
    );
    assert!(!merge_can_be_undone(&with(&joined, vec![further]), &[2].into()));
}

fn mended_city() -> Statement {
    mended("2026-11-22", Field::City, "みほん市", "べつの市")
}

#[test]
fn nothing_of_a_person_who_was_forgotten_comes_back_by_a_merge() {
    let forgotten = with(
        &twin(),
        vec![of_other(at(
            "2026-11-22",
            DeclarationEvent::PersonForgotten {
                subject: subjects().of(Role::Contact),
                successor: domain::SubjectId::new(uuid::Uuid::from_u128(77)),
            },
        ))],
    );
    let fields = differing(&survivor().current().facts, &forgotten.current().facts);
    assert!(fields.iter().all(|it| it.field != Field::ContactPhone));
}
