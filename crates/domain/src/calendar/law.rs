//! National holidays by the law's own rules (国民の祝日に関する法律 and the special laws), for years that no list has yet.

use chrono::{Datelike as _, NaiveDate, Weekday};

/// What the law calls the day; `None` when it is no holiday. The rules are those that were in force on that day.
pub fn by_law(day: NaiveDate) -> Option<&'static str> {
    if let Some(name) = named(day) {
        return Some(name);
    }
    if is_substitute(day) {
        return Some("振替休日");
    }
    is_between(day).then_some("国民の休日")
}

/// Article 2 and the laws for a single day, without what follows from them.
fn named(day: NaiveDate) -> Option<&'static str> {
    let date = (day.year(), day.month(), day.day());
    single(date).or_else(|| match day.month() {
        1 => january(date),
        2 => february(date),
        3 => (day.day() == spring_equinox(day.year())).then_some("春分の日"),
        4 => (day.day() == 29).then(|| april_29(day.year())),
        5 => may(date),
        7 => july(date),
        8 => august(date),
        9 => september(date),
        10 => october(date),
        11 => november(date),
        12 => (day.day() == 23 && (1989..=2018).contains(&day.year())).then_some("天皇誕生日"),
        _ => None,
    })
}

/// Days that a law of their own made holidays, once.
fn single(date: (i32, u32, u32)) -> Option<&'static str> {
    match date {
        (1959, 4, 10) | (1993, 6, 9) => Some("結婚の儀"),
        (1989, 2, 24) => Some("大喪の礼"),
        (1990, 11, 12) => Some("即位礼正殿の儀"),
        (2019, 5, 1) => Some("天皇の即位の日"),
        (2019, 10, 22) => Some("即位礼正殿の儀の行われる日"),
        _ => None,
    }
}

fn january((year, _, day): (i32, u32, u32)) -> Option<&'static str> {
    let coming_of_age = if year < 2000 { 15 } else { nth_monday(year, 1, 2) };
    match day {
        1 => Some("元日"),
        _ if day == coming_of_age => Some("成人の日"),
        _ => None,
    }
}

fn february((year, _, day): (i32, u32, u32)) -> Option<&'static str> {
    match day {
        11 if year >= 1967 => Some("建国記念の日"),
        23 if year >= 2020 => Some("天皇誕生日"),
        _ => None,
    }
}

const fn april_29(year: i32) -> &'static str {
    match year {
        ..=1988 => "天皇誕生日",
        1989..=2006 => "みどりの日",
        _ => "昭和の日",
    }
}

fn may((year, _, day): (i32, u32, u32)) -> Option<&'static str> {
    match day {
        3 => Some("憲法記念日"),
        4 if year >= 2007 => Some("みどりの日"),
        5 => Some("こどもの日"),
        _ => None,
    }
}

/// In 2020 and 2021 three holidays were moved to the days around the Olympic games.
fn july((year, _, day): (i32, u32, u32)) -> Option<&'static str> {
    let marine = match year {
        ..=1995 => return None,
        1996..=2002 => 20,
        2020 => 23,
        2021 => 22,
        _ => nth_monday(year, 7, 3),
    };
    match (year, day) {
        _ if day == marine => Some("海の日"),
        (2020, 24) | (2021, 23) => Some("スポーツの日"),
        _ => None,
    }
}

fn august((year, _, day): (i32, u32, u32)) -> Option<&'static str> {
    let mountain = match year {
        ..=2015 => return None,
        2020 => 10,
        2021 => 8,
        _ => 11,
    };
    (day == mountain).then_some("山の日")
}

fn september((year, _, day): (i32, u32, u32)) -> Option<&'static str> {
    let aged = match year {
        ..=1965 => None,
        1966..=2002 => Some(15),
        _ => Some(nth_monday(year, 9, 3)),
    };
    if Some(day) == aged {
        return Some("敬老の日");
    }
    (day == autumn_equinox(year)).then_some("秋分の日")
}

fn october((year, _, day): (i32, u32, u32)) -> Option<&'static str> {
    let sports = match year {
        ..=1965 | 2020 | 2021 => return None,
        1966..=1999 => 10,
        _ => nth_monday(year, 10, 2),
    };
    let name = if year < 2020 {
        "体育の日"
    } else {
        "スポーツの日"
    };
    (day == sports).then_some(name)
}

const fn november((_, _, day): (i32, u32, u32)) -> Option<&'static str> {
    match day {
        3 => Some("文化の日"),
        23 => Some("勤労感謝の日"),
        _ => None,
    }
}

/// 振替休日: since 1973-04-12 the day after a holiday on a Sunday; since 2007 the first day after it that is no holiday itself.
fn is_substitute(day: NaiveDate) -> bool {
    if (day.year(), day.month(), day.day()) < (1973, 4, 12) {
        return false;
    }
    let most = if day.year() < 2007 { 1 } else { 6 };
    let before = std::iter::successors(day.pred_opt(), NaiveDate::pred_opt).take(most);
    before
        .take_while(|before| named(*before).is_some())
        .any(|before| before.weekday() == Weekday::Sun)
}

/// 国民の休日: since 1985-12-27 a day between two holidays.
fn is_between(day: NaiveDate) -> bool {
    let holiday = |day: Option<NaiveDate>| day.is_some_and(|day| named(day).is_some());
    (day.year(), day.month(), day.day()) >= (1985, 12, 27)
        && day.weekday() != Weekday::Sun
        && holiday(day.pred_opt())
        && holiday(day.succ_opt())
}

/// The day of the month of its n-th Monday.
fn nth_monday(year: i32, month: u32, n: u32) -> u32 {
    let first = NaiveDate::from_ymd_opt(year, month, 1);
    let days_to_monday = first.map_or(0, |first| (7 - first.weekday().num_days_from_monday()) % 7);
    1 + days_to_monday + 7 * (n - 1)
}

