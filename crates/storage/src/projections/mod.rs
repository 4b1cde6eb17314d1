//! What is projected from the log.

pub(crate) mod checkpoint;
pub mod declaration;
mod feed;
mod rebuild;
pub mod register_index;
mod runner;
pub mod staff;

pub use checkpoint::Checkpoint;
pub use rebuild::{RebuildError, RebuildReport, rebuild};
pub use runner::{Caught, Duty, Now, Progress, Projection};
