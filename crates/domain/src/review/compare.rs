//! What a search changes: suspicions that are new, have come back, have grown or are gone, by what is known already.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Lasting, ReviewKind, Suspicion, Verdict};
use crate::ids::ReviewId;
use crate::wire::wire_enum;

wire_enum! {
    /// Where a suspicion stands.
    Standing {
        /// Nobody has decided about it.
        Open = "open",
        /// Somebody has.
        Decided = "decided",
        /// It does not hold any more.
        Gone = "gone",
    }
}

/// A suspicion that was found earlier and is not gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub id: ReviewId,
    /// What is suspected.
    pub kind: ReviewKind,
    /// Within its kind.
    pub ground: String,
    /// About how many it was when it was last written down, or decided about.
    pub weight: u32,
    /// What was decided about it, and when; none: it is open.
    pub decided: Option<(Verdict, DateTime<Utc>)>,
}

/// What is to be written down. Whatever is the same as before is not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Never found before, or gone since.
    pub new: Vec<Suspicion>,
    /// Decided about, and to be decided about again.
    pub back: Vec<(ReviewId, Suspicion)>,
    /// Open, and about more or fewer than before.
    pub changed: Vec<(ReviewId, Suspicion)>,
    /// Not found any more.
    pub gone: Vec<ReviewId>,
}

/// Compares what a search found with what is known.
pub fn compare(found: Vec<Suspicion>, known: Vec<Known>, now: DateTime<Utc>) -> Changes {
    let mut known: HashMap<(ReviewKind, String), Known> = known
        .into_iter()
        .map(|it| ((it.kind, it.ground.clone()), it))
        .collect();
    let mut changes = Changes::default();
    for it in found {
        match known.remove(&(it.kind, it.ground.clone())) {
            None => changes.new.push(it),
            Some(old) => match old.decided {
                None if old.weight != it.weight => changes.changed.push((old.id, it)),
                Some((verdict, at)) if comes_back(verdict, at, old.weight, it.weight, now) => {
                    changes.back.push((old.id, it));
                }
                _ => {}
            },
        }
    }
    let left = known.into_values().filter(|it| match it.decided {
        None => true,
        // What was said for good stays said, also while the suspicion rests.
        Some((verdict, _)) => verdict.lasting() != Lasting::ForGood,
    });
    changes.gone = left.map(|it| it.id).collect();
    changes.gone.sort_unstable();
    changes
}

/// Twice as heavy is another matter.
fn comes_back(verdict: Verdict, at: DateTime<Utc>, then: u32, now_weight: u32, now: DateTime<Utc>) -> bool {
    match verdict.lasting() {
        Lasting::ForGood | Lasting::WhileItLasts => now_weight >= then.saturating_mul(2),
        Lasting::Days(days) => at + TimeDelta::days(days) <= now,
    }
}
