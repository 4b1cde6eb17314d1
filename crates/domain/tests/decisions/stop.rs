//! Stopping and bringing back.

use domain::{
    DeclarationId,
    declaration::{
        DeclarationEvent, Field, FlagCode, Stop, StopKind,
        decide::{LiveElsewhere, Reinstate, ReinstateError, StopDeclaration, StopError, reinstate, stop},
    },
};

use crate::harness::*;

fn closed(on: Option<&str>) -> StopDeclaration {
    StopDeclaration {
        kind: StopKind::Closed,
        on: on.map(day),
        reason: "廃業の届出".to_owned(),
    }
}

fn back(on: &str) -> Reinstate {
    Reinstate {
        on: day(on),
        reason: "誤って停止した".to_owned(),
        live: None,
    }
}

#[test]
fn a_live_declaration_is_stopped_on_a_day() {
    given([made()])
        .when(|history| stop(history, &closed(Some("2020-01-10")), today()))
        .then([stopped(Some("2020-01-10"))]);
}

#[test]
fn a_stop_without_a_day_holds_from_the_beginning_and_is_flagged() {
    given([made()])
        .when(|history| stop(history, &closed(None), today()))
        .then([stopped(None), raised("2018-04-01", FlagCode::StoppedDateMissing)]);
}

#[test]
fn a_stop_without_a_day_holds_from_when_it_was_last_brought_back() {
    let history = given([made(), stopped(Some("2019-01-01")), reinstated("2020-01-01")])
        .when(|history| stop(history, &closed(None), today()))
        .history();
    assert!(history.live_on(day("2018-12-31")));
    assert!(!history.live_on(day("2020-06-01")));
    assert!(!history.live_on(today()));
}

#[test]
fn a_day_that_becomes_known_takes_the_place_of_the_unknown_one() {
    let on = Stop {
        kind: StopKind::Closed,
        on: Some(day("2020-01-10")),
    };
    let number = facts().corporate_number();
    let history = given([
        made(),
        stopped(None),
        raised("2018-04-01", FlagCode::StoppedDateMissing),
    ])
    .when(|history| stop(history, &closed(Some("2020-01-10")), today()))
    .then([
        at(
            "2018-04-01",
            DeclarationEvent::Stopped {
                stop: on,
                corporate_number: number,
            },
        ),
        cleared("2018-04-01", FlagCode::StoppedDateMissing),
    ])
    .history();
    assert!(
        history.live_on(day("2020-01-09")),
        "it is known now that it was live until then"
    );
    assert!(!history.live_on(day("2020-01-10")));
}

#[test]
fn what_is_stopped_is_not_stopped_again() {
    given([made(), stopped(Some("2020-01-10"))])
        .when(|history| stop(history, &closed(Some("2021-01-10")), today()))
        .then_refused(&StopError::AlreadyStopped);
    given([made(), stopped(None)])
        .when(|history| stop(history, &closed(None), today()))
        .then_refused(&StopError::AlreadyStopped);
}

#[test]
fn a_stop_lies_between_the_beginning_and_two_years_ahead() {
    given([made()])
        .when(|history| stop(history, &closed(Some("2028-11-23")), today()))
        .then_refused(&StopError::TooFarAhead {
            latest: day("2028-11-22"),
        });
    given([made()])
        .when(|history| stop(history, &closed(Some("2018-03-31")), today()))
        .then_refused(&StopError::TooEarly {
            earliest: day("2018-04-01"),
        });
    given([made(), stopped(Some("2019-01-01")), reinstated("2020-01-01")])
        .when(|history| stop(history, &closed(Some("2019-06-01")), today()))
        .then_refused(&StopError::TooEarly {
            earliest: day("2020-01-01"),
        });
}

#[test]
fn a_stop_lies_after_the_day_of_the_declaration_also_when_that_was_corrected() {
    let declared = |on: &str| [made(), mended("2018-04-01", Field::DeclaredOn, "2018-04-01", on)];
    given(declared("2020-02-29"))
        .when(|history| stop(history, &closed(Some("2019-06-01")), today()))
        .then_refused(&StopError::TooEarly {
            earliest: day("2020-02-29"),
        });
    let history = given(declared("2018-01-01"))
        .when(|history| stop(history, &closed(Some("2018-02-01")), today()))
        .history();
    assert!(history.live_on(day("2018-01-31")) && !history.live_on(day("2018-02-01")));
    assert!(!history.live_on(today()));
    given(declared("2018-01-01"))
        .when(|history| stop(history, &closed(Some("2017-12-31")), today()))
        .then_refused(&StopError::TooEarly {
            earliest: day("2018-01-01"),
        });
}

#[test]
fn a_stopped_declaration_is_brought_back() {
    given([made(), stopped(Some("2020-01-10"))])
        .when(|history| reinstate(history, &back("2020-02-01"), today()))
        .then([reinstated("2020-02-01")]);
    given([
        made(),
        stopped(None),
        raised("2018-04-01", FlagCode::StoppedDateMissing),
    ])
    .when(|history| reinstate(history, &back("2020-02-01"), today()))
    .then([
        reinstated("2020-02-01"),
        cleared("2020-02-01", FlagCode::StoppedDateMissing),
    ]);
}

