//! T19: around every clock change of five zones from 2000 to 2040 firings equal the published rule, stated a second time in
//! [`rule`], and those of another parser of expressions (croner) where it has the same rule. It differs in three places:
//!
//! - It takes an expression for one that says at what time only when minute and hour are one value each. `0,30 2 * * *` and
//!   `0-30 2 * * *` are intervals to it, so they do not fire when 02:00 to 03:00 is left out. To us they say at what times.
//! - It looks for the end of a gap for two hours. The day that Apia left out in 2011 is an error to it, where we fire at the
//!   beginning of the next day.
//! - It wants the day on which a gap ends to fit as well. In these zones only Apia's gap ends on another day.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use croner::Cron;
use domain::schedule::{CronExpression, Zone};

use crate::{
    harness::*,
    rule::{self, Shown},
};

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// An expression, and what it says in minutes of the wall clock since 1970.
struct Case {
    text: String,
    expression: CronExpression,
    croner: Cron,
    interval: bool,
    fits: Box<dyn Fn(i64) -> bool>,
    /// Whether croner has the same rule for it.
    as_croner: bool,
    /// The minute of the day, when it is at one time of every day.
    daily_at: Option<i64>,
}

fn case(text: &str, interval: bool, as_croner: bool, fits: impl Fn(i64) -> bool + 'static) -> Case {
    Case {
        text: text.to_owned(),
        expression: cron(text),
        croner: text.parse().expect("croner reads it"),
        interval,
        fits: Box::new(fits),
        as_croner,
        daily_at: None,
    }
}

fn cases() -> Vec<Case> {
    // 1 January 1970 was a Thursday.
    let is_sunday = |wall: i64| (wall.div_euclid(DAY) + 4).rem_euclid(7) == 0;
    let mut cases = vec![
        case("*/30 * * * *", true, true, |wall| wall % 30 == 0),
        case("*/15 * * * *", true, true, |wall| wall % 15 == 0),
        case("0 * * * *", true, true, |wall| wall % HOUR == 0),
        case("*/20 2 * * *", true, true, |wall| {
            wall % DAY / HOUR == 2 && wall % 20 == 0
        }),
        case("15 2 * * 0", false, true, move |wall| {
            wall % DAY == 2 * HOUR + 15 && is_sunday(wall)
        }),
        case("0,30 1-3 * * *", false, false, |wall| {
            (1..=3).contains(&(wall % DAY / HOUR)) && wall % 30 == 0
        }),
        case("0-59 1-3 * * *", false, false, |wall| {
            (1..=3).contains(&(wall % DAY / HOUR))
        }),
    ];
    for time in (0..DAY).step_by(30) {
        let text = format!("{} {} * * *", time % HOUR, time / HOUR);
        cases.push(Case {
            daily_at: Some(time),
            ..case(&text, false, true, move |wall| wall % DAY == time)
        });
    }
    cases
}

/// The hours of 2000 to 2040 in which the clock of a zone is put forward or back, as minutes since 1970.
fn changes(zone: Tz) -> Vec<i64> {
    let minute = |text: &str| utc(text).timestamp() / 60;
    let (from, to) = (minute("2000-01-01T00:00:00Z"), minute("2041-01-01T00:00:00Z"));
    (from..to)
        .step_by(60)
        .filter(|hour| rule::offset(zone, *hour) != rule::offset(zone, hour + HOUR))
        .collect()
}

