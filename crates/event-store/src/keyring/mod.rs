//! Keys of persons: made before they are used, kept apart from the log, destroyed to forget.

mod error;
mod kek;
mod rotate;
pub(crate) mod rows;
mod seal;

use std::collections::{HashMap, HashSet};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use lru::LruCache;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::bytes::Writer;
use crate::database::{Database, DatabaseError, DatabaseOptions};
use crate::event::SubjectId;
use crate::personal::Keys;

pub use error::{KekError, KeyringError};
pub use kek::{KeyEncryptionKey, KeyEncryptionKeys, stage_next_key, switch_key_file};
pub use seal::UnsealError;

/// Keys held unwrapped in memory, at about 150 bytes each.
const CACHED: NonZeroUsize = NonZeroUsize::new(32_768).expect("not zero");

/// Pages of `keys.db` that a connection holds, in KiB: keys are small, and used ones are at hand unwrapped.
const PAGE_CACHE: u32 = 2_048;
/// The file of the keyring beside a SQLite file.
pub const KEYS_FILE: &str = "keys.db";

/// The secret of [`Keyring::keyed_hash`].
pub(crate) const HASH_SECRET: &str = "keyed-hash";

/// A subject's key, unwrapped.
pub(crate) struct SubjectKey {
    pub(crate) id: Uuid,
    pub(crate) bytes: Zeroizing<[u8; 32]>,
}

/// The keys of all subjects, wrapped by one key-encryption key, or by two while it is rotated. Cloning shares it.
///
/// A process that has used a key may hold it in memory after another process destroyed it, until it is told by
/// [`Keyring::destroy_all`]: whoever forgets says so in the log, and every process follows it.
#[derive(Clone)]
pub struct Keyring(Arc<Inner>);

struct Inner {
    database: Database,
    encryption_keys: KeyEncryptionKeys,
    secret: Zeroizing<[u8; 32]>,
    cache: Mutex<Cache>,
}

/// Keys at hand, and the subjects whose keys were destroyed while this process ran: somebody who read such a key a moment
/// before must not put it back.
struct Cache {
    keys: LruCache<SubjectId, Arc<SubjectKey>>,
    destroyed: HashSet<SubjectId>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keyring(..)")
    }
}

/// The database of the keyring beside a database.
pub(crate) async fn database_beside(database: &Database) -> Result<Database, DatabaseError> {
    database.open_beside(KEYS_FILE, PAGE_CACHE).await
}

/// The database of a keyring that has one of its own.
pub(crate) async fn database_at(url: &str) -> Result<Database, DatabaseError> {
    let few = DatabaseOptions {
        connections: 2,
        page_cache: PAGE_CACHE,
        ..DatabaseOptions::default()
    };
    Database::open_with(url, few).await
}

impl Keyring {
    /// Opens the keyring beside a database: [`KEYS_FILE`] in the same folder, or the schema `sengen_keys`.
    pub async fn open_beside(
        database: &Database,
        encryption_keys: impl Into<KeyEncryptionKeys>,
    ) -> Result<Self, KeyringError> {
        Self::open_in(database_beside(database).await?, encryption_keys.into()).await
    }

    /// Opens the keyring in a database of its own, `sqlite:PATH` or `postgres://…` (there in schema `sengen_keys`).
    pub async fn open(
        url: &str,
        encryption_keys: impl Into<KeyEncryptionKeys>,
    ) -> Result<Self, KeyringError> {
        Self::open_in(database_at(url).await?, encryption_keys.into()).await
    }

    async fn open_in(database: Database, encryption_keys: KeyEncryptionKeys) -> Result<Self, KeyringError> {
        database.migrate_keys().await?;
        let secret = rows::secret(&database, &encryption_keys).await?;
        let cache = Mutex::new(Cache {
            keys: LruCache::new(CACHED),
            destroyed: HashSet::new(),
        });
        Ok(Self(Arc::new(Inner {
            database,
            encryption_keys,
            secret,
            cache,
        })))
    }

    /// Makes the keys that are missing, durably, in one transaction. Thousands at once are fine.
    ///
    /// [`EventStore::append`](crate::EventStore::append) does it for what it seals; an import that does it beforehand
    /// for a thousand rows saves a commit per row.
    pub async fn ensure(&self, subjects: &[SubjectId]) -> Result<(), KeyringError> {
        self.sealing(subjects).await.map(|_| ())
    }

