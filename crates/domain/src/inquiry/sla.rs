//! Until when an inquiry is to be answered.

use chrono::{DateTime, TimeDelta, Utc};

use crate::calendar::{Calendar, Opening, TimeOfDay};

/// Before a deadline of a subsidy answers go out on the same day, from so long before it on.
const NEAR: TimeDelta = TimeDelta::days(3);

/// Until when what came in at a moment is to be answered: the same time of the next business day, counted from the moment when the office
/// is open; on the same day, when a deadline is near. None: the calendar says nothing about that time.
pub fn due_at(taken_at: DateTime<Utc>, calendar: &Calendar) -> Option<DateTime<Utc>> {
    let (from, closes) = match calendar.opening(taken_at) {
        Opening::Open { until } => (taken_at, until),
        Opening::Closed { next } => {
            let from = next?;
            let (day, _) = TimeOfDay::of(from);
            (from, calendar.hours().closes.on(day)?)
        }
    };
    let is_near = calendar
        .next_deadline(taken_at)
        .is_some_and(|deadline| deadline.at() - taken_at <= NEAR);
    if is_near {
        return Some(closes);
    }
    let (day, _) = TimeOfDay::of(from);
    let next = calendar.business_days_after(day, 1).ok()?;
    let days = TimeDelta::days((next - day).num_days());
    from.checked_add_signed(days)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::calendar::{Deadline, DeadlineId, Hours, OfficeDays};

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00+09:00").parse().expect("an instant")
    }

    fn due(taken_at: &str) -> Option<DateTime<Utc>> {
        due_at(at(taken_at), &Calendar::default())
    }

    #[test]
    fn one_business_day_from_when_the_office_is_open() {
        // Wednesday at noon, Friday at noon, and Saturday, which counts as the opening on Monday.
        assert_eq!(due("2026-12-02T12:00"), Some(at("2026-12-03T12:00")));
        assert_eq!(due("2026-12-04T12:00"), Some(at("2026-12-07T12:00")));
        assert_eq!(due("2026-12-05T08:00"), Some(at("2026-12-08T09:30")));
        // Before the office opens and after it has closed.
        assert_eq!(due("2026-12-02T06:00"), Some(at("2026-12-03T09:30")));
        assert_eq!(due("2026-12-02T20:00"), Some(at("2026-12-04T09:30")));
    }

    #[test]
    fn holidays_do_not_count() {
        // 2026-09-21 to 23 are holidays, the 19th and 20th a week-end.
        assert_eq!(due("2026-09-18T15:00"), Some(at("2026-09-24T15:00")));
    }

    #[test]
    fn within_three_days_of_a_deadline_it_is_the_same_day() {
        let deadline = Deadline {
            id: DeadlineId(Uuid::from_u128(1)),
            day: "2026-12-04".parse().expect("a day"),
            time: TimeOfDay::parse("17:00").expect("a time"),
            name: "みほん補助金 第1回".to_owned(),
            source: "公募要領".to_owned(),
            note: String::new(),
        };
        let calendar = Calendar::new(OfficeDays::default(), Hours::default(), vec![deadline]);
        let due = |taken_at: &str| due_at(at(taken_at), &calendar);
        assert_eq!(
            due("2026-12-01T16:59"),
            Some(at("2026-12-02T16:59")),
            "not yet near"
        );
        assert_eq!(due("2026-12-01T17:00"), Some(at("2026-12-01T17:30")));
        assert_eq!(due("2026-12-02T12:00"), Some(at("2026-12-02T17:30")));
        assert_eq!(
            due("2026-12-02T20:00"),
            Some(at("2026-12-03T17:30")),
            "the office is closed"
        );
        assert_eq!(
            due("2026-12-04T17:00"),
            Some(at("2026-12-07T17:00")),
            "it has passed"
        );
    }
}
