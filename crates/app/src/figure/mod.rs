//! Figures of the register on a day: how many declarations are live, of which kind, and in which months they were declared and stopped.

mod read;
mod sheet;

pub use read::{FigureError, FigureMonth, FigureQuery, FigureRow, FigureState, Figures, SplitBy, StarCounts};
pub use sheet::figure_sheet;