    /// The keys of these subjects, made where they are missing.
    pub(crate) async fn sealing(&self, subjects: &[SubjectId]) -> Result<Keys, KeyringError> {
        let (mut keys, unknown) = self.cached(subjects);
        if !unknown.is_empty() {
            let made = rows::ensure(&self.0.database, &self.0.encryption_keys, &unknown).await?;
            self.remember(&made);
            keys.extend(made);
        }
        Ok(keys)
    }

    /// The keys of these subjects that exist.
    pub(crate) async fn opening(&self, subjects: &[SubjectId]) -> Result<Keys, KeyringError> {
        let (mut keys, unknown) = self.cached(subjects);
        if !unknown.is_empty() {
            let found = rows::existing(&self.0.database, &self.0.encryption_keys, &unknown).await?;
            self.remember(&found);
            keys.extend(found);
        }
        Ok(keys)
    }

    /// The same for somebody who asks for each once: what others use stays in the memory of this process.
    pub(crate) async fn opening_once(&self, subjects: &[SubjectId]) -> Result<Keys, KeyringError> {
        let mut subjects = subjects.to_vec();
        subjects.sort_unstable();
        subjects.dedup();
        rows::existing(&self.0.database, &self.0.encryption_keys, &subjects).await
    }

    /// Destroys a subject's key for ever: what was sealed under it reads as redacted, and it never gets another.
    pub async fn destroy(&self, subject: SubjectId) -> Result<(), KeyringError> {
        self.destroy_all(&[subject]).await.map(|_| ())
    }

    /// Destroys the keys of these subjects in one transaction, in the table and in the memory of this process. Says how
    /// many had not been destroyed before: calling it again does nothing.
    ///
    /// The bytes are gone from the files after [`Keyring::scrub`].
    pub async fn destroy_all(&self, subjects: &[SubjectId]) -> Result<u64, KeyringError> {
        self.drop_from_memory(subjects);
        rows::destroy(&self.0.database, subjects).await
    }

    fn drop_from_memory(&self, subjects: &[SubjectId]) {
        let mut cache = self.cache();
        for subject in subjects {
            cache.keys.pop(subject);
            cache.destroyed.insert(*subject);
        }
    }

    /// Clears the space that destroyed keys have left in the files of the keyring: on SQLite the write-ahead log is folded in
    /// and cut, on PostgreSQL the table is written anew, during which nobody else can read keys. `false`: a reader was in the
    /// way; try again.
    pub async fn scrub(&self) -> Result<bool, KeyringError> {
        let database = &self.0.database;
        let is_written_anew = database.write_anew(rows::TO_SCRUB).await?;
        Ok(is_written_anew && database.fold_wal().await?)
    }

    /// Closes the connections of the keyring; on SQLite this also folds its write-ahead log into the file.
    pub async fn close(&self) {
        self.0.database.close().await;
    }

    /// HMAC-SHA256 under a secret of this keyring; the same on every start. `label` says what it is for.
    pub fn keyed_hash(&self, label: &str, bytes: &[u8]) -> [u8; 32] {
        let mut framed = Writer::new(label.len() + 4);
        framed.text(label);
        // HMAC fills a key up to its block of 64 bytes with zeros; done here, no length can be wrong.
        let mut key = Zeroizing::new([0; 64]);
        key[..32].copy_from_slice(self.0.secret.as_ref());
        let mut mac = Hmac::<Sha256>::new(&(*key).into());
        mac.update(&framed.finish());
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }

    /// What is at hand, and what is not (each once).
    fn cached(&self, subjects: &[SubjectId]) -> (Keys, Vec<SubjectId>) {
        let mut keys = HashMap::with_capacity(subjects.len());
        let mut unknown = Vec::new();
        let mut cache = self.cache();
        for subject in subjects {
            match cache.keys.get(subject) {
                Some(key) => {
                    keys.insert(*subject, Arc::clone(key));
                }
                None => unknown.push(*subject),
            }
        }
        unknown.sort_unstable();
        unknown.dedup();
        (keys, unknown)
    }

    fn remember(&self, keys: &Keys) {
        let mut cache = self.cache();
        for (subject, key) in keys {
            if !cache.destroyed.contains(subject) {
                cache.keys.put(*subject, Arc::clone(key));
            }
        }
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        // A cache that a panic left half-filled is still a cache.
        self.0.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
