//! Sealed secrets of authenticators, and up to which step their codes were taken.

use chrono::{DateTime, Utc};
use event_store::{Connection, Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use super::credential::end_what_is_open;
use crate::sql::{Columns, CorruptRow, StorageError, micros, remove_before};

/// A secret as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totp {
    /// Whose key seals it.
    pub subject_id: Uuid,
    /// What the keyring sealed.
    pub sealed: Vec<u8>,
    /// The step of the newest code that was taken.
    pub last_step: i64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// Which of the two that a member of staff can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one that is used.
    Used,
    /// The one that is being set up.
    Pending,
}

impl Which {
    const fn column(self) -> i64 {
        match self {
            Self::Used => 0,
            Self::Pending => 1,
        }
    }
}

const LOAD: Sql = Sql::same(
    "SELECT staff_id, subject_id, sealed, last_step, made_at FROM totp WHERE staff_id = $1 AND pending = $2",
);
const PROPOSE: Sql = Sql::same(
    "INSERT INTO totp (staff_id, pending, subject_id, sealed, last_step, made_at) VALUES ($1, 1, $2, $3, $4, $5) \
     ON CONFLICT (staff_id, pending) DO UPDATE SET subject_id = excluded.subject_id, sealed = excluded.sealed, \
     last_step = excluded.last_step, made_at = excluded.made_at",
);
const IS_PENDING: Sql =
    Sql::same("SELECT count(*) FROM totp WHERE staff_id = $1 AND pending = 1 AND sealed = $2");
const DROP_USED: Sql = Sql::same("DELETE FROM totp WHERE staff_id = $1 AND pending = 0");
const USE_PENDING: Sql =
    Sql::same("UPDATE totp SET pending = 0, last_step = $2 WHERE staff_id = $1 AND pending = 1");
const TAKE_STEP: Sql =
    Sql::same("UPDATE totp SET last_step = $2 WHERE staff_id = $1 AND pending = 0 AND last_step < $2");
const REMOVE: Sql = Sql::same("DELETE FROM totp WHERE staff_id = $1");
const RESET: Sql = Sql::same("DELETE FROM totp WHERE staff_id = $1 AND made_at <= $2");
const RESET_PASSKEYS: Sql = Sql::same("DELETE FROM passkey WHERE staff_id = $1 AND created_at <= $2");
const RESET_CODES: Sql = Sql::same("DELETE FROM recovery_code WHERE staff_id = $1 AND made_at <= $2");
const OWNERS: Sql = Sql::same("SELECT staff_id FROM totp WHERE pending = 0");
const CLEAN: Sql = Sql::same("DELETE FROM totp WHERE pending = 1 AND made_at < $1");

#[derive(FromRow)]
struct Row {
    staff_id: Uuid,
    subject_id: Uuid,
    sealed: Vec<u8>,
    last_step: i64,
    made_at: i64,
}

impl TryFrom<Row> for Totp {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "totp",
            id: &row.staff_id,
        };
        Ok(Self {
            made_at: columns.instant("made_at", row.made_at)?,
            subject_id: row.subject_id,
            sealed: row.sealed,
            last_step: row.last_step,
        })
    }
}

/// The secret of a member of staff; none when they have none.
pub async fn load(database: &Database, staff_id: Uuid, which: Which) -> Result<Option<Totp>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LOAD.on(&connection);
    let row = each_engine!(connection, c => {
        sqlx::query_as::<_, Row>(text).bind(staff_id).bind(which.column()).fetch_optional(c).await
    })?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// Keeps a secret that is to be confirmed by a code of it; one that was to be confirmed before is gone.
pub async fn propose(database: &Database, staff_id: Uuid, totp: &Totp) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = PROPOSE.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(staff_id)
            .bind(totp.subject_id)
            .bind(&totp.sealed)
            .bind(totp.last_step)
            .bind(micros(totp.made_at))
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Uses the secret that was to be confirmed from now on, with these recovery codes; `false`: it is not that one any more.
/// What was used before, its recovery codes, and all sessions but the one of `keep` end in the same transaction.
pub async fn confirm(
    database: &Database,
    staff_id: Uuid,
    sealed: &[u8],
    step: i64,
    code_hashes: &[[u8; 32]],
    keep: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = IS_PENDING.on(&tx);
    let found: i64 =
        each_engine!(tx, c => sqlx::query_scalar(text).bind(staff_id).bind(sealed).fetch_one(c).await)?;
    if found == 0 {
        return Ok(false);
    }
    run(&mut tx, DROP_USED, staff_id).await?;
    let text = USE_PENDING.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(staff_id).bind(step).execute(c).await.map(|done| done.rows_affected())
    })?;
    if rows == 0 {
        return Ok(false);
    }
    super::recovery_code::replace_within(&mut tx, staff_id, code_hashes, now).await?;
    end_what_is_open(&mut tx, staff_id, Some(keep), now).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes a code of a step, which is later than every one that was taken; `false`: it was not.
pub async fn take_step(database: &Database, staff_id: Uuid, step: i64) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = TAKE_STEP.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(staff_id).bind(step).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Removes the secrets of a member of staff and their recovery codes, and ends all their sessions but the one of `keep`.
pub async fn remove(
    database: &Database,
    staff_id: Uuid,
    keep: Option<&[u8]>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    run(&mut tx, REMOVE, staff_id).await?;
    super::recovery_code::replace_within(&mut tx, staff_id, &[], now).await?;
    end_what_is_open(&mut tx, staff_id, keep, now).await?;
    Ok(tx.commit().await?)
}

/// Removes what a member of staff had beside the password at a moment: the secrets, the recovery codes, the passkeys. If there was
/// any, all their sessions end; says how many rows went.
pub async fn reset(
    database: &Database,
    staff_id: Uuid,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<u64, StorageError> {
    let mut tx = database.begin_write().await?;
    let mut rows = 0;
    for sql in [RESET, RESET_PASSKEYS, RESET_CODES] {
        let text = sql.on(&tx);
        rows += each_engine!(tx, c => {
            let query = sqlx::query(text).bind(staff_id).bind(micros(at));
            query.execute(c).await.map(|done| done.rows_affected())
        })?;
    }
    if rows > 0 {
        end_what_is_open(&mut tx, staff_id, None, now).await?;
    }
    tx.commit().await?;
    Ok(rows)
}

/// Whoever has an authenticator that is used.
pub async fn owners(database: &Database) -> Result<Vec<Uuid>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = OWNERS.on(&connection);
    Ok(each_engine!(connection, c => sqlx::query_scalar(text).fetch_all(c).await)?)
}

/// Removes what nobody confirmed since a moment; says how many.
pub async fn clean(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    remove_before(database, CLEAN, before).await
}

async fn run(connection: &mut Connection, sql: Sql, staff_id: Uuid) -> Result<(), StorageError> {
    let text = sql.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(staff_id).execute(c).await.map(drop))?;
    Ok(())
}
