//! National holidays: from the list of the Cabinet Office as far as it goes, by the law's rules beyond it.
//!
//! `holidays.csv` has the shape of that office's file, in UTF-8 with ISO days. When the list of another year is published (in
//! February of the year before), add its lines; a test compares every one of them with the rules of [`law`](super::law).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate};

use super::law::by_law;

const LIST: &str = include_str!("holidays.csv");

/// What an answer about holidays rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The list that is kept here.
    DataSet,
    /// The rules: the list has no such year. An equinox, or a new law, may still change it.
    Computed,
}

/// A national holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// What it is called.
    pub name: &'static str,
    /// Where that is from.
    pub source: Source,
}

struct DataSet {
    days: BTreeMap<NaiveDate, &'static str>,
    /// First and last year.
    years: [i32; 2],
}

static DATA_SET: LazyLock<DataSet> = LazyLock::new(|| {
    let days: BTreeMap<NaiveDate, &'static str> = LIST.lines().skip(1).filter_map(read_line).collect();
    let year = |day: Option<(&NaiveDate, _)>| day.map_or(0, |(day, _)| day.year());
    let years = [year(days.first_key_value()), year(days.last_key_value())];
    DataSet { days, years }
});

fn read_line(line: &'static str) -> Option<(NaiveDate, &'static str)> {
    let (day, name) = line.split_once(',')?;
    Some((day.parse().ok()?, name))
}

/// What an answer about that day rests on, also when it is no holiday.
pub fn source_of(day: NaiveDate) -> Source {
    let [first, last] = DATA_SET.years;
    if (first..=last).contains(&day.year()) {
        Source::DataSet
    } else {
        Source::Computed
    }
}

/// The holiday on that day, if it is one.
pub fn holiday(day: NaiveDate) -> Option<Holiday> {
    let source = source_of(day);
    let name = match source {
        Source::DataSet => {
            let listed = *DATA_SET.days.get(&day)?;
            // The list calls each of them 休日; people want to know why.
            match by_law(day) {
                Some(told) if listed.starts_with("休日") => told,
                _ => listed,
            }
        }
        Source::Computed => by_law(day)?,
    };
    Some(Holiday { name, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn every_line_of_the_list_is_a_day_with_a_name_in_order() {
        let mut lines = LIST.lines();
        assert_eq!(lines.next(), Some("date,name"));
        let read: Vec<_> = lines
            .map(|line| read_line(line).unwrap_or_else(|| panic!("{line}")))
            .collect();
        assert_eq!(read.len(), DATA_SET.days.len(), "no day stands there twice");
        assert!(read.is_sorted_by_key(|(day, _)| *day));
        assert!(
            read.iter()
                .all(|(_, name)| !name.is_empty() && !name.contains(','))
        );
        assert_eq!(DATA_SET.years, [1955, 2027]);
    }

    #[test]
    fn the_rules_say_of_every_day_what_the_list_says() {
        let last = day("2027-12-31");
        for day in day("1955-01-01").iter_days().take_while(|day| *day <= last) {
            let (listed, told) = (DATA_SET.days.get(&day).copied(), by_law(day));
            match listed {
                Some("休日") => assert!(matches!(told, Some("振替休日" | "国民の休日")), "{day}: {told:?}"),
                Some("休日（祝日扱い）") => assert!(told.is_some(), "{day}"),
                _ => assert_eq!(told, listed, "{day}"),
            }
        }
    }

    /// Typed in from the office's own page for these years, not from the list.
    #[test]
    fn some_whole_years_are_as_the_cabinet_office_announced_them() {
        let announced = [
            (
                2015,
                "1-1 1-12 2-11 3-21 4-29 5-3 5-4 5-5 5-6 7-20 9-21 9-22 9-23 10-12 11-3 11-23 12-23",
            ),
            (
                2019,
                "1-1 1-14 2-11 3-21 4-29 4-30 5-1 5-2 5-3 5-4 5-5 5-6 7-15 8-11 8-12 9-16 9-23 10-14 10-22 11-3 11-4 11-23",
            ),
            (
                2020,
                "1-1 1-13 2-11 2-23 2-24 3-20 4-29 5-3 5-4 5-5 5-6 7-23 7-24 8-10 9-21 9-22 11-3 11-23",
            ),
            (
                2026,
                "1-1 1-12 2-11 2-23 3-20 4-29 5-3 5-4 5-5 5-6 7-20 8-11 9-21 9-22 9-23 10-12 11-3 11-23",
            ),
            (
                2032,
                "1-1 1-12 2-11 2-23 3-20 4-29 5-3 5-4 5-5 7-19 8-11 9-20 9-21 9-22 10-11 11-3 11-23",
            ),
        ];
        for (year, days) in announced {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("a day");
            let found: Vec<String> = first
                .iter_days()
                .take_while(|day| day.year() == year)
                .filter(|day| holiday(*day).is_some())
                .map(|day| format!("{}-{}", day.month(), day.day()))
                .collect();
            assert_eq!(found.join(" "), days, "{year}");
        }
    }

    #[test]
    fn an_answer_says_what_it_rests_on_and_why_a_day_is_off() {
        let on = |text: &str| holiday(day(text)).map(|holiday| (holiday.name, holiday.source));
        assert_eq!(on("2026-05-06"), Some(("振替休日", Source::DataSet)));
        assert_eq!(on("2026-09-22"), Some(("国民の休日", Source::DataSet)));
        assert_eq!(on("2027-12-31"), None);
        assert_eq!(source_of(day("2027-12-31")), Source::DataSet);
        assert_eq!(on("2028-01-01"), Some(("元日", Source::Computed)));
        assert_eq!(source_of(day("2028-01-04")), Source::Computed);
        assert_eq!(
            on("2019-10-22"),
            Some(("即位礼正殿の儀の行われる日", Source::DataSet))
        );
    }
}
