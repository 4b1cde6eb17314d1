//! The key tables: set-based, a thousand subjects are one statement.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{KeyEncryptionKey, KeyringError, SubjectKey};
use crate::database::{Connection, Database, EngineMut, Sql};
use crate::each_engine;
use crate::event::SubjectId;
use crate::personal::Keys;

/// The time of key rows is the database's: it is for operators and decides nothing.
const DESTROY: Sql = Sql {
    sqlite: "INSERT INTO subject_key (subject_id, key_id, wrapped, wrapped_by, created_at, destroyed_at)
             SELECT $1, $2, NULL, $3, instant, instant
             FROM (SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER) AS instant) WHERE true
             ON CONFLICT (subject_id) DO UPDATE SET wrapped = NULL, destroyed_at = excluded.destroyed_at
             WHERE destroyed_at IS NULL",
    postgres: "INSERT INTO sengen_keys.subject_key AS old
                 (subject_id, key_id, wrapped, wrapped_by, created_at, destroyed_at)
               SELECT $1, $2, NULL, $3, instant, instant
               FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS instant) AS now
               ON CONFLICT (subject_id) DO UPDATE SET wrapped = NULL, destroyed_at = excluded.destroyed_at
               WHERE old.destroyed_at IS NULL",
};

const SECRET: Sql = Sql {
    sqlite: "SELECT wrapped FROM keyring_secret WHERE name = $1",
    postgres: "SELECT wrapped FROM sengen_keys.keyring_secret WHERE name = $1",
};

const MAKE_SECRET: Sql = Sql {
    sqlite: "INSERT INTO keyring_secret (name, wrapped, wrapped_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    postgres: "INSERT INTO sengen_keys.keyring_secret (name, wrapped, wrapped_by) VALUES ($1, $2, $3)
               ON CONFLICT DO NOTHING",
};

#[derive(sqlx::FromRow)]
struct KeyRow {
    subject_id: Uuid,
    key_id: Uuid,
    wrapped: Option<Vec<u8>>,
}

/// The secret of this name, made on first use.
pub(super) async fn secret(
    database: &Database,
    kek: &KeyEncryptionKey,
    name: &'static str,
) -> Result<Zeroizing<[u8; 32]>, KeyringError> {
    let mut tx = database.begin_write().await?;
    let (find, make) = (SECRET.on(&tx), MAKE_SECRET.on(&tx));
    let mut bytes = Zeroizing::new([0; 32]);
    crate::random::fill(bytes.as_mut());
    let wrapped = kek.wrap(name.as_bytes(), &bytes);
    each_engine!(tx, c => {
        sqlx::query(make).bind(name).bind(wrapped).bind(kek.fingerprint()).execute(c).await.map(|_| ())
    })?;
    let stored: Vec<u8> = each_engine!(tx, c => sqlx::query_scalar(find).bind(name).fetch_one(c).await)?;
    tx.commit().await?;
    kek.unwrap(name.as_bytes(), &stored).ok_or(KeyringError::WrongKek)
}

/// The keys of these subjects, made where they are missing.
pub(super) async fn ensure(
    database: &Database,
    kek: &KeyEncryptionKey,
    subjects: &[SubjectId],
) -> Result<Keys, KeyringError> {
    let mut reader = database.acquire_read().await?;
    let found = select(&mut reader, subjects).await?;
    drop(reader);
    let mut keys = unwrap_all(kek, found, Tombstones::AreErrors)?;
    let missing: Vec<_> = subjects
        .iter()
        .copied()
        .filter(|subject| !keys.contains_key(subject))
        .collect();
    if missing.is_empty() {
        return Ok(keys);
    }
    let new = NewKey::for_all(kek, missing);
    let mut tx = database.begin_write().await?;
    let inserted: HashSet<Uuid> = insert(&mut tx, kek, &new).await?.into_iter().collect();
    let (made, others): (Vec<_>, Vec<_>) = new.into_iter().partition(|key| inserted.contains(&key.id));
    // Another process was faster with these: what the table says counts.
    let others: Vec<_> = others.into_iter().map(|key| key.subject).collect();
    if !others.is_empty() {
        let found = select(&mut tx, &others).await?;
        keys.extend(unwrap_all(kek, found, Tombstones::AreErrors)?);
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
    kek: &KeyEncryptionKey,
    subjects: &[SubjectId],
) -> Result<Keys, KeyringError> {
    let mut reader = database.acquire_read().await?;
    let rows = select(&mut reader, subjects).await?;
    unwrap_all(kek, rows, Tombstones::AreSkipped)
}

/// Leaves a tombstone, also for a subject that never had a key.
pub(super) async fn destroy(
    database: &Database,
    kek: &KeyEncryptionKey,
    subject: SubjectId,
) -> Result<(), KeyringError> {
    let mut tx = database.begin_write().await?;
    let statement = DESTROY.on(&tx);
    each_engine!(tx, c => {
        let query = sqlx::query(statement).bind(subject.0).bind(Uuid::new_v4()).bind(kek.fingerprint());
        query.execute(c).await.map(|_| ())
    })?;
    Ok(tx.commit().await?)
}

async fn select(connection: &mut Connection, subjects: &[SubjectId]) -> Result<Vec<KeyRow>, sqlx::Error> {
    match connection.engine_mut() {
        EngineMut::Sqlite(c) => {
            let ids: Vec<_> = subjects
                .iter()
                .map(|subject| subject.0.simple().to_string())
                .collect();
            sqlx::query_as(
                "SELECT subject_id, key_id, wrapped FROM subject_key
                 WHERE subject_id IN (SELECT unhex(value) FROM json_each($1))",
            )
            .bind(json!(ids).to_string())
            .fetch_all(c)
            .await
        }
        EngineMut::Postgres(c) => {
            let ids: Vec<_> = subjects.iter().map(|subject| subject.0).collect();
            sqlx::query_as(
                "SELECT subject_id, key_id, wrapped FROM sengen_keys.subject_key WHERE subject_id = ANY ($1)",
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
    kek: &KeyEncryptionKey,
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
        let bytes = kek
            .unwrap(&belonging(subject, row.key_id), &wrapped)
            .ok_or(KeyringError::Damaged(subject))?;
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

/// What a wrapped key is bound to, so that no row can be given another's key.
fn belonging(subject: SubjectId, key_id: Uuid) -> Vec<u8> {
    [subject.0.as_bytes().as_slice(), key_id.as_bytes()].concat()
}
