//! Bounds, and the examples that the rule for clock changes is published with.

use chrono::{DateTime, TimeDelta, Utc};
use domain::schedule::Zone;

use crate::harness::*;

/// When it fires in the first 20 hours of a day of a zone, as the wall clock and the hour of UTC: `01:30 Z05`.
fn day(text: &str, zone_name: &str, from: &str) -> Vec<String> {
    let zone = zone(zone_name);
    let from = utc(from);
    cron(text)
        .between(from - TimeDelta::seconds(1), from + TimeDelta::hours(20), zone)
        .map(|due| format!("{} {}", zone.wall(due).format("%H:%M"), due.format("Z%H")))
        .collect()
}

/// Midnight to 04:00 of 8 March 2026, when New York goes from 02:00 to 03:00.
const SPRING: &str = "2026-03-08T05:00:00Z";
/// The same of 1 November 2026, when it goes from 02:00 back to 01:00.
const AUTUMN: &str = "2026-11-01T04:00:00Z";

#[test]
fn a_time_in_the_spring_gap_fires_once_at_its_end() {
    assert_eq!(day("30 2 * * *", "America/New_York", SPRING), ["03:00 Z07"]);
    assert_eq!(day("0 2 * * *", "America/New_York", SPRING), ["03:00 Z07"]);
    assert_eq!(day("59 2 * * *", "America/New_York", SPRING), ["03:00 Z07"]);
    assert_eq!(day("59 1 * * *", "America/New_York", SPRING), ["01:59 Z06"]);
    assert_eq!(day("0 3 * * *", "America/New_York", SPRING), ["03:00 Z07"]);
}

#[test]
fn several_times_in_one_gap_fire_once_and_with_the_one_at_its_end() {
    assert_eq!(day("0,30 2 * * *", "America/New_York", SPRING), ["03:00 Z07"]);
    assert_eq!(
        day("0,30 1-3 * * *", "America/New_York", SPRING),
        ["01:00 Z06", "01:30 Z06", "03:00 Z07", "03:30 Z07"]
    );
    assert_eq!(day("0-59 2 * * *", "America/New_York", SPRING), ["03:00 Z07"]);
}

#[test]
fn a_time_that_is_shown_twice_fires_at_the_first() {
    assert_eq!(day("30 1 * * *", "America/New_York", AUTUMN), ["01:30 Z05"]);
    assert_eq!(day("0 2 * * *", "America/New_York", AUTUMN), ["02:00 Z07"]);
    assert_eq!(
        day("0,30 1-2 * * *", "America/New_York", AUTUMN),
        ["01:00 Z05", "01:30 Z05", "02:00 Z07", "02:30 Z07"]
    );
}

#[test]
fn an_interval_leaves_the_gap_out_and_goes_through_both_passes() {
    assert_eq!(
        day("*/30 1-3 * * *", "America/New_York", SPRING),
        ["01:00 Z06", "01:30 Z06", "03:00 Z07", "03:30 Z07"]
    );
    assert!(day("*/30 2 * * *", "America/New_York", SPRING).is_empty());
    assert_eq!(
        day("*/30 1-2 * * *", "America/New_York", AUTUMN),
        [
            "01:00 Z05",
            "01:30 Z05",
            "01:00 Z06",
            "01:30 Z06",
            "02:00 Z07",
            "02:30 Z07"
        ]
    );
    assert_eq!(
        day("0 * * * *", "America/New_York", SPRING).len(),
        21,
        "every 60 minutes"
    );
    assert_eq!(
        day("0 * * * *", "America/New_York", AUTUMN).len(),
        21,
        "every 60 minutes"
    );
}

#[test]
fn half_an_hour_is_shifted_on_lord_howe() {
    assert_eq!(
        day("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T13:30:00Z"),
        ["02:30 Z15"]
    );
    assert_eq!(
        day("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T13:00:00Z"),
        ["01:45 Z14"]
    );
    assert_eq!(
        day("*/15 1 * * *", "Australia/Lord_Howe", "2026-04-04T13:00:00Z"),
        [
            "01:00 Z14",
            "01:15 Z14",
            "01:30 Z14",
            "01:45 Z14",
            "01:30 Z15",
            "01:45 Z15"
        ]
    );
}

