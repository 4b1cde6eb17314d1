//! What an expression says, and what is refused.

use chrono::{Datelike, Weekday};
use domain::schedule::{CronError, CronExpression, CronField};

use crate::harness::*;

/// The weekdays on which it fires in Tokyo during a week.
fn weekdays(field: &str) -> Vec<Weekday> {
    let from = utc("2026-11-21T15:00:00Z") - chrono::TimeDelta::seconds(1);
    let until = from + chrono::TimeDelta::days(7);
    let expression = cron(&format!("0 9 * * {field}"));
    let tokyo = zone("Asia/Tokyo");
    expression
        .between(from, until, tokyo)
        .map(|due| tokyo.wall(due).weekday())
        .collect()
}

/// The times of one day in Tokyo at which it fires, as `hour:minute`.
fn times(text: &str) -> Vec<String> {
    let from = utc("2026-11-21T15:00:00Z") - chrono::TimeDelta::seconds(1);
    let tokyo = zone("Asia/Tokyo");
    cron(text)
        .between(from, from + chrono::TimeDelta::days(1), tokyo)
        .map(|due| tokyo.wall(due).format("%H:%M").to_string())
        .collect()
}

/// The next days in Tokyo on which it fires.
fn days(text: &str, n: usize) -> Vec<String> {
    let tokyo = zone("Asia/Tokyo");
    cron(text)
        .next_n(now(), tokyo, n)
        .into_iter()
        .map(|due| tokyo.wall(due).date().to_string())
        .collect()
}

fn refusal(text: &str) -> CronError {
    text.parse::<CronExpression>().expect_err(text)
}

#[test]
fn nine_o_clock_on_weekday_1_is_monday() {
    assert_eq!(weekdays("1"), [Weekday::Mon]);
    assert_eq!(
        cron("0 9 * * 1").next_after(now(), zone("Asia/Tokyo")),
        Some(utc("2026-11-23T00:00:00Z"))
    );
}

#[test]
fn weekdays_are_counted_as_people_count_them() {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    for (field, expected) in [
        ("0", &[Sun][..]),
        ("1", &[Mon]),
        ("2", &[Tue]),
        ("3", &[Wed]),
        ("4", &[Thu]),
        ("5", &[Fri]),
        ("6", &[Sat]),
        ("7", &[Sun]),
        ("SUN", &[Sun]),
        ("MON", &[Mon]),
        ("tue", &[Tue]),
        ("Wed", &[Wed]),
        ("tHu", &[Thu]),
        ("FRI", &[Fri]),
        ("SAT", &[Sat]),
        ("1-5", &[Mon, Tue, Wed, Thu, Fri]),
        ("MON-FRI", &[Mon, Tue, Wed, Thu, Fri]),
        ("1-fri", &[Mon, Tue, Wed, Thu, Fri]),
        ("5-7", &[Sun, Fri, Sat]),
        ("FRI-SUN", &[Sun, Fri, Sat]),
        ("SAT-SUN", &[Sun, Sat]),
        ("SUN-TUE", &[Sun, Mon, Tue]),
        ("SUN-SUN", &[Sun]),
        ("0-2", &[Sun, Mon, Tue]),
        ("0,6", &[Sun, Sat]),
        ("0,7", &[Sun]),
        ("SAT,SUN", &[Sun, Sat]),
        ("1-7/2", &[Sun, Mon, Wed, Fri]),
        ("*/2", &[Sun, Tue, Thu, Sat]),
        ("*/7", &[Sun]),
        ("1,3-4,FRI", &[Mon, Wed, Thu, Fri]),
        ("*", &[Sun, Mon, Tue, Wed, Thu, Fri, Sat]),
        ("0-7", &[Sun, Mon, Tue, Wed, Thu, Fri, Sat]),
        ("MON-SUN", &[Sun, Mon, Tue, Wed, Thu, Fri, Sat]),
    ] {
        assert_eq!(weekdays(field), expected, "{field}");
    }
}

