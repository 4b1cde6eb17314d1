//! What is to be done now: which firings run, and which were missed.

use chrono::{DateTime, TimeDelta, Utc};

use super::{definition::Definition, misfire::Misfire};
use crate::{ids::ScheduleId, wire::wire_enum};

/// How late a firing usually counts as on time. As it is not longer than a minute, no two firings of an expression are on time
/// at once.
pub const GRACE: TimeDelta = TimeDelta::seconds(60);

/// One firing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Firing {
    /// When it is due.
    pub due: DateTime<Utc>,
    /// From when it runs: when it is due, and the jitter.
    pub run_at: DateTime<Utc>,
    /// Whether it was missed and fires all the same.
    pub late: bool,
    /// How many missed firings, beside itself, it makes up for.
    pub makes_up_for: u32,
}

/// Firings that were due and never fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missed {
    /// How many.
    pub count: u32,
    /// When the first of them was due.
    pub first_due: DateTime<Utc>,
    /// When the last of them was due.
    pub last_due: DateTime<Utc>,
    /// Why they do not fire.
    pub why: MissedWhy,
}

wire_enum! {
    /// Why a firing that was due does not fire.
    MissedWhy {
        /// It is late, and the policy for missed firings leaves it out.
        Policy = "policy",
        /// The schedule is over.
        NotAfter = "not_after",
    }
}

/// What becomes of everything that was due after an instant until now: each firing either fires or is missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The instant after which it begins.
    pub after: DateTime<Utc>,
    /// What fires, the oldest first.
    pub fire: Vec<Firing>,
    /// What does not. Everything in it was due before everything that fires.
    pub missed: Option<Missed>,
}

impl Plan {
    /// There is nothing to do.
    pub(super) const fn nothing(after: DateTime<Utc>) -> Self {
        Self {
            after,
            fire: Vec::new(),
            missed: None,
        }
    }

    /// Whether there is nothing to do.
    pub const fn is_empty(&self) -> bool {
        self.fire.is_empty() && self.missed.is_none()
    }
}

/// Plans what was due after `after` and until `now`.
///
/// What is late by less than `grace` is on time and fires. The rest was missed, and [`Misfire`] says what becomes of it: none of
/// it fires; or one firing makes up for all of it, which is the first that is on time when there is one, and else the newest; or
/// the newest so many fire. Once the schedule is over nothing fires. When `now` is before `after` the clock went back, and there
/// is nothing to do.
///
/// Keeps what fires, so at most [`Misfire::MOST`] and what is on time. Counts the rest by days, which for ten years takes some
/// milliseconds, whatever the expression.
pub fn plan(
    id: ScheduleId,
    definition: &Definition,
    after: DateTime<Utc>,
    now: DateTime<Utc>,
    grace: TimeDelta,
) -> Plan {
    let mut plan = Plan::nothing(after);
    let Some(first_due) = definition.next_due(after).filter(|due| *due <= now) else {
        return plan;
    };
    let (expression, zone) = (&definition.expression, definition.zone);
    let over = definition.over_since(now);
    let late_until = over.unwrap_or_else(|| {
        let late = now.checked_sub_signed(grace.max(TimeDelta::zero()));
        late.map_or(after, |late| late.max(after))
    });
    let on_time: Vec<_> = expression
        .between(late_until, over.unwrap_or(now), zone)
        .collect();
    let due_late = expression.between(after, late_until, zone);
    let late = if first_due > late_until {
        0
    } else {
        due_late.clone().count()
    };
    let fires_late = match definition.misfire {
        _ if over.is_some() => 0,
        Misfire::Skip => 0,
        Misfire::Once => usize::from(on_time.is_empty()).min(late),
        Misfire::All { at_most } => late.min(at_most as usize),
    };
    let never_fires = late - fires_late;
    let count = u32::try_from(never_fires).unwrap_or(u32::MAX);
    let mut from_last_missed = due_late.skip(never_fires.saturating_sub(1));
    let last_missed = if count > 0 { from_last_missed.next() } else { None };
    plan.missed = last_missed.map(|last_due| Missed {
        count,
        first_due,
        last_due,
        why: if over.is_some() {
            MissedWhy::NotAfter
        } else {
            MissedWhy::Policy
        },
    });
    let firing = |due, late| Firing {
        due,
        run_at: run_at(id, definition, due),
        late,
        makes_up_for: 0,
    };
    let fires_late = from_last_missed.map(|due| firing(due, true));
    let fires_on_time = on_time.into_iter().map(|due| firing(due, false));
    plan.fire = fires_late.chain(fires_on_time).collect();
    if let (Misfire::Once, Some(first)) = (definition.misfire, plan.fire.first_mut()) {
        first.makes_up_for = count;
    }
    plan
}

/// The same for the same schedule and firing, and different for others, so that what is due at one instant does not run at one.
fn run_at(id: ScheduleId, definition: &Definition, due: DateTime<Utc>) -> DateTime<Utc> {
    let (high, low) = id.uuid().as_u64_pair();
    let mixed = mix(high ^ mix(low ^ mix(due.timestamp().cast_unsigned())));
    let most = u64::from(definition.jitter) * 1_000;
    let jitter = i64::try_from(mixed % (most + 1)).map_or(TimeDelta::zero(), TimeDelta::milliseconds);
    let run_at = due + jitter;
    definition.not_after.map_or(run_at, |end| end.min(run_at))
}

/// Spreads numbers that are near each other over all numbers (the last step of `SplitMix64`).
const fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}