#[test]
fn a_day_that_apia_left_out_fires_at_the_beginning_of_the_next() {
    let apia = zone("Pacific/Apia");
    let walls = |text: &str| -> Vec<String> {
        cron(text)
            .between(utc("2011-12-29T10:00:00Z"), utc("2012-01-01T09:59:59Z"), apia)
            .map(|due| apia.wall(due).format("%d %H:%M").to_string())
            .collect()
    };
    assert_eq!(
        walls("0 9 * * *"),
        ["29 09:00", "31 00:00", "31 09:00", "01 09:00"]
    );
    assert_eq!(walls("0 0 * * *"), ["31 00:00", "01 00:00"]);
    assert_eq!(walls("0 9 30 12 *"), ["31 00:00"]);
    assert_eq!(walls("0 9 * * FRI"), ["31 00:00"]);
    assert_eq!(
        walls("0 */12 * * *"),
        ["29 12:00", "31 00:00", "31 12:00", "01 00:00", "01 12:00"]
    );
}

#[test]
fn a_search_may_begin_anywhere_around_a_change() {
    let york = zone("America/New_York");
    let next = |text: &str, after: &str| cron(text).next_after(utc(after), york).expect("a firing");
    // In spring: just before the end of the gap, and at it.
    assert_eq!(
        next("30 2 * * *", "2026-03-08T06:59:59Z"),
        utc("2026-03-08T07:00:00Z")
    );
    assert_eq!(
        next("30 2 * * *", "2026-03-08T06:59:59.999999Z"),
        utc("2026-03-08T07:00:00Z")
    );
    assert_eq!(
        next("30 2 * * *", "2026-03-08T07:00:00Z"),
        utc("2026-03-09T06:30:00Z")
    );
    // In autumn: in the first pass, in the second.
    assert_eq!(
        next("30 1 * * *", "2026-11-01T05:29:59Z"),
        utc("2026-11-01T05:30:00Z")
    );
    assert_eq!(
        next("30 1 * * *", "2026-11-01T05:30:00Z"),
        utc("2026-11-02T06:30:00Z")
    );
    assert_eq!(
        next("30 1 * * *", "2026-11-01T06:10:00Z"),
        utc("2026-11-02T06:30:00Z")
    );
    assert_eq!(
        next("*/30 1 * * *", "2026-11-01T05:30:00Z"),
        utc("2026-11-01T06:00:00Z")
    );
    assert_eq!(
        next("*/30 1 * * *", "2026-11-01T06:10:00Z"),
        utc("2026-11-01T06:30:00Z")
    );
}

#[test]
fn what_is_after_is_left_out_and_what_is_until_is_in() {
    let tokyo = Zone::default();
    let minutely = cron("* * * * *");
    let at = |text: &str| utc(&format!("2026-11-22T{text}Z"));
    let between = |after: &str, until: &str| -> Vec<DateTime<Utc>> {
        minutely.between(at(after), at(until), tokyo).collect()
    };
    assert_eq!(between("00:00:00", "00:02:00"), [at("00:01:00"), at("00:02:00")]);
    assert_eq!(between("00:00:00.000001", "00:01:59.999999"), [at("00:01:00")]);
    assert_eq!(between("00:00:59.999999", "00:01:00"), [at("00:01:00")]);
    assert!(between("00:00:00", "00:00:00").is_empty());
    assert!(between("00:05:00", "00:01:00").is_empty(), "the clock went back");
}

