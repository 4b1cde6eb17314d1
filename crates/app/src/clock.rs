//! The one clock: everything that asks for the time asks this.

use chrono::{DateTime, FixedOffset, NaiveDate, SubsecRound as _, TimeDelta, Utc};

use crate::{App, Internal, TimeSource};

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

/// A clock that differs from the database's by more is wrong.
const TOLERATED: TimeDelta = TimeDelta::seconds(2);

/// The clock of this machine is not the database's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the clock of this machine is {} s {} the database's: set both by NTP",
    by.abs().num_seconds(),
    if *by > TimeDelta::zero() { "ahead of" } else { "behind" }
)]
pub struct WrongClock {
    /// By how much it is ahead.
    pub by: TimeDelta,
}

impl App {
    /// Now, by the clock that decides what is due.
    pub async fn due_time(&self) -> Result<DateTime<Utc>, Internal> {
        self.due_time_and_skew().await.map(|(now, _)| now)
    }

    /// Now, by the clock that decides what is due, and whether this machine's is another.
    pub async fn due_time_and_skew(&self) -> Result<(DateTime<Utc>, Option<WrongClock>), Internal> {
        let before = self.now();
        let server = storage::clock::server_time(self.store().database()).await;
        let server = server.map_err(Internal::new)?;
        match (server, self.time_source) {
            (Some(server), TimeSource::Database) => Ok((server, skew(before, server, self.now()))),
            _ => Ok((self.now(), None)),
        }
    }
}

/// How far the process's clock is from a time that the database had between two readings of it.
fn skew(before: DateTime<Utc>, server: DateTime<Utc>, after: DateTime<Utc>) -> Option<WrongClock> {
    let by = if server < before {
        before - server
    } else if server > after {
        after - server
    } else {
        TimeDelta::zero()
    };
    (by.abs() > TOLERATED).then_some(WrongClock { by })
}

/// Japan has had one offset and no summer time since 1951.
const JAPAN_SECONDS_EAST: i32 = 9 * 3600;

/// The calendar day in Japan at an instant: the day that people mean by "today".
pub fn day_in_japan(at: DateTime<Utc>) -> NaiveDate {
    FixedOffset::east_opt(JAPAN_SECONDS_EAST)
        .map_or_else(|| at.date_naive(), |zone| at.with_timezone(&zone).date_naive())
}

/// When a day begins in Japan; `None` at the ends of time.
pub fn midnight_in_japan(day: NaiveDate) -> Option<DateTime<Utc>> {
    let zone = FixedOffset::east_opt(JAPAN_SECONDS_EAST)?;
    let midnight = day.and_hms_opt(0, 0, 0)?.and_local_timezone(zone).single()?;
    Some(midnight.with_timezone(&Utc))
}

/// The same with the time, as a mail says it: 2026年5月11日 9:05.
pub fn time_in_japan(at: DateTime<Utc>) -> String {
    let local = FixedOffset::east_opt(JAPAN_SECONDS_EAST)
        .map_or_else(|| at.naive_utc(), |zone| at.with_timezone(&zone).naive_local());
    local.format("%Y年%-m月%-d日 %-H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_as_people_in_japan_read_it() {
        let at = "2026-05-11T00:05:59Z".parse().expect("an instant");
        assert_eq!(time_in_japan(at), "2026年5月11日 9:05");
    }

    #[test]
    fn the_day_turns_at_midnight_in_japan() {
        let day = |text: &str| day_in_japan(text.parse().expect("an instant")).to_string();
        assert_eq!(day("2026-05-11T14:59:59Z"), "2026-05-11");
        assert_eq!(day("2026-05-11T15:00:00Z"), "2026-05-12");
        let begins = midnight_in_japan("2026-05-12".parse().expect("a day"));
        assert_eq!(begins, "2026-05-11T15:00:00Z".parse().ok());
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn t18_a_clock_is_wrong_by_what_an_answer_that_took_its_time_cannot_explain() {
        assert_eq!(skew(at(100), at(98), at(100)), None);
        assert_eq!(skew(at(100), at(110), at(120)), None, "a slow answer");
        let wrong = skew(at(3_700), at(100), at(3_701)).expect("an hour");
        assert_eq!(
            wrong.to_string(),
            "the clock of this machine is 3600 s ahead of the database's: set both by NTP"
        );
        let wrong = skew(at(100), at(103), at(100)).expect("three seconds");
        assert_eq!(
            wrong.to_string(),
            "the clock of this machine is 3 s behind the database's: set both by NTP"
        );
    }
}
