//! Stopping a declaration, and bringing it back.

use chrono::{Months, NaiveDate};

use super::outcome::{Decision, Drafting, Problem, required_reason};
use crate::{
    declaration::{DeclarationEvent, DeclarationState, Stop, StopKind, Timeline},
    ids::DeclarationId,
};

/// Stops a declaration.
#[derive(Clone)]
pub struct StopDeclaration {
    /// How.
    pub kind: StopKind,
    /// On which day; `None` when nobody knows.
    pub on: Option<NaiveDate>,
    /// Why: 1 to 1,000 characters.
    pub reason: String,
}

/// Why a declaration is not stopped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StopError {
    /// Another declaration took its place.
    #[error("the declaration has been replaced")]
    Replaced,
    /// It is stopped, on a day that is known or with no day to tell now either.
    #[error("the declaration is stopped already")]
    AlreadyStopped,
    /// The day lies further ahead than anybody plans.
    #[error("the day of the stop lies too far ahead")]
    TooFarAhead {
        /// The last day that it can be stopped on.
        latest: NaiveDate,
    },
    /// The day lies before the declaration, or before it was last brought back.
    #[error("the declaration had not begun, or was brought back later than that day")]
    TooEarly {
        /// The first day that it can be stopped on.
        earliest: NaiveDate,
    },
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// How many months ahead a stop can be planned: a year typed wrong is no plan.
const MONTHS_AHEAD: Months = Months::new(24);

/// Brings a stopped declaration back.
#[derive(Clone)]
pub struct Reinstate {
    /// From which day. To take back a stop that is still to come, the day is not looked at.
    pub on: NaiveDate,
    /// Why: 1 to 1,000 characters.
    pub reason: String,
    /// Another declaration of the declarer that is live, if there is one.
    pub live: Option<LiveElsewhere>,
}

/// Another declaration of a declarer that is live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveElsewhere {
    /// Which.
    pub id: DeclarationId,
    /// Its number, by which people know it.
    pub number: String,
}

/// Why a declaration stays stopped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReinstateError {
    /// Another declaration took its place.
    #[error("the declaration has been replaced")]
    Replaced,
    /// It is live.
    #[error("the declaration is not stopped")]
    NotStopped,
    /// The declarer has another live declaration: there may be one only.
    #[error("the organisation has a live declaration")]
    AlreadyLive(LiveElsewhere),
    /// The day lies ahead.
    #[error("the day lies in the future")]
    InTheFuture,
    /// The day lies before the stop, or before the declaration.
    #[error("the declaration was stopped later than that day")]
    TooEarly {
        /// The first day that it can be brought back on.
        earliest: NaiveDate,
    },
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// Decides a stop. One without a day counts from the beginning (or from when it was last brought back), because the register
/// never asserts that something was live when it does not know. When the day becomes known later, stop it again with it:
/// that takes the place of the unknown day.
///
/// A day to come is a plan: it is known from today, and the declaration stays live until then. Another stop takes its place.
pub fn stop(timeline: &Timeline, command: &StopDeclaration, today: NaiveDate) -> Result<Decision, StopError> {
    let current = timeline.current();
    if current.replaced.is_some() {
        return Err(StopError::Replaced);
    }
    let day_becomes_known = current.stop.is_some_and(|stop| stop.on.is_none()) && command.on.is_some();
    if current.state_on(today) != DeclarationState::Active && !day_becomes_known {
        return Err(StopError::AlreadyStopped);
    }
    let live_since = timeline.live_since();
    let earliest = earliest_stop(timeline, live_since);
    let latest = today + MONTHS_AHEAD;
    match command.on {
        Some(on) if on > latest => return Err(StopError::TooFarAhead { latest }),
        Some(on) if on < earliest => return Err(StopError::TooEarly { earliest }),
        _ => {}
    }
    let reason = required_reason(&command.reason, current).map_err(StopError::Reason)?;
    let event = DeclarationEvent::Stopped {
        stop: Stop {
            kind: command.kind,
            on: command.on,
        },
        corporate_number: current.facts.corporate_number(),
    };
    // A known day takes the place of an unknown one for the whole time that this was stated.
    let from = if day_becomes_known {
        live_since
    } else {
        // Nothing holds before the first event, also when the declaration turned out to be older.
        let since = command.on.unwrap_or(live_since).min(today);
        since.max(timeline.begun_on())
    };
    let mut draft = Drafting::new(timeline);
    draft.push_liveness(from, &event);
    draft.follow_with_flags(None);
    Ok(draft.into_decision(Some(reason)))
}

/// The first day that it can be stopped on: that on which it was last brought back, or that of the declaration, which may have been
/// corrected since the first event said it.
fn earliest_stop(timeline: &Timeline, live_since: NaiveDate) -> NaiveDate {
    let declared = timeline.current().facts.declared_on().unwrap_or(live_since);
    if live_since > timeline.begun_on() {
        live_since.max(declared)
    } else {
        declared
    }
}

/// Decides to bring a declaration back, or to take back a stop that is still to come.
pub fn reinstate(
    timeline: &Timeline,
    command: &Reinstate,
    today: NaiveDate,
) -> Result<Decision, ReinstateError> {
    let current = timeline.current();
    if current.replaced.is_some() {
        return Err(ReinstateError::Replaced);
    }
    let back = DeclarationEvent::Reinstated {
        corporate_number: current.facts.corporate_number(),
    };
    if current.planned_stop(today).is_some() {
        let reason = required_reason(&command.reason, current).map_err(ReinstateError::Reason)?;
        let mut draft = Drafting::new(timeline);
        draft.push_liveness(today, &back);
        return Ok(draft.into_decision(Some(reason)));
    }
    let Some(stop) = current.stop else {
        return Err(ReinstateError::NotStopped);
    };
    if let Some(live) = command.live.clone() {
        return Err(ReinstateError::AlreadyLive(live));
    }
    if command.on > today {
        return Err(ReinstateError::InTheFuture);
    }
    let earliest = stop
        .on
        .unwrap_or_else(|| timeline.live_since())
        .max(timeline.begun_on());
    if command.on < earliest {
        return Err(ReinstateError::TooEarly { earliest });
    }
    let reason = required_reason(&command.reason, current).map_err(ReinstateError::Reason)?;
    let mut draft = Drafting::new(timeline);
    draft.push_liveness(command.on, &back);
    draft.follow_with_flags(None);
    Ok(draft.into_decision(Some(reason)))
}
