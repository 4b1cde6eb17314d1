//! The three questions, over what was loaded.

use chrono::{DateTime, NaiveDate, Utc};

use super::business_day::{CountError, OfficeDays, Verdict};
use super::deadline::Deadline;
use super::open::{Hours, Opening, opening};

/// Everything that the three questions rest on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    days: OfficeDays,
    hours: Hours,
    /// In order of their instants.
    deadlines: Vec<Deadline>,
}

impl Calendar {
    /// Over these days, hours and deadlines, in any order.
    pub fn new(days: OfficeDays, hours: Hours, mut deadlines: Vec<Deadline>) -> Self {
        deadlines.sort_by_key(|deadline| (deadline.at(), deadline.id));
        Self {
            days,
            hours,
            deadlines,
        }
    }

    /// What the office decides about days.
    pub const fn days(&self) -> &OfficeDays {
        &self.days
    }

    /// The hours of business days.
    pub const fn hours(&self) -> Hours {
        self.hours
    }

    /// Whether the office works on that day, and why.
    pub fn verdict(&self, day: NaiveDate) -> Verdict<'_> {
        self.days.verdict(day)
    }

    /// The n-th business day before a day; see [`OfficeDays::business_days_before`].
    pub fn business_days_before(&self, day: NaiveDate, n: u32) -> Result<NaiveDate, CountError> {
        self.days.business_days_before(day, n)
    }

    /// The n-th business day after a day; see [`OfficeDays::business_days_after`].
    pub fn business_days_after(&self, day: NaiveDate, n: u32) -> Result<NaiveDate, CountError> {
        self.days.business_days_after(day, n)
    }

    /// Whether the office is open at that moment, until when, and when it opens next.
    pub fn opening(&self, now: DateTime<Utc>) -> Opening {
        opening(&self.days, self.hours, now)
    }

    /// The deadlines that have not passed at that moment, the nearest first. One that ends at this very moment has passed.
    pub fn deadlines_after(&self, now: DateTime<Utc>) -> &[Deadline] {
        let passed = self.deadlines.partition_point(|deadline| deadline.at() <= now);
        &self.deadlines[passed..]
    }

    /// The nearest deadline that has not passed.
    pub fn next_deadline(&self, now: DateTime<Utc>) -> Option<&Deadline> {
        self.deadlines_after(now).first()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::calendar::{DeadlineId, TimeOfDay};

    #[test]
    fn the_next_deadline_is_the_nearest_that_has_not_passed() {
        let deadline = |n: u128, day: &str, time: &str| Deadline {
            id: DeadlineId(Uuid::from_u128(n)),
            day: day.parse().expect("a day"),
            time: TimeOfDay::parse(time).expect("a time"),
            name: format!("みほん補助金 第{n}回"),
            source: "公募要領".to_owned(),
            note: String::new(),
        };
        let deadlines = vec![
            deadline(3, "2026-12-26", "00:00"),
            deadline(2, "2026-12-25", "24:00"),
            deadline(1, "2026-12-25", "17:00"),
        ];
        let calendar = Calendar::new(OfficeDays::default(), Hours::default(), deadlines);
        let next = |now: &str| {
            let now = format!("{now}+09:00")
                .parse::<DateTime<Utc>>()
                .expect("an instant");
            calendar
                .next_deadline(now)
                .map(|deadline| deadline.id.0.as_u128())
        };
        assert_eq!(next("2026-12-25T16:59:59"), Some(1));
        assert_eq!(
            next("2026-12-25T17:00:00"),
            Some(2),
            "at its minute it has passed"
        );
        assert_eq!(
            next("2026-12-25T23:59:59"),
            Some(2),
            "the end of a day and the next midnight are one moment"
        );
        assert_eq!(next("2026-12-26T00:00:00"), None);
        assert_eq!(Calendar::default().next_deadline(DateTime::<Utc>::MIN_UTC), None);
    }
}
