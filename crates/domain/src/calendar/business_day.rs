//! Business days: what the office keeps itself comes first, then the national holidays, the turn of the year, and weekends.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, Weekday};

use super::holiday::{Holiday, Source, holiday, source_of};
use crate::wire::wire_enum;

/// The most business days that are counted at a time: two years.
pub const MOST_BUSINESS_DAYS: u32 = 520;
/// Days that are looked at before giving up: an office that closes every day has no business day.
const MOST_DAYS: usize = 1_500;

/// Whether days of that year can be asked about: holidays are known since 1955, and the formula of equinoxes ends with 2099.
pub fn covers(day: NaiveDate) -> bool {
    (1955..=2099).contains(&day.year())
}

wire_enum! {
    /// What the office makes of a day, whatever it would be otherwise.
    DayKind {
        /// It does not work.
        Closed = "closed",
        /// It works.
        Open = "open",
    }
}

/// A day of the office's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeDay {
    /// Closed or open.
    pub kind: DayKind,
    /// Why, in words that stand in the calendar: 創立記念日.
    pub name: String,
}

/// What the office decides about days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeDays {
    /// Days of its own.
    pub days: BTreeMap<NaiveDate, OfficeDay>,
    /// Whether it is closed from 29 December to 3 January.
    pub closed_at_year_end: bool,
}

impl Default for OfficeDays {
    fn default() -> Self {
        Self {
            days: BTreeMap::new(),
            closed_at_year_end: true,
        }
    }
}

/// Why a day is a business day or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason<'a> {
    /// An ordinary Monday to Friday.
    Weekday,
    /// Saturday or Sunday.
    Weekend(Weekday),
    /// A national holiday.
    Holiday(Holiday),
    /// 年末年始.
    YearEnd,
    /// The office says so.
    Office(&'a OfficeDay),
}

/// Whether the office works on a day, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict<'a> {
    /// Whether it is a business day.
    pub is_business_day: bool,
    /// Why.
    pub reason: Reason<'a>,
    /// What the answer about holidays rests on.
    pub source: Source,
}

/// Why days cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CountError {
    /// More than are counted at a time.
    #[error("at most {MOST_BUSINESS_DAYS} business days are counted at a time")]
    TooMany,
    /// The count begins or ends outside the years that are known.
    #[error("days from 1955 to 2099 can be asked about")]
    OutOfRange,
    /// The office is closed on every day for years.
    #[error("there are not so many business days within four years; look at the office's closed days")]
    NotFound,
}

impl OfficeDays {
    /// Whether the office works on that day, and why.
    pub fn verdict(&self, day: NaiveDate) -> Verdict<'_> {
        let reason = self.reason(day);
        let is_business_day = match reason {
            Reason::Weekday => true,
            Reason::Office(own) => own.kind == DayKind::Open,
            Reason::Weekend(_) | Reason::Holiday(_) | Reason::YearEnd => false,
        };
        Verdict {
            is_business_day,
            reason,
            source: source_of(day),
        }
    }

    fn reason(&self, day: NaiveDate) -> Reason<'_> {
        if let Some(own) = self.days.get(&day) {
            return Reason::Office(own);
        }
        if let Some(holiday) = holiday(day) {
            return Reason::Holiday(holiday);
        }
        if self.closed_at_year_end && is_year_end(day) {
            return Reason::YearEnd;
        }
        match day.weekday() {
            weekend @ (Weekday::Sat | Weekday::Sun) => Reason::Weekend(weekend),
            _ => Reason::Weekday,
        }
    }

    /// Whether the office works on that day.
    pub fn is_business_day(&self, day: NaiveDate) -> bool {
        self.verdict(day).is_business_day
    }

    /// The n-th business day before a day, which itself does not count. With 0 the day itself, or the nearest business day before
    /// it when it is none.
    pub fn business_days_before(&self, day: NaiveDate, n: u32) -> Result<NaiveDate, CountError> {
        self.count(day, n, NaiveDate::pred_opt)
    }

    /// The n-th business day after a day, which itself does not count. With 0 the day itself, or the nearest business day after it
    /// when it is none.
    pub fn business_days_after(&self, day: NaiveDate, n: u32) -> Result<NaiveDate, CountError> {
        self.count(day, n, NaiveDate::succ_opt)
    }

    fn count(
        &self,
        day: NaiveDate,
        n: u32,
        step: fn(&NaiveDate) -> Option<NaiveDate>,
    ) -> Result<NaiveDate, CountError> {
        if n > MOST_BUSINESS_DAYS {
            return Err(CountError::TooMany);
        }
        let mut left = n;
        let days = std::iter::successors(Some(day), step).take(MOST_DAYS);
        for (index, candidate) in days.enumerate() {
            if !covers(candidate) {
                return Err(CountError::OutOfRange);
            }
            if (index == 0 && n > 0) || !self.is_business_day(candidate) {
                continue;
            }
            left = left.saturating_sub(1);
            if left == 0 {
                return Ok(candidate);
            }
        }
        Err(CountError::NotFound)
    }
}

