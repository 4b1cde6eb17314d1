//! Hours and minutes in Japan, from 0:00 to 24:00.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::value::plain;

/// A time of day in Japan, to the minute. 24:00 is the end of the day: notices set deadlines with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TimeOfDay(u16);

/// Japan's offset.
const EAST: TimeDelta = TimeDelta::hours(9);

impl TimeOfDay {
    /// 24:00.
    pub const END_OF_DAY: Self = Self(24 * 60);

    /// Minutes since the day began, 0 to 1,440.
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes <= Self::END_OF_DAY.0 {
            Some(Self(minutes))
        } else {
            None
        }
    }

    /// Minutes since the day began.
    pub const fn minutes(self) -> u16 {
        self.0
    }

    /// Reads `17:00`, `9:30`, `１７：００`, `17時`, `17時30分`, `24:00`; seconds of zero may follow.
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = plain::compact(typed);
        let text = folded.strip_suffix('分').unwrap_or(&folded);
        let (hour, minute) = match text.strip_suffix('時') {
            Some(hour) => (hour, "00"),
            None => text.split_once([':', '時'])?,
        };
        let minute = minute.strip_suffix(":00").unwrap_or(minute);
        let number = |text: &str, longest: usize| {
            let is_number = (1..=longest).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            is_number.then(|| text.parse::<u16>().ok()).flatten()
        };
        let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
        (minute < 60)
            .then(|| Self::from_minutes(hour * 60 + minute))
            .flatten()
    }

    /// The instant on that day; `None` only for days that no calendar of ours covers.
    pub fn on(self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let midnight = day.and_time(NaiveTime::MIN).checked_sub_signed(EAST)?;
        let at = midnight.checked_add_signed(TimeDelta::minutes(i64::from(self.0)))?;
        Some(at.and_utc())
    }

    /// Day and time of day in Japan at an instant, seconds cut off.
    pub fn of(at: DateTime<Utc>) -> (NaiveDate, Self) {
        let local = at.naive_utc().checked_add_signed(EAST).unwrap_or(at.naive_utc());
        let minutes = (local.time() - NaiveTime::MIN).num_minutes();
        (local.date(), Self(u16::try_from(minutes).unwrap_or(0)))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_type_them() {
        for (typed, shown) in [
            ("17:00", "17:00"),
            ("9:30", "09:30"),
            ("１７：００", "17:00"),
            ("17時", "17:00"),
            ("9時5分", "09:05"),
            ("24:00", "24:00"),
            ("0:00", "00:00"),
            ("17:00:00", "17:00"),
            (" 12:00\u{3000}", "12:00"),
        ] {
            assert_eq!(
                TimeOfDay::parse(typed).map(|time| time.to_string()).as_deref(),
                Some(shown),
                "{typed}"
            );
        }
        for typed in [
            "",
            "17",
            "24:01",
            "25:00",
            "17:60",
            "17:0x",
            "-1:00",
            "17:00:30",
            "017:00",
            "17:000",
            "時",
            "正午",
            "１:２:３",
        ] {
            assert_eq!(TimeOfDay::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn the_end_of_a_day_is_the_beginning_of_the_next() {
        let day: NaiveDate = "2026-12-31".parse().expect("a day");
        let next = day.succ_opt().expect("a day");
        let end = TimeOfDay::END_OF_DAY.on(day);
        assert_eq!(end, TimeOfDay(0).on(next));
        assert_eq!(
            end.map(|at| at.to_rfc3339()).as_deref(),
            Some("2026-12-31T15:00:00+00:00")
        );
        assert_eq!(end.map(TimeOfDay::of), Some((next, TimeOfDay(0))));
        assert_eq!(TimeOfDay(5).on(NaiveDate::MIN), None);
    }
}
