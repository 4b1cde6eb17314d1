//! Time zones: what a wall clock shows at an instant, and when it is put forward or back.

use std::{fmt, str::FromStr};

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// A zone of the IANA database, by its name. The usual one is Asia/Tokyo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

/// No zone has that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no time zone is called {0:?}; write a name of the IANA database, such as Asia/Tokyo")]
pub struct UnknownZone(pub String);

impl Default for Zone {
    fn default() -> Self {
        Self(Tz::Asia__Tokyo)
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(text: &str) -> Result<Self, UnknownZone> {
        text.parse().map(Self).map_err(|_| UnknownZone(text.to_owned()))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

/// The clock of a zone is put forward or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    /// The first instant of the new time.
    pub(super) at: DateTime<Utc>,
    /// What the clock shows then.
    pub(super) wall: NaiveDateTime,
}

/// How far apart the clock is looked at when a change is searched for. Since 1970 no zone has changed twice within less than a
/// week (Boa Vista, in October 2000).
const STEP: TimeDelta = TimeDelta::days(1);

impl Zone {
    /// What the wall clock shows at an instant. At the very ends of time it shows UTC.
    pub fn wall(self, instant: DateTime<Utc>) -> NaiveDateTime {
        let utc = instant.naive_utc();
        utc.checked_add_signed(self.offset(instant)).unwrap_or(utc)
    }

    /// When the wall clock shows that: once, twice (the clock is put back) or never (it is put forward over it).
    pub fn instants(self, wall: NaiveDateTime) -> MappedLocalTime<DateTime<Utc>> {
        self.0.from_local_datetime(&wall).map(|local| local.to_utc())
    }

    /// The last instant at which the wall clock shows no more than that: where it is put back the later one, and where it is
    /// put forward over it the moment of that.
    pub fn instant_not_after(self, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self.instants(wall) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(_, at) => Some(at),
            MappedLocalTime::None => {
                let day_before = wall.checked_sub_signed(STEP)?;
                let before = self.instants(day_before).latest()?;
                self.next_change(before, before + STEP * 2)
                    .map(|change| change.at)
            }
        }
    }

    /// How far the wall clock is ahead of UTC, in whole seconds.
    pub(super) fn offset(self, instant: DateTime<Utc>) -> TimeDelta {
        let offset = self.0.offset_from_utc_datetime(&instant.naive_utc()).fix();
        TimeDelta::seconds(offset.local_minus_utc().into())
    }

    /// The first change after an instant and not after another. Costs a look at the clock for each day between them.
    pub(super) fn next_change(self, after: DateTime<Utc>, until: DateTime<Utc>) -> Option<Change> {
        let offset = self.offset(after);
        let mut same = after;
        while same < until {
            let next = (same + STEP).min(until);
            if self.offset(next) != offset {
                return Some(self.change_between(same, next));
            }
            same = next;
        }
        None
    }

    /// The change between two instants with different offsets. Changes happen on whole seconds.
    fn change_between(self, before: DateTime<Utc>, after: DateTime<Utc>) -> Change {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap_or(after);
        let offset = self.offset(before);
        let (mut old, mut new) = (before.timestamp(), after.timestamp());
        while new - old > 1 {
            let middle = old + (new - old) / 2;
            if self.offset(at(middle)) == offset {
                old = middle;
            } else {
                new = middle;
            }
        }
        Change {
            at: at(new),
            wall: self.wall(at(new)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn zone(name: &str) -> Zone {
        name.parse().expect("a zone")
    }

    #[test]
    fn a_zone_reads_back_as_it_is_written() {
        assert_eq!(Zone::default().to_string(), "Asia/Tokyo");
        assert_eq!("Asia/Tokyo".parse(), Ok(Zone::default()));
        for name in ["Europe/Berlin", "America/Argentina/Ushuaia", "UTC", "Etc/GMT-9"] {
            assert_eq!(zone(name).to_string(), name);
        }
    }

    #[test]
    fn an_unknown_zone_is_named_with_an_example() {
        for name in ["", "JST", "asia tokyo", "Asia/Edo", "+09:00"] {
            let refused = name.parse::<Zone>().expect_err("no zone").to_string();
            assert!(
                refused.contains(&format!("{name:?}")) && refused.contains("Asia/Tokyo"),
                "{refused}"
            );
        }
    }

    #[test]
    fn the_wall_clock_of_an_instant_and_the_instants_of_a_wall_clock() {
        let berlin = zone("Europe/Berlin");
        let wall = |text: &str| text.parse::<NaiveDateTime>().expect("a wall clock");
        assert_eq!(
            berlin.wall(utc("2026-07-01T10:00:00Z")),
            wall("2026-07-01T12:00:00")
        );
        assert_eq!(
            berlin.wall(DateTime::<Utc>::MAX_UTC),
            DateTime::<Utc>::MAX_UTC.naive_utc()
        );
        assert_eq!(
            berlin.instants(wall("2026-07-01T12:00:00")),
            MappedLocalTime::Single(utc("2026-07-01T10:00:00Z"))
        );
        assert_eq!(
            berlin.instants(wall("2026-03-29T02:30:00")),
            MappedLocalTime::None
        );
        assert_eq!(
            berlin.instants(wall("2026-10-25T02:30:00")),
            MappedLocalTime::Ambiguous(utc("2026-10-25T00:30:00Z"), utc("2026-10-25T01:30:00Z"))
        );
    }

    #[test]
    fn an_end_by_the_wall_clock_is_the_last_instant_that_shows_it() {
        let berlin = zone("Europe/Berlin");
        let end = |text: &str| berlin.instant_not_after(text.parse().expect("a wall clock"));
        assert_eq!(end("2026-07-01T12:00:00"), Some(utc("2026-07-01T10:00:00Z")));
        assert_eq!(end("2026-03-29T02:30:00"), Some(utc("2026-03-29T01:00:00Z")));
        assert_eq!(end("2026-10-25T02:30:00"), Some(utc("2026-10-25T01:30:00Z")));
    }

    #[test]
    fn a_change_is_found_to_the_second_and_only_within_the_bounds() {
        let berlin = zone("Europe/Berlin");
        let at = utc("2026-03-29T01:00:00Z");
        let change = Change {
            at,
            wall: "2026-03-29T03:00:00".parse().expect("a wall clock"),
        };
        let second = TimeDelta::seconds(1);
        assert_eq!(berlin.next_change(utc("2026-01-01T00:00:00Z"), at), Some(change));
        assert_eq!(berlin.next_change(at - second, at), Some(change));
        let fraction = TimeDelta::microseconds(1);
        assert_eq!(berlin.next_change(at - second, at + fraction), Some(change));
        assert_eq!(berlin.next_change(at - fraction, at + fraction), Some(change));
        assert_eq!(
            berlin.next_change(at - STEP * 40 - fraction, at + STEP),
            Some(change)
        );
        assert_eq!(berlin.next_change(utc("2026-01-01T00:00:00Z"), at - second), None);
        assert_eq!(berlin.next_change(at, utc("2026-10-25T00:59:59Z")), None);
        assert_eq!(
            Zone::default().next_change(utc("1970-01-01T00:00:00Z"), utc("2101-01-01T00:00:00Z")),
            None
        );
    }
}