/// What croner makes of it, from one instant until another; `None` when it gives up.
fn by_croner(
    case: &Case,
    zone: Tz,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Option<Vec<DateTime<Utc>>> {
    let mut firings = Vec::new();
    let mut last = after.with_timezone(&zone);
    loop {
        last = case.croner.find_next_occurrence(&last, false).ok()?;
        if last > until {
            return Some(firings);
        }
        firings.push(last.to_utc());
    }
}

/// Compares all three for every case in the three days around an hour.
fn compare(zone: Tz, hour: i64, cases: &[Case]) {
    let (from, to) = (hour - 36 * HOUR, hour + 36 * HOUR);
    let (after, until) = (rule::instant(from - 1), rule::instant(to - 1));
    let shown = Shown::new(zone, from, to);
    let ours: Zone = zone.name().parse().expect("a zone");
    let left_out = zone == Tz::Pacific__Apia && until.format("%Y-%m").to_string() == "2011-12";
    for case in cases {
        let expected = shown.firings(case.interval, &case.fits);
        let firings: Vec<_> = case.expression.between(after, until, ours).collect();
        assert_eq!(firings, expected, "{} in {zone} around {until}", case.text);
        assert_eq!(case.expression.is_interval(), case.interval);
        let counted = case.expression.between(after, until, ours).count();
        assert_eq!(counted, expected.len(), "{} in {zone} around {until}", case.text);
        if left_out && case.daily_at.is_some_and(|time| time < DAY - 2 * HOUR) {
            let none = by_croner(case, zone, after, until);
            assert_eq!(none, None, "croner looks further than two hours now");
        } else if case.as_croner {
            assert_eq!(
                Some(firings),
                by_croner(case, zone, after, until),
                "croner differs: {} in {zone} around {until}",
                case.text
            );
        }
    }
}

fn compare_all(zone: Tz, changes: &[i64]) {
    let cases = cases();
    for hour in changes {
        compare(zone, *hour, &cases);
    }
}

#[test]
fn t19_new_york_has_two_changes_a_year_and_each_equals_the_rule() {
    let changes = changes(Tz::America__New_York);
    assert_eq!(changes.len(), 82);
    compare_all(Tz::America__New_York, &changes);
}

#[test]
fn t19_berlin_has_two_changes_a_year_and_each_equals_the_rule() {
    let changes = changes(Tz::Europe__Berlin);
    assert_eq!(changes.len(), 82);
    compare_all(Tz::Europe__Berlin, &changes);
}

#[test]
fn t19_lord_howe_changes_by_half_an_hour_and_each_change_equals_the_rule() {
    let changes = changes(Tz::Australia__Lord_Howe);
    assert_eq!(changes.len(), 82);
    compare_all(Tz::Australia__Lord_Howe, &changes);
}

#[test]
fn t19_apia_leaves_out_a_day_and_each_change_equals_the_rule() {
    let changes = changes(Tz::Pacific__Apia);
    assert_eq!(changes.len(), 23, "eleven summers and one day left out");
    compare_all(Tz::Pacific__Apia, &changes);
}

#[test]
fn t19_tokyo_has_no_changes_and_the_days_on_which_others_change_equal_the_rule() {
    assert!(changes(Tz::Asia__Tokyo).is_empty());
    compare_all(Tz::Asia__Tokyo, &changes(Tz::Europe__Berlin));
}

#[test]
fn croner_takes_several_times_for_an_interval() {
    let several = case("0,30 2 * * *", false, false, |wall| wall % 30 == 0);
    let (after, until) = (utc("2026-03-08T05:00:00Z"), utc("2026-03-09T03:00:00Z"));
    assert_eq!(
        by_croner(&several, Tz::America__New_York, after, until),
        Some(Vec::new())
    );
    let york = zone("America/New_York");
    assert_eq!(
        several.expression.between(after, until, york).collect::<Vec<_>>(),
        [until - TimeDelta::hours(20)]
    );
}

#[test]
fn croner_wants_the_day_after_a_gap_to_fit() {
    let friday = case("30 23 * * FRI", false, false, |_| false);
    let (after, until) = (utc("2011-12-29T10:00:00Z"), utc("2011-12-31T10:00:00Z"));
    assert_eq!(
        by_croner(&friday, Tz::Pacific__Apia, after, until),
        Some(Vec::new())
    );
    let apia = zone("Pacific/Apia");
    assert_eq!(
        friday.expression.between(after, until, apia).collect::<Vec<_>>(),
        [utc("2011-12-30T10:00:00Z")]
    );
}
