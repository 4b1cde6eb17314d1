//! What a trial of an import found: refused rows and warnings. Operational: they are of a file that is destroyed with them.

use domain::{ImportId, JobId};
use event_store::{Database, Sql, each_engine};
use serde::Serialize;
use sqlx::FromRow;

use crate::sql::StorageError;

/// Something that was found in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// Its place among what was found, from 1.
    pub ordinal: u32,
    /// Which row of the file, from 1 after the headings.
    pub row: u64,
    /// Whether the row is refused; else it is taken over with a warning.
    pub refused: bool,
    /// Why: a stable code.
    pub code: String,
    /// The column of a register; none: it is about the whole row.
    pub heading: Option<String>,
    /// What stands there, sealed.
    pub found: Vec<u8>,
}

/// How often something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRowCount {
    /// What.
    pub code: String,
    /// Whether rows are refused for it.
    pub refused: bool,
    /// How often.
    pub count: u32,
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which<'a> {
    /// All.
    All,
    /// Refused rows alone.
    Refused,
    /// One code.
    Code(&'a str),
}

macro_rules! columns {
    () => {
        "SELECT ordinal, row_no, refused, code, heading, found FROM import_row WHERE trial_job_id = $1 AND ordinal > $2"
    };
}

const DELETE: Sql = Sql::same("DELETE FROM import_row WHERE trial_job_id = $1");
const INSERT: Sql = Sql {
    sqlite: "INSERT INTO import_row (trial_job_id, import_id, ordinal, row_no, refused, code, heading, found) \
             SELECT $1, $2, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, unhex(value ->> 5) \
             FROM json_each($3)",
    postgres: "INSERT INTO import_row (trial_job_id, import_id, ordinal, row_no, refused, code, heading, found) \
               SELECT $1, $2, CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT), CAST(value ->> 2 AS BIGINT), \
               value ->> 3, value ->> 4, decode(value ->> 5, 'hex') FROM json_array_elements(CAST($3 AS json))",
};
const PAGE: Sql = Sql::same(concat!(columns!(), " ORDER BY ordinal LIMIT $3"));
const PAGE_REFUSED: Sql = Sql::same(concat!(columns!(), " AND refused = 1 ORDER BY ordinal LIMIT $3"));
const PAGE_CODE: Sql = Sql::same(concat!(columns!(), " AND code = $4 ORDER BY ordinal LIMIT $3"));
const COUNTS: Sql = Sql::same(
    "SELECT code, max(refused) AS refused, count(*) AS count FROM import_row WHERE trial_job_id = $1 \
     GROUP BY code ORDER BY max(refused) DESC, count(*) DESC, code",
);

/// The statements that look for rows: for tests of plans.
pub const LOOKS: [(&str, Sql); 4] = [
    ("page", PAGE),
    ("page of the refused", PAGE_REFUSED),
    ("page of a code", PAGE_CODE),
    ("counts", COUNTS),
];

#[derive(FromRow)]
struct Stored {
    ordinal: i64,
    row_no: i64,
    refused: i64,
    code: String,
    heading: Option<String>,
    found: Vec<u8>,
}

/// Begins anew: what an earlier attempt of the trial found is gone.
pub async fn clear(database: &Database, trial: JobId) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = DELETE.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(trial.uuid()).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// Keeps what was found in some rows.
pub async fn add(
    database: &Database,
    id: ImportId,
    trial: JobId,
    rows: &[ImportRow],
) -> Result<(), StorageError> {
    #[derive(Serialize)]
    struct Written<'a>(u32, u64, u8, &'a str, Option<&'a str>, String);
    if rows.is_empty() {
        return Ok(());
    }
    let rows: Vec<Written<'_>> = rows
        .iter()
        .map(|it| {
            let found = hex::encode(&it.found);
            Written(
                it.ordinal,
                it.row,
                u8::from(it.refused),
                &it.code,
                it.heading.as_deref(),
                found,
            )
        })
        .collect();
    let json = serde_json::to_string(&rows).expect("numbers and texts are JSON");
    let mut tx = database.begin_write().await?;
    let text = INSERT.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text).bind(trial.uuid()).bind(id.uuid()).bind(json).execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// What was found after a place.
pub async fn page(
    database: &Database,
    trial: JobId,
    which: Which<'_>,
    after: u32,
    limit: u32,
) -> Result<Vec<ImportRow>, StorageError> {
    let sql = match which {
        Which::All => PAGE,
        Which::Refused => PAGE_REFUSED,
        Which::Code(_) => PAGE_CODE,
    };
    let mut connection = database.acquire_read().await?;
    let text = sql.on(&connection);
    let rows: Vec<Stored> = each_engine!(connection, c => {
        let query = sqlx::query_as(text).bind(trial.uuid()).bind(i64::from(after)).bind(i64::from(limit));
        match which {
            Which::Code(code) => query.bind(code).fetch_all(c).await,
            Which::All | Which::Refused => query.fetch_all(c).await,
        }
    })?;
    Ok(rows
        .into_iter()
        .map(|row| ImportRow {
            ordinal: u32::try_from(row.ordinal).unwrap_or(u32::MAX),
            row: u64::try_from(row.row_no).unwrap_or_default(),
            refused: row.refused != 0,
            code: row.code,
            heading: row.heading,
            found: row.found,
        })
        .collect())
}

/// How often each thing was found: refusals first, the most frequent first.
pub async fn counts(database: &Database, trial: JobId) -> Result<Vec<ImportRowCount>, StorageError> {
    #[derive(FromRow)]
    struct Counted {
        code: String,
        refused: i64,
        count: i64,
    }
    let mut connection = database.acquire_read().await?;
    let text = COUNTS.on(&connection);
    let rows: Vec<Counted> =
        each_engine!(connection, c => sqlx::query_as(text).bind(trial.uuid()).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|row| ImportRowCount {
            code: row.code,
            refused: row.refused != 0,
            count: u32::try_from(row.count).unwrap_or(u32::MAX),
        })
        .collect())
}
