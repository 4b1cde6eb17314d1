//! Figures of the register for any day: a table of changes, which are added up.
//!
//! A projection of its own, in the background, with its own checkpoint. What is added for an event is what is counted of its declaration with
//! the event less what was counted of it without; both are folded from the log (`domain::figure`), so a back-dated correction changes the
//! days that it is about and no others. Nobody leads: who moves the checkpoint from where he found it has added what lies between, and
//! everybody else's work is thrown away.

mod count;
mod read;
mod rebuild;
mod runner;
mod write;

pub use read::{FigureCell, FigureSheet, Figures};
pub use rebuild::{FigureReport, RebuildFiguresError, rebuild, rebuild_with};
pub use runner::FigureProjection;

/// The name of this projection in `projection_checkpoint`.
pub(crate) const NAME: &str = "figures";
/// Of the counting code. Raise it when what is counted changes: the next start then mends the rows.
pub(crate) const VERSION: i64 = 1;
