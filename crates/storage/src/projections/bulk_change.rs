//! Bulk changes, and the jobs that try them out and carry them out: written in the transaction of the event.

use chrono::{DateTime, Utc};
use domain::bulk_change::{BulkChangeEvent, BulkKind, Frozen, Started};
use domain::{BulkChangeId, JobId};
use event_store::{Connection, Database, InlineError, InlineEvent, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use super::in_the_clear::{ClearEvent, ClearTable};
use super::job_maker::MakesJobs;
use crate::sql::{Columns, CorruptRow, StorageError, fetch_before, fetch_by_id, fetch_with, id_list, micros};

/// The command of the job that tries a bulk change out.
pub const TRY: &str = "try-bulk-change";
/// The command of the job that carries it out.
pub const RUN: &str = "bulk-change";

/// A bulk change as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkChange {
    /// Which.
    pub id: BulkChangeId,
    /// What is done to each record.
    pub action: BulkKind,
    /// Whether the records are those that a filter left.
    pub by_filter: bool,
    /// How many records.
    pub count: u32,
    /// SHA-256 over their ids in order, hexadecimal.
    pub selection_hash: String,
    /// The bulk change that it takes back.
    pub undoes: Option<BulkChangeId>,
    /// Who chose the records, as in the actor of events.
    pub frozen_by: String,
    /// When.
    pub frozen_at: DateTime<Utc>,
    /// The job that tries it out.
    pub trial_job: JobId,
    /// What is there once it was begun.
    pub started: Option<BulkStarted>,
}

/// That a bulk change was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkStarted {
    /// The job that carries it out.
    pub run_job: JobId,
    /// Who began it, as in the actor of events.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// It was begun before, or its records were never chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bulk change {0} cannot be begun")]
pub struct NotBegun(pub BulkChangeId);

macro_rules! columns {
    () => {
        "id, action, by_filter, count, selection_hash, undoes, frozen_by, frozen_at, trial_job_id, run_job_id, started_by, \
         started_at"
    };
}

const INSERT: Sql = Sql::same(
    "INSERT INTO bulk_change (id, action, by_filter, count, selection_hash, undoes, frozen_by, frozen_at, trial_job_id) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
);
const START: Sql = Sql::same(
    "UPDATE bulk_change SET run_job_id = $2, started_by = $3, started_at = $4 WHERE id = $1 AND run_job_id IS NULL",
);
const LOAD: Sql = Sql::same(concat!("SELECT ", columns!(), " FROM bulk_change WHERE id = $1"));
const BY_IDS: Sql = Sql {
    sqlite: concat!(
        "SELECT ",
        columns!(),
        " FROM bulk_change WHERE id IN (SELECT unhex(value) FROM json_each($1))"
    ),
    postgres: concat!(
        "SELECT ",
        columns!(),
        " FROM bulk_change WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))"
    ),
};
const NEWEST: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM bulk_change WHERE (frozen_at, id) < ($1, $2) ORDER BY frozen_at DESC, id DESC LIMIT $3"
));
const BY_JOB: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM bulk_change WHERE trial_job_id = $1 UNION ALL SELECT ",
    columns!(),
    " FROM bulk_change WHERE run_job_id = $1"
));
const UNDOING: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM bulk_change WHERE undoes = $1 ORDER BY frozen_at DESC, id DESC LIMIT 20"
));

/// The statements that look for bulk changes: for tests of plans.
pub const LOOKS: [(&str, Sql); 3] = [
    ("list", NEWEST),
    ("of a job", BY_JOB),
    ("what takes it back", UNDOING),
];

#[derive(FromRow)]
struct Row {
    id: Uuid,
    action: String,
    by_filter: i64,
    count: i64,
    selection_hash: String,
    undoes: Option<Uuid>,
    frozen_by: String,
    frozen_at: i64,
    trial_job_id: Uuid,
    run_job_id: Option<Uuid>,
    started_by: Option<String>,
    started_at: Option<i64>,
}

impl TryFrom<Row> for BulkChange {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "bulk_change",
            id: &row.id,
        };
        let started_at = columns.instant_or_none("started_at", row.started_at)?;
        Ok(Self {
            id: BulkChangeId::new(row.id),
            action: BulkKind::from_code(&row.action).ok_or_else(|| columns.corrupt("action"))?,
            by_filter: row.by_filter != 0,
            count: u32::try_from(row.count).map_err(|_| columns.corrupt("count"))?,
            frozen_at: columns.instant("frozen_at", row.frozen_at)?,
            trial_job: JobId::new(row.trial_job_id),
            undoes: row.undoes.map(BulkChangeId::new),
            started: match (row.run_job_id, row.started_by, started_at) {
                (Some(run_job), Some(by), Some(at)) => Some(BulkStarted {
                    run_job: JobId::new(run_job),
                    by,
                    at,
                }),
                _ => None,
            },
            selection_hash: row.selection_hash,
            frozen_by: row.frozen_by,
        })
    }
}

