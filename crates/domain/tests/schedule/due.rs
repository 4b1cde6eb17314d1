//! What fires and what was missed after a time in which nothing ran.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ScheduleId,
    schedule::{Definition, DefinitionInput, Firing, GRACE, Misfire, Missed, MissedWhy, Plan, plan},
};
use uuid::Uuid;

use crate::harness::*;

const ALL: Misfire = Misfire::All { at_most: 10 };

/// Half past nine in Tokyo, three days after everything stopped.
fn up_again() -> DateTime<Utc> {
    utc("2026-11-25T00:30:20Z")
}

/// What to do at half past nine after three days.
fn after_three_days(expression: &str, misfire: Misfire) -> Plan {
    plan_of(
        &definition(expression, misfire),
        up_again() - TimeDelta::days(3),
        up_again(),
    )
}

fn plan_of(definition: &Definition, after: DateTime<Utc>, now: DateTime<Utc>) -> Plan {
    plan(schedule_id(), definition, after, now, GRACE)
}

fn on_time(due: &str) -> Firing {
    Firing {
        due: utc(due),
        run_at: utc(due),
        late: false,
        makes_up_for: 0,
    }
}

fn late(due: &str) -> Firing {
    Firing {
        late: true,
        ..on_time(due)
    }
}

fn missed(count: u32, first: &str, last: &str) -> Missed {
    Missed {
        count,
        first_due: utc(first),
        last_due: utc(last),
        why: MissedWhy::Policy,
    }
}

#[test]
fn t17_daily_and_down_for_three_days_skip_fires_nothing() {
    let plan = after_three_days("0 9 * * *", Misfire::Skip);
    assert_eq!(plan.fire, []);
    assert_eq!(
        plan.missed,
        Some(missed(3, "2026-11-23T00:00:00Z", "2026-11-25T00:00:00Z"))
    );
}

