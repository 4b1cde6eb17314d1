//! One-time links by which people join, by the hash of their token.

use chrono::{DateTime, Utc};
use event_store::{Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros, remove_before};

/// A one-time link. Whether it still holds is judged by the caller's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Codes of the roles that it gives, with single spaces between them.
    pub roles: String,
    /// Whom it makes; `None`: it was made on the command line of this machine.
    pub staff_id: Option<Uuid>,
    /// Who made it, as in the actor of events.
    pub invited_by: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When somebody took it back.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Another account of whom it makes.
    pub same_as: Option<Uuid>,
}

impl Invitation {
    /// Whether it can be used at a moment.
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && self.revoked_at.is_none() && now < self.expires_at
    }
}

// `role` holds all of them: its name is older than that.
const MAKE: Sql = Sql::same(
    "INSERT INTO invitation (token_hash, role, created_at, expires_at, staff_id, invited_by, same_as) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)",
);
const LOAD: Sql = Sql::same(
    "SELECT role, created_at, expires_at, used_at, staff_id, invited_by, revoked_at, same_as FROM invitation \
     WHERE token_hash = $1",
);
// Few at any time: they end after a day.
const OPEN: Sql = Sql::same(
    "SELECT role, created_at, expires_at, used_at, staff_id, invited_by, revoked_at, same_as FROM invitation \
     WHERE staff_id IS NOT NULL AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $1 ORDER BY created_at DESC",
);
const USE: Sql = Sql::same(
    "UPDATE invitation SET used_at = $2 \
     WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2",
);
const UNUSE: Sql = Sql::same("UPDATE invitation SET used_at = NULL WHERE token_hash = $1 AND used_at = $2");
const REVOKE: Sql = Sql::same(
    "UPDATE invitation SET revoked_at = $2 WHERE staff_id = $1 AND used_at IS NULL AND revoked_at IS NULL",
);
const CLEAN: Sql = Sql::same("DELETE FROM invitation WHERE expires_at < $1");

#[derive(FromRow)]
struct Row {
    role: String,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
    staff_id: Option<Uuid>,
    invited_by: Option<String>,
    revoked_at: Option<i64>,
    same_as: Option<Uuid>,
}

impl TryFrom<Row> for Invitation {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        // The key is a secret's hash; when it was made is enough to find the row.
        let columns = Columns {
            table: "invitation",
            id: &row.created_at,
        };
        Ok(Self {
            created_at: columns.instant("created_at", row.created_at)?,
            expires_at: columns.instant("expires_at", row.expires_at)?,
            used_at: columns.instant_or_none("used_at", row.used_at)?,
            revoked_at: columns.instant_or_none("revoked_at", row.revoked_at)?,
            roles: row.role,
            staff_id: row.staff_id,
            invited_by: row.invited_by,
            same_as: row.same_as,
        })
    }
}

/// Keeps a new link.
pub async fn make(
    database: &Database,
    token_hash: &[u8],
    invitation: &Invitation,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = MAKE.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(token_hash)
            .bind(&invitation.roles)
            .bind(micros(invitation.created_at))
            .bind(micros(invitation.expires_at))
            .bind(invitation.staff_id)
            .bind(&invitation.invited_by)
            .bind(invitation.same_as)
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// The link with this hash, good or not.
pub async fn load(database: &Database, token_hash: &[u8]) -> Result<Option<Invitation>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LOAD.on(&connection);
    let row = each_engine!(connection, c => sqlx::query_as::<_, Row>(text).bind(token_hash).fetch_optional(c).await)?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// The links of people who have not come in yet and still can, the newest first.
pub async fn open(database: &Database, now: DateTime<Utc>) -> Result<Vec<Invitation>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = OPEN.on(&connection);
    let rows: Vec<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(micros(now)).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, CorruptRow>>()?)
}

/// Takes a link back; `false`: it was used, taken back or never made.
pub async fn revoke(database: &Database, staff_id: Uuid, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = REVOKE.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(staff_id).bind(micros(now)).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Removes links that expired before a moment; says how many.
pub async fn clean(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    remove_before(database, CLEAN, before).await
}

/// Uses the link up; `false`: it was used or had expired, also when somebody was faster by a moment.
pub async fn use_up(
    database: &Database,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    change(database, USE, token_hash, now).await
}

/// Takes a use back that led to nothing, for example because the login was taken. `used_at` is when it was used up.
pub async fn give_back(
    database: &Database,
    token_hash: &[u8],
    used_at: DateTime<Utc>,
) -> Result<bool, StorageError> {
    change(database, UNUSE, token_hash, used_at).await
}

async fn change(
    database: &Database,
    sql: Sql,
    token_hash: &[u8],
    at: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = sql.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(token_hash).bind(micros(at)).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}
