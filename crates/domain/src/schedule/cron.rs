//! Cron expressions: the one module over the `cron` crate.
//!
//! Taken as it is the crate surprises: it wants a field for seconds, counts weekdays from 1 = Sunday, fires on days that fit
//! both the day of the month and the weekday, leaves out what falls into a gap of the wall clock and fires twice where the
//! clock is put back. So we read the fields ourselves, hand values over, let it walk a wall clock that is never put forward
//! or back, and map that to instants by our own rule (see [`walk`]).

mod error;
mod field;
mod walk;

use std::{fmt, ops::RangeInclusive, str::FromStr};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

use self::field::Values;
pub use self::{error::CronError, field::CronField, walk::Firings};

/// When something fires, in five fields: minute, hour, day of month, month, weekday. Never more often than once a minute, and
/// not after 2100.
///
/// A field is `*`, a value, a range `a-b`, either `*` or a range with a step `/n`, or a list of these. Months and weekdays have
/// English names as well; 0 and 7 are Sunday. `@hourly`, `@daily` (`@midnight`), `@weekly` (Sunday at 00:00), `@monthly` and
/// `@yearly` (`@annually`) are short for such fields. Its text is kept as typed, with single spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CronExpression {
    text: String,
    minutes: Values,
    hours: Values,
    days: Values,
    months: Values,
    weekdays: Values,
    schedule: ::cron::Schedule,
}

/// The years that the crate walks through.
const YEARS: RangeInclusive<i32> = 1970..=2100;

/// The most characters of an expression.
const LONGEST: usize = 200;

const SHORTHANDS: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

impl FromStr for CronExpression {
    type Err = CronError;

    fn from_str(typed: &str) -> Result<Self, CronError> {
        let length = typed.chars().count();
        if length > LONGEST {
            let max = LONGEST;
            return Err(CronError::TooLong { length, max });
        }
        if let Some(character) = typed.chars().find(|c| c.is_control() && *c != '\t') {
            return Err(CronError::Control { character });
        }
        let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        let fields: Vec<&str> = written_out(&text)?.split(' ').collect();
        let [minute, hour, day, month, weekday] = fields[..] else {
            return Err(match fields.len() {
                found @ (6 | 7) => CronError::SecondsOrYears { found },
                1 if text.is_empty() => CronError::FieldCount { found: 0 },
                found => CronError::FieldCount { found },
            });
        };
        let minutes = Values::read(CronField::Minute, minute)?;
        let hours = Values::read(CronField::Hour, hour)?;
        let days = Values::read(CronField::DayOfMonth, day)?;
        let months = Values::read(CronField::Month, month)?;
        let weekdays = Values::read(CronField::Weekday, weekday)?;
        if days.is_restricted() && weekdays.is_restricted() {
            return Err(CronError::DayAndWeekday);
        }
        let first_day = days.iter().next().unwrap_or(1);
        if !months.iter().any(|month| first_day <= longest_month(month)) {
            return Err(CronError::NeverFires { day: first_day });
        }
        let spelled = [minutes, hours, days, months, weekdays].map(Values::spelled_out);
        let schedule = format!("0 {}", spelled.join(" "))
            .parse()
            .expect("lists of values within their range are read");
        Ok(Self {
            text,
            minutes,
            hours,
            days,
            months,
            weekdays,
            schedule,
        })
    }
}

/// The five fields that a shorthand is short for; any other text as it is.
fn written_out(text: &str) -> Result<&str, CronError> {
    if !text.starts_with('@') {
        return Ok(text);
    }
    let known = SHORTHANDS
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(text));
    known
        .map(|(_, fields)| *fields)
        .ok_or_else(|| CronError::UnknownShorthand {
            text: text.to_owned(),
        })
}

const fn longest_month(month: u32) -> u32 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for CronExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The wall clock alone: it is never put forward or back here.
impl CronExpression {
    /// Whether the minute or the hour has a `*`: then it says how often, else at what time.
    pub fn is_interval(&self) -> bool {
        self.minutes.star || self.hours.star
    }

    /// The first time after this one that fits; `None` when there is none until the end of 2100.
    fn wall_after(&self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        let next: Option<DateTime<Utc>> = self.schedule.after(&wall.and_utc()).next();
        next.map(|next| next.naive_utc())
    }

    fn fits(&self, wall: NaiveDateTime) -> bool {
        self.schedule.includes(wall.and_utc())
    }

    fn fits_day(&self, day: NaiveDate) -> bool {
        YEARS.contains(&day.year())
            && self.months.contains(day.month())
            && self.days.contains(day.day())
            && self.weekdays.contains(day.weekday().num_days_from_sunday())
    }

    /// How many times fit after one and until another, which is a day later at most.
    fn count_wall(&self, after: NaiveDateTime, until: NaiveDateTime) -> u32 {
        let of_day = |wall: NaiveDateTime, times: u32| if self.fits_day(wall.date()) { times } else { 0 };
        let before = of_day(after, self.times_to(after.time()));
        let to_the_end = of_day(until, self.times_to(until.time()));
        if after.date() == until.date() {
            to_the_end - before
        } else {
            of_day(after, self.hours.count() * self.minutes.count()) - before + to_the_end
        }
    }

    /// How many times fit in a day that fits, until this time.
    fn times_to(&self, time: NaiveTime) -> u32 {
        let hour = time.hour();
        let whole_hours = self.hours.count_to(hour) - u32::from(self.hours.contains(hour));
        let this_hour = if self.hours.contains(hour) {
            self.minutes.count_to(time.minute())
        } else {
            0
        };
        whole_hours * self.minutes.count() + this_hour
    }

    /// The shortest time between two that fit; `None` when they are more than a day apart.
    fn shortest_gap_on_the_wall(&self) -> Option<TimeDelta> {
        let minutes = |hour| self.minutes.iter().map(move |minute| hour * 60 + minute);
        let times: Vec<u32> = self.hours.iter().flat_map(minutes).collect();
        let within = times.windows(2).map(|pair| pair[1] - pair[0]).min();
        // Four years hold every pair of neighbouring days that an expression can tell apart.
        let mut days = NaiveDate::default().iter_days().take(4 * 366);
        let neighbours =
            days.any(|day| self.fits_day(day) && day.succ_opt().is_some_and(|next| self.fits_day(next)));
        let across = match (times.first(), times.last()) {
            (Some(first), Some(last)) if neighbours => Some(24 * 60 + first - last),
            _ => None,
        };
        within
            .into_iter()
            .chain(across)
            .min()
            .map(|gap| TimeDelta::minutes(gap.into()))
    }
}
