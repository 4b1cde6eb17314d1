//! Keys of persons: made before they are used, kept apart from the log, destroyed to forget.

mod error;
mod kek;
pub(crate) mod rows;

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use lru::LruCache;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::bytes::Writer;
use crate::database::{Database, DatabaseError, DatabaseOptions, SqliteDatabase};
use crate::event::SubjectId;
use crate::personal::Keys;

pub use error::{KekError, KeyringError};
pub use kek::KeyEncryptionKey;

/// Keys held unwrapped in memory, at about 150 bytes each.
const CACHED: NonZeroUsize = NonZeroUsize::new(32_768).expect("not zero");

/// The file of the keyring beside a SQLite file.
pub const KEYS_FILE: &str = "keys.db";

/// The secret of [`Keyring::keyed_hash`].
pub(crate) const HASH_SECRET: &str = "keyed-hash";

/// A subject's key, unwrapped.
pub(crate) struct SubjectKey {
    pub(crate) id: Uuid,
    pub(crate) bytes: Zeroizing<[u8; 32]>,
}

/// The keys of all subjects, wrapped by one key-encryption key. Cloning shares it.
///
/// A process that has used a key may hold it in memory after another process destroyed it, until it is restarted or
/// the key is pushed out of its cache.
#[derive(Clone)]
pub struct Keyring(Arc<Inner>);

struct Inner {
    database: Database,
    kek: KeyEncryptionKey,
    secret: Zeroizing<[u8; 32]>,
    cache: Mutex<LruCache<SubjectId, Arc<SubjectKey>>>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keyring(..)")
    }
}

/// The database of the keyring beside a database.
pub(crate) async fn database_beside(database: &Database) -> Result<Database, DatabaseError> {
    Ok(match database {
        Database::Sqlite(sqlite) => {
            let path = sqlite.path().with_file_name(KEYS_FILE);
            Database::Sqlite(SqliteDatabase::open(&path, sqlite.options().clone(), true).await?)
        }
        Database::Postgres(_) => database.clone(),
    })
}

impl Keyring {
    /// Opens the keyring beside a database: [`KEYS_FILE`] in the same folder, or the schema `sengen_keys`.
    pub async fn open_beside(database: &Database, kek: KeyEncryptionKey) -> Result<Self, KeyringError> {
        let keys = database_beside(database).await?;
        Self::open_in(keys, kek).await
    }

    /// Opens the keyring in a database of its own, `sqlite:PATH` or `postgres://…` (there in schema `sengen_keys`).
    pub async fn open(url: &str, kek: KeyEncryptionKey) -> Result<Self, KeyringError> {
        let database = match url.strip_prefix("sqlite:") {
            Some(path) => {
                let path = std::path::Path::new(path.trim_start_matches("//"));
                Database::Sqlite(SqliteDatabase::open(path, DatabaseOptions::default(), true).await?)
            }
            None => Database::open(url).await?,
        };
        Self::open_in(database, kek).await
    }

    async fn open_in(database: Database, kek: KeyEncryptionKey) -> Result<Self, KeyringError> {
        database.migrate_keys().await?;
        let secret = rows::secret(&database, &kek, HASH_SECRET).await?;
        let cache = Mutex::new(LruCache::new(CACHED));
        Ok(Self(Arc::new(Inner {
            database,
            kek,
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
            let made = rows::ensure(&self.0.database, &self.0.kek, &unknown).await?;
            self.remember(&made);
            keys.extend(made);
        }
        Ok(keys)
    }

    /// The keys of these subjects that exist.
    pub(crate) async fn opening(&self, subjects: &[SubjectId]) -> Result<Keys, KeyringError> {
        let (mut keys, unknown) = self.cached(subjects);
        if !unknown.is_empty() {
            let found = rows::existing(&self.0.database, &self.0.kek, &unknown).await?;
            self.remember(&found);
            keys.extend(found);
        }
        Ok(keys)
    }

    /// Destroys a subject's key for ever: what was sealed under it reads as redacted, and it never gets another.
    pub async fn destroy(&self, subject: SubjectId) -> Result<(), KeyringError> {
        rows::destroy(&self.0.database, &self.0.kek, subject).await?;
        self.cache().pop(&subject);
        Ok(())
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
            match cache.get(subject) {
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
            cache.put(*subject, Arc::clone(key));
        }
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, LruCache<SubjectId, Arc<SubjectKey>>> {
        // A cache that a panic left half-filled is still a cache.
        self.0.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
