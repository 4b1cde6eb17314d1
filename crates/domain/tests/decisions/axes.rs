//! State along both axes: since when something holds, and since when it is known.

use domain::declaration::{DeclarationState, Field, FlagCode, Recorded, Timeline, TimelineError};

use crate::harness::*;

fn city(history: &Timeline, on: &str, up_to: Option<i64>) -> Option<String> {
    history
        .at(day(on), up_to)?
        .declaration
        .facts
        .value(Field::City)
        .map(str::to_owned)
}

#[test]
fn an_error_correction_replaces_the_wrong_value_for_the_whole_time_that_it_was_stated() {
    let history = timeline([
        made(),
        changed("2020-05-01", Field::City, "みほん市", "まちがい市"),
        mended("2020-05-01", Field::City, "まちがい市", "ただしい市"),
    ]);
    assert_eq!(city(&history, "2020-04-30", None).as_deref(), Some("みほん市"));
    assert_eq!(city(&history, "2020-05-01", None).as_deref(), Some("ただしい市"));
    assert_eq!(city(&history, "2026-01-01", None).as_deref(), Some("ただしい市"));
    assert_eq!(
        city(&history, "2026-01-01", Some(2)).as_deref(),
        Some("まちがい市"),
        "as it was known then"
    );
    assert_eq!(city(&history, "2026-01-01", Some(1)).as_deref(), Some("みほん市"));
}

#[test]
fn an_error_of_the_first_day_is_mended_from_the_first_day() {
    let history = timeline([
        made(),
        changed("2020-05-01", Field::Street, "1-2-3", "9-9-9"),
        mended("2018-04-01", Field::City, "みほん市", "ただしい市"),
    ]);
    assert_eq!(city(&history, "2018-04-01", None).as_deref(), Some("ただしい市"));
    assert_eq!(history.current().facts.value(Field::Street), Some("9-9-9"));
}

#[test]
fn before_its_first_day_it_did_not_exist_and_shows_its_first_day() {
    let history = timeline([made(), changed("2020-05-01", Field::City, "みほん市", "べつの市")]);
    let view = history.at(day("2018-03-31"), None).expect("something is known");
    assert!(!view.existed);
    assert_eq!(view.declaration.facts.value(Field::City), Some("みほん市"));
    assert!(
        history
            .at(day("2018-04-01"), None)
            .is_some_and(|view| view.existed)
    );
    assert!(
        history.at(day("2026-01-01"), Some(0)).is_none(),
        "nothing was recorded by then"
    );
}

#[test]
fn a_mended_date_of_declaration_moves_the_first_day() {
    let earlier = timeline([
        made(),
        mended("2018-04-01", Field::DeclaredOn, "2018-04-01", "2018-03-01"),
    ]);
    assert!(earlier.live_on(day("2018-03-15")));
    assert!(!earlier.live_on(day("2018-02-28")));
    let later = timeline([
        made(),
        mended("2018-04-01", Field::DeclaredOn, "2018-04-01", "2018-06-01"),
    ]);
    assert!(!later.live_on(day("2018-05-31")));
    assert!(later.live_on(day("2018-06-01")));
}

#[test]
fn a_stop_on_a_known_day_ends_it_on_that_day() {
    let history = timeline([made(), stopped(Some("2020-01-10"))]);
    assert!(history.live_on(day("2020-01-09")));
    assert!(!history.live_on(day("2020-01-10")));
    assert_eq!(history.current().state_on(today()), DeclarationState::Stopped);
}

#[test]
fn a_stop_without_a_day_counts_on_every_day() {
    let history = timeline([made(), stopped(None)]);
    for on in ["2018-04-01", "2020-01-01", "2026-11-22"] {
        assert!(!history.live_on(day(on)), "{on}");
    }
    assert!(
        history
            .at(day("2020-01-01"), Some(1))
            .is_some_and(|view| view.state == DeclarationState::Active)
    );
}

