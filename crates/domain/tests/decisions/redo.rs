//! What is recorded after something was taken back: it holds as if that had never been, also since an earlier day.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::{
    Personal,
    declaration::{
        DeclarationEvent, Field, HandOverKind, Statement, Timeline,
        decide::{
            ChangeContact, Correct, Decision, EvidenceInput, HandOver, RecordDiagnosis, RecordPolicy,
            StepDown, StepUp, Wanted, WithdrawPolicy, change_contact, correct, hand_over, record_diagnosis,
            record_policy, step_down, step_up, undo, withdraw_policy,
        },
    },
    value::PolicyMedium,
};
use proptest::prelude::*;

use crate::harness::*;
use crate::undo::{after, assert_as_if_never, positions_after, reason, soon, undoing, with};

const WEB: &str = "https://example.jp/policy";

fn contact(history: &Timeline, on: &str) -> Decision {
    let command = ChangeContact {
        changes: vec![entry(Field::ContactName, "見本 次郎")],
        since: Some(day(on)),
        reason: None,
    };
    change_contact(history, &command, today()).expect("a change")
}

fn correction(history: &Timeline, on: &str) -> Decision {
    let command = Correct {
        changes: vec![entry(Field::City, "別の市"), entry(Field::Building, "見本館")],
        wanted: Wanted::Change { since: Some(day(on)) },
        reason: reason(),
        source: domain::declaration::Source::Staff,
        number_live_elsewhere: false,
        evidence: EvidenceInput::default(),
    };
    correct(history, &command, today()).expect("a correction")
}

fn diagnosis(history: &Timeline, on: &str) -> Decision {
    let command = RecordDiagnosis {
        questionnaire: "25-v3".to_owned(),
        answers: None,
        score: "78".to_owned(),
        done_on: day(on),
        reason: None,
    };
    record_diagnosis(history, &command, today()).expect("a diagnosis")
}

fn policy(history: &Timeline, on: &str) -> Decision {
    let command = RecordPolicy {
        medium: PolicyMedium::Web,
        place: WEB.to_owned(),
        published_on: "2018-04-01".to_owned(),
        on: day(on),
        reason: None,
    };
    record_policy(history, &command, today()).expect("a policy")
}

fn up(history: &Timeline, on: &str) -> Decision {
    let command = StepUp {
        on: day(on),
        reason: None,
    };
    step_up(history, &command, today()).expect("a step")
}

fn down(history: &Timeline, on: &str) -> Decision {
    let command = StepDown {
        on: day(on),
        reason: reason(),
    };
    step_down(history, &command, today()).expect("a step")
}

fn withdrawal(history: &Timeline, on: &str) -> Decision {
    let command = WithdrawPolicy {
        on: day(on),
        step_down: false,
        reason: reason(),
    };
    withdraw_policy(history, &command, today()).expect("a withdrawal")
}

fn handing_over(history: &Timeline, on: &str) -> Decision {
    let command = HandOver {
        kind: HandOverKind::Merger,
        on: day(on),
        changes: vec![
            entry(Field::Name, "株式会社みほん商会"),
            entry(Field::City, "別の市"),
        ],
        reason: reason(),
        evidence: EvidenceInput {
            no_document: Some(Personal::new("電話で本人に確認した".to_owned())),
            ..EvidenceInput::default()
        },
        number_live_elsewhere: false,
    };
    hand_over(history, &command, today()).expect("a hand-over")
}

/// With what two stars need.
fn prepared() -> Statement {
    made_with(&[(Field::DiagnosisScore, "78"), (Field::PolicyUrl, WEB)])
}

fn two_stars() -> Vec<Statement> {
    let step = DeclarationEvent::SteppedUp {
        changes: vec![change(Field::Star, "★", "two")],
    };
    vec![prepared(), at("2019-04-01", step)]
}

#[test]
fn what_was_dated_wrongly_is_taken_back_and_recorded_again_since_an_earlier_day() {
    type Decide = fn(&Timeline, &str) -> Decision;
    let cases: [(&str, Vec<Statement>, Decide); 8] = [
        ("contact", vec![made()], contact),
        ("correction", vec![made()], correction),
        ("diagnosis", vec![made()], diagnosis),
        ("policy", vec![made()], policy),
        ("step up", vec![prepared()], up),
        ("step down", two_stars(), down),
        ("withdrawal", vec![prepared()], withdrawal),
        ("hand-over", vec![made()], handing_over),
    ];
    for (what, history, decide) in cases {
        let before = timeline(history);
        let wrong = with(&before, decide(&before, "2024-04-01").statements);
        let undone = after(&wrong, positions_after(&before, &wrong));
        let again = with(&undone, decide(&undone, "2021-06-01").statements);
        let never = with(&before, decide(&before, "2021-06-01").statements);
        assert_same_facts(&again, &never, what);
        let diagnosis = |of: &Timeline| of.diagnosis(today(), None);
        assert_eq!(diagnosis(&again), diagnosis(&never), "{what}");
        for field in [Field::City, Field::Star, Field::PolicyUrl, Field::ContactName] {
            assert_eq!(again.stated_from(field), never.stated_from(field), "{what}");
        }
        let undone = after(&again, positions_after(&undone, &again));
        assert_as_if_never(&undone, &before);
    }
}