fn read(rows: Vec<Row>) -> Result<Vec<BulkChange>, StorageError> {
    Ok(rows
        .into_iter()
        .map(BulkChange::try_from)
        .collect::<Result<_, _>>()?)
}

/// One of them.
pub async fn load(database: &Database, id: BulkChangeId) -> Result<Option<BulkChange>, StorageError> {
    one(database, LOAD, id.uuid()).await
}

/// The one that a job tries out or carries out.
pub async fn of_job(database: &Database, job: JobId) -> Result<Option<BulkChange>, StorageError> {
    one(database, BY_JOB, job.uuid()).await
}

async fn one(database: &Database, sql: Sql, id: Uuid) -> Result<Option<BulkChange>, StorageError> {
    let row: Option<Row> = fetch_by_id(database, sql, id).await?;
    Ok(row.map(BulkChange::try_from).transpose()?)
}

/// Those of these ids that there are.
pub async fn by_ids(database: &Database, ids: &[Uuid]) -> Result<Vec<BulkChange>, StorageError> {
    let mut connection = database.acquire_read().await?;
    read(fetch_with(&mut connection, BY_IDS, &id_list(ids)).await?)
}

/// Those before a place, the newest first.
pub async fn newest(
    database: &Database,
    before: Option<(DateTime<Utc>, BulkChangeId)>,
    limit: u32,
) -> Result<Vec<BulkChange>, StorageError> {
    let before = before.map(|(at, id)| (at, id.uuid()));
    read(fetch_before(database, NEWEST, before, limit).await?)
}

/// Those that take this one back, the newest first.
pub async fn undoing(database: &Database, id: BulkChangeId) -> Result<Vec<BulkChange>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = UNDOING.on(&connection);
    let rows: Vec<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(id.uuid()).fetch_all(c).await)?;
    read(rows)
}

/// Keeps the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BulkChangeTable;

impl ClearTable for BulkChangeTable {
    const NAME: &'static str = "bulk_change";

    async fn apply(connection: &mut Connection, event: ClearEvent<'_>) -> Result<(), InlineError> {
        match BulkChangeEvent::decode(event.event_type, event.version, event.data)? {
            BulkChangeEvent::Frozen(frozen) => Ok(insert(connection, &frozen, event).await?),
            BulkChangeEvent::Started(started) => {
                // Two may begin it at the same moment: it is begun once.
                if start(connection, &started, event).await? {
                    Ok(())
                } else {
                    Err(NotBegun(started.bulk_change_id).into())
                }
            }
        }
    }
}

async fn insert(
    connection: &mut Connection,
    frozen: &Frozen,
    event: ClearEvent<'_>,
) -> Result<(), StorageError> {
    let text = INSERT.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(frozen.bulk_change_id.uuid())
            .bind(frozen.action.code())
            .bind(i64::from(frozen.by_filter))
            .bind(i64::from(frozen.count))
            .bind(&frozen.selection_hash)
            .bind(frozen.undoes.map(BulkChangeId::uuid))
            .bind(event.by)
            .bind(micros(event.at))
            .bind(frozen.trial_job_id.uuid())
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

async fn start(
    connection: &mut Connection,
    started: &Started,
    event: ClearEvent<'_>,
) -> Result<bool, StorageError> {
    let text = START.on(connection);
    let rows = each_engine!(connection, c => {
        sqlx::query(text)
            .bind(started.bulk_change_id.uuid())
            .bind(started.run_job_id.uuid())
            .bind(event.by)
            .bind(micros(event.at))
            .execute(c)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

impl MakesJobs for BulkChangeTable {
    const MAKER: &'static str = "bulk_change_job";

    fn job_of(event: &InlineEvent) -> Result<Option<(JobId, &'static str)>, InlineError> {
        let said = BulkChangeEvent::decode(&event.event_type, event.schema_version, &event.data)?;
        Ok(Some(match said {
            BulkChangeEvent::Frozen(frozen) => (frozen.trial_job_id, TRY),
            BulkChangeEvent::Started(started) => (started.run_job_id, RUN),
        }))
    }
}