fn is_year_end(day: NaiveDate) -> bool {
    matches!((day.month(), day.day()), (12, 29..) | (1, ..=3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn office(own: &[(&str, DayKind)]) -> OfficeDays {
        let days = own.iter().map(|(text, kind)| {
            let own = OfficeDay {
                kind: *kind,
                name: "館内点検".to_owned(),
            };
            (day(text), own)
        });
        OfficeDays {
            days: days.collect(),
            ..OfficeDays::default()
        }
    }

    #[test]
    fn each_day_says_whether_the_office_works_and_why() {
        let office = office(&[("2026-12-28", DayKind::Closed), ("2026-12-29", DayKind::Open)]);
        let told = |text: &str| {
            let verdict = office.verdict(day(text));
            let why = match verdict.reason {
                Reason::Weekday => "weekday".to_owned(),
                Reason::Weekend(weekday) => weekday.to_string(),
                Reason::Holiday(holiday) => holiday.name.to_owned(),
                Reason::YearEnd => "year end".to_owned(),
                Reason::Office(own) => own.name.clone(),
            };
            (verdict.is_business_day, why)
        };
        let cases = [
            ("2026-11-26", true, "weekday"),
            ("2026-11-28", false, "Sat"),
            ("2026-11-29", false, "Sun"),
            ("2026-11-23", false, "勤労感謝の日"),
            // A holiday on a Sunday is told as the holiday.
            ("2026-05-03", false, "憲法記念日"),
            ("2026-12-28", false, "館内点検"),
            ("2026-12-29", true, "館内点検"),
            ("2026-12-30", false, "year end"),
            ("2027-01-01", false, "元日"),
            ("2027-01-02", false, "year end"),
            ("2027-01-04", true, "weekday"),
        ];
        for (text, works, why) in cases {
            assert_eq!(told(text), (works, why.to_owned()), "{text}");
        }
    }

    #[test]
    fn an_office_that_works_at_the_turn_of_the_year_has_the_weekdays_of_it() {
        let office = OfficeDays {
            closed_at_year_end: false,
            ..OfficeDays::default()
        };
        assert!(office.is_business_day(day("2026-12-29")) && office.is_business_day(day("2026-12-31")));
        assert!(!office.is_business_day(day("2027-01-01")) && !office.is_business_day(day("2027-01-02")));
    }

    #[test]
    fn business_days_are_counted_over_holidays_and_the_turn_of_the_year() {
        let plain = OfficeDays::default();
        let before = |text: &str, n| {
            plain
                .business_days_before(day(text), n)
                .map(|day| day.to_string())
        };
        let after = |text: &str, n| plain.business_days_after(day(text), n).map(|day| day.to_string());
        assert_eq!(before("2027-01-05", 1).as_deref(), Ok("2027-01-04"));
        assert_eq!(before("2027-01-05", 2).as_deref(), Ok("2026-12-28"));
        assert_eq!(before("2026-09-24", 1).as_deref(), Ok("2026-09-18"));
        assert_eq!(before("2026-12-25", 5).as_deref(), Ok("2026-12-18"));
        assert_eq!(after("2026-04-28", 1).as_deref(), Ok("2026-04-30"));
        assert_eq!(after("2026-05-01", 1).as_deref(), Ok("2026-05-07"));
        // From a day off the count is the same as from the business day on its other side.
        assert_eq!(before("2026-09-22", 1).as_deref(), Ok("2026-09-18"));
        assert_eq!(after("2026-09-22", 1).as_deref(), Ok("2026-09-24"));
        // With 0 a day off moves to the nearest business day.
        assert_eq!(before("2026-11-26", 0).as_deref(), Ok("2026-11-26"));
        assert_eq!(before("2026-11-29", 0).as_deref(), Ok("2026-11-27"));
        assert_eq!(after("2026-11-29", 0).as_deref(), Ok("2026-11-30"));
    }

    #[test]
    fn before_and_after_undo_each_other_on_business_days() {
        let office = office(&[("2026-03-02", DayKind::Closed), ("2026-03-21", DayKind::Open)]);
        let last = day("2027-01-31");
        for start in day("2026-01-05").iter_days().take_while(|day| *day <= last) {
            if !office.is_business_day(start) {
                continue;
            }
            for n in [1, 2, 3, 5, 20] {
                let later = office.business_days_after(start, n).expect("a day");
                assert!(office.is_business_day(later));
                assert_eq!(office.business_days_before(later, n), Ok(start), "{start} {n}");
            }
        }
    }

    #[test]
    fn counting_is_bounded() {
        let plain = OfficeDays::default();
        assert_eq!(
            plain.business_days_before(day("2026-11-26"), 521),
            Err(CountError::TooMany)
        );
        assert!(
            plain
                .business_days_before(day("2026-11-26"), MOST_BUSINESS_DAYS)
                .is_ok()
        );
        assert_eq!(
            plain.business_days_after(day("2099-12-20"), 30),
            Err(CountError::OutOfRange)
        );
        assert_eq!(
            plain.business_days_before(day("1955-01-05"), 30),
            Err(CountError::OutOfRange)
        );
        assert_eq!(
            plain.business_days_after(NaiveDate::MAX, 1),
            Err(CountError::OutOfRange)
        );
        let first = day("2026-01-01");
        let closed = first.iter_days().take(2_000).map(|day| {
            let own = OfficeDay {
                kind: DayKind::Closed,
                name: "閉所".to_owned(),
            };
            (day, own)
        });
        let never = OfficeDays {
            days: closed.collect(),
            ..OfficeDays::default()
        };
        assert_eq!(never.business_days_after(first, 1), Err(CountError::NotFound));
    }
}