#[track_caller]
fn assert_same_facts(one: &Timeline, other: &Timeline, what: &str) {
    let mut on = day("2018-04-01");
    while on <= today() {
        let view = |history: &Timeline| history.at(on, None).expect("a view").declaration;
        let (one, other) = (view(one), view(other));
        assert_eq!(one.differs(&other), [], "{what} on {on}");
        on += TimeDelta::days(1);
    }
    assert_eq!(one.current().differs(other.current()), [], "{what}");
}

/// What is done to the city.
#[derive(Debug, Clone, Copy)]
enum City {
    Change(i64, usize),
    Error(usize),
    UndoLast,
}

fn city() -> impl Strategy<Value = City> {
    prop_oneof![
        (0..12_i64, 0..4_usize).prop_map(|(days, to)| City::Change(days, to)),
        (0..4_usize).prop_map(City::Error),
        Just(City::UndoLast),
        Just(City::UndoLast),
    ]
}

fn correcting(history: &Timeline, step: City) -> Option<Decision> {
    const CITIES: [&str; 4] = ["甲市", "乙市", "丙市", "丁市"];
    let (wanted, to) = match step {
        City::Change(days, to) => {
            let since = Some(day("2018-04-01") + TimeDelta::days(days));
            (Wanted::Change { since }, to)
        }
        City::Error(to) => (Wanted::Error, to),
        City::UndoLast => return None,
    };
    let command = Correct {
        changes: vec![entry(Field::City, CITIES[to])],
        wanted,
        reason: reason(),
        source: domain::declaration::Source::Staff,
        number_live_elsewhere: false,
        evidence: EvidenceInput::default(),
    };
    correct(history, &command, today()).ok()
}

/// The history after these steps, and those of them that stand.
fn told(steps: &[City]) -> (Timeline, Vec<City>) {
    let mut history = timeline([made()]);
    let mut standing: Vec<(City, BTreeSet<i64>)> = Vec::new();
    for step in steps {
        if let City::UndoLast = step {
            let Some((_, positions)) = standing.last() else {
                continue;
            };
            let undoing = undoing(positions.iter().copied());
            if let Ok(decision) = undo(&history, &undoing, soon(), today()) {
                history = with(&history, decision.statements);
                standing.pop();
            }
        } else if let Some(decision) = correcting(&history, *step) {
            let next = with(&history, decision.statements);
            standing.push((*step, positions_after(&history, &next)));
            history = next;
        }
    }
    (history, standing.into_iter().map(|(step, _)| step).collect())
}

/// On each day, and since when the last value is stated.
fn cities(history: &Timeline) -> (Vec<Option<String>>, chrono::NaiveDate) {
    let city = |days| {
        let on = day("2018-04-01") + TimeDelta::days(days);
        let view = history.at(on, None).expect("a view");
        view.declaration.facts.value(Field::City).map(str::to_owned)
    };
    ((0..14).map(city).collect(), history.stated_from(Field::City))
}

#[test]
fn an_undo_on_the_day_of_another_statement_does_not_carry_an_earlier_one_past_that() {
    let steps = [
        City::Change(2, 0),
        City::Change(0, 0),
        City::Error(1),
        City::UndoLast,
        City::Change(0, 1),
    ];
    let (history, standing) = told(&steps);
    assert_eq!(standing.len(), 3);
    assert_eq!(cities(&history), cities(&told(&standing).0));
}

#[test]
fn what_is_said_once_more_by_another_command_is_no_repetition() {
    let steps = [
        City::Change(9, 0),
        City::UndoLast,
        City::Change(9, 1),
        City::Change(0, 0),
        City::Error(0),
    ];
    let (history, standing) = told(&steps);
    assert_eq!(standing.len(), 3);
    assert_eq!(cities(&history), cities(&told(&standing).0));
}

proptest! {
    /// Whatever is corrected and taken back in whatever order: every day is what those corrections make it that stand.
    #[test]
    fn corrections_that_were_taken_back_leave_no_trace_in_what_follows(
        steps in prop::collection::vec(city(), 1..14)
    ) {
        let (history, standing) = told(&steps);
        let (expected, all) = told(&standing);
        prop_assert_eq!(all.len(), standing.len(), "decided as before");
        prop_assert_eq!(cities(&history), cities(&expected));
    }
}