#[test]
fn what_is_live_is_not_brought_back() {
    given([made()])
        .when(|history| reinstate(history, &back("2020-02-01"), today()))
        .then_refused(&ReinstateError::NotStopped);
}

#[test]
fn a_declarer_with_a_live_declaration_gets_no_second_one_back() {
    let other = LiveElsewhere {
        id: DeclarationId::new(uuid::Uuid::from_u128(77)),
        number: "59990000025".to_owned(),
    };
    given([made(), stopped(Some("2020-01-10"))])
        .when(|history| {
            reinstate(
                history,
                &Reinstate {
                    live: Some(other.clone()),
                    ..back("2020-02-01")
                },
                today(),
            )
        })
        .then_refused(&ReinstateError::AlreadyLive(other));
}

#[test]
fn it_is_brought_back_between_the_stop_and_today() {
    given([made(), stopped(Some("2020-01-10"))])
        .when(|history| reinstate(history, &back("2020-01-09"), today()))
        .then_refused(&ReinstateError::TooEarly {
            earliest: day("2020-01-10"),
        });
    given([made(), stopped(Some("2020-01-10"))])
        .when(|history| reinstate(history, &back("2026-11-23"), today()))
        .then_refused(&ReinstateError::InTheFuture);
}

#[test]
fn both_need_a_reason() {
    let refused = stop(
        &timeline([made()]),
        &StopDeclaration {
            reason: String::new(),
            ..closed(None)
        },
        today(),
    );
    assert!(matches!(refused, Err(StopError::Reason(problem)) if problem.code == "empty"));
    let history = timeline([made(), stopped(Some("2020-01-10"))]);
    let refused = reinstate(
        &history,
        &Reinstate {
            reason: " ".to_owned(),
            ..back("2020-02-01")
        },
        today(),
    );
    assert!(matches!(refused, Err(ReinstateError::Reason(problem)) if problem.code == "empty"));
}

/// A stop that is to come, recorded on a day.
fn planned(recorded: &str, on: &str) -> domain::declaration::Statement {
    let DeclarationEvent::Stopped {
        stop,
        corporate_number,
    } = stopped(Some(on)).event
    else {
        unreachable!("a stop");
    };
    at(
        recorded,
        DeclarationEvent::Stopped {
            stop,
            corporate_number,
        },
    )
}

#[test]
fn a_stop_to_come_is_known_from_today_and_counts_from_its_day() {
    let history = given([made()])
        .when(|history| stop(history, &closed(Some("2027-03-31")), today()))
        .then([planned("2026-11-22", "2027-03-31")])
        .history();
    let plan = history.current().planned_stop(today()).expect("a plan");
    assert_eq!(plan.on, Some(day("2027-03-31")));
    assert_eq!(history.current().planned_stop(day("2027-03-31")), None);
    assert!(history.live_on(today()) && history.live_on(day("2027-03-30")));
    assert!(!history.live_on(day("2027-03-31")));
    let before = history.at(day("2026-11-21"), None).expect("a view").declaration;
    assert_eq!(before.stop, None, "nobody knew");
}

#[test]
fn another_stop_takes_the_place_of_one_to_come() {
    for (on, alive, over) in [
        ("2027-06-30", "2027-06-29", "2027-06-30"),
        ("2027-01-31", "2027-01-30", "2027-01-31"),
        ("2024-04-01", "2024-03-31", "2024-04-01"),
    ] {
        let history = given([made(), planned("2026-11-01", "2027-03-31")])
            .when(|history| stop(history, &closed(Some(on)), today()))
            .history();
        assert!(history.live_on(day(alive)), "{on}");
        for later in [over, "2026-11-22", "2027-12-31"] {
            let gone = day(later) >= day(over);
            assert_eq!(history.live_on(day(later)), !gone, "{on} on {later}");
        }
        assert_eq!(history.current().stop.and_then(|stop| stop.on), Some(day(on)));
    }
}

#[test]
fn a_stop_to_come_is_taken_back() {
    let history = given([made(), planned("2026-11-01", "2027-03-31")])
        .when(|history| reinstate(history, &back("2027-12-31"), today()))
        .then([reinstated("2026-11-22")])
        .history();
    assert!(history.live_on(today()) && history.live_on(day("2027-12-31")));
    // It was never stopped, so a stop of any day can be recorded.
    let history = given([
        made(),
        planned("2026-11-01", "2027-03-31"),
        reinstated("2026-11-22"),
    ])
    .when(|history| stop(history, &closed(Some("2024-04-01")), today()))
    .history();
    for (on, live) in [
        ("2024-03-31", true),
        ("2024-04-01", false),
        ("2026-11-01", false),
        ("2026-11-22", false),
        ("2027-12-31", false),
    ] {
        assert_eq!(history.live_on(day(on)), live, "{on}");
    }
}

#[test]
fn a_stop_that_came_is_no_plan_any_more() {
    let history = [made(), planned("2026-01-01", "2026-11-22")];
    given(history.clone())
        .when(|history| stop(history, &closed(Some("2026-12-31")), today()))
        .then_refused(&StopError::AlreadyStopped);
    given(history)
        .when(|history| reinstate(history, &back("2026-11-21"), today()))
        .then_refused(&ReinstateError::TooEarly {
            earliest: day("2026-11-22"),
        });
}
