//! Keys of persons: made before they are used, kept apart from the log, destroyed to forget.

mod error;
mod kek;

use crate::database::Database;
use crate::event::SubjectId;

pub use error::{KekError, KeyringError};
pub use kek::KeyEncryptionKey;

/// The keys of all subjects, wrapped by one key-encryption key. Cloning shares it.
#[derive(Clone)]
pub struct Keyring {
    _database: Database,
}

impl Keyring {
    /// Opens the keyring beside a database: `keys.db` in the same folder, or the schema `sengen_keys`.
    pub async fn open_beside(_database: &Database, _kek: KeyEncryptionKey) -> Result<Self, KeyringError> {
        unimplemented!("lands with the key tables")
    }

    /// Opens the keyring in a database of its own.
    pub async fn open(_url: &str, _kek: KeyEncryptionKey) -> Result<Self, KeyringError> {
        unimplemented!("lands with the key tables")
    }

    /// Makes the keys that are missing, durably, in one transaction. Thousands at once are fine.
    pub async fn ensure(&self, _subjects: &[SubjectId]) -> Result<(), KeyringError> {
        unimplemented!("lands with the key tables")
    }

    /// Destroys a subject's key for ever: what was sealed under it reads as redacted, and it never gets another.
    pub async fn destroy(&self, _subject: SubjectId) -> Result<(), KeyringError> {
        unimplemented!("lands with the key tables")
    }

    /// HMAC-SHA256 under a secret of this keyring; the same on every start. `label` says what it is for.
    pub fn keyed_hash(&self, _label: &str, _bytes: &[u8]) -> [u8; 32] {
        unimplemented!("lands with the key tables")
    }
}
