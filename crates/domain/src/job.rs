//! Work that runs by itself: what may become of it, when it is tried again, and what of it the log keeps.
//!
//! A job's attempts are operational. The log keeps how it ended: done, given up, cancelled, and that somebody gave it another
//! chance.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{JobId, wire::wire_enum};

wire_enum! {
    /// Where a job stands.
    JobState {
        /// It waits for its time, or for somebody who runs it.
        Ready = "ready",
        /// Somebody runs it, until the lease is over.
        Running = "running",
        /// It did what it was for.
        Done = "done",
        /// All attempts failed: a person decides.
        Dead = "dead",
        /// A person stopped it.
        Cancelled = "cancelled",
    }
}

/// How often a job is tried, and how long an attempt may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Attempts until it is given up, the first included.
    pub attempts: u32,
    /// The pause after the first failure; it doubles with every further one.
    pub pause: TimeDelta,
    /// No pause is longer.
    pub longest_pause: TimeDelta,
    /// An attempt that takes longer is ended, and has failed.
    pub timeout: TimeDelta,
}

impl Patience {
    /// For work that one cannot wait for, such as a walk through the whole log.
    pub const LONG: Self = Self {
        attempts: 5,
        pause: TimeDelta::minutes(1),
        longest_pause: TimeDelta::hours(1),
        timeout: TimeDelta::hours(6),
    };

    /// What follows the failure of an attempt (from 1). `dice` is any number: it moves the pause by up to a fifth either way,
    /// so that what failed together is not tried together.
    pub fn after_failure(self, attempt: u32, now: DateTime<Utc>, dice: u64) -> AfterFailure {
        if attempt >= self.attempts {
            return AfterFailure::GiveUp;
        }
        let doublings = attempt.saturating_sub(1).min(30);
        let pause = self
            .pause
            .num_milliseconds()
            .saturating_mul(1 << doublings)
            .min(self.longest_pause.num_milliseconds());
        let spread = pause / 5;
        let dice = i64::try_from(dice % 1_001).unwrap_or(500);
        let pause = pause - spread + spread * 2 * dice / 1_000;
        AfterFailure::TryAgain(now + TimeDelta::milliseconds(pause))
    }
}

/// What follows a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterFailure {
    /// It is tried again, not before this.
    TryAgain(DateTime<Utc>),
    /// It was tried often enough.
    GiveUp,
}

/// What the log keeps of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobEnded {
    /// Which.
    pub job_id: JobId,
    /// The claim under which it ended. Whoever holds an older one is refused.
    pub term: i64,
    /// How often it had been begun.
    pub attempt: u32,
    /// What came out, or why it failed, without personal data: what [`Reason::stored`](crate::reason::Reason::stored) gives.
    pub result: String,
}

/// Somebody interfered with a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobTouched {
    /// Which.
    pub job_id: JobId,
}

/// An event of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobEvent {
    /// It did what it was for.
    Done(JobEnded),
    /// All attempts failed.
    GivenUp(JobEnded),
    /// It saw that it was to stop, and stopped.
    Stopped(JobEnded),
    /// Somebody wants it stopped: at once when it does not run, else as soon as it looks.
    CancelRequested(JobTouched),
    /// Somebody gave it another chance.
    Resumed(JobTouched),
}

/// The stored event is none of a job that this version knows.
#[derive(Debug, thiserror::Error)]
pub enum JobEventError {
    /// No such type or version.
    #[error("{event_type} version {schema_version} is not known")]
    Unknown {
        /// The type in the log.
        event_type: String,
        /// The version of its shape.
        schema_version: u16,
    },
    /// The data have another shape.
    #[error("the data of {event_type} cannot be read")]
    Shape {
        /// The type in the log.
        event_type: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

impl JobEvent {
    /// Kind of the tag that every event of a job carries.
    pub const TAG: &'static str = "job";
    /// The schema version that is written today.
    pub const SCHEMA_VERSION: u16 = 1;
    /// What the types of all of them begin with.
    pub const PREFIX: &'static str = "job.";

    /// Which job.
    pub const fn job_id(&self) -> JobId {
        match self {
            Self::Done(ended) | Self::GivenUp(ended) | Self::Stopped(ended) => ended.job_id,
            Self::CancelRequested(touched) | Self::Resumed(touched) => touched.job_id,
        }
    }

    /// The type in the log.
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::Done(_) => "job.done",
            Self::GivenUp(_) => "job.given_up",
            Self::Stopped(_) => "job.stopped",
            Self::CancelRequested(_) => "job.cancel_requested",
            Self::Resumed(_) => "job.resumed",
        }
    }