#[test]
fn a_stop_that_lies_ahead_has_not_come_yet() {
    let history = timeline([made(), stopped(Some("2027-03-31"))]);
    assert!(history.live_on(today()));
    assert_eq!(history.current().state_on(today()), DeclarationState::Active);
    assert_eq!(
        history.current().state_on(day("2027-03-31")),
        DeclarationState::Stopped
    );
}

#[test]
fn brought_back_it_is_live_again_from_that_day_only() {
    let history = timeline([made(), stopped(Some("2020-01-10")), reinstated("2021-05-01")]);
    for (on, live) in [
        ("2020-01-09", true),
        ("2020-01-10", false),
        ("2021-04-30", false),
        ("2021-05-01", true),
    ] {
        assert_eq!(history.live_on(day(on)), live, "{on}");
    }
    let again = timeline([
        made(),
        stopped(Some("2020-01-10")),
        reinstated("2021-05-01"),
        stopped(Some("2022-02-02")),
    ]);
    for (on, live) in [("2020-02-01", false), ("2021-06-01", true), ("2022-02-02", false)] {
        assert_eq!(again.live_on(day(on)), live, "{on}");
    }
}

#[test]
fn brought_back_after_a_stop_without_a_day_it_is_live_from_that_day_only() {
    let history = timeline([made(), stopped(None), reinstated("2021-05-01")]);
    assert!(!history.live_on(day("2019-01-01")));
    assert!(history.live_on(day("2021-05-01")));
}

#[test]
fn the_version_is_the_newest_fact_changing_event_wherever_it_holds() {
    let history = timeline([
        made(),
        changed("2022-01-01", Field::City, "みほん市", "べつの市"),
        changed("2020-01-01", Field::Street, "1-2-3", "9-9-9"),
        raised("2022-01-01", FlagCode::IndustryUnknown),
    ]);
    assert_eq!(history.current().version, 3);
    assert_eq!(
        history.recorded_up_to(2).map(|declaration| declaration.version),
        Some(2)
    );
}

#[test]
fn the_order_in_which_events_are_read_does_not_matter() {
    let statements = [
        made(),
        changed("2022-01-01", Field::City, "みほん市", "べつの市"),
        mended("2018-04-01", Field::City, "みほん市", "はじめ市"),
    ];
    let mut events: Vec<Recorded> = (1..)
        .zip(statements)
        .map(|(position, statement)| Recorded { position, statement })
        .collect();
    let forward = Timeline::new(events.clone()).expect("a history");
    events.reverse();
    let backward = Timeline::new(events).expect("a history");
    assert_eq!(forward.current(), backward.current());
    assert_eq!(city(&forward, "2019-01-01", None).as_deref(), Some("はじめ市"));
    assert_eq!(forward.current().facts.value(Field::City), Some("べつの市"));
}

#[test]
fn what_differs_from_another_day_is_told_by_field() {
    let history = timeline([
        made(),
        changed("2020-05-01", Field::City, "みほん市", "べつの市"),
        changed("2021-01-01", Field::TradeName, "", "みほん商店"),
    ]);
    let then = history
        .at(day("2019-01-01"), None)
        .expect("it existed")
        .declaration;
    assert_eq!(then.differs(history.current()), [Field::TradeName, Field::City]);
    assert!(history.current().differs(history.current()).is_empty());
}

#[test]
fn events_without_a_beginning_or_of_two_declarations_are_no_history() {
    let recorded = |position, statement| Recorded { position, statement };
    assert_eq!(Timeline::new([]).err(), Some(TimelineError::NoBeginning));
    assert_eq!(
        Timeline::new([recorded(1, reinstated("2020-01-01"))]).err(),
        Some(TimelineError::NoBeginning)
    );
    let mut other = reinstated("2020-01-01");
    other.declaration_id = domain::DeclarationId::new(uuid::Uuid::from_u128(99));
    assert_eq!(
        Timeline::new([recorded(1, made()), recorded(2, other)]).err(),
        Some(TimelineError::Mixed)
    );
}