/// In March. The formula is that of 海上保安庁水路部 for 1900 to 2099; the law itself leaves the day to the almanac, which the
/// Cabinet publishes in the February before.
fn spring_equinox(year: i32) -> u32 {
    equinox(year, [20_835_700, 20_843_100])
}

/// In September.
fn autumn_equinox(year: i32) -> u32 {
    equinox(year, [23_258_800, 23_248_800])
}

/// `base`: millionths of a day, before and since 1980.
fn equinox(year: i32, base: [i32; 2]) -> u32 {
    let drift = 242_194 * (year - 1980);
    let day = if year < 1980 {
        (base[0] + drift).div_euclid(1_000_000) - (year - 1983) / 4
    } else {
        (base[1] + drift).div_euclid(1_000_000) - (year - 1980) / 4
    };
    u32::try_from(day).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// Each named case of the rules that people get wrong.
    #[test]
    fn what_follows_from_a_holiday_is_a_holiday_by_the_rule_of_its_time() {
        let cases = [
            // Before 1973-04-12 a Sunday was bad luck.
            ("1973-02-12", None),
            ("1973-04-30", Some("振替休日")),
            // Before 1985-12-27 a day between two holidays was a working day, and one on a Sunday stays a Sunday.
            ("1985-05-04", None),
            ("1986-05-04", None),
            ("1988-05-04", Some("国民の休日")),
            // A substitute that is also between two holidays is the substitute.
            ("1987-05-04", Some("振替休日")),
            ("1992-05-04", Some("振替休日")),
            // Before 2007 only the next day could stand in.
            ("2003-05-06", None),
            ("2006-01-02", Some("振替休日")),
            // Since 2007 the first day that is no holiday.
            ("2008-05-06", Some("振替休日")),
            ("2008-05-07", None),
            ("2009-05-06", Some("振替休日")),
            ("2009-09-22", Some("国民の休日")),
            ("2014-05-06", Some("振替休日")),
            ("2015-05-06", Some("振替休日")),
            ("2015-09-22", Some("国民の休日")),
            ("2019-04-30", Some("国民の休日")),
            ("2019-05-02", Some("国民の休日")),
            ("2019-05-06", Some("振替休日")),
            ("2020-05-06", Some("振替休日")),
            ("2021-08-09", Some("振替休日")),
            ("2026-05-06", Some("振替休日")),
            ("2026-09-22", Some("国民の休日")),
            ("2032-09-21", Some("国民の休日")),
            ("2033-05-06", None),
        ];
        for (text, name) in cases {
            assert_eq!(by_law(day(text)), name, "{text}");
        }
    }

    #[test]
    fn in_2019_to_2021_the_special_laws_hold() {
        let cases = [
            ("2019-02-23", None),
            ("2019-05-01", Some("天皇の即位の日")),
            ("2019-10-22", Some("即位礼正殿の儀の行われる日")),
            ("2019-12-23", None),
            ("2020-07-20", None),
            ("2020-07-23", Some("海の日")),
            ("2020-07-24", Some("スポーツの日")),
            ("2020-08-10", Some("山の日")),
            ("2020-08-11", None),
            ("2020-10-12", None),
            ("2021-07-19", None),
            ("2021-07-22", Some("海の日")),
            ("2021-07-23", Some("スポーツの日")),
            ("2021-08-08", Some("山の日")),
            ("2021-08-11", None),
            ("2021-10-11", None),
        ];
        for (text, name) in cases {
            assert_eq!(by_law(day(text)), name, "{text}");
        }
    }

    /// The years of a long autumn week, as they are known from elsewhere than this formula.
    #[test]
    fn the_years_with_a_day_between_in_september_are_the_known_ones() {
        let known = [
            2009, 2015, 2026, 2032, 2037, 2043, 2049, 2054, 2060, 2071, 2077, 2088, 2094, 2099,
        ];
        let found: Vec<i32> = (2003..=2099)
            .filter(|year| {
                let september = NaiveDate::from_ymd_opt(*year, 9, 1)
                    .expect("a day")
                    .iter_days()
                    .take(30);
                september.into_iter().any(|day| by_law(day) == Some("国民の休日"))
            })
            .collect();
        assert_eq!(found, known);
    }

    /// From the almanac.
    #[test]
    fn equinoxes_are_on_the_days_of_the_almanac() {
        let spring = [
            (1955, 21),
            (1956, 21),
            (1959, 21),
            (1960, 20),
            (1976, 20),
            (1979, 21),
            (1980, 20),
            (1992, 20),
            (1999, 21),
            (2000, 20),
            (2023, 21),
            (2024, 20),
            (2025, 20),
            (2026, 20),
            (2027, 21),
            (2028, 20),
            (2092, 19),
        ];
        for (year, day) in spring {
            assert_eq!(spring_equinox(year), day, "{year}");
        }
        let autumn = [
            (1955, 24),
            (1975, 24),
            (1979, 24),
            (1980, 23),
            (2011, 23),
            (2012, 22),
            (2016, 22),
            (2020, 22),
            (2023, 23),
            (2024, 22),
            (2026, 23),
            (2027, 23),
            (2028, 22),
            (2032, 22),
        ];
        for (year, day) in autumn {
            assert_eq!(autumn_equinox(year), day, "{year}");
        }
    }

    #[test]
    fn no_year_has_more_than_a_plausible_number_of_holidays() {
        for year in 1955..=2099 {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("a day");
            let last = first + Days::new(365);
            let days = first.iter_days().take_while(|day| *day < last);
            let count = days.filter(|day| by_law(*day).is_some()).count();
            assert!((8..=23).contains(&count), "{year} has {count}");
        }
    }
}
