//! The records of bulk changes: which were chosen, at which version, and what became of each. Operational: whatever was done to a record
//! stands in its own events, by which a row that was lost with a crash is found again.

use domain::bulk_change::{Difference, Outcome};
use domain::{BulkChangeId, DeclarationId};
use event_store::{Database, Position, Sql, each_engine};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError};

/// Rows that are written in one transaction, which others wait for.
const CHUNK: usize = 1_000;

/// One record of a bulk change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkRow {
    /// Its place among the records, from 1.
    pub ordinal: u32,
    /// Which record.
    pub declaration_id: DeclarationId,
    /// Its version when it was chosen.
    pub version: Position,
    /// What would become of it; none: not tried yet.
    pub trial: Option<Outcome>,
    /// What became of it; none: not done yet.
    pub outcome: Option<Outcome>,
    /// Why it is left as it is: a stable code.
    pub code: Option<String>,
    /// The same for people.
    pub message: Option<String>,
    /// What is different then.
    pub differences: Vec<Difference>,
}

/// A record that is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Which.
    pub declaration_id: DeclarationId,
    /// Its version.
    pub version: Position,
}

/// What becomes of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Its place among the records.
    pub ordinal: u32,
    /// What.
    pub outcome: Outcome,
    /// Why it is left as it is: a stable code.
    pub code: Option<String>,
    /// The same for people.
    pub message: Option<String>,
    /// What is different then.
    pub differences: Vec<Difference>,
}

/// Which of the two is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// What would become of records.
    Trial,
    /// What became of them.
    Run,
}

macro_rules! columns {
    () => {
        "ordinal, declaration_id, version, trial, outcome, code, message, differences"
    };
}

const DELETE: Sql = Sql::same("DELETE FROM bulk_change_row WHERE bulk_change_id = $1");
const INSERT: Sql = Sql {
    sqlite: "INSERT INTO bulk_change_row (bulk_change_id, ordinal, declaration_id, version) \
             SELECT $1, value ->> 0, unhex(value ->> 1), value ->> 2 FROM json_each($2)",
    postgres: "INSERT INTO bulk_change_row (bulk_change_id, ordinal, declaration_id, version) \
               SELECT $1, CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS UUID), CAST(value ->> 2 AS BIGINT) \
               FROM json_array_elements(CAST($2 AS json))",
};
const OPEN_IN_TRIAL: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM bulk_change_row WHERE bulk_change_id = $1 AND ordinal > $2 AND trial IS NULL ORDER BY ordinal LIMIT $3"
));
const OPEN_IN_RUN: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM bulk_change_row WHERE bulk_change_id = $1 AND ordinal > $2 AND outcome IS NULL ORDER BY ordinal LIMIT $3"
));
const PAGE: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM bulk_change_row WHERE bulk_change_id = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3"
));
const PAGE_OF_TRIAL: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM bulk_change_row WHERE bulk_change_id = $1 AND ordinal > $2 AND trial = $4 ORDER BY ordinal LIMIT $3"
));
const PAGE_OF_RUN: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM bulk_change_row WHERE bulk_change_id = $1 AND ordinal > $2 AND outcome = $4 ORDER BY ordinal LIMIT $3"
));
const COUNT_TRIAL: Sql = Sql::same(
    "SELECT trial AS outcome, count(*) AS count FROM bulk_change_row WHERE bulk_change_id = $1 GROUP BY trial",
);
const COUNT_RUN: Sql = Sql::same(
    "SELECT outcome, count(*) AS count FROM bulk_change_row WHERE bulk_change_id = $1 GROUP BY outcome",
);
// On SQLite the id hangs on a row of the list, so that the list is gone through and each row looked up by its key. Otherwise SQLite goes
// through all rows of the bulk change, and for each through the list again: a second for 200 of 10,000 rows.
const JUDGE_TRIAL: Sql = Sql {
    sqlite: "UPDATE bulk_change_row SET trial = j.value ->> 1, code = j.value ->> 2, message = j.value ->> 3, \
             differences = j.value ->> 4 FROM json_each($2) AS j \
             WHERE bulk_change_id = iif(j.key >= 0, $1, NULL) AND ordinal = j.value ->> 0",
    postgres: "UPDATE bulk_change_row SET trial = j.value ->> 1, code = j.value ->> 2, message = j.value ->> 3, \
               differences = j.value ->> 4 FROM json_array_elements(CAST($2 AS json)) AS j \
               WHERE bulk_change_id = $1 AND ordinal = CAST(j.value ->> 0 AS BIGINT)",
};
const JUDGE_RUN: Sql = Sql {
    sqlite: "UPDATE bulk_change_row SET outcome = j.value ->> 1, code = j.value ->> 2, message = j.value ->> 3, \
             differences = j.value ->> 4 FROM json_each($2) AS j \
             WHERE bulk_change_id = iif(j.key >= 0, $1, NULL) AND ordinal = j.value ->> 0",
    postgres: "UPDATE bulk_change_row SET outcome = j.value ->> 1, code = j.value ->> 2, message = j.value ->> 3, \
               differences = j.value ->> 4 FROM json_array_elements(CAST($2 AS json)) AS j \
               WHERE bulk_change_id = $1 AND ordinal = CAST(j.value ->> 0 AS BIGINT)",
};

