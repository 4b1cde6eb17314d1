//! Imports, and the jobs that try them out and carry them out: written in the transaction of the event.

use chrono::{DateTime, Utc};
use domain::import::{ImportCounts, ImportEvent, ImportFormat, Mapped, Mapping, Started, Uploaded};
use domain::{ImportId, JobId};
use event_store::{Connection, Database, InlineError, InlineEvent, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use super::in_the_clear::{ClearEvent, ClearTable};
use super::job_maker::MakesJobs;
use crate::sql::{Columns, CorruptRow, StorageError, fetch_before, fetch_by_id, micros};

/// The command of the job that tries an import out.
pub const TRY: &str = "try-import";
/// The command of the job that carries it out.
pub const RUN: &str = "import";

/// An import as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Which.
    pub id: ImportId,
    /// What its file is.
    pub format: ImportFormat,
    /// Bytes of the file.
    pub size: u64,
    /// SHA-256 of them, hexadecimal.
    pub sha256: String,
    /// Who sent it, as in the actor of events.
    pub uploaded_by: String,
    /// When.
    pub uploaded_at: DateTime<Utc>,
    /// When something happened to it last.
    pub changed_at: DateTime<Utc>,
    /// How it is read, once somebody said so.
    pub reading: Option<Reading>,
    /// What would become of its rows, once the trial has ended.
    pub tried: Option<ImportCounts>,
    /// What is there once it was begun.
    pub started: Option<ImportStarted>,
    /// What became of its rows, once all were gone through.
    pub finished: Option<ImportCounts>,
    /// Whether it is not wanted any more.
    pub discarded: bool,
}

/// How a file is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Of a workbook: which of its visible sheets, from 0.
    pub sheet: u16,
    /// Which column is which.
    pub mapping: Mapping,
    /// The job that tries it out so.
    pub trial_job: JobId,
}

/// That an import was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportStarted {
    /// The job that carries it out.
    pub run_job: JobId,
    /// Who began it, as in the actor of events.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// It was begun or discarded before, or was tried out in another way since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the import {0} is not in a state for that")]
pub struct ImportMovedOn(pub ImportId);

macro_rules! columns {
    () => {
        "id, format, size, sha256, uploaded_by, uploaded_at, changed_at, sheet, places, trial_job_id, tried, run_job_id, \
         started_by, started_at, finished, discarded"
    };
}

const INSERT: Sql = Sql::same(
    "INSERT INTO import (id, format, size, sha256, uploaded_by, uploaded_at, changed_at, discarded) \
     VALUES ($1, $2, $3, $4, $5, $6, $6, 0)",
);
const MAP: Sql = Sql::same(
    "UPDATE import SET sheet = $2, places = $3, trial_job_id = $4, tried = NULL, changed_at = $5 \
     WHERE id = $1 AND run_job_id IS NULL AND discarded = 0",
);
// Of a trial that was overtaken by another one nobody wants to know.
const TRIED: Sql =
    Sql::same("UPDATE import SET tried = $3, changed_at = $4 WHERE id = $1 AND trial_job_id = $2");
const START: Sql = Sql::same(
    "UPDATE import SET run_job_id = $3, started_by = $4, started_at = $5, changed_at = $5 \
     WHERE id = $1 AND trial_job_id = $2 AND run_job_id IS NULL AND tried IS NOT NULL AND discarded = 0",
);
const FINISH: Sql = Sql::same("UPDATE import SET finished = $2, changed_at = $3 WHERE id = $1");
const DISCARD: Sql = Sql::same(
    "UPDATE import SET discarded = 1, changed_at = $2 WHERE id = $1 AND run_job_id IS NULL AND discarded = 0",
);
const LOAD: Sql = Sql::same(concat!("SELECT ", columns!(), " FROM import WHERE id = $1"));
const NEWEST: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM import WHERE (uploaded_at, id) < ($1, $2) ORDER BY uploaded_at DESC, id DESC LIMIT $3"
));
const BY_JOB: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM import WHERE trial_job_id = $1 UNION ALL SELECT ",
    columns!(),
    " FROM import WHERE run_job_id = $1"
));

