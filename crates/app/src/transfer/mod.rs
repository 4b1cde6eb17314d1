//! Moving a whole register: into another database, into one file, and out of it again.
//!
//! Everything moves as rows in one order: events, receipts, operational tables, keys. A database and an archive give
//! them (`source`, `archive`), a database and an archive take them (`fill`, `archive`), and [`Summary`] says in a few
//! lines what they were, so that two registers can be compared without holding either in memory. Projections do not
//! move; they are computed from the log.

mod archive;
mod backup;
mod copy;
mod error;
mod fill;
mod item;
mod place;
mod restore;
mod source;
mod summary;

pub use archive::{Archive, ArchiveError, Manifest};
pub use backup::{BackupOptions, backup, drop_expired, holding_keys};
pub use copy::copy;
pub use error::TransferError;
pub use fill::{KeptKeys, TargetOptions};
pub use place::{PlaceError, is_interrupted};
pub use restore::restore;
pub use summary::{Content, Summary};

/// What long work is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The archive is looked through; counted in KiB.
    Checking,
    /// Rows are moved; counted in events.
    Moving,
    /// What was written is read back; counted in events.
    Comparing,
    /// What must not be behind the log is projected; counted in events.
    Projecting,
}

/// Hears how far long work is: the step, what is done of it, and how much it has.
pub type Tell<'t> = &'t dyn Fn(Step, u64, u64);
