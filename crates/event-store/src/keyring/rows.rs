//! The key tables: set-based, a thousand subjects are one statement.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{HASH_SECRET, KeyEncryptionKey, KeyEncryptionKeys, KeyringError, SubjectKey};
use crate::database::{Connection, Database, EngineMut, Sql, TableToScrub};
use crate::event::SubjectId;
use crate::personal::Keys;
use crate::{each_engine, table_to_scrub};

/// The time of key rows is the database's: it is for operators and decides nothing.
const DESTROY: Sql = Sql {
    sqlite: "INSERT INTO subject_key (subject_id, key_id, wrapped, wrapped_by, created_at, destroyed_at)
             SELECT unhex(value), randomblob(16), NULL, '', instant, instant
             FROM json_each($1), (SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER) AS instant) WHERE true
             ON CONFLICT (subject_id) DO UPDATE SET wrapped = NULL, destroyed_at = excluded.destroyed_at
             WHERE destroyed_at IS NULL",
    postgres: "INSERT INTO sengen_keys.subject_key AS old
                 (subject_id, key_id, wrapped, wrapped_by, created_at, destroyed_at)
               SELECT subject_id, gen_random_uuid(), NULL, '', instant, instant
               FROM unnest($1::uuid[]) AS gone (subject_id),
                 (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS instant) AS now
               ON CONFLICT (subject_id) DO UPDATE SET wrapped = NULL, destroyed_at = excluded.destroyed_at
               WHERE old.destroyed_at IS NULL",
};

/// SQLite overwrites what is deleted (`secure_delete`); in PostgreSQL only a table that is written anew holds nothing else.
pub(super) const TO_SCRUB: &[TableToScrub] = &[table_to_scrub!("sengen_keys.subject_key")];

const SECRET: Sql = Sql {
    sqlite: "SELECT name, wrapped, wrapped_by FROM keyring_secret WHERE name = $1",
    postgres: "SELECT name, wrapped, wrapped_by FROM sengen_keys.keyring_secret WHERE name = $1",
};

const MAKE_SECRET: Sql = Sql {
    sqlite: "INSERT INTO keyring_secret (name, wrapped, wrapped_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    postgres: "INSERT INTO sengen_keys.keyring_secret (name, wrapped, wrapped_by) VALUES ($1, $2, $3)
               ON CONFLICT DO NOTHING",
};

/// What wraps the secret wraps new keys: a rotation begins there. Shared, so that a rotation waits for keys that are being
/// made under the old one, and afterwards sees them.
const WRAPPING: Sql = Sql {
    sqlite: "SELECT wrapped_by FROM keyring_secret WHERE name = $1",
    postgres: "SELECT wrapped_by FROM sengen_keys.keyring_secret WHERE name = $1 FOR SHARE",
};

#[derive(sqlx::FromRow)]
pub(super) struct KeyRow {
    pub(super) subject_id: Uuid,
    pub(super) key_id: Uuid,
    pub(super) wrapped: Option<Vec<u8>>,
    pub(super) wrapped_by: String,
}

/// A row of `keyring_secret`.
#[derive(sqlx::FromRow)]
pub(super) struct SecretRow {
    pub(super) name: String,
    pub(super) wrapped: Vec<u8>,
    pub(super) wrapped_by: String,
}

/// The secret of keyed hashes, made on first use.
pub(super) async fn secret(
    database: &Database,
    encryption_keys: &KeyEncryptionKeys,
) -> Result<Zeroizing<[u8; 32]>, KeyringError> {
    let mut tx = database.begin_write().await?;
    let (find, make) = (SECRET.on(&tx), MAKE_SECRET.on(&tx));
    let kek = encryption_keys.first().ok_or(KeyringError::WrongKek)?;
    let mut bytes = Zeroizing::new([0; 32]);
    crate::random::fill(bytes.as_mut());
    let wrapped = kek.wrap(HASH_SECRET.as_bytes(), &bytes);
    each_engine!(tx, c => {
        sqlx::query(make).bind(HASH_SECRET).bind(wrapped).bind(kek.fingerprint()).execute(c).await.map(|_| ())
    })?;
    let stored: SecretRow = each_engine!(tx, c => sqlx::query_as(find).bind(HASH_SECRET).fetch_one(c).await)?;
    tx.commit().await?;
    opened(encryption_keys, &stored).ok_or(KeyringError::WrongKek)
}

/// By which key new keys are to be wrapped, for as long as the transaction is open.
async fn wrapping(
    tx: &mut Connection,
    encryption_keys: &KeyEncryptionKeys,
) -> Result<KeyEncryptionKey, KeyringError> {
    let find = WRAPPING.on(tx);
    let fingerprint: String =
        each_engine!(tx, c => sqlx::query_scalar(find).bind(HASH_SECRET).fetch_one(c).await)?;
    encryption_keys
        .named(&fingerprint)
        .ok_or(KeyringError::KekMissing(fingerprint))
}

