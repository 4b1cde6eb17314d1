//! Taking a change back.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    DeclarationId, Personal,
    declaration::{
        DeclarationEvent, DeclarationState, Field, FlagCode, Recorded, Statement, StopKind, Timeline,
        decide::{
            ChangeContact, Correct, EvidenceInput, LiveElsewhere, Reinstate, StopDeclaration, Undo,
            UndoError, Wanted, change_contact, correct, reinstate, stop, undo, undo_until,
        },
    },
};
use proptest::prelude::*;

use crate::harness::*;

pub fn noon() -> DateTime<Utc> {
    "2026-11-22T03:00:00Z".parse().expect("an instant")
}

pub fn undoing(positions: impl IntoIterator<Item = i64>) -> Undo {
    Undo {
        positions: positions.into_iter().collect(),
        recorded_at: noon(),
        reason: None,
        live: None,
        merge: false,
    }
}

pub fn soon() -> DateTime<Utc> {
    noon() + TimeDelta::minutes(9)
}

/// The history after taking these positions back.
#[track_caller]
pub fn after(history: &Timeline, positions: impl IntoIterator<Item = i64>) -> Timeline {
    let decision = undo(history, &undoing(positions), soon(), today()).expect("a decision");
    with(history, decision.statements)
}

pub fn with(history: &Timeline, statements: Vec<Statement>) -> Timeline {
    let before = history.by_position().into_iter().cloned().collect::<Vec<_>>();
    let next = before.last().expect("events").position + 1;
    let more = (next..)
        .zip(statements)
        .map(|(position, statement)| Recorded { position, statement });
    Timeline::new(before.into_iter().chain(more)).expect("a history")
}

/// Nothing but the version tells the two apart on any day.
#[track_caller]
pub fn assert_as_if_never(undone: &Timeline, before: &Timeline) {
    for on in [
        "2018-04-01",
        "2019-12-31",
        "2020-01-10",
        "2021-06-01",
        "2024-04-01",
        "2026-11-22",
        "2027-06-01",
    ] {
        let view = |history: &Timeline| {
            let mut view = history.at(day(on), None).expect("a view");
            view.declaration.version = 0;
            view
        };
        assert_eq!(view(undone), view(before), "on {on}");
    }
}

pub fn positions_after(before: &Timeline, history: &Timeline) -> BTreeSet<i64> {
    let known = before.by_position().len();
    history.by_position()[known..]
        .iter()
        .map(|event| event.position)
        .collect()
}

pub fn reason() -> String {
    "届出のため".to_owned()
}

#[test]
fn the_evidence_of_a_correction_stays_when_it_is_taken_back() {
    let before = timeline([made_with(&[])]);
    let command = Correct {
        changes: vec![entry(Field::Name, "株式会社みほん商会")],
        wanted: Wanted::Error,
        reason: reason(),
        source: domain::declaration::Source::Staff,
        number_live_elsewhere: false,
        evidence: EvidenceInput {
            no_document: Some(Personal::new("電話で本人に確認した".to_owned())),
            ..EvidenceInput::default()
        },
    };
    let decision = correct(&before, &command, today()).expect("a decision");
    assert_eq!(decision.statements.len(), 2, "the name and its evidence");
    let changed = with(&before, decision.statements);
    let undone = after(&changed, 2..=3);
    assert_as_if_never(&undone, &before);
}

#[test]
fn a_correction_with_its_flags_is_taken_back_for_every_day() {
    let before = timeline([made_with(&[(Field::ContactEmail, "")])]);
    let command = Correct {
        changes: vec![
            entry(Field::ContactEmail, "a@example.jp"),
            entry(Field::City, "別の市"),
        ],
        wanted: Wanted::Change {
            since: Some(day("2024-04-01")),
        },
        reason: reason(),
        source: domain::declaration::Source::Staff,
        number_live_elsewhere: false,
        evidence: EvidenceInput::default(),
    };
    let decision = correct(&before, &command, today()).expect("a decision");
    assert_eq!(decision.statements.len(), 3, "two fields and a flag");
    let changed = with(&before, decision.statements);
    let undone = after(&changed, 2..=4);
    assert_as_if_never(&undone, &before);
    assert_eq!(undone.undone_by(2), Some(5));
    assert_eq!(undone.stated_from(Field::City), before.stated_from(Field::City));
}

