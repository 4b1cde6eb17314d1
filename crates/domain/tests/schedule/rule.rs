//! The rule for clock changes, stated a second time: minute by minute, without looking for changes, gaps or overlaps.

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

/// What the wall clock of a zone shows during some minutes of UTC, as pairs of UTC and wall clock, in minutes since 1970.
pub struct Shown {
    /// Each minute with what is shown.
    shown: Vec<(i64, i64)>,
    /// Each minute with what the clock reaches or passes for the first time: one, none where it was put back, many where it was
    /// put forward.
    reached: Vec<(i64, i64)>,
}

/// How long before the first minute the wall clock is looked at, in minutes. No clock has been changed by more than a day.
const LEAD_IN: i64 = 2 * 24 * 60;

impl Shown {
    /// The minutes from one until another, which is left out.
    pub fn new(zone: Tz, from: i64, to: i64) -> Self {
        let (mut shown, mut reached) = (Vec::new(), Vec::new());
        let before = from - LEAD_IN..from;
        let mut latest = before.map(|utc| utc + offset(zone, utc)).max().expect("minutes");
        for utc in from..to {
            let wall = utc + offset(zone, utc);
            shown.push((utc, wall));
            while latest < wall {
                latest += 1;
                reached.push((utc, latest));
            }
        }
        Self { shown, reached }
    }

    /// When what `fits` fires: an interval whenever it is shown, a time when the clock reaches or passes it for the first time.
    pub fn firings(&self, interval: bool, fits: impl Fn(i64) -> bool) -> Vec<DateTime<Utc>> {
        let pairs = if interval { &self.shown } else { &self.reached };
        let fitting = pairs.iter().filter(|(_, wall)| fits(*wall));
        let mut firings: Vec<_> = fitting.map(|(utc, _)| instant(*utc)).collect();
        firings.dedup();
        firings
    }
}

/// How far the wall clock is ahead, in minutes. The offsets of the zones looked at are whole minutes in the years looked at.
pub fn offset(zone: Tz, utc: i64) -> i64 {
    let seconds = zone
        .offset_from_utc_datetime(&instant(utc).naive_utc())
        .fix()
        .local_minus_utc();
    assert_eq!(seconds % 60, 0, "{zone} at {}", instant(utc));
    i64::from(seconds / 60)
}

pub fn instant(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(minute * 60, 0).expect("an instant")
}