/// Whether one of these keys wrapped what is in the keyring; `None` when the keyring has never been used.
pub(crate) async fn is_wrapped_by(
    connection: &mut Connection,
    encryption_keys: &KeyEncryptionKeys,
) -> Result<Option<bool>, sqlx::Error> {
    let find = SECRET.on(connection);
    let stored: Option<SecretRow> = each_engine!(connection, c => {
        sqlx::query_as(find).bind(HASH_SECRET).fetch_optional(c).await
    })?;
    Ok(stored.map(|stored| opened(encryption_keys, &stored).is_some()))
}

fn opened(encryption_keys: &KeyEncryptionKeys, stored: &SecretRow) -> Option<Zeroizing<[u8; 32]>> {
    encryption_keys
        .named(&stored.wrapped_by)
        .and_then(|kek| kek.unwrap(HASH_SECRET.as_bytes(), &stored.wrapped))
}

/// The keys of these subjects, made where they are missing.
pub(super) async fn ensure(
    database: &Database,
    encryption_keys: &KeyEncryptionKeys,
    subjects: &[SubjectId],
) -> Result<Keys, KeyringError> {
    let mut reader = database.acquire_read().await?;
    let found = select(&mut reader, subjects).await?;
    drop(reader);
    let mut keys = unwrap_all(encryption_keys, found, Tombstones::AreErrors)?;
    let missing: Vec<_> = subjects
        .iter()
        .copied()
        .filter(|subject| !keys.contains_key(subject))
        .collect();
    if missing.is_empty() {
        return Ok(keys);
    }
    let mut tx = database.begin_write().await?;
    let kek = wrapping(&mut tx, encryption_keys).await?;
    let new = NewKey::for_all(&kek, missing);
    let inserted: HashSet<Uuid> = insert(&mut tx, &kek, &new).await?.into_iter().collect();
    let (made, others): (Vec<_>, Vec<_>) = new.into_iter().partition(|key| inserted.contains(&key.id));
    // Another process was faster with these: what the table says counts.
    let others: Vec<_> = others.into_iter().map(|key| key.subject).collect();
    if !others.is_empty() {
        let found = select(&mut tx, &others).await?;
        keys.extend(unwrap_all(encryption_keys, found, Tombstones::AreErrors)?);
    }
    tx.commit().await?;
    keys.extend(made.into_iter().map(|key| {
        let NewKey {
            subject, id, bytes, ..
        } = key;
        (subject, Arc::new(SubjectKey { id, bytes }))
    }));
    Ok(keys)
}

/// The keys of these subjects that exist.
pub(super) async fn existing(
    database: &Database,
    encryption_keys: &KeyEncryptionKeys,
    subjects: &[SubjectId],
) -> Result<Keys, KeyringError> {
    let mut reader = database.acquire_read().await?;
    existing_on(&mut reader, encryption_keys, subjects).await
}

/// The same on an open connection, which may be in a transaction that wrote them.
pub(crate) async fn existing_on(
    connection: &mut Connection,
    encryption_keys: &KeyEncryptionKeys,
    subjects: &[SubjectId],
) -> Result<Keys, KeyringError> {
    let rows = select(connection, subjects).await?;
    unwrap_all(encryption_keys, rows, Tombstones::AreSkipped)
}

/// Leaves tombstones, also for subjects that never had a key. Says how many are new.
pub(super) async fn destroy(database: &Database, subjects: &[SubjectId]) -> Result<u64, KeyringError> {
    let mut subjects = subjects.to_vec();
    subjects.sort_unstable();
    subjects.dedup();
    let mut tx = database.begin_write().await?;
    let statement = DESTROY.on(&tx);
    let destroyed = match tx.engine_mut() {
        EngineMut::Sqlite(c) => {
            let query = sqlx::query(statement).bind(id_list(&subjects));
            query.execute(c).await?.rows_affected()
        }
        EngineMut::Postgres(c) => {
            let ids: Vec<_> = subjects.iter().map(|subject| subject.0).collect();
            let query = sqlx::query(statement).bind(ids);
            query.execute(c).await?.rows_affected()
        }
    };
    tx.commit().await?;
    Ok(destroyed)
}

/// Ids as SQLite's `json_each` takes them.
fn id_list(subjects: &[SubjectId]) -> String {
    let ids = subjects.iter().map(|subject| subject.0.simple().to_string());
    json!(ids.collect::<Vec<_>>()).to_string()
}

async fn select(connection: &mut Connection, subjects: &[SubjectId]) -> Result<Vec<KeyRow>, sqlx::Error> {
    match connection.engine_mut() {
        EngineMut::Sqlite(c) => {
            sqlx::query_as(
                "SELECT subject_id, key_id, wrapped, wrapped_by FROM subject_key
                 WHERE subject_id IN (SELECT unhex(value) FROM json_each($1))",
            )
            .bind(id_list(subjects))
            .fetch_all(c)
            .await
        }
        EngineMut::Postgres(c) => {
            let ids: Vec<_> = subjects.iter().map(|subject| subject.0).collect();
            sqlx::query_as(
                "SELECT subject_id, key_id, wrapped, wrapped_by FROM sengen_keys.subject_key
                 WHERE subject_id = ANY ($1)",
            )
            .bind(ids)
            .fetch_all(c)
            .await
        }
    }
}