#[test]
fn t17_daily_and_down_for_three_days_once_fires_the_newest_late() {
    let plan = after_three_days("0 9 * * *", Misfire::Once);
    let newest = Firing {
        makes_up_for: 2,
        ..late("2026-11-25T00:00:00Z")
    };
    assert_eq!(plan.fire, [newest]);
    assert_eq!(
        plan.missed,
        Some(missed(2, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"))
    );
}

#[test]
fn t17_daily_and_down_for_three_days_all_fires_each_late_and_the_oldest_first() {
    let plan = after_three_days("0 9 * * *", ALL);
    let days = ["2026-11-23", "2026-11-24", "2026-11-25"];
    assert_eq!(plan.fire, days.map(|day| late(&format!("{day}T00:00:00Z"))));
    assert_eq!(plan.missed, None);
    let plan = after_three_days("0 9 * * *", Misfire::All { at_most: 2 });
    assert_eq!(plan.fire.len(), 2, "the newest two");
    assert_eq!(
        plan.missed,
        Some(missed(1, "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z"))
    );
}

#[test]
fn t17_minutely_and_down_for_three_days_skip_fires_the_one_that_is_on_time() {
    let plan = after_three_days("* * * * *", Misfire::Skip);
    assert_eq!(plan.fire, [on_time("2026-11-25T00:30:00Z")]);
    assert_eq!(
        plan.missed,
        Some(missed(4_319, "2026-11-22T00:31:00Z", "2026-11-25T00:29:00Z"))
    );
}

#[test]
fn t17_minutely_and_down_for_three_days_once_fires_exactly_one_on_time() {
    let plan = after_three_days("* * * * *", Misfire::Once);
    let one = Firing {
        makes_up_for: 4_319,
        ..on_time("2026-11-25T00:30:00Z")
    };
    assert_eq!(plan.fire, [one]);
    assert_eq!(
        plan.missed,
        Some(missed(4_319, "2026-11-22T00:31:00Z", "2026-11-25T00:29:00Z"))
    );
}

#[test]
fn t17_minutely_and_down_for_three_days_all_fires_the_newest_and_the_one_on_time() {
    let plan = after_three_days("* * * * *", ALL);
    assert_eq!(plan.fire.len(), 11);
    assert_eq!(plan.fire[0], late("2026-11-25T00:20:00Z"));
    assert_eq!(plan.fire[9], late("2026-11-25T00:29:00Z"));
    assert_eq!(plan.fire[10], on_time("2026-11-25T00:30:00Z"));
    assert_eq!(
        plan.missed,
        Some(missed(4_309, "2026-11-22T00:31:00Z", "2026-11-25T00:19:00Z"))
    );
    let plan = after_three_days("* * * * *", Misfire::All { at_most: 10_000 });
    assert_eq!((plan.fire.len(), plan.missed), (4_320, None));
}

#[test]
fn minutely_is_on_time_exactly_once_at_every_moment_of_a_minute() {
    for seconds in 0..60 {
        let now = utc("2026-11-25T00:30:00Z") + TimeDelta::seconds(seconds);
        let definition = definition("* * * * *", Misfire::Once);
        let plan = plan_of(&definition, now - TimeDelta::days(3), now);
        assert_eq!(plan.fire.len(), 1, "{now}");
        assert_eq!(plan.fire[0].due, utc("2026-11-25T00:30:00Z"));
        assert!(!plan.fire[0].late);
    }
}

#[test]
fn what_is_late_by_less_than_the_grace_is_on_time() {
    let definition = definition("0 9 * * *", Misfire::Skip);
    let due = utc("2026-11-22T00:00:00Z");
    let at = |now| plan_of(&definition, due - TimeDelta::hours(1), now).fire.len();
    assert_eq!(at(due - TimeDelta::microseconds(1)), 0);
    assert_eq!(at(due), 1);
    assert_eq!(at(due + GRACE - TimeDelta::microseconds(1)), 1);
    assert_eq!(at(due + GRACE), 0);
    let patient = plan(
        schedule_id(),
        &definition,
        due - TimeDelta::days(3),
        due + TimeDelta::hours(12),
        TimeDelta::days(2),
    );
    assert_eq!(patient.fire.len(), 2, "today's and yesterday's");
    for grace in [TimeDelta::MAX, TimeDelta::MIN] {
        let plan = plan(schedule_id(), &definition, due - TimeDelta::hours(1), due, grace);
        assert_eq!(plan.fire.len() + plan.missed.map_or(0, |_| 1), 1);
    }
}

#[test]
fn with_a_long_grace_the_first_on_time_makes_up_for_what_was_missed() {
    let definition = definition("* * * * *", Misfire::Once);
    let now = up_again();
    let plan = plan(
        schedule_id(),
        &definition,
        now - TimeDelta::minutes(10),
        now,
        TimeDelta::minutes(3),
    );
    let made_up: Vec<_> = plan.fire.iter().map(|firing| firing.makes_up_for).collect();
    assert_eq!(made_up, [7, 0, 0]);
}

#[test]
fn nothing_is_due_between_firings_and_nothing_is_settled_twice() {
    let definition = definition("0 9 * * *", ALL);
    let due = utc("2026-11-22T00:00:00Z");
    assert!(plan_of(&definition, due, due + TimeDelta::hours(23)).is_empty());
    assert!(plan_of(&definition, due, due).is_empty());
}

#[test]
fn when_the_clock_went_back_there_is_nothing_to_do() {
    let definition = definition("* * * * *", ALL);
    let plan = plan_of(&definition, up_again(), up_again() - TimeDelta::hours(1));
    assert!(plan.is_empty());
    assert_eq!(plan.after, up_again());
}

#[test]
fn what_is_not_enabled_neither_fires_nor_is_missed() {
    let definition = read(&DefinitionInput {
        enabled: false,
        ..input()
    });
    assert!(plan_of(&definition, up_again() - TimeDelta::days(3), up_again()).is_empty());
    assert_eq!(definition.next_due(now()), None);
}

#[test]
fn nothing_fires_after_the_end_even_if_it_was_due_before() {
    let ends = |misfire, not_after: &str| {
        read(&DefinitionInput {
            not_after: Some(utc(not_after)),
            misfire,
            ..input()
        })
    };
    let after = up_again() - TimeDelta::days(3);
    for misfire in [Misfire::Skip, Misfire::Once, ALL] {
        // Due at 00:00 on the 23rd and 24th, over at noon, up again on the 25th.
        let plan = plan_of(&ends(misfire, "2026-11-24T12:00:00Z"), after, up_again());
        let over = Missed {
            why: MissedWhy::NotAfter,
            ..missed(2, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")
        };
        assert_eq!((plan.fire, plan.missed), (Vec::new(), Some(over)));
    }
    // Its end is the moment of its last firing: that one still fires then, and not a moment later.
    let last = ends(ALL, "2026-11-24T00:00:00Z");
    let end = utc("2026-11-24T00:00:00Z");
    assert_eq!(plan_of(&last, after, end).fire.len(), 2);
    let late = plan_of(&last, after, end + TimeDelta::microseconds(1));
    assert_eq!(late.fire, []);
    assert_eq!(late.missed.map(|missed| missed.count), Some(2));
    assert!(
        plan_of(&last, end, up_again()).is_empty(),
        "nothing is due after it"
    );
}

#[test]
fn jitter_is_the_same_for_a_firing_and_spreads_over_schedules_and_firings() {
    let jittery = read(&DefinitionInput {
        expression: "0 * * * *".to_owned(),
        jitter: 600,
        misfire: Misfire::All { at_most: 1_000 },
        ..input()
    });
    let (after, now) = (up_again() - TimeDelta::days(30), up_again());
    let delays = |id: u128| -> Vec<TimeDelta> {
        let id = ScheduleId::new(Uuid::from_u128(id));
        let plan = plan(id, &jittery, after, now, GRACE);
        plan.fire
            .iter()
            .map(|firing| firing.run_at - firing.due)
            .collect()
    };
    let one = delays(1);
    assert_eq!(one.len(), 720);
    assert_eq!(one, delays(1), "the same each time");
    assert_ne!(one, delays(2), "another for another schedule");
    let longest = TimeDelta::seconds(600);
    assert!(
        one.iter()
            .all(|delay| TimeDelta::zero() <= *delay && *delay <= longest)
    );
    assert!(one.iter().any(|delay| *delay < longest / 10));
    assert!(one.iter().any(|delay| *delay > longest / 10 * 9));
    assert!(BTreeSet::from_iter(one).len() > 700, "hardly two alike");
}

#[test]
fn jitter_stops_at_the_end() {
    let end = utc("2026-11-22T00:00:01Z");
    let jittery = read(&DefinitionInput {
        jitter: 3_600,
        not_after: Some(end),
        ..input()
    });
    for id in 0..50 {
        let id = ScheduleId::new(Uuid::from_u128(id));
        let after = utc("2026-11-21T12:00:00Z");
        let plan = plan(id, &jittery, after, utc("2026-11-22T00:00:00Z"), GRACE);
        assert!(plan.fire[0].run_at <= end);
    }
}

#[test]
fn ten_years_of_minutes_are_counted_and_not_kept() {
    let after = utc("2016-11-25T00:30:20Z");
    for name in ["Asia/Tokyo", "America/New_York"] {
        let definition = read(&DefinitionInput {
            expression: "* * * * *".to_owned(),
            zone: name.to_owned(),
            ..input()
        });
        let plan = plan_of(&definition, after, up_again());
        assert_eq!(plan.fire.len(), 1);
        assert_eq!(plan.missed.map(|missed| missed.count), Some(3_652 * 1_440 - 1));
    }
}
