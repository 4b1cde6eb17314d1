//! Why a register could not be moved.

use event_store::transfer::{Broken, LoadError};
use event_store::{DatabaseError, MigrateError, ReadError};
use storage::StorageError;
use storage::transfer::PutError;

use super::archive::ArchiveError;
use super::place::PlaceError;
use crate::random::NoRandomness;

/// Why a register could not be moved. The target is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// There is nothing to move.
    #[error("the source holds no register")]
    SourceEmpty,
    /// The target has rows already.
    #[error("the target holds a register already (table {table}); name an empty database or folder")]
    TargetNotEmpty {
        /// Where the rows are.
        table: &'static str,
    },
    /// The keys are not those of the wrapping key.
    #[error(
        "the key file is not the one that this register was made with; name the right one with --key-file"
    )]
    WrongKey,
    /// No keys came along, and none are in place.
    #[error(
        "the archive was made without keys, and there are none in place: put the keyring back first, then restore with --keep-keys"
    )]
    NoKeys,
    /// A log is never without the secret of its keyring.
    #[error("the keyring of the source is missing or empty; put keys.db beside its database first")]
    NoKeyring,
    /// What was written is not what was read.
    #[error("what was written is not what was read: {what} differs; nothing was kept")]
    Differs {
        /// Which part.
        what: String,
    },
    /// The rows ended before the last one; whoever gave them has the reason.
    #[error("the rows ended before the last one")]
    CutShort,
    /// A row does not belong into a log.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// A receipt belongs to no event.
    #[error("the log has {found} receipts, but its events belong to {expected} commands")]
    Receipts {
        /// How many there are.
        found: u64,
        /// How many there should be.
        expected: u64,
    },
    /// The archive cannot be written or read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The folder of the new SQLite files cannot be used.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// The log or the keyring of the target refused.
    #[error(transparent)]
    Load(LoadError),
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A projection refused an event.
    #[error("an event cannot be projected: {0}")]
    Project(String),
    /// An operational table cannot be read or written.
    #[error(transparent)]
    Put(#[from] PutError),
    /// The list of backups cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The schema could not be made.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// No random bytes for an id.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

impl From<LoadError> for TransferError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Broken(broken) => Self::Broken(broken),
            LoadError::Database(error) => Self::Database(error),
            other => Self::Load(other),
        }
    }
}
