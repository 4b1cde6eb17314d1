//! What happened to ways in: written when it happens, looked at by auditors, removed after a while. Never what was typed.

use std::ops::Range;

use chrono::{DateTime, Utc};
use event_store::{Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros, remove_before};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityRecord {
    /// When.
    pub at: DateTime<Utc>,
    /// Code of what.
    pub kind: String,
    /// Code of how or why; may be empty.
    pub detail: String,
    /// Whose account; none: nobody's.
    pub staff_id: Option<Uuid>,
    /// Keyed hash of what was tried, where no account is known.
    pub tried: Option<Vec<u8>>,
    /// Who did it, as in the actor of events, where somebody was signed in.
    pub actor: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// In which request.
    pub request_id: Option<Uuid>,
}

/// Which records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityFilter {
    /// From when, and until when (that moment not included).
    pub time: Range<DateTime<Utc>>,
    /// Of whose account; none: any, and nobody's.
    pub staff_id: Option<Uuid>,
    /// Code of what; none: anything.
    pub kind: Option<String>,
}

/// A place among the records; they are in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecurityPlace {
    /// When, in microseconds.
    pub at: i64,
    /// Which of that moment.
    pub seq: i64,
}

/// A record, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSecurity {
    /// Where.
    pub place: SecurityPlace,
    /// What.
    pub record: SecurityRecord,
}

const ADD: Sql = Sql::same(
    "INSERT INTO security_record (at, kind, detail, staff_id, tried, actor, address, request_id) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);
const RECENT: Sql = Sql::same(
    "SELECT count(*) FROM security_record WHERE at > $1 AND kind = $2 AND detail = $3 AND tried = $4",
);
macro_rules! page {
    ($narrower:literal) => {
        concat!(
            "SELECT seq, at, kind, detail, staff_id, tried, actor, address, request_id FROM security_record WHERE ",
            $narrower,
            "at >= $1 AND at <= $2 AND (at, seq) < ($2, $3) ORDER BY at DESC, seq DESC LIMIT $4"
        )
    };
}
const ALL: Sql = Sql::same(page!(""));
const OF_STAFF: Sql = Sql::same(page!("staff_id = $5 AND "));
const OF_KIND: Sql = Sql::same(page!("kind = $5 AND "));
const OF_BOTH: Sql = Sql::same(page!("staff_id = $5 AND kind = $6 AND "));
const CLEAN: Sql = Sql::same("DELETE FROM security_record WHERE at < $1");

#[derive(FromRow)]
struct Row {
    seq: i64,
    at: i64,
    kind: String,
    detail: String,
    staff_id: Option<Uuid>,
    tried: Option<Vec<u8>>,
    actor: Option<String>,
    address: Option<String>,
    request_id: Option<Uuid>,
}

impl TryFrom<Row> for FoundSecurity {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "security_record",
            id: &row.seq,
        };
        Ok(Self {
            place: SecurityPlace {
                at: row.at,
                seq: row.seq,
            },
            record: SecurityRecord {
                at: columns.instant("at", row.at)?,
                kind: row.kind,
                detail: row.detail,
                staff_id: row.staff_id,
                tried: row.tried,
                actor: row.actor,
                address: row.address,
                request_id: row.request_id,
            },
        })
    }
}

/// Adds one.
pub async fn add(database: &Database, record: &SecurityRecord) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = ADD.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(micros(record.at))
            .bind(&record.kind)
            .bind(&record.detail)
            .bind(record.staff_id)
            .bind(&record.tried)
            .bind(&record.actor)
            .bind(&record.address)
            .bind(record.request_id)
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Whether the same was written of the same hash since a moment.
pub async fn is_recent(
    database: &Database,
    (kind, detail): (&str, &str),
    tried: &[u8],
    since: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = RECENT.on(&connection);
    let found: i64 = each_engine!(connection, c => {
        let query = sqlx::query_scalar(text).bind(micros(since)).bind(kind).bind(detail).bind(tried);
        query.fetch_one(c).await
    })?;
    Ok(found > 0)
}

/// Records before a place, the newest first.
pub async fn page(
    database: &Database,
    filter: &SecurityFilter,
    before: Option<SecurityPlace>,
    first: u32,
) -> Result<Vec<FoundSecurity>, StorageError> {
    let before = before.unwrap_or(SecurityPlace {
        at: micros(filter.time.end),
        seq: i64::MIN,
    });
    let mut connection = database.acquire_read().await?;
    let sql = match (filter.staff_id, &filter.kind) {
        (None, None) => ALL,
        (Some(_), None) => OF_STAFF,
        (None, Some(_)) => OF_KIND,
        (Some(_), Some(_)) => OF_BOTH,
    };
    let text = sql.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        let query = sqlx::query_as(text)
            .bind(micros(filter.time.start))
            .bind(before.at)
            .bind(before.seq)
            .bind(i64::from(first));
        match (filter.staff_id, &filter.kind) {
            (None, None) => query.fetch_all(c).await,
            (Some(staff_id), None) => query.bind(staff_id).fetch_all(c).await,
            (None, Some(kind)) => query.bind(kind).fetch_all(c).await,
            (Some(staff_id), Some(kind)) => query.bind(staff_id).bind(kind).fetch_all(c).await,
        }
    })?;
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, CorruptRow>>()?)
}

/// Removes those before a moment; says how many. The database refuses to remove what is younger than 89 days.
pub async fn clean(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    remove_before(database, CLEAN, before).await
}