#[test]
fn three_days_of_minutes_are_4320_firings() {
    let (from, until) = (utc("2026-11-22T00:00:00Z"), utc("2026-11-25T00:00:00Z"));
    let minutely = cron("* * * * *");
    let firings: Vec<_> = minutely.between(from, until, Zone::default()).collect();
    assert_eq!(firings.len(), 4_320);
    assert!(
        firings
            .windows(2)
            .all(|pair| pair[1] - pair[0] == TimeDelta::minutes(1))
    );
    let again = || minutely.between(from, until, Zone::default());
    assert_eq!(again().count(), 4_320);
    assert_eq!(again().skip(4_220).collect::<Vec<_>>(), firings[4_220..]);
    assert_eq!(again().nth(4_320), None);
}

#[test]
fn nothing_fires_after_2100_or_before_1970() {
    let (tokyo, york) = (Zone::default(), zone("America/New_York"));
    let yearly = cron("@yearly");
    assert_eq!(
        yearly.next_after(DateTime::<Utc>::MIN_UTC, tokyo),
        Some(utc("1969-12-31T15:00:00Z"))
    );
    assert_eq!(
        yearly.next_after(utc("2099-06-01T00:00:00Z"), tokyo),
        Some(utc("2099-12-31T15:00:00Z"))
    );
    for zone in [tokyo, york] {
        assert_eq!(yearly.next_after(utc("2100-06-01T00:00:00Z"), zone), None);
        assert_eq!(yearly.next_after(DateTime::<Utc>::MAX_UTC, zone), None);
    }
    assert_eq!(
        cron("0 0 29 2 *").next_after(utc("2096-03-01T00:00:00Z"), tokyo),
        None
    );
    let (begin, end) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    assert_eq!(yearly.between(begin, end, york).collect::<Vec<_>>().len(), 131);
    assert_eq!(yearly.between(begin, end, york).count(), 131);
    let minutely = cron("* * * * *");
    let minutes = minutely.between(begin, end, tokyo).count();
    assert_eq!(minutes, 47_847 * 24 * 60);
    assert_eq!(
        minutely
            .between(begin, end, tokyo)
            .skip(minutes - 2)
            .collect::<Vec<_>>(),
        [utc("2100-12-31T14:58:00Z"), utc("2100-12-31T14:59:00Z")]
    );
}

#[test]
fn the_shortest_gap_sees_neighbouring_days_and_clock_changes() {
    let gap = |text: &str, name: &str| {
        let gap = cron(text).shortest_gap(utc("2026-11-22T00:00:00.123456Z"), zone(name));
        gap.map(|gap| gap.num_minutes())
    };
    assert_eq!(gap("* * * * *", "Asia/Tokyo"), Some(1));
    assert_eq!(gap("* * * * *", "America/New_York"), Some(1));
    assert_eq!(gap("*/15 * * * *", "Asia/Tokyo"), Some(15));
    assert_eq!(gap("0,59 0,23 * * *", "Asia/Tokyo"), Some(1), "23:59 and 00:00");
    assert_eq!(
        gap("0,59 0,23 * * 1", "Asia/Tokyo"),
        Some(59),
        "Mondays have no neighbours"
    );
    assert_eq!(gap("0,59 0,23 * * 0,6", "Asia/Tokyo"), Some(1));
    assert_eq!(
        gap("0,59 0,23 1,31 12,1 *", "Asia/Tokyo"),
        Some(1),
        "31 December and 1 January"
    );
    assert_eq!(gap("0 9 * * *", "Asia/Tokyo"), Some(24 * 60));
    assert_eq!(gap("0 9 * * 1", "Asia/Tokyo"), None);
    assert_eq!(gap("0 9 * * *", "America/New_York"), Some(23 * 60));
    assert_eq!(gap("5,30 2,3 * * *", "Asia/Tokyo"), Some(25));
    assert_eq!(
        gap("5,30 2,3 * * *", "America/New_York"),
        Some(5),
        "03:00 and 03:05"
    );
    assert_eq!(
        gap("50 * * * *", "Australia/Lord_Howe"),
        Some(30),
        "01:50 and 01:50"
    );
}
