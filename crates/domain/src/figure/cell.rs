//! The cells in which declarations are counted.

use chrono::NaiveDate;

use super::{
    counted::{Counted, Month, Standing, StandingKind},
    span::Span,
};
use crate::{
    declaration::{Provenance, SizeClass},
    value::{Industry, Prefecture, Star},
    wire::wire_enum,
};

wire_enum! {
    /// By what declarations are told apart.
    Dimension {
        /// 都道府県.
        Prefecture = "prefecture",
        /// 業種.
        Industry = "industry",
        /// 企業規模.
        SizeClass = "size_class",
        /// The month in which they were declared.
        Declared = "declared",
        /// The month in which they were stopped; those that are live or replaced are in none.
        Stopped = "stopped",
    }
}

impl Dimension {
    /// Its number in tables. Never another one.
    pub const fn number(self) -> i16 {
        match self {
            Self::Prefecture => 1,
            Self::Industry => 2,
            Self::SizeClass => 3,
            Self::Declared => 4,
            Self::Stopped => 5,
        }
    }
}

/// What stands in the place of a value that is not known.
const UNKNOWN: i32 = 0;

/// A value of a dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Not known.
    Unknown,
    /// Of [`Dimension::Prefecture`].
    Prefecture(Prefecture),
    /// Of [`Dimension::Industry`].
    Industry(Industry),
    /// Of [`Dimension::SizeClass`].
    SizeClass(SizeClass),
    /// Of [`Dimension::Declared`] and [`Dimension::Stopped`].
    Month(Month),
}

impl Value {
    /// The value of a number in tables; `None` for a number that was never written.
    pub fn from_number(dimension: Dimension, number: i32) -> Option<Self> {
        if number == UNKNOWN {
            return Some(Self::Unknown);
        }
        match dimension {
            Dimension::Prefecture => Prefecture::from_code(&format!("{number:02}")).map(Self::Prefecture),
            Dimension::Industry => {
                let letter = u8::try_from(number).ok()?.checked_add(b'A' - 1)?;
                Industry::from_letter(char::from(letter)).map(Self::Industry)
            }
            Dimension::SizeClass => SizeClass::ALL
                .iter()
                .find(|class| size_number(**class) == number)
                .map(|class| Self::SizeClass(*class)),
            Dimension::Declared | Dimension::Stopped => Month::from_number(number).map(Self::Month),
        }
    }

    /// Its number in tables. Never another one.
    pub fn number(self) -> i32 {
        match self {
            Self::Unknown => UNKNOWN,
            Self::Prefecture(prefecture) => prefecture.code().parse().unwrap_or(UNKNOWN),
            // Letters A to T.
            Self::Industry(industry) => i32::try_from(u32::from(industry.letter())).unwrap_or(UNKNOWN) - 64,
            Self::SizeClass(class) => size_number(class),
            Self::Month(month) => month.number(),
        }
    }
}

const fn size_number(class: SizeClass) -> i32 {
    match class {
        SizeClass::Micro => 1,
        SizeClass::Sme => 2,
        SizeClass::Larger => 3,
        SizeClass::OtherBody => 4,
        SizeClass::Unknown => UNKNOWN,
    }
}

/// Declarations that are alike in one dimension and in what figures are narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// By what.
    pub dimension: Dimension,
    /// Which value of it.
    pub value: Value,
    /// How they stand.
    pub standing: StandingKind,
    /// Their star; `None`: it cannot be read.
    pub star: Option<Star>,
    /// How they came into the register.
    pub origin: Provenance,
}

impl Cell {
    /// The number of how declarations stand in tables. Never another one.
    pub const fn standing_number(self) -> i16 {
        match self.standing {
            StandingKind::Stopped => 0,
            StandingKind::Live => 1,
            StandingKind::Replaced => 2,
        }
    }

    /// The number of a star in tables. Never another one.
    pub const fn star_number(self) -> i16 {
        match self.star {
            None => 0,
            Some(Star::One) => 1,
            Some(Star::Two) => 2,
        }
    }

    /// The number of an origin in tables. Never another one.
    pub const fn origin_number(self) -> i16 {
        match self.origin {
            Provenance::Import => 1,
            Provenance::Legacy => 2,
            Provenance::Public => 3,
            Provenance::Staff => 4,
        }
    }

    /// The cell of numbers in tables; `None` for numbers that were never written.
    pub fn from_numbers(
        dimension: Dimension,
        value: i32,
        standing: i16,
        star: i16,
        origin: i16,
    ) -> Option<Self> {
        Some(Self {
            dimension,
            value: Value::from_number(dimension, value)?,
            standing: match standing {
                0 => StandingKind::Stopped,
                1 => StandingKind::Live,
                2 => StandingKind::Replaced,
                _ => return None,
            },
            star: match star {
                0 => None,
                1 => Some(Star::One),
                2 => Some(Star::Two),
                _ => return None,
            },
            origin: match origin {
                1 => Provenance::Import,
                2 => Provenance::Legacy,
                3 => Provenance::Public,
                4 => Provenance::Staff,
                _ => return None,
            },
        })
    }
}

impl Counted {
    /// The cells that it is in: one of each dimension, but only for a stopped one one of [`Dimension::Stopped`].
    pub fn cells(&self) -> impl Iterator<Item = Cell> + use<> {
        let counted = *self;
        let month = |month: Option<Month>| month.map_or(Value::Unknown, Value::Month);
        let stopped = match counted.standing {
            Standing::Live | Standing::Replaced => None,
            Standing::Stopped(on) => Some((Dimension::Stopped, month(on))),
        };
        let size = match counted.size {
            SizeClass::Unknown => Value::Unknown,
            class => Value::SizeClass(class),
        };
        [
            (
                Dimension::Prefecture,
                counted.prefecture.map_or(Value::Unknown, Value::Prefecture),
            ),
            (
                Dimension::Industry,
                counted.industry.map_or(Value::Unknown, Value::Industry),
            ),
            (Dimension::SizeClass, size),
            (Dimension::Declared, month(counted.declared)),
        ]
        .into_iter()
        .chain(stopped)
        .map(move |(dimension, value)| Cell {
            dimension,
            value,
            standing: counted.standing.kind(),
            star: counted.star,
            origin: counted.origin,
        })
    }
}

/// By how much each cell changes on which day for the sake of one declaration: the first day of each span takes it out of the cells of
/// the one before, and puts it into its own. A cell may be named twice for the same day.
pub fn changes(spans: &[Span], mut change: impl FnMut(NaiveDate, Cell, i64)) {
    let mut before: Option<&Counted> = None;
    for span in spans {
        for cell in before.into_iter().flat_map(Counted::cells) {
            change(span.from, cell, -1);
        }
        for cell in span.counted.iter().flat_map(Counted::cells) {
            change(span.from, cell, 1);
        }
        before = span.counted.as_ref();
    }
}