#[test]
fn minutes_and_hours_are_values_ranges_steps_and_lists() {
    for (text, expected) in [
        ("0 9 * * *", &["09:00"][..]),
        ("5,50 9 * * *", &["09:05", "09:50"]),
        ("50,5,5 9 * * *", &["09:05", "09:50"]),
        ("0 9-11 * * *", &["09:00", "10:00", "11:00"]),
        ("0 */8 * * *", &["00:00", "08:00", "16:00"]),
        ("*/20 23 * * *", &["23:00", "23:20", "23:40"]),
        ("10-59/20 7 * * *", &["07:10", "07:30", "07:50"]),
        ("59 23 * * *", &["23:59"]),
        ("*/59 3 * * *", &["03:00", "03:59"]),
        (
            "0 0,12-13,20-23/3 * * *",
            &["00:00", "12:00", "13:00", "20:00", "23:00"],
        ),
    ] {
        assert_eq!(times(text), expected, "{text}");
    }
    assert_eq!(times("* * * * *").len(), 1440);
    assert_eq!(times("0-59 0-23 * * *").len(), 1440);
}

#[test]
fn months_and_days_of_the_month_leave_out_what_does_not_exist() {
    assert_eq!(days("0 0 1 * *", 3), ["2026-12-01", "2027-01-01", "2027-02-01"]);
    assert_eq!(days("0 0 31 * *", 3), ["2026-12-31", "2027-01-31", "2027-03-31"]);
    assert_eq!(days("0 0 29 2 *", 2), ["2028-02-29", "2032-02-29"]);
    assert_eq!(days("0 0 30 2,4 *", 2), ["2027-04-30", "2028-04-30"]);
    assert_eq!(
        days("0 0 1 jan,JUL *", 3),
        ["2027-01-01", "2027-07-01", "2028-01-01"]
    );
    assert_eq!(days("0 0 1 NOV-Dec *", 2), ["2026-12-01", "2027-11-01"]);
    assert_eq!(
        days("0 0 */15 3 *", 3),
        ["2027-03-01", "2027-03-16", "2027-03-31"]
    );
    assert_eq!(days("0 0 1-31 * *", 2), ["2026-11-23", "2026-11-24"]);
}

