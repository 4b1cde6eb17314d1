//! Sessions, by the hash of their id.

use chrono::{DateTime, Utc};
use event_store::{Connection, Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros, remove_before, text_list};

/// A session. Whether it still holds is judged by the caller's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub staff_id: Uuid,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, give or take the pause between two touches.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends unless it is used.
    pub expires_at: DateTime<Utc>,
    /// When it ends even if it is used.
    pub absolute_expires_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Where it began.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// When its owner last proved who they are.
    pub fresh_at: Option<DateTime<Utc>>,
    /// How it was opened; none: before that was kept.
    pub method: Option<String>,
    /// When its owner last proved by a passkey who they are.
    pub passkey_at: Option<DateTime<Utc>>,
}

/// A session with the hash of its id, by which its owner can end it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// The hash of its id.
    pub id_hash: Vec<u8>,
    /// The session.
    pub session: Session,
}

impl Session {
    /// Whether it holds at a moment.
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.expires_at && now < self.absolute_expires_at
    }
}

const BEGIN: Sql = Sql::same(
    "INSERT INTO session (id_hash, staff_id, created_at, last_seen_at, expires_at, absolute_expires_at, address, \
     user_agent, fresh_at, method, passkey_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
);
const LOAD: Sql = Sql::same(
    "SELECT id_hash, staff_id, created_at, last_seen_at, expires_at, absolute_expires_at, ended_at, address, user_agent, \
     fresh_at, method, passkey_at FROM session WHERE id_hash = $1",
);
const OPEN: Sql = Sql::same(
    "SELECT id_hash, staff_id, created_at, last_seen_at, expires_at, absolute_expires_at, ended_at, address, user_agent, \
     fresh_at, method, passkey_at FROM session WHERE staff_id = $1 AND ended_at IS NULL AND expires_at > $2 AND absolute_expires_at > $2 \
     ORDER BY created_at DESC, id_hash LIMIT 100",
);
const STANDING: Sql = Sql {
    sqlite: "SELECT s.id_hash, t.roles FROM session AS s JOIN staff AS t ON t.id = s.staff_id \
             WHERE s.id_hash IN (SELECT unhex(value) FROM json_each($1)) AND s.ended_at IS NULL AND s.expires_at > $2 \
             AND s.absolute_expires_at > $2 AND t.disabled_at IS NULL",
    postgres: "SELECT s.id_hash, t.roles FROM session AS s JOIN staff AS t ON t.id = s.staff_id \
               WHERE s.id_hash = ANY (SELECT decode(value, 'hex') FROM json_array_elements_text(CAST($1 AS json))) \
               AND s.ended_at IS NULL AND s.expires_at > $2 AND s.absolute_expires_at > $2 AND t.disabled_at IS NULL",
};
const IS_KNOWN: Sql = Sql::same(
    "SELECT count(*) FROM session WHERE staff_id = $1 AND address = $2 AND coalesce(user_agent, '') = coalesce($3, '')",
);
const ADDRESSES: Sql =
    Sql::same("SELECT DISTINCT address FROM session WHERE staff_id = $1 AND address IS NOT NULL");
const TOUCH: Sql = Sql::same(
    "UPDATE session SET last_seen_at = $2, expires_at = $3 WHERE id_hash = $1 AND ended_at IS NULL AND last_seen_at < $2",
);
const ROTATE: Sql = Sql::same(
    "UPDATE session SET id_hash = $2, fresh_at = $3, last_seen_at = $3, \
     passkey_at = CASE WHEN $4 = 1 THEN $3 ELSE passkey_at END WHERE id_hash = $1 AND ended_at IS NULL",
);
const PROVED: Sql = Sql::same("UPDATE session SET passkey_at = $2 WHERE id_hash = $1 AND ended_at IS NULL");
const END: Sql = Sql::same("UPDATE session SET ended_at = $2 WHERE id_hash = $1 AND ended_at IS NULL");
const END_OF: Sql =
    Sql::same("UPDATE session SET ended_at = $3 WHERE id_hash = $1 AND staff_id = $2 AND ended_at IS NULL");
const END_OTHERS: Sql =
    Sql::same("UPDATE session SET ended_at = $3 WHERE staff_id = $2 AND id_hash <> $1 AND ended_at IS NULL");
const END_ALL: Sql = Sql::same("UPDATE session SET ended_at = $2 WHERE staff_id = $1 AND ended_at IS NULL");
const CLEAN: Sql = Sql::same("DELETE FROM session WHERE absolute_expires_at < $1");

#[derive(FromRow)]
struct Row {
    id_hash: Vec<u8>,
    staff_id: Uuid,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
    absolute_expires_at: i64,
    ended_at: Option<i64>,
    address: Option<String>,
    user_agent: Option<String>,
    fresh_at: Option<i64>,
    method: Option<String>,
    passkey_at: Option<i64>,
}

impl TryFrom<Row> for OpenSession {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        // The key is a secret's hash; the owner is enough to find the row.
        let columns = Columns {
            table: "session",
            id: &row.staff_id,
        };
        let session = Session {
            staff_id: row.staff_id,
            created_at: columns.instant("created_at", row.created_at)?,
            last_seen_at: columns.instant("last_seen_at", row.last_seen_at)?,
            expires_at: columns.instant("expires_at", row.expires_at)?,
            absolute_expires_at: columns.instant("absolute_expires_at", row.absolute_expires_at)?,
            ended_at: columns.instant_or_none("ended_at", row.ended_at)?,
            address: row.address,
            user_agent: row.user_agent,
            fresh_at: columns.instant_or_none("fresh_at", row.fresh_at)?,
            method: row.method,
            passkey_at: columns.instant_or_none("passkey_at", row.passkey_at)?,
        };
        Ok(Self {
            id_hash: row.id_hash,
            session,
        })
    }
}

