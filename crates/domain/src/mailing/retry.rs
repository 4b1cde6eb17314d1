//! When to try again: soon at first, then more and more seldom, never all at one moment, and not for ever.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// How patient the ledger is. Every delay gets up to a quarter more by chance, so that what failed together does not come
/// back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The delay after the first attempt; each further one doubles it.
    pub first_delay: Duration,
    /// No delay is longer, what chance adds included.
    pub longest_delay: Duration,
    /// The longest delay after a failed connection, which says nothing of the message.
    pub longest_pause: Duration,
    /// How long after it was queued a message is given up.
    pub give_up_after: Duration,
}

impl Default for Policy {
    /// From one minute to four hours, for five days.
    fn default() -> Self {
        Self {
            first_delay: Duration::from_mins(1),
            longest_delay: Duration::from_hours(4),
            longest_pause: Duration::from_mins(30),
            give_up_after: Duration::from_hours(5 * 24),
        }
    }
}

/// Where a message stands when the outcome of an attempt comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// How many attempts before this one were judged by a relay.
    pub judged_before: u32,
    /// When it was queued, or a person let it be sent again.
    pub queued_at: DateTime<Utc>,
    /// When it would come too late.
    pub not_after: Option<DateTime<Utc>>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// When a message may be tried again, or which of its limits is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    At(DateTime<Utc>),
    GaveUp,
    TooLate,
}

impl Policy {
    /// The delay after this many judged attempts (one or more), without chance.
    fn base(&self, judged: u32) -> Duration {
        let doubled = 1_u32.checked_shl(judged.saturating_sub(1)).unwrap_or(u32::MAX);
        self.first_delay.saturating_mul(doubled)
    }

    /// After an attempt that a relay judged.
    pub(super) fn after_answer(&self, attempt: &Attempt, dice: u64) -> Again {
        let base = self.base(attempt.judged_before.saturating_add(1));
        self.again(attempt, with_chance(base, self.longest_delay, dice))
    }

    /// After an attempt that failed for all messages alike: the longer it waits already, the longer it can wait.
    pub(super) fn after_failed_connection(&self, attempt: &Attempt, dice: u64) -> Again {
        let waited = (attempt.now - attempt.queued_at).to_std().unwrap_or_default();
        let base = (waited / 8).max(self.first_delay);
        self.again(attempt, with_chance(base, self.longest_pause, dice))
    }

    /// After a delay that somebody else knows.
    pub(super) fn after_delay(&self, attempt: &Attempt, delay: Duration, dice: u64) -> Again {
        let base = delay.max(self.first_delay);
        self.again(attempt, with_chance(base, self.longest_delay, dice))
    }

    /// The last attempt is made while there is time for one, even where the delay would pass the limit.
    fn again(&self, attempt: &Attempt, delay: Duration) -> Again {
        let gives_up = later(attempt.queued_at, self.give_up_after);
        // A claim takes a moment: what is due at the very last moment would always come too late.
        let latest = attempt
            .not_after
            .map(|not_after| earlier(not_after, self.first_delay));
        let (end, at_end) = match latest {
            Some(latest) if latest < gives_up => (latest, Again::TooLate),
            _ => (gives_up, Again::GaveUp),
        };
        if later(attempt.now, self.first_delay) > end {
            at_end
        } else {
            Again::At(later(attempt.now, delay).min(end))
        }
    }
}

/// Up to a quarter more, and never more than the longest.
fn with_chance(base: Duration, longest: Duration, dice: u64) -> Duration {
    let base = base.min(longest / 5 * 4);
    let quarter = u64::try_from(base.as_millis() / 4).unwrap_or(u64::MAX - 1);
    base + Duration::from_millis(dice % (quarter + 1))
}

fn later(at: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
    at.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn earlier(at: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
    at.checked_sub_signed(by).unwrap_or(DateTime::<Utc>::MIN_UTC)
}