#[test]
fn a_shorthand_is_short_for_five_fields() {
    for (short, long) in [
        ("@hourly", "0 * * * *"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * SUN"),
        ("@monthly", "0 0 1 * *"),
        ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
        ("@Daily", "0 0 * * *"),
    ] {
        let tokyo = zone("Asia/Tokyo");
        assert_eq!(
            cron(short).next_n(now(), tokyo, 10),
            cron(long).next_n(now(), tokyo, 10)
        );
        assert_eq!(cron(short).is_interval(), cron(long).is_interval());
        assert_eq!(cron(short).to_string(), short, "it is kept as typed");
    }
}

#[test]
fn the_text_is_kept_as_typed_with_single_spaces() {
    assert_eq!(cron("  0\t9   * jan-MAR  * ").to_string(), "0 9 * jan-MAR *");
    assert_eq!(cron("0\u{3000}9 * * 07").to_string(), "0 9 * * 07");
    assert_eq!(cron(&cron("*/5 * * * *").to_string()), cron("*/5 * * * *"));
}

#[test]
fn an_expression_with_a_star_in_minute_or_hour_is_an_interval() {
    for text in [
        "* * * * *",
        "*/15 * * * *",
        "0 * * * *",
        "*/15 2 * * *",
        "0 */6 * * *",
        "5,*/20 3 * * *",
        "@hourly",
    ] {
        assert!(cron(text).is_interval(), "{text}");
    }
    for text in [
        "0 9 * * *",
        "0,30 1-3 * * *",
        "0-59 0-23 * * *",
        "0-59/15 2 * */2 *",
        "@daily",
        "@weekly",
    ] {
        assert!(!cron(text).is_interval(), "{text}");
    }
}

#[test]
fn there_are_five_fields() {
    for (text, found) in [
        ("", 0),
        (" \t ", 0),
        ("*", 1),
        ("0 9 * *", 4),
        ("0 0 9 * * 1 2026 x", 8),
    ] {
        assert_eq!(refusal(text), CronError::FieldCount { found }, "{text}");
    }
    for (text, found) in [("0 0 9 * * 1", 6), ("* * * * * *", 6), ("0 0 9 * * 1 2026", 7)] {
        assert_eq!(refusal(text), CronError::SecondsOrYears { found }, "{text}");
    }
    assert_eq!(
        refusal("* * * * * *").to_string(),
        "the expression has 6 fields; seconds and years are not used, and nothing fires each second: \
         write five, minute, hour, day of month, month, weekday"
    );
}

#[test]
fn an_unknown_shorthand_is_refused() {
    for text in ["@reboot", "@", "@every 5m", "@daily x"] {
        let unknown = CronError::UnknownShorthand {
            text: text.to_owned(),
        };
        assert_eq!(refusal(text), unknown);
    }
}

#[test]
fn a_value_out_of_range_names_its_field_and_the_range() {
    use CronField::{DayOfMonth, Hour, Minute, Month, Weekday};
    for (text, field, value, min, max) in [
        ("60 9 * * *", Minute, "60", 0, 59),
        ("0 24 * * *", Hour, "24", 0, 23),
        ("0 9 0 * *", DayOfMonth, "0", 1, 31),
        ("0 9 32 * *", DayOfMonth, "32", 1, 31),
        ("0 9 1 0 *", Month, "0", 1, 12),
        ("0 9 1 13 *", Month, "13", 1, 12),
        ("0 9 * * 8", Weekday, "8", 0, 7),
        ("0 9 * * 5-8", Weekday, "8", 0, 7),
        ("0,99 9 * * *", Minute, "99", 0, 59),
        ("99999999999 9 * * *", Minute, "99999999999", 0, 59),
    ] {
        let value = value.to_owned();
        let expected = CronError::OutOfRange {
            field,
            value,
            min,
            max,
        };
        assert_eq!(refusal(text), expected, "{text}");
    }
    assert_eq!(
        refusal("0 24 * * *").to_string(),
        "24 is out of range for the hour field; write a value from 0 to 23"
    );
}

#[test]
fn what_cannot_be_read_names_its_field() {
    use CronField::{DayOfMonth, Hour, Minute, Month, Weekday};
    for (text, field, found) in [
        ("x 9 * * *", Minute, "x"),
        ("-1 9 * * *", Minute, "-1"),
        ("+1 9 * * *", Minute, "+1"),
        ("1.5 9 * * *", Minute, "1.5"),
        ("** 9 * * *", Minute, "**"),
        ("*5 9 * * *", Minute, "*5"),
        ("1,,2 9 * * *", Minute, "1,,2"),
        (",1 9 * * *", Minute, ",1"),
        ("*/ 9 * * *", Minute, "*/"),
        ("*/-5 9 * * *", Minute, "*/-5"),
        ("*/5/5 9 * * *", Minute, "*/5/5"),
        ("/5 9 * * *", Minute, "/5"),
        ("0 9- * * *", Hour, "9-"),
        ("0 9-10-11 * * *", Hour, "9-10-11"),
        ("0 ９ * * *", Hour, "９"),
        ("0 9 ? * 1", DayOfMonth, "?"),
        ("0 9 L * *", DayOfMonth, "L"),
        ("0 9 15W * *", DayOfMonth, "15W"),
        ("0 9 * FOO *", Month, "FOO"),
        ("0 9 * JANUARY *", Month, "JANUARY"),
        ("0 9 * MON *", Month, "MON"),
        ("0 9 * * MONDAY", Weekday, "MONDAY"),
        ("0 9 * * 1#2", Weekday, "1#2"),
        ("0 9 * * 5L", Weekday, "5L"),
        ("0 9 * * 月", Weekday, "月"),
        ("0 9 * * M\u{202E}ON", Weekday, "M\u{202E}ON"),
    ] {
        let expected = CronError::Unreadable {
            field,
            text: found.to_owned(),
        };
        assert_eq!(refusal(text), expected, "{text}");
    }
    assert_eq!(
        refusal("0 9 * * MONDAY").to_string(),
        "the weekday field \"MONDAY\" cannot be read; write *, numbers or names in English, ranges or lists of them, \
         such as 1, MON-FRI or SAT,SUN"
    );
    assert!(
        refusal("0 9 * * M\u{202E}ON")
            .to_string()
            .contains("M\\u{202e}ON")
    );
}

#[test]
fn a_range_that_runs_backwards_is_refused() {
    use CronField::{Hour, Weekday};
    for (text, field, range) in [
        ("0 17-9 * * *", Hour, "17-9"),
        ("0 9 * * 6-0", Weekday, "6-0"),
        ("0 9 * * FRI-MON", Weekday, "FRI-MON"),
        ("0 9 * * 7-1/2", Weekday, "7-1"),
    ] {
        let range = range.to_owned();
        assert_eq!(refusal(text), CronError::ReversedRange { field, range }, "{text}");
    }
}

#[test]
fn a_step_moves_on_and_stays_within_its_field() {
    use CronField::{Hour, Minute, Weekday};
    for (text, field) in [
        ("*/0 * * * *", Minute),
        ("0-30/00 * * * *", Minute),
        ("0 */0 * * *", Hour),
        ("0 9 * * 1-5/0", Weekday),
    ] {
        assert_eq!(refusal(text), CronError::ZeroStep { field }, "{text}");
    }
    for (text, field, step, max) in [
        ("*/90 * * * *", Minute, "90", 59),
        ("0 */24 * * *", Hour, "24", 23),
        ("0 9 * * */99999999999", Weekday, "99999999999", 7),
    ] {
        let step = step.to_owned();
        assert_eq!(refusal(text), CronError::LongStep { field, step, max }, "{text}");
    }
    let expected = CronError::StepAfterValue {
        field: Minute,
        text: "5/15".to_owned(),
    };
    assert_eq!(refusal("0,5/15 * * * *"), expected);
    assert_eq!(
        expected.to_string(),
        "the minute field has a step after a single value, \"5/15\"; write a range before it, such as 5-59/15"
    );
}

#[test]
fn day_of_month_and_weekday_are_not_restricted_both() {
    for text in [
        "0 9 1 * 1",
        "0 9 */2 * 1",
        "0 9 1-31 * 1",
        "0 9 15 * 0-6",
        "0 9 13 * FRI",
    ] {
        assert_eq!(refusal(text), CronError::DayAndWeekday, "{text}");
    }
    for text in [
        "0 9 */1 * 1",
        "0 9 1 * *",
        "0 9 1-31 * *",
        "0 9 * * 0-6",
        "0 9 1 * */1",
    ] {
        assert!(text.parse::<CronExpression>().is_ok(), "{text}");
    }
}

#[test]
fn what_never_fires_is_refused() {
    for (text, day) in [
        ("0 0 30 2 *", 30),
        ("0 0 31 4 *", 31),
        ("0 0 30,31 2 *", 30),
        ("0 0 31 2,4,6,9,11 *", 31),
    ] {
        assert_eq!(refusal(text), CronError::NeverFires { day }, "{text}");
    }
    assert_eq!(
        refusal("0 0 30 2 *").to_string(),
        "the expression never fires: no month in it has a day 30; correct the day or the month"
    );
}

#[test]
fn an_expression_is_short_and_has_no_control_characters() {
    let long = format!("0{} 9 * * *", ",0".repeat(96));
    assert_eq!(long.len(), 201);
    assert_eq!(
        refusal(&long),
        CronError::TooLong {
            length: 201,
            max: 200
        }
    );
    assert!(long[..199].len() < 200 && long.replacen(",0", "", 1).parse::<CronExpression>().is_ok());
    for (text, character) in [
        ("0 9 * * *\n", '\n'),
        ("0 9\r\n* * *", '\r'),
        ("0 9 * * \0", '\0'),
        ("0 9 * * \u{85}1", '\u{85}'),
    ] {
        assert_eq!(refusal(text), CronError::Control { character }, "{text:?}");
    }
    assert_eq!(
        refusal("0 9 * * *\n").to_string(),
        "the expression holds the control character U+000A; remove it"
    );
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let long = "*".repeat(201);
    let refused = [
        long.as_str(),
        "\0",
        "",
        "* * * * * *",
        "@reboot",
        "x * * * *",
        "60 * * * *",
        "2-1 * * * *",
        "*/0 * * * *",
        "*/60 * * * *",
        "1/2 * * * *",
        "* * 1 * 1",
        "* * 31 2 *",
    ];
    let codes: std::collections::BTreeSet<_> = refused.map(|text| refusal(text).code()).into();
    assert_eq!(codes.len(), refused.len());
}