#[test]
fn what_can_be_made_can_be_taken_back() {
    let live = || vec![made()];
    let stopped_before = || vec![made(), stopped(Some("2020-01-10"))];
    let undated = || {
        vec![
            made(),
            stopped(None),
            raised("2018-04-01", FlagCode::StoppedDateMissing),
        ]
    };
    let stopping = |on: Option<&str>| StopDeclaration {
        kind: StopKind::Closed,
        on: on.map(day),
        reason: reason(),
    };
    let back = |on: &str| Reinstate {
        on: day(on),
        reason: reason(),
        live: None,
    };
    let contact = ChangeContact {
        changes: vec![entry(Field::ContactName, "見本 次郎")],
        since: Some(day("2021-06-01")),
        reason: None,
    };
    let cases = [
        (
            live(),
            stop(&timeline(live()), &stopping(Some("2020-01-10")), today()).ok(),
        ),
        (
            live(),
            stop(&timeline(live()), &stopping(Some("2027-03-31")), today()).ok(),
        ),
        (live(), stop(&timeline(live()), &stopping(None), today()).ok()),
        (
            undated(),
            stop(&timeline(undated()), &stopping(Some("2021-06-01")), today()).ok(),
        ),
        (
            stopped_before(),
            reinstate(&timeline(stopped_before()), &back("2021-06-01"), today()).ok(),
        ),
        (live(), change_contact(&timeline(live()), &contact, today()).ok()),
    ];
    for (at, (history, decision)) in cases.into_iter().enumerate() {
        let before = timeline(history);
        let changed = with(
            &before,
            decision.unwrap_or_else(|| panic!("case {at}")).statements,
        );
        let undone = after(&changed, positions_after(&before, &changed));
        assert_as_if_never(&undone, &before);
        let events = [DeclarationEvent::Unpublished, DeclarationEvent::LogoSuspended];
        for event in events {
            let changed = with(&before, vec![super::harness::at("2024-04-01", event)]);
            let undone = after(&changed, positions_after(&before, &changed));
            assert_as_if_never(&undone, &before);
        }
    }
}

#[test]
fn it_is_offered_for_ten_minutes() {
    let history = timeline([made(), stopped(Some("2020-01-10"))]);
    let until = noon() + TimeDelta::minutes(10);
    let at = |now| undo_until(&history, &[2].into(), noon(), now);
    assert_eq!(at(noon()), Some(until));
    assert_eq!(at(until - TimeDelta::microseconds(1)), Some(until));
    assert_eq!(at(until), None);
    assert_eq!(
        undo(&history, &undoing([2]), until, today()).err(),
        Some(UndoError::TooLate)
    );
}

#[test]
fn what_something_later_rests_on_stays() {
    let refused = |history: Vec<Statement>, position: i64| {
        undo(&timeline(history), &undoing([position]), soon(), today()).err()
    };
    let city = |old: &str, new: &str| mended("2018-04-01", Field::City, old, new);
    assert_eq!(
        refused(vec![made(), city("みほん市", "甲市"), city("甲市", "乙市")], 2),
        Some(UndoError::ChangedSince)
    );
    assert_eq!(
        refused(
            vec![made(), stopped(Some("2020-01-10")), reinstated("2021-01-01")],
            2
        ),
        Some(UndoError::ChangedSince)
    );
    let score = at(
        "2021-03-01",
        DeclarationEvent::DiagnosisRecorded {
            questionnaire: "25-v3".to_owned(),
            answers: None,
            changes: vec![change(Field::DiagnosisScore, "", "78")],
        },
    );
    let step = at(
        "2021-05-01",
        DeclarationEvent::SteppedUp {
            changes: vec![change(Field::Star, "★", "two")],
        },
    );
    assert_eq!(
        refused(vec![made(), score.clone(), step.clone()], 2),
        Some(UndoError::ChangedSince)
    );
    let undone = after(&timeline([made(), score.clone(), step.clone()]), [3]);
    let scored = undo(&undone, &undoing([2]), soon(), today());
    assert!(scored.is_ok(), "what rested on it was taken back");
    assert_eq!(
        refused(vec![made(), score, step], 3),
        None,
        "the step itself can go"
    );
    let note = raised("2024-04-01", FlagCode::EmailMissing);
    assert_eq!(
        refused(vec![made(), city("みほん市", "甲市"), note], 2),
        None,
        "of something else"
    );
}

