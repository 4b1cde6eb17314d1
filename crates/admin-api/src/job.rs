//! Work that runs by itself: looking at it, stopping it, giving it another chance.

pub mod cancel;
pub mod outcome;
pub mod query;
pub mod resume;
pub mod types;