    /// What is stored.
    pub fn data(&self) -> Value {
        match self {
            Self::Done(ended) | Self::GivenUp(ended) | Self::Stopped(ended) => serde_json::to_value(ended),
            Self::CancelRequested(touched) | Self::Resumed(touched) => serde_json::to_value(touched),
        }
        .expect("ids, numbers and texts are JSON")
    }

    /// Reads what [`JobEvent::data`] wrote.
    pub fn decode(event_type: &str, schema_version: u16, data: &Value) -> Result<Self, JobEventError> {
        let shape = |source| JobEventError::Shape {
            event_type: event_type.to_owned(),
            source,
        };
        let ended = || JobEnded::deserialize(data).map_err(shape);
        let touched = || JobTouched::deserialize(data).map_err(shape);
        match (event_type, schema_version) {
            ("job.done", 1) => ended().map(Self::Done),
            ("job.given_up", 1) => ended().map(Self::GivenUp),
            ("job.stopped", 1) => ended().map(Self::Stopped),
            ("job.cancel_requested", 1) => touched().map(Self::CancelRequested),
            ("job.resumed", 1) => touched().map(Self::Resumed),
            _ => Err(JobEventError::Unknown {
                event_type: event_type.to_owned(),
                schema_version,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-27T00:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn t20_pauses_double_up_to_the_longest_and_then_it_is_given_up() {
        let patience = Patience {
            attempts: 4,
            pause: TimeDelta::minutes(1),
            longest_pause: TimeDelta::minutes(3),
            timeout: TimeDelta::minutes(1),
        };
        // The middle of the dice is no jitter.
        let pause = |attempt| match patience.after_failure(attempt, now(), 500) {
            AfterFailure::TryAgain(at) => Some((at - now()).num_seconds()),
            AfterFailure::GiveUp => None,
        };
        assert_eq!(
            [1, 2, 3, 4, 5].map(pause),
            [Some(60), Some(120), Some(180), None, None]
        );
    }

    #[test]
    fn t20_jitter_moves_a_pause_by_a_fifth_at_most() {
        let pauses: Vec<i64> = (0..2_000)
            .map(|dice| match Patience::LONG.after_failure(1, now(), dice) {
                AfterFailure::TryAgain(at) => (at - now()).num_milliseconds(),
                AfterFailure::GiveUp => 0,
            })
            .collect();
        assert_eq!(pauses.iter().min(), Some(&48_000));
        assert_eq!(pauses.iter().max(), Some(&72_000));
    }

    #[test]
    fn the_stored_shapes_of_jobs_are_frozen() {
        let job_id = JobId::new(uuid::Uuid::from_u128(5));
        let ended = JobEnded {
            job_id,
            term: 3,
            attempt: 2,
            result: "4512 events, 0 breaches".to_owned(),
        };
        let ended_text = r#"{"attempt":2,"job_id":"00000000-0000-0000-0000-000000000005","result":"4512 events, 0 breaches","term":3}"#;
        let touched_text = r#"{"job_id":"00000000-0000-0000-0000-000000000005"}"#;
        let frozen = [
            (JobEvent::Done(ended.clone()), "job.done", ended_text),
            (JobEvent::GivenUp(ended.clone()), "job.given_up", ended_text),
            (JobEvent::Stopped(ended), "job.stopped", ended_text),
            (
                JobEvent::CancelRequested(JobTouched { job_id }),
                "job.cancel_requested",
                touched_text,
            ),
            (
                JobEvent::Resumed(JobTouched { job_id }),
                "job.resumed",
                touched_text,
            ),
        ];
        for (event, event_type, text) in frozen {
            assert_eq!(
                (event.event_type(), event.data().to_string().as_str()),
                (event_type, text)
            );
            let read = JobEvent::decode(event_type, 1, &event.data()).expect("readable");
            assert_eq!((&read, read.job_id()), (&event, job_id));
        }
    }

    #[test]
    fn an_unknown_version_and_a_foreign_shape_are_refused() {
        let nothing = serde_json::json!({});
        assert!(matches!(
            JobEvent::decode("job.done", 2, &nothing),
            Err(JobEventError::Unknown { .. })
        ));
        assert!(matches!(
            JobEvent::decode("job.done", 1, &nothing),
            Err(JobEventError::Shape { .. })
        ));
    }
}