#[test]
fn a_beginning_a_note_and_an_undoing_are_not_taken_back_and_nothing_twice() {
    let history = timeline([made(), stopped(Some("2020-01-10"))]);
    let refused = |history: &Timeline, positions: &[i64]| {
        undo(history, &undoing(positions.iter().copied()), soon(), today()).err()
    };
    assert_eq!(refused(&history, &[1]), Some(UndoError::NotUndoable));
    assert_eq!(refused(&history, &[]), Some(UndoError::NotUndoable));
    assert_eq!(refused(&history, &[7]), Some(UndoError::NotUndoable));
    let undone = after(&history, [2]);
    assert_eq!(refused(&undone, &[2]), Some(UndoError::AlreadyUndone));
    assert_eq!(refused(&undone, &[3]), Some(UndoError::NotUndoable));
    assert_eq!(undo_until(&undone, &[2].into(), noon(), soon()), None);
}

#[test]
fn a_declaration_does_not_come_back_beside_another_one() {
    let other = LiveElsewhere {
        id: DeclarationId::new(uuid::Uuid::from_u128(77)),
        number: "59990000025".to_owned(),
    };
    let beside = |positions: i64| Undo {
        live: Some(other.clone()),
        ..undoing([positions])
    };
    let history = timeline([made(), stopped(Some("2020-01-10"))]);
    assert_eq!(
        undo(&history, &beside(2), soon(), today()).err(),
        Some(UndoError::AlreadyLive(other.clone()))
    );
    let history = timeline([made(), stopped(Some("2020-01-10")), reinstated("2021-01-01")]);
    assert!(
        undo(&history, &beside(3), soon(), today()).is_ok(),
        "to stop it again harms nobody"
    );
}

#[test]
fn after_an_undone_stop_it_can_be_stopped_on_any_day_again() {
    let undone = after(&timeline([made(), stopped(Some("2020-01-10"))]), [2]);
    let command = StopDeclaration {
        kind: StopKind::Closed,
        on: Some(day("2019-01-01")),
        reason: reason(),
    };
    let decision = stop(&undone, &command, today()).expect("a decision");
    let history = with(&undone, decision.statements);
    for (on, state) in [
        ("2018-12-31", DeclarationState::Active),
        ("2019-01-01", DeclarationState::Stopped),
        ("2020-01-10", DeclarationState::Stopped),
        ("2026-11-22", DeclarationState::Stopped),
    ] {
        assert_eq!(history.at(day(on), None).expect("a view").state, state, "{on}");
    }
}

/// What the register is told to say about being live.
#[derive(Debug, Clone, Copy)]
enum Told {
    Stop(i64),
    Back(i64),
    UndoLast,
}

fn told() -> impl Strategy<Value = Told> {
    prop_oneof![
        (-900..300_i64).prop_map(Told::Stop),
        (-900..0_i64).prop_map(Told::Back),
        Just(Told::UndoLast),
    ]
}

proptest! {
    /// Whatever is decided in whatever order, the last word counts for today, and no view contradicts itself.
    #[test]
    fn the_last_word_about_being_live_counts(steps in prop::collection::vec(told(), 1..8)) {
        let mut history = timeline([made()]);
        let mut states = vec![history.clone()];
        for step in steps {
            let decided = match step {
                Told::Stop(days) => stop(&history, &StopDeclaration {
                    kind: StopKind::Stopped,
                    on: Some(today() + TimeDelta::days(days)),
                    reason: reason(),
                }, today()).ok().map(|decision| (decision, Some(today() + TimeDelta::days(days)))),
                Told::Back(days) => reinstate(&history, &Reinstate {
                    on: today() + TimeDelta::days(days),
                    reason: reason(),
                    live: None,
                }, today()).ok().map(|decision| (decision, None)),
                Told::UndoLast => {
                    let before = states[states.len().saturating_sub(2)].clone();
                    let own = positions_after(&before, &history);
                    if let Ok(decision) = undo(&history, &undoing(own), soon(), today()) {
                        history = with(&history, decision.statements);
                        assert_as_if_never(&history, &before);
                        states.push(history.clone());
                    }
                    continue;
                }
            };
            if let Some((decision, stop_on)) = decided {
                history = with(&history, decision.statements);
                states.push(history.clone());
                let current = history.current();
                prop_assert_eq!(current.stop.and_then(|stop| stop.on), stop_on);
                let view = history.at(today(), None).expect("a view");
                prop_assert_eq!(view.state, current.state_on(today()));
                if let Some(on) = stop_on {
                    for later in [on, on + TimeDelta::days(1), today() + TimeDelta::days(400)] {
                        let view = history.at(later, None).expect("a view");
                        prop_assert_eq!(view.state, DeclarationState::Stopped, "on {}", later);
                    }
                }
            }
        }
    }
}
