//! Rotating the key-encryption key: every key is unwrapped by the old one and wrapped by the new, while others work.
//!
//! The secret of keyed hashes comes first: what wraps it wraps new keys, so from then on nothing new is wrapped by the old
//! key. Then the keys follow in batches. Each step is a transaction of its own and asks what is left, so after a crash the
//! same call goes on where it was. A key that is destroyed meanwhile stays destroyed.

use serde_json::json;
use uuid::Uuid;

use super::rows::{KeyRow, SecretRow, belonging, unwrap};
use super::{KeyEncryptionKey, KeyEncryptionKeys, Keyring, KeyringError};
use crate::database::{Database, EngineMut, Sql};
use crate::each_engine;
use crate::event::SubjectId;

/// Keys of one transaction: on SQLite others who need a new key wait for it.
const BATCH: i64 = 2_000;

const SECRETS: Sql = Sql {
    sqlite: "SELECT name, wrapped, wrapped_by FROM keyring_secret WHERE wrapped_by <> $1",
    postgres: "SELECT name, wrapped, wrapped_by FROM sengen_keys.keyring_secret WHERE wrapped_by <> $1 FOR UPDATE",
};
const REWRAP_SECRET: Sql = Sql {
    sqlite: "UPDATE keyring_secret SET wrapped = $2, wrapped_by = $3 WHERE name = $1",
    postgres: "UPDATE sengen_keys.keyring_secret SET wrapped = $2, wrapped_by = $3 WHERE name = $1",
};
const LEFT: Sql = Sql {
    sqlite: "SELECT count(*) FROM subject_key WHERE wrapped IS NOT NULL AND wrapped_by <> $1",
    postgres: "SELECT count(*) FROM sengen_keys.subject_key WHERE wrapped IS NOT NULL AND wrapped_by <> $1",
};
/// From the last one on, itself included: what is done is no longer found.
const NEXT: Sql = Sql {
    sqlite: "SELECT subject_id, key_id, wrapped, wrapped_by FROM subject_key
             WHERE subject_id >= $1 AND wrapped IS NOT NULL AND wrapped_by <> $2 ORDER BY subject_id LIMIT $3",
    postgres: "SELECT subject_id, key_id, wrapped, wrapped_by FROM sengen_keys.subject_key
               WHERE subject_id >= $1 AND wrapped IS NOT NULL AND wrapped_by <> $2 ORDER BY subject_id LIMIT $3",
};
/// What was destroyed or wrapped again since it was read stays as it is.
const REWRAP: Sql = Sql {
    sqlite: "UPDATE subject_key SET wrapped = unhex(new.value ->> 1), wrapped_by = $2
             FROM json_each($1) AS new
             WHERE subject_id = unhex(new.value ->> 0) AND wrapped IS NOT NULL AND wrapped_by <> $2",
    postgres: "UPDATE sengen_keys.subject_key AS key SET wrapped = new.wrapped, wrapped_by = $3
               FROM unnest($1::uuid[], $2::bytea[]) AS new (subject_id, wrapped)
               WHERE key.subject_id = new.subject_id AND key.wrapped IS NOT NULL AND key.wrapped_by <> $3",
};

impl Keyring {
    /// How many keys are not wrapped by this key-encryption key yet.
    pub async fn not_wrapped_by(&self, kek: &KeyEncryptionKey) -> Result<u64, KeyringError> {
        let mut reader = self.0.database.acquire_read().await?;
        let (text, fingerprint) = (LEFT.on(&reader), kek.fingerprint());
        let left: i64 =
            each_engine!(reader, c => sqlx::query_scalar(text).bind(&fingerprint).fetch_one(c).await)?;
        Ok(left.unsigned_abs())
    }

    /// Wraps everything by another key-encryption key and returns when nothing is left under the old one. `tell` hears how
    /// many keys are done. Every other process must be able to find the new key before ([`super::stage_next_key`]).
    pub async fn rotate(
        &self,
        new: &KeyEncryptionKey,
        mut tell: impl FnMut(u64),
    ) -> Result<u64, KeyringError> {
        let Self(inner) = self;
        inner.encryption_keys.learn(new);
        rewrap_secrets(&inner.database, &inner.encryption_keys, new).await?;
        let mut done = 0;
        while self.not_wrapped_by(new).await? > 0 {
            let mut from = Uuid::nil();
            while let Some((last, count)) = rewrap(&inner.database, &inner.encryption_keys, new, from).await?
            {
                from = last;
                done += count;
                tell(done);
            }
        }
        Ok(done)
    }
}

async fn rewrap_secrets(
    database: &Database,
    encryption_keys: &KeyEncryptionKeys,
    new: &KeyEncryptionKey,
) -> Result<(), KeyringError> {
    let fingerprint = new.fingerprint();
    let mut tx = database.begin_write().await?;
    let (find, write) = (SECRETS.on(&tx), REWRAP_SECRET.on(&tx));
    let secrets: Vec<SecretRow> =
        each_engine!(tx, c => sqlx::query_as(find).bind(&fingerprint).fetch_all(c).await)?;
    for secret in secrets {
        let bytes = encryption_keys
            .named(&secret.wrapped_by)
            .and_then(|kek| kek.unwrap(secret.name.as_bytes(), &secret.wrapped))
            .ok_or(KeyringError::WrongKek)?;
        let wrapped = new.wrap(secret.name.as_bytes(), &bytes);
        each_engine!(tx, c => {
            sqlx::query(write).bind(&secret.name).bind(wrapped).bind(&fingerprint).execute(c).await.map(drop)
        })?;
    }
    Ok(tx.commit().await?)
}

/// Wraps the next keys from a subject on; the last of them and how many there were, or `None` at the end.
async fn rewrap(
    database: &Database,
    encryption_keys: &KeyEncryptionKeys,
    new: &KeyEncryptionKey,
    from: Uuid,
) -> Result<Option<(Uuid, u64)>, KeyringError> {
    let fingerprint = new.fingerprint();
    let mut reader = database.acquire_read().await?;
    let text = NEXT.on(&reader);
    let rows: Vec<KeyRow> = each_engine!(reader, c => {
        sqlx::query_as(text).bind(from).bind(&fingerprint).bind(BATCH).fetch_all(c).await
    })?;
    drop(reader);
    let Some(last) = rows.last().map(|row| row.subject_id) else {
        return Ok(None);
    };
    let mut wrapped = Vec::with_capacity(rows.len());
    for row in &rows {
        let subject = SubjectId(row.subject_id);
        let old = row.wrapped.as_deref().unwrap_or_default();
        let key = unwrap(encryption_keys, subject, row.key_id, &row.wrapped_by, old)?;
        wrapped.push((row.subject_id, new.wrap(&belonging(subject, row.key_id), &key)));
    }
    let mut tx = database.begin_write().await?;
    let text = REWRAP.on(&tx);
    match tx.engine_mut() {
        EngineMut::Sqlite(c) => {
            let rows: Vec<_> = wrapped
                .iter()
                .map(|(subject, key)| json!([subject.simple().to_string(), hex::encode(key)]))
                .collect();
            let rows = serde_json::Value::from(rows).to_string();
            sqlx::query(text).bind(rows).bind(&fingerprint).execute(c).await?;
        }
        EngineMut::Postgres(c) => {
            let (subjects, keys): (Vec<_>, Vec<_>) = wrapped.into_iter().unzip();
            sqlx::query(text)
                .bind(subjects)
                .bind(keys)
                .bind(&fingerprint)
                .execute(c)
                .await?;
        }
    }
    tx.commit().await?;
    Ok(Some((last, rows.len() as u64)))
}