/// Keeps a new session.
pub async fn begin(database: &Database, id_hash: &[u8], session: &Session) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = BEGIN.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(id_hash)
            .bind(session.staff_id)
            .bind(micros(session.created_at))
            .bind(micros(session.last_seen_at))
            .bind(micros(session.expires_at))
            .bind(micros(session.absolute_expires_at))
            .bind(&session.address)
            .bind(&session.user_agent)
            .bind(session.fresh_at.map(micros))
            .bind(&session.method)
            .bind(session.passkey_at.map(micros))
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// The session with this hash, whether it still holds or not.
pub async fn load(database: &Database, id_hash: &[u8]) -> Result<Option<Session>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LOAD.on(&connection);
    let row =
        each_engine!(connection, c => sqlx::query_as::<_, Row>(text).bind(id_hash).fetch_optional(c).await)?;
    let found = row.map(OpenSession::try_from).transpose()?;
    Ok(found.map(|found| found.session))
}

/// Of these hashes those whose session holds at a moment and whose owner may sign in, with the owner's roles.
pub async fn standing(
    database: &Database,
    id_hashes: &[impl AsRef<[u8]> + Sync],
    now: DateTime<Utc>,
) -> Result<Vec<(Vec<u8>, Vec<String>)>, StorageError> {
    let hashes: Vec<String> = id_hashes.iter().map(hex::encode).collect();
    let hashes = text_list(&hashes);
    let mut connection = database.acquire_read().await?;
    let text = STANDING.on(&connection);
    let rows: Vec<(Vec<u8>, String)> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(hashes).bind(micros(now)).fetch_all(c).await
    })?;
    let roles = |roles: String| roles.split_whitespace().map(str::to_owned).collect();
    Ok(rows
        .into_iter()
        .map(|(hash, words)| (hash, roles(words)))
        .collect())
}

/// The sessions of a member of staff that hold at a moment, the newest first, a hundred at most.
pub async fn open_of(
    database: &Database,
    staff_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<OpenSession>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = OPEN.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(staff_id).bind(micros(now)).fetch_all(c).await
    })?;
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, CorruptRow>>()?)
}

/// Whether its owner had a session before from the same address with the same browser, as far as sessions are kept.
pub async fn is_known(database: &Database, session: &Session) -> Result<bool, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = IS_KNOWN.on(&connection);
    let found: i64 = each_engine!(connection, c => {
        sqlx::query_scalar(text)
            .bind(session.staff_id)
            .bind(&session.address)
            .bind(&session.user_agent)
            .fetch_one(c)
            .await
    })?;
    Ok(found > 0)
}

/// From where somebody began sessions, as long as they are kept.
pub async fn addresses_of(database: &Database, staff_id: Uuid) -> Result<Vec<String>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = ADDRESSES.on(&connection);
    Ok(each_engine!(connection, c => sqlx::query_scalar(text).bind(staff_id).fetch_all(c).await)?)
}

/// Says that it was used; call it now and then, not for each request.
pub async fn touch(
    database: &Database,
    id_hash: &[u8],
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = TOUCH.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text).bind(id_hash).bind(micros(now)).bind(micros(expires_at)).execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Gives a session another token, because its owner proved once more who they are; `false`: it was over. The old token
/// opens nothing from then on. `by_passkey`: that is how they did.
pub async fn rotate(
    database: &Database,
    id_hash: &[u8],
    new_hash: &[u8],
    by_passkey: bool,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = ROTATE.on(&tx);
    let rows = each_engine!(tx, c => {
        let query = sqlx::query(text).bind(id_hash).bind(new_hash).bind(micros(now)).bind(i64::from(by_passkey));
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Says that its owner has proved by a passkey who they are.
pub async fn proved_by_passkey(
    database: &Database,
    id_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = PROVED.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(id_hash).bind(micros(now)).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// Ends one session.
pub async fn end(database: &Database, id_hash: &[u8], now: DateTime<Utc>) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = END.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(id_hash).bind(micros(now)).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// Ends one session of a member of staff, or all others; says how many.
pub async fn end_of(
    database: &Database,
    id_hash: &[u8],
    staff_id: Uuid,
    others: bool,
    now: DateTime<Utc>,
) -> Result<u64, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = if others { END_OTHERS } else { END_OF }.on(&tx);
    let rows = each_engine!(tx, c => {
        let query = sqlx::query(text).bind(id_hash).bind(staff_id).bind(micros(now));
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows)
}

/// Ends all sessions of a member of staff but the one of a hash, where one is given, in the transaction of what is the reason.
pub(super) async fn end_others_within(
    connection: &mut Connection,
    staff_id: Uuid,
    keep: Option<&[u8]>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let Some(keep) = keep else {
        return end_all_within(connection, staff_id, now).await;
    };
    let text = END_OTHERS.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text).bind(keep).bind(staff_id).bind(micros(now)).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Ends all sessions of a member of staff, in the transaction of what is the reason.
pub(crate) async fn end_all_within(
    connection: &mut Connection,
    staff_id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let text = END_ALL.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(staff_id).bind(micros(now)).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes sessions that could not hold after a moment; says how many.
pub async fn clean(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    remove_before(database, CLEAN, before).await
}
