//! What can go wrong with keys.

use std::path::PathBuf;

use crate::database::{DatabaseError, MigrateError};
use crate::event::SubjectId;

/// Why keys could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The person was forgotten and never gets a key again.
    #[error("the key of subject {} was destroyed", .0.0)]
    Destroyed(SubjectId),
    /// The wrapping key does not open what is stored.
    #[error("the key-encryption key does not belong to this keyring")]
    WrongKek,
    /// A stored key was wrapped by a key that is in none of the key files.
    #[error(
        "a key is wrapped by the key-encryption key {0}, which is in no key file; put it back beside the key file"
    )]
    KekMissing(String),
    /// A stored key is damaged.
    #[error("the stored key of subject {} is damaged", .0.0)]
    Damaged(SubjectId),
    /// The key tables could not be made.
    #[error("the key database: {0}")]
    Migrate(#[from] MigrateError),
    /// The key database does not answer.
    #[error("the key database: {0}")]
    Database(#[from] DatabaseError),
}

impl From<sqlx::Error> for KeyringError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Why the key-encryption key could not be loaded or made.
#[derive(Debug, thiserror::Error)]
pub enum KekError {
    /// The file cannot be read or written.
    #[error("the key file {path} cannot be used: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not a key.
    #[error("the key file {path} must hold exactly 32 bytes, it holds {found}")]
    Length {
        /// The file.
        path: PathBuf,
        /// Its length in bytes.
        found: usize,
    },
    /// Another key is being rotated to.
    #[error("{path} holds another next key: end that rotation first, with the key file that it began with")]
    OtherRotation {
        /// The file.
        path: PathBuf,
    },
    /// The old key of an earlier rotation was never put away.
    #[error(
        "{path} holds the key before the last rotation; move it to where the backups of that time are kept"
    )]
    PreviousInTheWay {
        /// The file.
        path: PathBuf,
    },
}
