//! Random expressions in random zones on random days, against a scan of every minute.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use domain::schedule::{CronExpression, DefinitionInput, Misfire, Zone, plan};
use proptest::prelude::*;

use crate::{harness::*, rule};

/// A field: its text and what it says.
#[derive(Debug, Clone)]
struct Field {
    text: String,
    values: BTreeSet<u32>,
}

impl Field {
    fn has_star(&self) -> bool {
        self.text.contains('*')
    }
}

fn part(min: u32, max: u32) -> impl Strategy<Value = Field> {
    (min..=max, min..=max, prop::option::of(1..=max), any::<bool>()).prop_map(move |(a, b, step, single)| {
        let (first, last) = (a.min(b), a.max(b));
        let (text, last) = match (single, step) {
            (true, _) => (first.to_string(), first),
            (false, None) => (format!("{first}-{last}"), last),
            (false, Some(step)) => (format!("{first}-{last}/{step}"), last),
        };
        let values = (first..=last).step_by(step.unwrap_or(1) as usize).collect();
        Field { text, values }
    })
}

fn list(min: u32, max: u32) -> impl Strategy<Value = Field> {
    prop::collection::vec(part(min, max), 1..4).prop_map(|parts| Field {
        text: parts
            .iter()
            .map(|part| part.text.as_str())
            .collect::<Vec<_>>()
            .join(","),
        values: parts.into_iter().flat_map(|part| part.values).collect(),
    })
}

fn star(min: u32, max: u32) -> Field {
    Field {
        text: "*".to_owned(),
        values: (min..=max).collect(),
    }
}

fn field(min: u32, max: u32) -> impl Strategy<Value = Field> {
    let stepped = (1..=max).prop_map(move |step| Field {
        text: format!("*/{step}"),
        values: (min..=max).step_by(step as usize).collect(),
    });
    prop_oneof![Just(star(min, max)), stepped, list(min, max)]
}

/// Sunday is 7 as well, in lists.
fn weekday() -> impl Strategy<Value = Field> {
    list(0, 7).prop_map(|mut field| {
        if field.values.remove(&7) {
            field.values.insert(0);
        }
        field
    })
}

/// Minute, hour, day of month, month, weekday; not both kinds of day.
fn expression() -> impl Strategy<Value = [Field; 5]> {
    let days = prop_oneof![
        Just((star(1, 31), star(0, 6))),
        field(1, 31).prop_map(|days| (days, star(0, 6))),
        weekday().prop_map(|weekdays| (star(1, 31), weekdays)),
    ];
    let months = prop_oneof![3 => Just(star(1, 12)), 1 => list(1, 12)];
    (field(0, 59), field(0, 23), days, months)
        .prop_map(|(minute, hour, (day, weekday), month)| [minute, hour, day, month, weekday])
}

fn read_fields(fields: &[Field; 5]) -> Option<CronExpression> {
    let text = fields.each_ref().map(|field| field.text.as_str()).join(" ");
    match text.parse() {
        Ok(expression) => Some(expression),
        Err(problem) => {
            let [_, _, days, months, _] = fields;
            let exists = |month: &u32| {
                let last = if *month == 2 {
                    29
                } else {
                    30 + (*month + *month / 8) % 2
                };
                days.values.first().is_some_and(|day| *day <= last)
            };
            assert!(!months.values.iter().any(exists), "{text}: {problem}");
            None
        }
    }
}

/// Zones that change at different hours, by different amounts, seldom, often, or never.
fn a_zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![
        Tz::Asia__Tokyo,
        Tz::America__New_York,
        Tz::Europe__Berlin,
        Tz::Europe__Dublin,
        Tz::Australia__Lord_Howe,
        Tz::Pacific__Apia,
        Tz::Pacific__Chatham,
        Tz::America__St_Johns,
        Tz::America__Havana,
        Tz::America__Sao_Paulo,
        Tz::Africa__Casablanca,
        Tz::Africa__Cairo,
        Tz::Asia__Gaza,
        Tz::Asia__Tehran,
        Tz::Asia__Pyongyang,
        Tz::America__Caracas,
        Tz::Antarctica__Troll,
        Tz::Pacific__Kwajalein,
    ])
}

/// A minute since 1970 from 1985 to 2080: any, or the hour of the next change within a year.
fn begin(zone: Tz) -> impl Strategy<Value = i64> {
    (7_900_000..58_000_000_i64, any::<bool>()).prop_map(move |(minute, at_change)| {
        let changes = |hour: &i64| rule::offset(zone, minute + hour * 60) != rule::offset(zone, minute);
        let next = (0..366 * 24).find(changes).filter(|_| at_change);
        minute + next.unwrap_or(0) * 60
    })
}

fn zone_and_begin() -> impl Strategy<Value = (Tz, i64)> {
    a_zone().prop_flat_map(|zone| (Just(zone), begin(zone)))
}

fn ours(zone: Tz) -> Zone {
    zone.name().parse().expect("a zone")
}

