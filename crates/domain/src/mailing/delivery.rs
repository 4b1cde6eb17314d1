//! Where a message of the ledger stands, and how it moves: what an attempt changes, what a person may decide, what a mail that
//! came back means. Who may claim a message at which moment is for the ledger's own statement to say.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::outcome::{Cause, Outcome};
use super::reachability::Returned;
use super::retry::{Again, Attempt, Policy};

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Waits for its first attempt.
    Queued,
    /// A worker has it and is about to talk to the relay, or does.
    Claimed,
    /// The carrier has it. It may still come back.
    Accepted,
    /// Waits for another attempt.
    Deferred,
    /// It did not arrive and is not tried again.
    Bounced,
    /// Its reader opted out, or cannot be reached, before it was sent.
    Suppressed,
    /// It may have been sent. A person decides.
    InDoubt,
    /// It cannot be built, or the program failed at it. A person decides, mostly after a repair.
    Parked,
    /// A person called it off.
    Cancelled,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Claimed,
        Self::Accepted,
        Self::Deferred,
        Self::Bounced,
        Self::Suppressed,
        Self::InDoubt,
        Self::Parked,
        Self::Cancelled,
    ];

    /// The name in the ledger and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Claimed => "claimed",
            Self::Accepted => "accepted",
            Self::Deferred => "deferred",
            Self::Bounced => "bounced",
            Self::Suppressed => "suppressed",
            Self::InDoubt => "in_doubt",
            Self::Parked => "parked",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether a worker may claim it when its time has come.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Queued | Self::Deferred)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no state of a message is called {0:?}")]
pub struct UnknownState(pub String);

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| UnknownState(text.to_owned()))
    }
}

/// Why a message is not tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The relay said no.
    Refused,
    /// It was tried for as long as the policy says.
    GaveUp,
    /// After its `not_after` it would do harm or nothing.
    TooLate,
}

/// Where an attempt leaves a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Where it stands now.
    pub state: State,
    /// When it may be claimed again.
    pub next_try_at: Option<DateTime<Utc>>,
    /// How many attempts were judged by a relay, this one included if it was.
    pub judged: u32,
    /// Why it ended, for a message that bounced.
    pub ending: Option<Ending>,
}

/// The message does not stand where this could happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a message that is {state} cannot be moved that way: look at it again")]
pub struct NotPossible {
    /// Where it stands.
    pub state: State,
}

/// What follows from the outcome of an attempt. `dice` is any random number: it spreads the retries.
///
/// A message that was handed over without an answer is in doubt, and stays so until a person decides: sending it again might
/// send it twice. One that is in doubt because its worker was thought dead follows the outcome all the same: facts are better
/// than doubt.
pub fn after(
    state: State,
    attempt: &Attempt,
    outcome: &Outcome,
    policy: &Policy,
    dice: u64,
) -> Result<Next, NotPossible> {
    if !matches!(state, State::Claimed | State::InDoubt) {
        return Err(NotPossible { state });
    }
    let judged = attempt.judged_before;
    let ends = |state| Next {
        state,
        next_try_at: None,
        judged,
        ending: None,
    };
    Ok(match outcome {
        Outcome::Accepted { .. } => Next {
            judged: judged.saturating_add(1),
            ..ends(State::Accepted)
        },
        Outcome::InDoubt { .. } => ends(State::InDoubt),
        Outcome::Unbuildable { .. } | Outcome::Panicked => ends(State::Parked),
        Outcome::ConnectionFailed { .. } => again(policy.after_failed_connection(attempt, dice), judged),
        // Wrong settings must not bounce a whole mailing: it waits until they are repaired.
        Outcome::Refused { reply }
        | Outcome::Deferred {
            cause: Cause::Reply(reply),
            ..
        } if reply.is_about_us() => again(policy.after_failed_connection(attempt, dice), judged),
        Outcome::Deferred {
            retry_in: Some(delay),
            ..
        } => again(policy.after_delay(attempt, *delay, dice), judged),
        Outcome::Deferred { retry_in: None, .. } => {
            again(policy.after_answer(attempt, dice), judged.saturating_add(1))
        }
        Outcome::Refused { .. } => Next {
            judged: judged.saturating_add(1),
            ending: Some(Ending::Refused),
            ..ends(State::Bounced)
        },
    })
}

fn again(again: Again, judged: u32) -> Next {
    let (state, next_try_at, ending) = match again {
        Again::At(at) => (State::Deferred, Some(at), None),
        Again::GaveUp => (State::Bounced, None, Some(Ending::GaveUp)),
        Again::TooLate => (State::Bounced, None, Some(Ending::TooLate)),
    };
    Next {
        state,
        next_try_at,
        judged,
        ending,
    }
}

/// What becomes of a claim whose worker is gone. Nobody knows how far it came, so the message is in doubt, unless sending it
/// again replaces what was sent (`repeatable`).
pub const fn interrupted(state: State, repeatable: bool) -> Result<State, NotPossible> {
    match state {
        State::Claimed if repeatable => Ok(State::Queued),
        State::Claimed => Ok(State::InDoubt),
        _ => Err(NotPossible { state }),
    }
}

/// What a person may decide about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// It was sent, as far as anybody can tell.
    TreatAsSent,
    /// Send it (again), under the same Message-ID. For a message in doubt that may be twice.
    SendAgain,
    /// Do not send it.
    Cancel,
}

/// What becomes of a message when a person decides about it.
pub const fn decide(state: State, decision: Decision) -> Result<State, NotPossible> {
    match (state, decision) {
        (State::InDoubt, Decision::TreatAsSent) => Ok(State::Accepted),
        (State::InDoubt | State::Parked, Decision::SendAgain) => Ok(State::Queued),
        (State::Queued | State::Deferred | State::Parked, Decision::Cancel) => Ok(State::Cancelled),
        _ => Err(NotPossible { state }),
    }
}

/// What becomes of a message when a report about it comes in later. A report of any kind proves that the carrier had it.
pub const fn comes_back(state: State, returned: Returned) -> State {
    match (state, returned) {
        (State::Accepted | State::InDoubt, Returned::Hard | Returned::Soft) => State::Bounced,
        (State::InDoubt, Returned::Delay) => State::Accepted,
        _ => state,
    }
}

/// What an outcome says of the address itself, to be counted in [`Reachability`](super::Reachability).
pub fn bounce_of(outcome: &Outcome) -> Option<Returned> {
    match outcome {
        Outcome::Refused { reply } if !reply.is_about_us() => Some(reply.bounce()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
