//! Whether this process can do its work now, for whoever watches it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{App, Internal, TimeSource};

/// A clock that differs from the database's by more is wrong.
const TOLERATED: TimeDelta = TimeDelta::seconds(2);
/// A database that needs longer for its time does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a process cannot do its work now: a sentence for operators, without anything of the inside.
#[derive(Debug, thiserror::Error)]
pub enum Unready {
    /// Nothing can be read or written.
    #[error("the database does not answer")]
    Database,
    /// What it writes has the wrong time.
    #[error(transparent)]
    Clock(#[from] WrongClock),
}

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
    /// Asks the database for its time: what does not answer, or has another time, is not ready.
    pub async fn readiness(&self) -> Result<(), Unready> {
        match tokio::time::timeout(PATIENCE, self.due_time_and_skew()).await {
            Ok(Ok((_, None))) => Ok(()),
            Ok(Ok((_, Some(wrong)))) => Err(wrong.into()),
            Ok(Err(_)) | Err(_) => Err(Unready::Database),
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

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
