//! Whether the office is open at a moment, until when, and when it opens next.

use chrono::{DateTime, NaiveDate, Utc};

use super::business_day::{OfficeDays, covers};
use super::time_of_day::TimeOfDay;

/// Days that are looked at for the next opening.
const MOST_DAYS: usize = 400;

/// The hours of a business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// From then on.
    pub opens: TimeOfDay,
    /// Until then; later than `opens`.
    pub closes: TimeOfDay,
}

impl Hours {
    /// The hours, if the second is later than the first.
    pub fn new(opens: TimeOfDay, closes: TimeOfDay) -> Option<Self> {
        (opens < closes).then_some(Self { opens, closes })
    }
}

impl Default for Hours {
    /// 9:30 to 17:30.
    fn default() -> Self {
        let at = |hour: u16| TimeOfDay::from_minutes(hour * 60 + 30).unwrap_or(TimeOfDay::END_OF_DAY);
        Self {
            opens: at(9),
            closes: at(17),
        }
    }
}

/// Whether the office is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It is.
    Open {
        /// The end of today's hours.
        until: DateTime<Utc>,
    },
    /// It is not.
    Closed {
        /// When it opens next; `None` when it does not within a year.
        next: Option<DateTime<Utc>>,
    },
}

/// Whether the office is open at that moment. The minute in which it closes is closed already.
pub(super) fn opening(days: &OfficeDays, hours: Hours, now: DateTime<Utc>) -> Opening {
    let (today, _) = TimeOfDay::of(now);
    let span = |day: NaiveDate| {
        let works = covers(day) && days.is_business_day(day);
        works
            .then(|| hours.opens.on(day).zip(hours.closes.on(day)))
            .flatten()
    };
    if let Some((from, until)) = span(today)
        && (from..until).contains(&now)
    {
        return Opening::Open { until };
    }
    let next = today
        .iter_days()
        .take(MOST_DAYS)
        .filter_map(span)
        .map(|(from, _)| from)
        .find(|from| now < *from);
    Opening::Closed { next }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::calendar::{DayKind, OfficeDay};

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}+09:00").parse().expect("an instant")
    }

    fn told(days: &OfficeDays, hours: Hours, now: &str) -> String {
        let local = |at: DateTime<Utc>| {
            let (day, time) = TimeOfDay::of(at);
            format!("{day} {time}")
        };
        match opening(days, hours, at(now)) {
            Opening::Open { until } => format!("open until {}", local(until)),
            Opening::Closed { next } => format!("closed until {}", next.map_or("?".to_owned(), local)),
        }
    }

    #[test]
    fn the_office_is_open_from_half_past_nine_to_half_past_five() {
        let days = OfficeDays::default();
        for (now, expected) in [
            ("2026-11-26T09:29:59.999999", "closed until 2026-11-26 09:30"),
            ("2026-11-26T09:30:00", "open until 2026-11-26 17:30"),
            ("2026-11-26T17:29:59.999999", "open until 2026-11-26 17:30"),
            ("2026-11-26T17:30:00", "closed until 2026-11-27 09:30"),
            ("2026-11-27T18:00:00", "closed until 2026-11-30 09:30"),
            ("2026-11-28T12:00:00", "closed until 2026-11-30 09:30"),
            // Over the turn of the year.
            ("2026-12-28T17:30:00", "closed until 2027-01-04 09:30"),
            ("2027-01-01T00:00:00", "closed until 2027-01-04 09:30"),
        ] {
            assert_eq!(told(&days, Hours::default(), now), expected, "{now}");
        }
    }

    #[test]
    fn own_days_and_other_hours_hold() {
        let own = |kind| OfficeDay {
            kind,
            name: "臨時".to_owned(),
        };
        let days = OfficeDays {
            days: BTreeMap::from([
                ("2026-11-26".parse().expect("a day"), own(DayKind::Closed)),
                ("2026-11-28".parse().expect("a day"), own(DayKind::Open)),
            ]),
            ..OfficeDays::default()
        };
        let late =
            Hours::new(TimeOfDay::from_minutes(0).expect("a time"), TimeOfDay::END_OF_DAY).expect("hours");
        assert_eq!(
            told(&days, late, "2026-11-26T12:00:00"),
            "closed until 2026-11-27 00:00"
        );
        assert_eq!(
            told(&days, late, "2026-11-28T23:59:00"),
            "open until 2026-11-29 00:00"
        );
        assert_eq!(
            told(&days, Hours::default(), "2026-11-27T20:00:00"),
            "closed until 2026-11-28 09:30"
        );
        assert_eq!(Hours::new(late.closes, late.opens), None);
        assert_eq!(Hours::new(late.opens, late.opens), None);
    }

    #[test]
    fn an_office_that_never_opens_says_so_and_no_day_is_too_far_away() {
        let first: NaiveDate = "2026-01-01".parse().expect("a day");
        let closed = first.iter_days().take(1_000).map(|day| {
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
        assert_eq!(
            told(&never, Hours::default(), "2026-01-05T12:00:00"),
            "closed until ?"
        );
        for far in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
            let answer = opening(&OfficeDays::default(), Hours::default(), far);
            assert_eq!(answer, Opening::Closed { next: None });
        }
    }
}