/// The statements that look for imports: for tests of plans.
pub const LOOKS: [(&str, Sql); 2] = [("list", NEWEST), ("of a job", BY_JOB)];

#[derive(FromRow)]
struct Row {
    id: Uuid,
    format: String,
    size: i64,
    sha256: String,
    uploaded_by: String,
    uploaded_at: i64,
    changed_at: i64,
    sheet: Option<i64>,
    places: Option<String>,
    trial_job_id: Option<Uuid>,
    tried: Option<String>,
    run_job_id: Option<Uuid>,
    started_by: Option<String>,
    started_at: Option<i64>,
    finished: Option<String>,
    discarded: i64,
}

impl TryFrom<Row> for Import {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "import",
            id: &row.id,
        };
        let counts = |column, text: Option<&str>| {
            let counts = text.map(serde_json::from_str::<ImportCounts>).transpose();
            counts.map_err(|_| columns.corrupt(column))
        };
        let started_at = columns.instant_or_none("started_at", row.started_at)?;
        let reading = match (row.sheet, row.places.as_deref(), row.trial_job_id) {
            (Some(sheet), Some(places), Some(trial_job)) => {
                let places = serde_json::from_str::<Vec<Option<u16>>>(places);
                let mapping = places.ok().and_then(|places| Mapping::of(&places));
                Some(Reading {
                    sheet: u16::try_from(sheet).map_err(|_| columns.corrupt("sheet"))?,
                    mapping: mapping.ok_or_else(|| columns.corrupt("places"))?,
                    trial_job: JobId::new(trial_job),
                })
            }
            _ => None,
        };
        Ok(Self {
            id: ImportId::new(row.id),
            format: ImportFormat::from_code(&row.format).ok_or_else(|| columns.corrupt("format"))?,
            size: u64::try_from(row.size).map_err(|_| columns.corrupt("size"))?,
            uploaded_at: columns.instant("uploaded_at", row.uploaded_at)?,
            changed_at: columns.instant("changed_at", row.changed_at)?,
            reading,
            tried: counts("tried", row.tried.as_deref())?,
            started: match (row.run_job_id, row.started_by, started_at) {
                (Some(run_job), Some(by), Some(at)) => Some(ImportStarted {
                    run_job: JobId::new(run_job),
                    by,
                    at,
                }),
                _ => None,
            },
            finished: counts("finished", row.finished.as_deref())?,
            discarded: row.discarded != 0,
            sha256: row.sha256,
            uploaded_by: row.uploaded_by,
        })
    }
}

/// One of them.
pub async fn load(database: &Database, id: ImportId) -> Result<Option<Import>, StorageError> {
    one(database, LOAD, id.uuid()).await
}

/// The one that a job tries out or carries out.
pub async fn of_job(database: &Database, job: JobId) -> Result<Option<Import>, StorageError> {
    one(database, BY_JOB, job.uuid()).await
}

async fn one(database: &Database, sql: Sql, id: Uuid) -> Result<Option<Import>, StorageError> {
    let row: Option<Row> = fetch_by_id(database, sql, id).await?;
    Ok(row.map(Import::try_from).transpose()?)
}

/// Those before a place, the newest first.
pub async fn newest(
    database: &Database,
    before: Option<(DateTime<Utc>, ImportId)>,
    limit: u32,
) -> Result<Vec<Import>, StorageError> {
    let before = before.map(|(at, id)| (at, id.uuid()));
    let rows: Vec<Row> = fetch_before(database, NEWEST, before, limit).await?;
    Ok(rows.into_iter().map(Import::try_from).collect::<Result<_, _>>()?)
}

/// Keeps the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImportTable;

