//! One field of an expression, as people write it.

use std::fmt;

use super::error::CronError;
use crate::schedule::is_number;

/// A field of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CronField {
    /// 0 to 59.
    Minute,
    /// 0 to 23.
    Hour,
    /// 1 to 31.
    DayOfMonth,
    /// 1 to 12, or JAN to DEC.
    Month,
    /// 0 to 7, or SUN to SAT. Both 0 and 7 are Sunday.
    Weekday,
}

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];

/// From Sunday, which is 0.
pub(super) const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

impl CronField {
    /// The fields in the order in which they are written.
    pub const ALL: [Self; 5] = [
        Self::Minute,
        Self::Hour,
        Self::DayOfMonth,
        Self::Month,
        Self::Weekday,
    ];

    /// The smallest value.
    pub const fn min(self) -> u32 {
        match self {
            Self::Minute | Self::Hour | Self::Weekday => 0,
            Self::DayOfMonth | Self::Month => 1,
        }
    }

    /// The largest value that may be written.
    pub const fn max(self) -> u32 {
        match self {
            Self::Minute => 59,
            Self::Hour => 23,
            Self::DayOfMonth => 31,
            Self::Month => 12,
            Self::Weekday => 7,
        }
    }

    /// What `*` stands for. Sunday is in it once.
    fn every(self) -> (u32, u32) {
        match self {
            Self::Weekday => (0, 6),
            _ => (self.min(), self.max()),
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Month => &MONTHS,
            Self::Weekday => &WEEKDAYS,
            _ => &[],
        }
    }

    /// For the message of an error.
    pub(super) const fn wants(self) -> &'static str {
        match self {
            Self::Month | Self::Weekday => "*, numbers or names in English, ranges or lists of them,",
            _ => "*, numbers, ranges or lists of them,",
        }
    }

    /// For the message of an error.
    pub(in crate::schedule) const fn example(self) -> &'static str {
        match self {
            Self::Minute => "0, */15 or 0,30",
            Self::Hour => "9, */2 or 9-17",
            Self::DayOfMonth => "1, 1-7 or 1,15",
            Self::Month => "4, JAN-MAR or 1,7",
            Self::Weekday => "1, MON-FRI or SAT,SUN",
        }
    }

    /// For the message of an error: what `5/15` may have meant.
    pub(in crate::schedule) const fn stepped(self) -> &'static str {
        match self {
            Self::Minute => "5-59/15",
            Self::Hour => "9-23/2",
            Self::DayOfMonth => "1-31/10",
            Self::Month => "1-12/3",
            Self::Weekday => "1-5/2",
        }
    }
}

impl fmt::Display for CronField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::DayOfMonth => "day of month",
            Self::Month => "month",
            Self::Weekday => "weekday",
        })
    }
}

/// What a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Values {
    field: CronField,
    /// Bit n: the value n is in it. Sunday is 0.
    bits: u64,
    /// Whether a `*`, with or without a step, is in it.
    pub(super) star: bool,
}

impl Values {
    /// Reads one field.
    pub(super) fn read(field: CronField, text: &str) -> Result<Self, CronError> {
        let mut values = Self {
            field,
            bits: 0,
            star: false,
        };
        for part in text.split(',') {
            values.take(part, text)?;
        }
        if field == CronField::Weekday && values.contains(7) {
            values.bits = (values.bits & !(1 << 7)) | 1;
        }
        Ok(values)
    }

    /// Takes in one part of the list `text`.
    fn take(&mut self, part: &str, text: &str) -> Result<(), CronError> {
        let field = self.field;
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(read_step(field, step, text)?)),
            None => (part, None),
        };
        let (first, last) = if range == "*" {
            self.star = true;
            field.every()
        } else if let Some((first, last)) = range.split_once('-') {
            read_range(field, first, last, text)?
        } else {
            let value = read_value(field, range, text)?;
            if step.is_some() {
                let text = part.to_owned();
                return Err(CronError::StepAfterValue { field, text });
            }
            (value, value)
        };
        for value in (first..=last).step_by(step.unwrap_or(1)) {
            self.bits |= 1 << value;
        }
        Ok(())
    }

    pub(super) const fn contains(self, value: u32) -> bool {
        self.bits & (1 << value) != 0
    }

    /// In ascending order.
    pub(super) fn iter(self) -> impl Iterator<Item = u32> {
        (0..=self.field.max()).filter(move |value| self.contains(*value))
    }

    pub(super) const fn count(self) -> u32 {
        self.bits.count_ones()
    }

    /// How many are at most this.
    pub(super) const fn count_to(self, value: u32) -> u32 {
        (self.bits & (u64::MAX >> (63 - value))).count_ones()
    }

    fn is_full(self) -> bool {
        let (first, last) = self.field.every();
        (first..=last).all(|value| self.contains(value))
    }

    /// Whether it leaves anything out, or names all there is instead of writing `*`, which programs read in different ways.
    pub(super) fn is_restricted(self) -> bool {
        !(self.star && self.is_full())
    }

    /// For the crate that iterates: `*`, or each value by its number or, for weekdays, by its name.
    pub(super) fn spelled_out(self) -> String {
        if self.is_full() {
            return "*".to_owned();
        }
        let spell = |value: u32| match self.field {
            CronField::Weekday => WEEKDAYS[value as usize].to_owned(),
            _ => value.to_string(),
        };
        self.iter().map(spell).collect::<Vec<_>>().join(",")
    }
}

fn read_step(field: CronField, step: &str, text: &str) -> Result<usize, CronError> {
    if !is_number(step) {
        return Err(unreadable(field, text));
    }
    let max = field.max();
    match step.parse::<u32>() {
        Ok(0) => Err(CronError::ZeroStep { field }),
        Ok(number) if number <= max => Ok(number as usize),
        _ => Err(CronError::LongStep {
            field,
            step: step.to_owned(),
            max,
        }),
    }
}

/// Both ends, the first not after the last. A range that ends with the name of Sunday ends the week with it.
fn read_range(field: CronField, first: &str, last: &str, text: &str) -> Result<(u32, u32), CronError> {
    let from = read_value(field, first, text)?;
    let to = match read_value(field, last, text)? {
        0 if field == CronField::Weekday && from > 0 && !is_number(last) => 7,
        to => to,
    };
    if from > to {
        let range = format!("{first}-{last}");
        return Err(CronError::ReversedRange { field, range });
    }
    Ok((from, to))
}

fn read_value(field: CronField, value: &str, text: &str) -> Result<u32, CronError> {
    if is_number(value) {
        let (min, max) = (field.min(), field.max());
        return match value.parse() {
            Ok(number) if (min..=max).contains(&number) => Ok(number),
            _ => Err(CronError::OutOfRange {
                field,
                value: value.to_owned(),
                min,
                max,
            }),
        };
    }
    let found = (field.min()..)
        .zip(field.names())
        .find(|(_, name)| name.eq_ignore_ascii_case(value));
    found
        .map(|(number, _)| number)
        .ok_or_else(|| unreadable(field, text))
}

fn unreadable(field: CronField, text: &str) -> CronError {
    CronError::Unreadable {
        field,
        text: text.to_owned(),
    }
}
