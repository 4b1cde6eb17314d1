//! Figures as the console shows them.

use app::figure as read;
use async_graphql::{Enum, SimpleObject, Union};

use crate::declaration::enums::mirrored;
use crate::declaration::list::NotYet;
use crate::input::InvalidInput;
use crate::scalars::{Date, Position};

mirrored! {
    /// By what figures are split.
    FigureSplit = app::figure::SplitBy {
        /// The months in which declarations were declared and stopped.
        Month,
        /// 都道府県.
        Prefecture,
        /// 業種.
        Industry,
        /// 企業規模.
        SizeClass,
        /// 取組段階.
        Star,
        /// How declarations came into the register.
        Origin,
    }
}

/// How far figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum FigureState {
    /// They follow the log.
    Current,
    /// Much is still to be counted, as after an import.
    CatchingUp,
    /// Something cannot be counted; what came after it is missing.
    Stopped,
}

/// The outcome of asking for figures.
#[derive(Union)]
pub enum FiguresResult {
    /// They.
    Figures(Figures),
    /// What was asked has problems.
    Invalid(InvalidInput),
    /// They have not caught up.
    NotYet(NotYet),
}

/// Numbers of declarations on a day, by what they say on that day as far as it is known now.
#[derive(SimpleObject)]
pub struct Figures {
    /// The day.
    pub as_of: Date,
    /// Whether the day lies ahead: stops are planned ones then.
    pub planned: bool,
    /// The log is counted up to here.
    pub position: Position,
    /// How far they are.
    pub state: FigureState,
    /// Those that are live.
    pub live: FigureCounts,
    /// Those that are stopped.
    pub stopped: u64,
    /// Those whose place another declaration took: neither live nor stopped.
    pub replaced: u64,
    /// Live ones by the values of what they are split by; empty when split by month.
    pub rows: Vec<FigureRow>,
    /// The months; empty when split by something else.
    pub months: Vec<FigureMonth>,
}

/// How many declarations, and with how many stars.
#[derive(SimpleObject)]
pub struct FigureCounts {
    /// All of them.
    pub total: u64,
    /// ★.
    pub one: u64,
    /// ★★.
    pub two: u64,
    /// What was typed as their star cannot be read.
    pub unknown: u64,
}

/// One value of what figures are split by.
#[derive(SimpleObject)]
pub struct FigureRow {
    /// Code of a prefecture, letter of a division, or the name of an enum's value; null: it is not known.
    pub code: Option<String>,
    /// Its name in Japanese.
    pub name: String,
    /// Those that are live.
    pub live: FigureCounts,
}

/// A month.
#[derive(SimpleObject)]
pub struct FigureMonth {
    /// `YYYY-MM`; null: those whose day is not known.
    pub month: Option<String>,
    /// Declared in it, also those that are stopped by now.
    pub declared: u64,
    /// Stopped in it, of those that are stopped on the day.
    pub stopped: u64,
}

impl From<read::Figures> for Figures {
    fn from(figures: read::Figures) -> Self {
        Self {
            as_of: Date(figures.as_of),
            planned: figures.planned,
            position: Position(figures.position),
            state: match figures.state {
                read::FigureState::Current => FigureState::Current,
                read::FigureState::CatchingUp => FigureState::CatchingUp,
                read::FigureState::Stopped => FigureState::Stopped,
            },
            live: figures.live.into(),
            stopped: figures.stopped,
            replaced: figures.replaced,
            rows: figures.rows.into_iter().map(Into::into).collect(),
            months: figures.months.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<read::StarCounts> for FigureCounts {
    fn from(counts: read::StarCounts) -> Self {
        Self {
            total: counts.total,
            one: counts.one,
            two: counts.two,
            unknown: counts.unknown,
        }
    }
}

impl From<read::FigureRow> for FigureRow {
    fn from(row: read::FigureRow) -> Self {
        Self {
            code: row.code,
            name: row.name,
            live: row.live.into(),
        }
    }
}

impl From<read::FigureMonth> for FigureMonth {
    fn from(row: read::FigureMonth) -> Self {
        Self {
            month: row.month.map(|month| month.to_string()),
            declared: row.declared,
            stopped: row.stopped,
        }
    }
}
