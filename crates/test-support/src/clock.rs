//! A clock that stands still until a test moves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that stands still. Clones show the same time.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    /// A clock at this time (to the microsecond).
    pub fn at(time: DateTime<Utc>) -> Self {
        Self(Arc::new(AtomicI64::new(time.timestamp_micros())))
    }

    /// A clock at this RFC 3339 time, for example `2026-04-01T09:00:00+09:00`.
    pub fn at_text(text: &str) -> Self {
        Self::at(
            DateTime::parse_from_rfc3339(text)
                .expect("an RFC 3339 time")
                .to_utc(),
        )
    }

    /// The time it shows.
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).expect("a time in chrono's range")
    }

    /// Moves it, also backwards.
    pub fn advance(&self, step: TimeDelta) {
        self.0.fetch_add(
            step.num_microseconds().expect("a step in microseconds"),
            Ordering::SeqCst,
        );
    }
}

impl Default for FixedClock {
    /// 2026-04-01 09:00 in Tokyo.
    fn default() -> Self {
        Self::at_text("2026-04-01T09:00:00+09:00")
    }
}