/// The statements that look for rows: for tests of plans.
pub const LOOKS: [(&str, Sql); 6] = [
    ("open in the trial", OPEN_IN_TRIAL),
    ("open in the run", OPEN_IN_RUN),
    ("page of the trial", PAGE_OF_TRIAL),
    ("page of the run", PAGE_OF_RUN),
    ("counts of the trial", COUNT_TRIAL),
    ("counts of the run", COUNT_RUN),
];

/// The statements that say what becomes of rows: for tests of plans.
pub const JUDGES: [(&str, Sql); 2] = [("trial", JUDGE_TRIAL), ("run", JUDGE_RUN)];

#[derive(FromRow)]
struct Row {
    ordinal: i64,
    declaration_id: Uuid,
    version: i64,
    trial: Option<String>,
    outcome: Option<String>,
    code: Option<String>,
    message: Option<String>,
    differences: Option<String>,
}

impl TryFrom<Row> for BulkRow {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "bulk_change_row",
            id: &row.declaration_id,
        };
        let outcome = |column, code: Option<&str>| match code {
            None => Ok(None),
            Some(code) => Outcome::from_code(code)
                .map(Some)
                .ok_or_else(|| columns.corrupt(column)),
        };
        let differences = row.differences.as_deref().map(serde_json::from_str).transpose();
        Ok(Self {
            ordinal: u32::try_from(row.ordinal).map_err(|_| columns.corrupt("ordinal"))?,
            declaration_id: DeclarationId::new(row.declaration_id),
            version: Position::new(row.version),
            trial: outcome("trial", row.trial.as_deref())?,
            outcome: outcome("outcome", row.outcome.as_deref())?,
            differences: differences
                .map_err(|_| columns.corrupt("differences"))?
                .unwrap_or_default(),
            code: row.code,
            message: row.message,
        })
    }
}

fn read(rows: Vec<Row>) -> Result<Vec<BulkRow>, StorageError> {
    Ok(rows
        .into_iter()
        .map(BulkRow::try_from)
        .collect::<Result<_, _>>()?)
}

