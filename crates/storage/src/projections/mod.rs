//! What is projected from the log.

pub mod calendar;
pub(crate) mod checkpoint;
pub mod declaration;
mod feed;
mod rebuild;
pub mod register_index;
mod runner;
pub mod staff;

pub use checkpoint::Checkpoint;
pub(crate) use rebuild::hold_rebuild;
pub use rebuild::{
    Comparison, Difference, Differing, RebuildError, RebuildOptions, RebuildReport, drop_old, rebuild,
    rebuild_with,
};
pub use runner::{Caught, Duty, Now, Progress, Projection};