/// A key that is not in the table yet.
struct NewKey {
    subject: SubjectId,
    id: Uuid,
    bytes: Zeroizing<[u8; 32]>,
    wrapped: Vec<u8>,
}

impl NewKey {
    /// In the order of the table, whose pages then fill one after the other.
    fn for_all(kek: &KeyEncryptionKey, mut subjects: Vec<SubjectId>) -> Vec<Self> {
        subjects.sort_unstable();
        let new = |subject| {
            let mut bytes = Zeroizing::new([0; 32]);
            crate::random::fill(bytes.as_mut());
            let id = Uuid::new_v4();
            let wrapped = kek.wrap(&belonging(subject, id), &bytes);
            Self {
                subject,
                id,
                bytes,
                wrapped,
            }
        };
        subjects.into_iter().map(new).collect()
    }
}

/// Inserts those whose subjects have no key; answers their ids.
async fn insert(
    connection: &mut Connection,
    kek: &KeyEncryptionKey,
    keys: &[NewKey],
) -> Result<Vec<Uuid>, sqlx::Error> {
    match connection.engine_mut() {
        EngineMut::Sqlite(c) => {
            let rows: Vec<_> = keys
                .iter()
                .map(|key| {
                    json!([
                        key.subject.0.simple().to_string(),
                        key.id.simple().to_string(),
                        hex::encode(&key.wrapped)
                    ])
                })
                .collect();
            // OR FAIL: see the log's WRITE.
            sqlx::query_scalar(
                "INSERT OR FAIL INTO subject_key (subject_id, key_id, wrapped, wrapped_by, created_at)
                 SELECT unhex(value ->> 0), unhex(value ->> 1), unhex(value ->> 2), $2,
                        CAST(unixepoch('subsec') * 1000000 AS INTEGER)
                 FROM jsonb_each($1) WHERE true
                 ON CONFLICT (subject_id) DO NOTHING RETURNING key_id",
            )
            .bind(serde_json::Value::from(rows).to_string())
            .bind(kek.fingerprint())
            .fetch_all(c)
            .await
        }
        EngineMut::Postgres(c) => {
            let (mut subjects, mut ids, mut wrapped) = (Vec::new(), Vec::new(), Vec::new());
            for key in keys {
                subjects.push(key.subject.0);
                ids.push(key.id);
                wrapped.push(key.wrapped.as_slice());
            }
            sqlx::query_scalar(
                "INSERT INTO sengen_keys.subject_key (subject_id, key_id, wrapped, wrapped_by, created_at)
                 SELECT subject_id, key_id, wrapped, $4,
                        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
                 FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS new (subject_id, key_id, wrapped)
                 ON CONFLICT (subject_id) DO NOTHING RETURNING key_id",
            )
            .bind(subjects)
            .bind(ids)
            .bind(wrapped)
            .bind(kek.fingerprint())
            .fetch_all(c)
            .await
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Tombstones {
    AreErrors,
    AreSkipped,
}

fn unwrap_all(
    encryption_keys: &KeyEncryptionKeys,
    rows: Vec<KeyRow>,
    tombstones: Tombstones,
) -> Result<Keys, KeyringError> {
    let mut keys = HashMap::with_capacity(rows.len());
    for row in rows {
        let subject = SubjectId(row.subject_id);
        let Some(wrapped) = row.wrapped else {
            match tombstones {
                Tombstones::AreErrors => return Err(KeyringError::Destroyed(subject)),
                Tombstones::AreSkipped => continue,
            }
        };
        let bytes = unwrap(encryption_keys, subject, row.key_id, &row.wrapped_by, &wrapped)?;
        keys.insert(
            subject,
            Arc::new(SubjectKey {
                id: row.key_id,
                bytes,
            }),
        );
    }
    Ok(keys)
}

/// One key, unwrapped by whichever key wrapped it.
pub(super) fn unwrap(
    encryption_keys: &KeyEncryptionKeys,
    subject: SubjectId,
    key_id: Uuid,
    wrapped_by: &str,
    wrapped: &[u8],
) -> Result<Zeroizing<[u8; 32]>, KeyringError> {
    let kek = encryption_keys
        .named(wrapped_by)
        .ok_or_else(|| KeyringError::KekMissing(wrapped_by.to_owned()))?;
    kek.unwrap(&belonging(subject, key_id), wrapped)
        .ok_or(KeyringError::Damaged(subject))
}

/// What a wrapped key is bound to, so that no row can be given another's key.
pub(super) fn belonging(subject: SubjectId, key_id: Uuid) -> Vec<u8> {
    [subject.0.as_bytes().as_slice(), key_id.as_bytes()].concat()
}