impl ClearTable for ImportTable {
    const NAME: &'static str = "import";

    async fn apply(connection: &mut Connection, event: ClearEvent<'_>) -> Result<(), InlineError> {
        let said = ImportEvent::decode(event.event_type, event.version, event.data)?;
        let id = said.import_id();
        let at = micros(event.at);
        let moved_on = || Err(ImportMovedOn(id).into());
        match said {
            ImportEvent::Uploaded(uploaded) => insert(connection, &uploaded, event).await?,
            ImportEvent::Mapped(mapped) => {
                if !map(connection, &mapped, at).await? {
                    return moved_on();
                }
            }
            ImportEvent::Tried(tried) => {
                let counts = json(&tried.counts);
                let text = TRIED.on(connection);
                each_engine!(connection, c => {
                    sqlx::query(text).bind(id.uuid()).bind(tried.trial_job_id.uuid()).bind(counts).bind(at)
                        .execute(c).await.map(drop)
                })
                .map_err(StorageError::from)?;
            }
            ImportEvent::Started(started) => {
                // Two may begin it at the same moment: it is begun once.
                if !start(connection, &started, event).await? {
                    return moved_on();
                }
            }
            ImportEvent::Finished(finished) => {
                let counts = json(&finished.counts);
                let text = FINISH.on(connection);
                each_engine!(connection, c => {
                    sqlx::query(text).bind(id.uuid()).bind(counts).bind(at).execute(c).await.map(drop)
                })
                .map_err(StorageError::from)?;
            }
            ImportEvent::Discarded(_) => {
                let text = DISCARD.on(connection);
                let rows = each_engine!(connection, c => {
                    sqlx::query(text).bind(id.uuid()).bind(at).execute(c).await.map(|done| done.rows_affected())
                })
                .map_err(StorageError::from)?;
                if rows != 1 {
                    return moved_on();
                }
            }
        }
        Ok(())
    }
}

fn json(counts: &impl serde::Serialize) -> String {
    serde_json::to_string(counts).expect("numbers are JSON")
}

async fn insert(
    connection: &mut Connection,
    uploaded: &Uploaded,
    event: ClearEvent<'_>,
) -> Result<(), StorageError> {
    let text = INSERT.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(uploaded.import_id.uuid())
            .bind(uploaded.format.code())
            .bind(i64::try_from(uploaded.size).unwrap_or(i64::MAX))
            .bind(&uploaded.sha256)
            .bind(event.by)
            .bind(micros(event.at))
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

async fn map(connection: &mut Connection, mapped: &Mapped, at: i64) -> Result<bool, StorageError> {
    let places = json(&mapped.places);
    let text = MAP.on(connection);
    let rows = each_engine!(connection, c => {
        sqlx::query(text)
            .bind(mapped.import_id.uuid())
            .bind(i64::from(mapped.sheet))
            .bind(places)
            .bind(mapped.trial_job_id.uuid())
            .bind(at)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

async fn start(
    connection: &mut Connection,
    started: &Started,
    event: ClearEvent<'_>,
) -> Result<bool, StorageError> {
    let text = START.on(connection);
    let rows = each_engine!(connection, c => {
        sqlx::query(text)
            .bind(started.import_id.uuid())
            .bind(started.trial_job_id.uuid())
            .bind(started.run_job_id.uuid())
            .bind(event.by)
            .bind(micros(event.at))
            .execute(c)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

impl MakesJobs for ImportTable {
    const MAKER: &'static str = "import_job";

    fn job_of(event: &InlineEvent) -> Result<Option<(JobId, &'static str)>, InlineError> {
        let said = ImportEvent::decode(&event.event_type, event.schema_version, &event.data)?;
        Ok(match said {
            ImportEvent::Mapped(mapped) => Some((mapped.trial_job_id, TRY)),
            ImportEvent::Started(started) => Some((started.run_job_id, RUN)),
            _ => None,
        })
    }
}
