//! Growing delays of sign-in, for each account and each address, by keyed hash. How they grow is the caller's rule.

use chrono::{DateTime, Utc};
use event_store::{Database, Sql, each_engine};
use sqlx::FromRow;

use crate::sql::{Columns, CorruptRow, StorageError, micros, remove_before};

/// What is known of failures under one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInDelay {
    /// Failures since the last success.
    pub failures: i64,
    /// When the last one was.
    pub last_failure_at: DateTime<Utc>,
    /// Until when nobody may try.
    pub blocked_until: DateTime<Utc>,
}

const LOAD: Sql =
    Sql::same("SELECT failures, last_failure_at, blocked_until FROM sign_in_delay WHERE key_hash = $1");
const FAIL: Sql = Sql::same(
    "INSERT INTO sign_in_delay (key_hash, failures, last_failure_at, blocked_until) VALUES ($1, 1, $2, $2) \
     ON CONFLICT (key_hash) DO UPDATE SET \
     failures = CASE WHEN sign_in_delay.last_failure_at < $3 THEN 1 ELSE sign_in_delay.failures + 1 END, \
     last_failure_at = excluded.last_failure_at RETURNING failures, last_failure_at, blocked_until",
);
const TAKE_BACK: Sql = Sql::same(
    "UPDATE sign_in_delay SET failures = failures - 1, \
     blocked_until = CASE WHEN blocked_until = $2 THEN last_failure_at ELSE blocked_until END \
     WHERE key_hash = $1 AND failures > 0",
);
const BLOCK: Sql =
    Sql::same("UPDATE sign_in_delay SET blocked_until = $2 WHERE key_hash = $1 AND blocked_until < $2");
const CLEAR: Sql = Sql::same("DELETE FROM sign_in_delay WHERE key_hash = $1");
const CLEAN: Sql = Sql::same("DELETE FROM sign_in_delay WHERE last_failure_at < $1");

#[derive(FromRow)]
struct Row {
    failures: i64,
    last_failure_at: i64,
    blocked_until: i64,
}

impl TryFrom<Row> for SignInDelay {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "sign_in_delay",
            id: &row.last_failure_at,
        };
        Ok(Self {
            failures: row.failures,
            last_failure_at: columns.instant("last_failure_at", row.last_failure_at)?,
            blocked_until: columns.instant("blocked_until", row.blocked_until)?,
        })
    }
}

/// What is known of a key; `None` without failures.
pub async fn load(database: &Database, key_hash: &[u8]) -> Result<Option<SignInDelay>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LOAD.on(&connection);
    let row =
        each_engine!(connection, c => sqlx::query_as::<_, Row>(text).bind(key_hash).fetch_optional(c).await)?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// Counts a failure and blocks the key for as long as `delay` says for that many failures. Concurrent failures all count;
/// they are counted anew when the last one was before `forgotten`.
pub async fn fail(
    database: &Database,
    key_hash: &[u8],
    now: DateTime<Utc>,
    forgotten: DateTime<Utc>,
    delay: impl Fn(i64) -> chrono::TimeDelta + Send,
) -> Result<SignInDelay, StorageError> {
    let mut tx = database.begin_write().await?;
    let (fail, block) = (FAIL.on(&tx), BLOCK.on(&tx));
    let row = each_engine!(tx, c => {
        sqlx::query_as::<_, Row>(fail)
            .bind(key_hash)
            .bind(micros(now))
            .bind(micros(forgotten))
            .fetch_one(c)
            .await
    })?;
    let counted = SignInDelay::try_from(row)?;
    let until = now + delay(counted.failures);
    each_engine!(tx, c => sqlx::query(block).bind(key_hash).bind(micros(until)).execute(c).await.map(drop))?;
    tx.commit().await?;
    Ok(SignInDelay {
        blocked_until: counted.blocked_until.max(until),
        ..counted
    })
}

/// Takes back one failure that was none after all, and the block that it brought.
pub async fn take_back(
    database: &Database,
    key_hash: &[u8],
    counted: SignInDelay,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = TAKE_BACK.on(&tx);
    let until = micros(counted.blocked_until);
    each_engine!(tx, c => sqlx::query(text).bind(key_hash).bind(until).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// Forgets the failures under a key, after a success.
pub async fn clear(database: &Database, key_hash: &[u8]) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = CLEAR.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(key_hash).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// Removes what is older than a moment; says how many.
pub async fn clean(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    remove_before(database, CLEAN, before).await
}
