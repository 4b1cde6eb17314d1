//! Minutes of business hours between two moments, for many pairs of them at once.

use chrono::{DateTime, NaiveDate, Utc};

use super::service::Calendar;
use super::time_of_day::TimeOfDay;

/// Days that are looked at most: what lies beyond counts as its end.
const MOST_DAYS: usize = 40 * 366;

/// The business minutes of a stretch of days, added up. Past days count by the calendar and the hours as they are now.
#[derive(Debug, Clone)]
pub struct BusinessMinutes {
    first: NaiveDate,
    /// Of each day, and of the one after the last: minutes of business hours before it.
    before: Vec<i64>,
    opens: i64,
    closes: i64,
}

impl BusinessMinutes {
    /// From one day to another, both counted.
    pub fn of(calendar: &Calendar, first: NaiveDate, last: NaiveDate) -> Self {
        let hours = calendar.hours();
        let (opens, closes) = (
            i64::from(hours.opens.minutes()),
            i64::from(hours.closes.minutes()),
        );
        let mut total = 0;
        let mut before = vec![total];
        for day in first.iter_days().take_while(|day| *day <= last).take(MOST_DAYS) {
            if calendar.verdict(day).is_business_day {
                total += closes - opens;
            }
            before.push(total);
        }
        Self {
            first,
            before,
            opens,
            closes,
        }
    }

    /// Minutes of business hours from one moment to another; none when the second is the earlier one.
    pub fn between(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> i64 {
        (self.at(until) - self.at(from)).max(0)
    }

    fn at(&self, moment: DateTime<Utc>) -> i64 {
        let (day, time) = TimeOfDay::of(moment);
        let index = (day - self.first).num_days();
        let Ok(index) = usize::try_from(index) else {
            return 0;
        };
        let (Some(before), Some(after)) = (self.before.get(index), self.before.get(index + 1)) else {
            return self.before.last().copied().unwrap_or_default();
        };
        let open = i64::from(time.minutes()).clamp(self.opens, self.closes) - self.opens;
        before + open.min(after - before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00+09:00").parse().expect("an instant")
    }

    fn minutes(from: &str, until: &str) -> i64 {
        let [first, last] = ["2026-11-20", "2027-01-31"].map(|day| day.parse().expect("a day"));
        BusinessMinutes::of(&Calendar::default(), first, last).between(at(from), at(until))
    }

    #[test]
    fn only_minutes_of_open_hours_count() {
        for (from, until, expected) in [
            ("2026-12-02T10:00", "2026-12-02T10:25", 25),
            // Before it opens, and after it has closed.
            ("2026-12-02T06:00", "2026-12-02T10:00", 30),
            ("2026-12-02T17:00", "2026-12-02T23:00", 30),
            ("2026-12-02T20:00", "2026-12-03T09:30", 0),
            // Over a night, a week-end, and the turn of the year.
            ("2026-12-02T17:00", "2026-12-03T10:00", 60),
            ("2026-12-04T17:00", "2026-12-07T10:00", 60),
            ("2026-12-28T17:00", "2027-01-04T10:00", 60),
            ("2026-12-02T09:30", "2026-12-03T17:30", 960),
            ("2026-12-03T10:00", "2026-12-02T10:00", 0),
            // Beyond the days that were added up.
            ("2026-11-01T10:00", "2026-11-20T09:31", 1),
            ("2027-01-29T17:00", "2028-01-01T00:00", 30),
        ] {
            assert_eq!(minutes(from, until), expected, "{from} {until}");
        }
    }
}
