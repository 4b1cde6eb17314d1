//! The one clock: everything that asks for the time asks this.

use chrono::{DateTime, FixedOffset, NaiveDate, SubsecRound as _, Utc};

/// Tells the time; instants are cut to microseconds, as the log stores them.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the machine's clock is read"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// Japan has had one offset and no summer time since 1951.
const JAPAN_SECONDS_EAST: i32 = 9 * 3600;

/// The calendar day in Japan at an instant: the day that people mean by "today".
pub fn day_in_japan(at: DateTime<Utc>) -> NaiveDate {
    FixedOffset::east_opt(JAPAN_SECONDS_EAST)
        .map_or_else(|| at.date_naive(), |zone| at.with_timezone(&zone).date_naive())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_midnight_in_japan() {
        let day = |text: &str| day_in_japan(text.parse().expect("an instant")).to_string();
        assert_eq!(day("2026-05-11T14:59:59Z"), "2026-05-11");
        assert_eq!(day("2026-05-11T15:00:00Z"), "2026-05-12");
    }
}