/// Writes which records were chosen, in this order, before the event that says so. What an earlier try left is gone.
pub async fn freeze(database: &Database, id: BulkChangeId, chosen: &[Chosen]) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = DELETE.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(id.uuid()).execute(c).await.map(drop))?;
    tx.commit().await?;
    for (chunk, first) in chosen.chunks(CHUNK).zip((1_usize..).step_by(CHUNK)) {
        let rows: Vec<(usize, String, i64)> = (first..)
            .zip(chunk)
            .map(|(ordinal, it)| {
                let id = it.declaration_id.uuid().simple().to_string();
                (ordinal, id, it.version.get())
            })
            .collect();
        let json = serde_json::to_string(&rows).expect("ids and numbers are JSON");
        let mut tx = database.begin_write().await?;
        let text = INSERT.on(&tx);
        each_engine!(tx, c => sqlx::query(text).bind(id.uuid()).bind(json).execute(c).await.map(drop))?;
        tx.commit().await?;
    }
    Ok(())
}

/// The next records after a place of which it is not known yet.
pub async fn open(
    database: &Database,
    id: BulkChangeId,
    pass: Pass,
    after: u32,
    limit: u32,
) -> Result<Vec<BulkRow>, StorageError> {
    let sql = match pass {
        Pass::Trial => OPEN_IN_TRIAL,
        Pass::Run => OPEN_IN_RUN,
    };
    let mut connection = database.acquire_read().await?;
    let text = sql.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(id.uuid()).bind(i64::from(after)).bind(i64::from(limit)).fetch_all(c).await
    })?;
    read(rows)
}

/// Records after a place: all, or those of one outcome.
pub async fn page(
    database: &Database,
    id: BulkChangeId,
    of: Option<(Pass, Outcome)>,
    after: u32,
    limit: u32,
) -> Result<Vec<BulkRow>, StorageError> {
    let sql = match of {
        None => PAGE,
        Some((Pass::Trial, _)) => PAGE_OF_TRIAL,
        Some((Pass::Run, _)) => PAGE_OF_RUN,
    };
    let mut connection = database.acquire_read().await?;
    let text = sql.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        let query = sqlx::query_as(text).bind(id.uuid()).bind(i64::from(after)).bind(i64::from(limit));
        match of {
            None => query.fetch_all(c).await,
            Some((_, outcome)) => query.bind(outcome.code()).fetch_all(c).await,
        }
    })?;
    read(rows)
}

/// How many records have which outcome; none: it is not known yet.
pub async fn counts(
    database: &Database,
    id: BulkChangeId,
    pass: Pass,
) -> Result<Vec<(Option<Outcome>, u32)>, StorageError> {
    #[derive(FromRow)]
    struct Count {
        outcome: Option<String>,
        count: i64,
    }
    let sql = match pass {
        Pass::Trial => COUNT_TRIAL,
        Pass::Run => COUNT_RUN,
    };
    let mut connection = database.acquire_read().await?;
    let text = sql.on(&connection);
    let rows: Vec<Count> =
        each_engine!(connection, c => sqlx::query_as(text).bind(id.uuid()).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let outcome = row.outcome.as_deref().and_then(Outcome::from_code);
            (outcome, u32::try_from(row.count).unwrap_or(u32::MAX))
        })
        .collect())
}

/// Writes what becomes of some records.
pub async fn judge(
    database: &Database,
    id: BulkChangeId,
    pass: Pass,
    judged: &[Judged],
) -> Result<(), StorageError> {
    #[derive(Serialize)]
    struct Written<'a>(u32, &'a str, Option<&'a str>, Option<&'a str>, Option<String>);
    let rows: Vec<Written<'_>> = judged
        .iter()
        .map(|it| {
            let differences = (!it.differences.is_empty())
                .then(|| serde_json::to_string(&it.differences).expect("texts are JSON"));
            Written(
                it.ordinal,
                it.outcome.code(),
                it.code.as_deref(),
                it.message.as_deref(),
                differences,
            )
        })
        .collect();
    let json = serde_json::to_string(&rows).expect("numbers and texts are JSON");
    let sql = match pass {
        Pass::Trial => JUDGE_TRIAL,
        Pass::Run => JUDGE_RUN,
    };
    let mut tx = database.begin_write().await?;
    let text = sql.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(id.uuid()).bind(json).execute(c).await.map(drop))?;
    tx.commit().await?;
    Ok(())
}
