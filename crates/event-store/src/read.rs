//! Reading the log.

use crate::database::DatabaseError;
use crate::keyring::KeyringError;
use crate::query::Position;

/// Why the log could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The log is not contiguous: someone has tampered with it or the disk has lost rows. Never skipped.
    #[error("ALARM: the log has no event at position {expected}, the next one is at {found:?}")]
    Gap {
        /// The position that must exist.
        expected: Position,
        /// The next one that was found.
        found: Option<Position>,
    },
    /// A row of the log cannot be understood.
    #[error("ALARM: the event at position {position} is damaged: {reason}")]
    Damaged {
        /// Its position.
        position: Position,
        /// What is wrong with it.
        reason: String,
    },
    /// The keys could not be read.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<sqlx::Error> for ReadError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Why a stream of events ended. Nothing was skipped: follow again from the last event seen.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct FollowError(#[from] pub ReadError);
