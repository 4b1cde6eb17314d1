//! What is counted of a declaration.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::{
    declaration::{Provenance, SizeClass},
    value::{Industry, Prefecture, Star},
};

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    /// 1 to 12.
    month: u8,
}

impl Month {
    /// That of a day. Years beyond four digits count as the last or the first of them: nothing was declared in them.
    pub fn of(day: NaiveDate) -> Self {
        Self {
            year: day.year().clamp(1, 9_999),
            // A month of the calendar.
            month: u8::try_from(day.month()).unwrap_or(1),
        }
    }

    /// As a number that is read as it is written, `202605`.
    pub fn number(self) -> i32 {
        self.year * 100 + i32::from(self.month)
    }

    /// The month of such a number.
    pub fn from_number(number: i32) -> Option<Self> {
        let (year, month) = (number / 100, u8::try_from(number % 100).ok()?);
        ((1..=9_999).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        match self.month {
            12 => Self {
                year: self.year + 1,
                month: 1,
            },
            month => Self {
                year: self.year,
                month: month + 1,
            },
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Whether a declaration is live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It is.
    Live,
    /// Another declaration took its place: it is not live, and nobody stopped it.
    Replaced,
    /// It was stopped in this month; `None` when nobody knows the day.
    Stopped(Option<Month>),
}

impl Standing {
    /// Which it is.
    pub const fn kind(self) -> StandingKind {
        match self {
            Self::Live => StandingKind::Live,
            Self::Replaced => StandingKind::Replaced,
            Self::Stopped(_) => StandingKind::Stopped,
        }
    }
}

/// [`Standing`] without a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StandingKind {
    /// It is live.
    Live,
    /// Another declaration took its place.
    Replaced,
    /// It was stopped.
    Stopped,
}

/// What is counted of a declaration on a day. Nothing of it is about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Whether it is live.
    pub standing: Standing,
    /// 取組段階; `None` where what was typed cannot be read, as with the others.
    pub star: Option<Star>,
    /// 都道府県.
    pub prefecture: Option<Prefecture>,
    /// 業種.
    pub industry: Option<Industry>,
    /// 企業規模.
    pub size: SizeClass,
    /// How it came into the register.
    pub origin: Provenance,
    /// The month in which it was declared; `None` when nobody knows the day.
    pub declared: Option<Month>,
}
