//! One record of a bulk change: what becomes of it.

use std::collections::BTreeSet;

use domain::bulk_change::{BulkAction, BulkField, BulkRefusal, Difference, On, Verdict, differences, judge};
use domain::declaration::decide::{Decision, StopError, UndoError};
use domain::declaration::{Field, FlagCode, StopKind, Timeline};

use crate::harness::*;

const WHY: &str = "市町村合併";

fn on(version: i64) -> On {
    On {
        version,
        undoes: BTreeSet::new(),
        live: None,
        today: today(),
    }
}

fn city_and_prefecture(city: &str, prefecture: &str) -> BulkAction {
    let field = |field, typed: &str| BulkField {
        field,
        typed: typed.to_owned(),
    };
    BulkAction::Correct {
        fields: vec![field(Field::City, city), field(Field::Prefecture, prefecture)],
        since: Some(day("2026-04-01")),
        reason: WHY.to_owned(),
    }
}

#[track_caller]
fn decided(history: &Timeline, action: &BulkAction, on: &On) -> Decision {
    match judge(history, action, on) {
        Verdict::Change(decision) => decision,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_record_has_already_is_left_out_and_the_rest_is_corrected() {
    let history = timeline([made()]);
    let decision = decided(&history, &city_and_prefecture("新見本市", "東京都"), &on(1));
    assert_eq!(
        decision.statements,
        [changed("2026-04-01", Field::City, "みほん市", "新見本市")]
    );
    assert_eq!(
        differences(&history, &decision),
        [Difference {
            what: "city".to_owned(),
            before: Some("みほん市".to_owned()),
            after: Some("新見本市".to_owned()),
        }]
    );
    let nothing = judge(&history, &city_and_prefecture("みほん市", "東京都"), &on(1));
    assert!(matches!(nothing, Verdict::Nothing), "{nothing:?}");
}

#[test]
fn a_value_that_the_field_does_not_take_is_refused_also_where_another_is_there_already() {
    let history = timeline([made()]);
    let refused = judge(&history, &city_and_prefecture("みほん市", "蓬莱県"), &on(1));
    assert!(
        matches!(refused, Verdict::Refused(BulkRefusal::Correct(_))),
        "{refused:?}"
    );
}

#[test]
fn a_record_that_was_changed_since_it_was_chosen_is_left_alone_and_a_warning_is_no_change() {
    let mended = mended("2018-04-01", Field::Street, "1-2-3", "9-9-9");
    let history = timeline([made(), mended]);
    let since = judge(&history, &city_and_prefecture("新見本市", "東京都"), &on(1));
    assert!(matches!(since, Verdict::ChangedSince), "{since:?}");
    let warned = timeline([made(), raised("2020-01-01", FlagCode::EmailMissing)]);
    decided(&warned, &city_and_prefecture("新見本市", "東京都"), &on(1));
}

#[test]
fn what_is_so_already_is_nothing_to_do_and_what_cannot_be_is_refused() {
    let raise = BulkAction::RaiseFlag {
        flag: FlagCode::EmailMissing,
        reason: WHY.to_owned(),
    };
    let warned = timeline([made(), raised("2020-01-01", FlagCode::EmailMissing)]);
    assert!(matches!(judge(&warned, &raise, &on(1)), Verdict::Nothing));
    let stop = |on| BulkAction::Stop {
        how: StopKind::Closed,
        on: Some(day(on)),
        reason: WHY.to_owned(),
    };
    let history = timeline([made(), stopped(Some("2020-01-10"))]);
    assert!(matches!(
        judge(&history, &stop("2021-01-10"), &on(2)),
        Verdict::Nothing
    ));
    let early = judge(&timeline([made()]), &stop("2000-01-10"), &on(1));
    assert!(
        matches!(
            early,
            Verdict::Refused(BulkRefusal::Stop(StopError::TooEarly { .. }))
        ),
        "{early:?}"
    );
}

#[test]
fn taking_back_asks_what_rests_on_it_and_not_for_how_long_it_stands() {
    let undo = BulkAction::Undo {
        of: domain::BulkChangeId::new(uuid::Uuid::from_u128(9)),
        reason: "対象の取り違え".to_owned(),
    };
    let of_second = On {
        undoes: BTreeSet::from([2]),
        // Whatever the version was.
        ..on(0)
    };
    let moved = changed("2026-04-01", Field::City, "みほん市", "新見本市");
    let history = timeline([made(), moved.clone()]);
    let decision = decided(&history, &undo, &of_second);
    let back = differences(&history, &decision);
    assert_eq!(back.len(), 1, "{back:?}");
    assert_eq!(back[0].after.as_deref(), Some("みほん市"));
    let later = changed("2026-05-01", Field::City, "新見本市", "別見本市");
    let rests = judge(&timeline([made(), moved, later]), &undo, &of_second);
    assert!(
        matches!(
            rests,
            Verdict::Refused(BulkRefusal::Undo(UndoError::ChangedSince))
        ),
        "{rests:?}"
    );
}

#[test]
fn a_trial_tells_what_comes_along_with_a_change() {
    let history = timeline([made()]);
    let stop = BulkAction::Stop {
        how: StopKind::Closed,
        on: None,
        reason: WHY.to_owned(),
    };
    let decision = decided(&history, &stop, &on(1));
    let whats: Vec<String> = differences(&history, &decision)
        .into_iter()
        .map(|difference| difference.what)
        .collect();
    assert_eq!(whats, ["state", "flag:stopped_date_missing"]);
}
