//! A clock that only the sample moves.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::clock::Clock;

/// A clock that stands still until it is moved.
#[derive(Debug, Default)]
pub struct MovingClock(AtomicI64);

impl MovingClock {
    /// Moves to the opening of a day, nine in the morning in Japan, unless it is later already.
    pub fn open(&self, day: NaiveDate) {
        // Midnight in UTC is nine o'clock in Japan.
        let opening = day.and_time(chrono::NaiveTime::MIN).and_utc();
        self.0.fetch_max(opening.timestamp_micros(), Ordering::Relaxed);
    }

    /// Lets some minutes pass.
    pub fn pass(&self, minutes: i64) {
        self.0.fetch_add(
            TimeDelta::minutes(minutes).num_microseconds().unwrap_or(0),
            Ordering::Relaxed,
        );
    }
}

impl Clock for MovingClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::Relaxed)).unwrap_or_default()
    }
}
