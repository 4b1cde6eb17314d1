//! A clock that only the sample moves.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::clock::Clock;

/// A clock that stands still until it is moved, and never passes its end: no event of a sample may lie ahead of the clock that the office
/// is then served under, or everything in it waits until that moment.
#[derive(Debug)]
pub struct MovingClock {
    at: AtomicI64,
    end: i64,
}

impl MovingClock {
    /// A clock that can be moved up to this moment.
    pub const fn until(end: DateTime<Utc>) -> Self {
        Self {
            at: AtomicI64::new(0),
            end: end.timestamp_micros(),
        }
    }

    /// Moves to the opening of a day, nine in the morning in Japan, unless it is later already.
    pub fn open(&self, day: NaiveDate) {
        // Midnight in UTC is nine o'clock in Japan.
        let opening = day.and_time(chrono::NaiveTime::MIN).and_utc();
        let opening = opening.timestamp_micros().min(self.end);
        self.at.fetch_max(opening, Ordering::Relaxed);
    }

    /// Lets some minutes pass.
    pub fn pass(&self, minutes: i64) {
        let more = TimeDelta::minutes(minutes).num_microseconds().unwrap_or(0);
        let later = |at: i64| at.saturating_add(more).min(self.end);
        self.at
            .store(later(self.at.load(Ordering::Relaxed)), Ordering::Relaxed);
    }
}

impl Clock for MovingClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.at.load(Ordering::Relaxed)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_at_its_end_also_on_a_day_that_has_not_opened() {
        let end = DateTime::UNIX_EPOCH + TimeDelta::hours(15);
        let clock = MovingClock::until(end);
        let day = end.date_naive();
        clock.open(day);
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH);
        clock.pass(10);
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH + TimeDelta::minutes(10));
        // In Japan the next day has begun, and nobody is in the office.
        clock.open(day + chrono::Days::new(1));
        assert_eq!(clock.now(), end);
        clock.pass(10);
        assert_eq!(clock.now(), end);
    }
}
