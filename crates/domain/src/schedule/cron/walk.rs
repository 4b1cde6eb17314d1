//! From the wall clock to instants: the rule for clock changes.
//!
//! An expression with a `*` in its minute or hour says *how often*: it fires whenever the wall clock shows a time that fits, so
//! not at all in a gap, and in both passes of what is shown twice. Any other expression says *at what time*: each time fires
//! once a day, at the first pass of what is shown twice, and at the first instant after a gap when it lies in the gap. Times that
//! come to the same instant are one firing.

use std::iter::FusedIterator;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::CronExpression;
use crate::schedule::zone::{Change, Zone};

/// Nothing fires before: no wall clock is a day ahead, and its years begin with 1970.
const BEGIN: DateTime<Utc> = midnight(1969, 12, 31);
/// Nothing fires after: no wall clock is a day behind, and its years end with 2100.
const END: DateTime<Utc> = midnight(2101, 1, 2);

const fn midnight(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar");
    day.and_time(NaiveTime::MIN).and_utc()
}

const DAY: TimeDelta = TimeDelta::days(1);

/// How far ahead the clock changes of a zone are looked at for the shortest gap.
const LOOK_AHEAD: TimeDelta = TimeDelta::days(2 * 366);

impl CronExpression {
    /// The firings after one instant and until another, which is included. Each is later than the one before.
    pub fn between(&self, after: DateTime<Utc>, until: DateTime<Utc>, zone: Zone) -> Firings<'_> {
        Firings {
            expression: self,
            zone,
            after: whole_second(after),
            until: whole_second(until),
        }
    }

    /// The next firing; `None` when there is none until the end of 2100.
    pub fn next_after(&self, after: DateTime<Utc>, zone: Zone) -> Option<DateTime<Utc>> {
        self.between(after, END, zone).next()
    }

    /// The next so many firings; fewer when there are not so many until the end of 2100.
    pub fn next_n(&self, after: DateTime<Utc>, zone: Zone, n: usize) -> Vec<DateTime<Utc>> {
        self.between(after, END, zone).take(n).collect()
    }

    /// The shortest time between two firings: on the wall clock, and around the clock changes of two years to come. `None` when
    /// they are more than a day apart.
    pub fn shortest_gap(&self, from: DateTime<Utc>, zone: Zone) -> Option<TimeDelta> {
        let mut shortest = self.shortest_gap_on_the_wall();
        let mut from = from.clamp(BEGIN, END);
        let until = from + LOOK_AHEAD;
        while let Some(change) = zone.next_change(from, until) {
            let around: Vec<_> = self.between(change.at - DAY, change.at + DAY, zone).collect();
            let gaps = around.windows(2).map(|pair| pair[1] - pair[0]);
            shortest = shortest.into_iter().chain(gaps).min();
            from = change.at;
        }
        shortest
    }

    /// How many firings there are within a day or less: as many as times on the wall clock, unless the clock changes meanwhile,
    /// or was put back the day before, so that times may be shown for the second time.
    fn count_within(&self, after: DateTime<Utc>, until: DateTime<Utc>, zone: Zone) -> u32 {
        let offset = zone.offset(after);
        let shown_once = self.is_interval() || zone.offset(after - DAY) == offset;
        if shown_once && zone.offset(until) == offset {
            self.count_wall(after.naive_utc() + offset, until.naive_utc() + offset)
        } else if until - after > TimeDelta::hours(1) {
            let middle = whole_second(after + (until - after) / 2);
            self.count_within(after, middle, zone) + self.count_within(middle, until, zone)
        } else {
            // Not `count`, which would come back here.
            self.between(after, until, zone).map(|_| 1).sum()
        }
    }

    /// Whether it fires at the first instant after a change of the clock, when `next` is the first time that fits and would have
    /// come on the old clock.
    fn fires_at_change(&self, change: Change, next: NaiveDateTime) -> bool {
        if self.is_interval() {
            self.fits(change.wall)
        } else {
            // When the clock is put back, `next` is later than anything it showed and so later than what it shows now.
            next <= change.wall
        }
    }
}

/// An instant as firings are: in whole seconds, and within the years in which there are any.
fn whole_second(instant: DateTime<Utc>) -> DateTime<Utc> {
    let instant = instant.clamp(BEGIN, END);
    DateTime::from_timestamp(instant.timestamp(), 0).unwrap_or(instant)
}

/// Firings of an expression in a zone, in order: see [`CronExpression::between`].
///
/// The next one costs a look at the clock for each day until it. [`Iterator::count`] and [`Iterator::nth`], and so
/// [`Iterator::skip`], go by days and not by firings: ten years of a firing each minute take some milliseconds.
#[derive(Debug, Clone)]
pub struct Firings<'a> {
    expression: &'a CronExpression,
    zone: Zone,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Iterator for Firings<'_> {
    type Item = DateTime<Utc>;

    fn next(&mut self) -> Option<DateTime<Utc>> {
        loop {
            let offset = self.zone.offset(self.after);
            let wall = self.expression.wall_after(self.after.naive_utc() + offset)?;
            let due = (wall - offset).and_utc();
            if let Some(change) = self.zone.next_change(self.after, due.min(self.until)) {
                self.after = change.at;
                if self.expression.fires_at_change(change, wall) {
                    return Some(change.at);
                }
            } else if due > self.until {
                return None;
            } else {
                self.after = due;
                if self.expression.is_interval() || self.is_first(wall, due) {
                    return Some(due);
                }
            }
        }
    }

    fn nth(&mut self, n: usize) -> Option<DateTime<Utc>> {
        let mut left = n;
        while left > 0 && self.after < self.until {
            let until = self.end_of_piece();
            let count = self.expression.count_within(self.after, until, self.zone) as usize;
            if count > left {
                break;
            }
            left -= count;
            self.after = until;
        }
        for _ in 0..left {
            self.next()?;
        }
        self.next()
    }

    fn count(mut self) -> usize {
        let mut count = 0;
        while self.after < self.until {
            let until = self.end_of_piece();
            count += self.expression.count_within(self.after, until, self.zone) as usize;
            self.after = until;
        }
        count
    }
}

impl FusedIterator for Firings<'_> {}

impl Firings<'_> {
    fn end_of_piece(&self) -> DateTime<Utc> {
        self.until.min(self.after + DAY)
    }

    /// Whether the clock shows that time for the first time.
    fn is_first(&self, wall: NaiveDateTime, due: DateTime<Utc>) -> bool {
        self.zone
            .instants(wall)
            .earliest()
            .is_none_or(|first| first >= due)
    }
}