proptest! {
    #[test]
    fn firings_are_those_of_a_scan_of_every_minute(
        fields in expression(),
        (zone, begin) in zone_and_begin(),
    ) {
        let Some(expression) = read_fields(&fields) else { return Ok(()) };
        let [minutes, hours, days, months, weekdays] = &fields;
        let fits = |wall: i64| {
            let wall = rule::instant(wall);
            minutes.values.contains(&wall.minute())
                && hours.values.contains(&wall.hour())
                && days.values.contains(&wall.day())
                && months.values.contains(&wall.month())
                && weekdays.values.contains(&wall.weekday().num_days_from_sunday())
        };
        let interval = minutes.has_star() || hours.has_star();
        let (from, to) = (begin - 36 * 60, begin + 36 * 60);
        let expected = rule::Shown::new(zone, from, to).firings(interval, fits);
        let (after, until) = (rule::instant(from - 1), rule::instant(to - 1));
        let firings: Vec<_> = expression.between(after, until, ours(zone)).collect();
        prop_assert_eq!(&firings, &expected);
        prop_assert_eq!(expression.is_interval(), interval);
    }

    #[test]
    fn counting_leaving_out_and_going_one_by_one_say_the_same(
        fields in expression(),
        (zone, begin) in zone_and_begin(),
        (before, length) in (0..200_000_i64, 0..1_000_000_i64),
        n in 0..3_000_usize,
    ) {
        let Some(expression) = read_fields(&fields) else { return Ok(()) };
        let zone = ours(zone);
        let after = rule::instant(begin) - TimeDelta::seconds(before);
        let until = after + TimeDelta::seconds(length);
        let firings: Vec<DateTime<Utc>> = expression.between(after, until, zone).collect();
        prop_assert!(firings.windows(2).all(|pair| pair[0] < pair[1]), "each is later than the one before");
        prop_assert!(firings.iter().all(|due| after < *due && *due <= until));
        prop_assert_eq!(expression.between(after, until, zone).count(), firings.len());
        let later: Vec<_> = expression.between(after, until, zone).skip(n).collect();
        prop_assert_eq!(&later, &firings[firings.len().min(n)..]);
        let mut nth = expression.between(after, until, zone);
        prop_assert_eq!(nth.nth(n), firings.get(n).copied());
        prop_assert_eq!(nth.next(), firings.get(n + 1).copied());
        prop_assert_eq!(expression.next_n(after, zone, firings.len().min(5)), &firings[..firings.len().min(5)]);
        let mut last = after;
        for due in firings.iter().take(50) {
            prop_assert_eq!(expression.next_after(last, zone), Some(*due));
            last = *due;
        }
    }

    #[test]
    fn every_firing_that_was_due_either_fires_or_is_missed(
        fields in expression(),
        (down, phase) in (0..5 * 24 * 60_i64, 0..120_i64),
        end in prop::option::of(0..6 * 24 * 60_i64),
        misfire in prop_oneof![
            Just(Misfire::Skip),
            Just(Misfire::Once),
            (1..200_u32).prop_map(|at_most| Misfire::All { at_most }),
        ],
        jitter in 0..60_u32,
    ) {
        let Some(expression) = read_fields(&fields) else { return Ok(()) };
        let after = now();
        let not_after = end.map(|end| after + TimeDelta::minutes(end));
        let input = DefinitionInput {
            expression: expression.to_string(),
            misfire,
            not_after,
            jitter,
            ..input()
        };
        let Ok(definition) = domain::schedule::Definition::read(&input, &KNOWN, utc("2016-01-01T00:00:00Z")) else {
            return Ok(());
        };
        let now = after + TimeDelta::minutes(down) + TimeDelta::seconds(phase);
        let plan = plan(schedule_id(), &definition, after, now, domain::schedule::GRACE);
        let until = not_after.map_or(now, |end| end.min(now));
        let due: Vec<_> = expression.between(after, until, definition.zone).collect();
        let missed = plan.missed.map_or(0, |missed| missed.count as usize);
        prop_assert_eq!(missed + plan.fire.len(), due.len());
        let fired: Vec<_> = plan.fire.iter().map(|firing| firing.due).collect();
        prop_assert_eq!(&fired, &due[missed..], "the newest fire, in order");
        if let Some(missed) = plan.missed {
            prop_assert_eq!(missed.first_due, due[0]);
            prop_assert_eq!(missed.last_due, due[missed.count as usize - 1]);
        }
        for firing in &plan.fire {
            prop_assert!(firing.run_at >= firing.due);
            prop_assert!(firing.run_at <= firing.due + TimeDelta::seconds(jitter.into()));
            prop_assert!(not_after.is_none_or(|end| firing.run_at <= end));
            prop_assert_eq!(firing.late, now - firing.due >= domain::schedule::GRACE);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-0-9*/,?A-Za-z@# ]{0,40}|.{0,60}") {
        if let Ok(expression) = text.parse::<CronExpression>() {
            prop_assert_eq!(expression.to_string().parse::<CronExpression>(), Ok(expression.clone()));
            prop_assert!(expression.next_after(now(), Zone::default()).is_some());
        }
    }
}
