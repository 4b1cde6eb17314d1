//! Files that leave, and the jobs that make them: written in the transaction of the event.

use chrono::{DateTime, Days, Utc};
use domain::export::{Began, Column, ExportEvent, Format, Made, Requested};
use domain::{ExportId, JobId, SubjectId};
use event_store::{Connection, Database, InlineError, InlineEvent, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use super::in_the_clear::{ClearEvent, ClearTable};
use super::job_maker::MakesJobs;
use crate::sql::{Columns, CorruptRow, StorageError, fetch_before, fetch_by_id, micros};

/// The command of the job that makes a file.
pub const MAKE: &str = "make-export";
/// Days that a file is kept, and that one may wait to be made.
pub const KEPT_DAYS: u64 = 7;

/// How an export ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Whoever asked did not want it any more.
    Discarded,
    /// Its time was over.
    Expired,
    /// Somebody of whom it told was forgotten.
    Forgotten,
}

impl Ended {
    const fn code(self) -> &'static str {
        match self {
            Self::Discarded => "discarded",
            Self::Expired => "expired",
            Self::Forgotten => "forgotten",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Discarded, Self::Expired, Self::Forgotten]
            .into_iter()
            .find(|it| it.code() == code)
    }
}

/// An export as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Which.
    pub id: ExportId,
    /// What kind of file.
    pub format: Format,
    /// Which columns, in order.
    pub columns: Vec<Column>,
    /// Whether the view is narrowed.
    pub is_narrowed: bool,
    /// Records of the view when it was asked for.
    pub expected: u64,
    /// Whether that is an estimate.
    pub is_estimated: bool,
    /// Whether a second person has to agree.
    pub needs_approval: bool,
    /// Whose key seals the file.
    pub file_subject: SubjectId,
    /// Who asked, as in the actor of events.
    pub requested_by: String,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// The job that makes it; none: it was not begun.
    pub job: Option<JobId>,
    /// What came of it; none: it is not made yet.
    pub made: Option<Made>,
    /// Until when it is kept; before it is made, until when it may be.
    pub expires_at: DateTime<Utc>,
    /// How often it was taken.
    pub taken: u64,
    /// When for the last time.
    pub taken_at: Option<DateTime<Utc>>,
    /// How and when it ended; none: it is there.
    pub ended: Option<(Ended, DateTime<Utc>)>,
}

impl Export {
    /// Whether a column of it is only for whoever may see what is personal.
    pub fn asks_for_persons(&self) -> bool {
        self.columns.iter().any(|column| column.is_personal())
    }
}

/// An event does not fit to how the export stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the export {0} does not stand so that this could happen")]
pub struct OutOfTurn(pub ExportId);

macro_rules! columns {
    () => {
        "id, format, columns, is_narrowed, expected, is_estimated, needs_approval, file_subject, requested_by, requested_at, \
         job_id, made, expires_at, taken, taken_at, ended, ended_at"
    };
}

const INSERT: Sql = Sql::same(
    "INSERT INTO export (id, format, columns, is_narrowed, expected, is_estimated, needs_approval, file_subject, requested_by, \
     requested_at, expires_at, taken) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)",
);
const START: Sql =
    Sql::same("UPDATE export SET job_id = $2 WHERE id = $1 AND job_id IS NULL AND ended IS NULL");
const MADE: Sql = Sql::same(
    "UPDATE export SET made = $2, expires_at = $3 WHERE id = $1 AND made IS NULL AND ended IS NULL",
);
const TAKEN: Sql = Sql::same(
    "UPDATE export SET taken = taken + 1, taken_at = $2 WHERE id = $1 AND made IS NOT NULL AND ended IS NULL",
);
const END: Sql = Sql::same("UPDATE export SET ended = $2, ended_at = $3 WHERE id = $1 AND ended IS NULL");
const LOAD: Sql = Sql::same(concat!("SELECT ", columns!(), " FROM export WHERE id = $1"));
const OF_JOB: Sql = Sql::same(concat!("SELECT ", columns!(), " FROM export WHERE job_id = $1"));
const NEWEST: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM export WHERE (requested_at, id) < ($1, $2) ORDER BY requested_at DESC, id DESC LIMIT $3"
));
const NEWEST_OF: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM export WHERE requested_by = $4 AND (requested_at, id) < ($1, $2) ORDER BY requested_at DESC, id DESC LIMIT $3"
));
const OVER: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM export WHERE ended IS NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2"
));
const THERE: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM export WHERE ended IS NULL AND expires_at > $1 ORDER BY expires_at LIMIT $2"
));

/// The statements that look for exports: for tests of plans.
pub const LOOKS: [(&str, Sql); 5] = [
    ("list", NEWEST),
    ("of one person", NEWEST_OF),
    ("of a job", OF_JOB),
    ("whose time is over", OVER),
    ("that are there", THERE),
];

#[derive(FromRow)]
struct Row {
    id: Uuid,
    format: String,
    columns: String,
    is_narrowed: i64,
    expected: i64,
    is_estimated: i64,
    needs_approval: i64,
    file_subject: Uuid,
    requested_by: String,
    requested_at: i64,
    job_id: Option<Uuid>,
    made: Option<String>,
    expires_at: i64,
    taken: i64,
    taken_at: Option<i64>,
    ended: Option<String>,
    ended_at: Option<i64>,
}

impl TryFrom<Row> for Export {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "export",
            id: &row.id,
        };
        let made = row.made.map(|made| serde_json::from_str(&made)).transpose();
        let ended = row.ended.as_deref().map(Ended::from_code);
        let ended_at = columns.instant_or_none("ended_at", row.ended_at)?;
        Ok(Self {
            id: ExportId::new(row.id),
            format: Format::from_code(&row.format).ok_or_else(|| columns.corrupt("format"))?,
            columns: serde_json::from_str(&row.columns).map_err(|_| columns.corrupt("columns"))?,
            is_narrowed: row.is_narrowed != 0,
            expected: u64::try_from(row.expected).map_err(|_| columns.corrupt("expected"))?,
            is_estimated: row.is_estimated != 0,
            needs_approval: row.needs_approval != 0,
            file_subject: SubjectId::new(row.file_subject),
            requested_at: columns.instant("requested_at", row.requested_at)?,
            job: row.job_id.map(JobId::new),
            made: made.map_err(|_| columns.corrupt("made"))?,
            expires_at: columns.instant("expires_at", row.expires_at)?,
            taken: u64::try_from(row.taken).map_err(|_| columns.corrupt("taken"))?,
            taken_at: columns.instant_or_none("taken_at", row.taken_at)?,
            ended: match (ended, ended_at) {
                (None, _) => None,
                (Some(Some(how)), Some(at)) => Some((how, at)),
                (Some(_), _) => return Err(columns.corrupt("ended")),
            },
            requested_by: row.requested_by,
        })
    }
}

fn read(rows: Vec<Row>) -> Result<Vec<Export>, StorageError> {
    Ok(rows.into_iter().map(Export::try_from).collect::<Result<_, _>>()?)
}

/// One of them.
pub async fn load(database: &Database, id: ExportId) -> Result<Option<Export>, StorageError> {
    one(database, LOAD, id.uuid()).await
}

/// The one that a job makes.
pub async fn of_job(database: &Database, job: JobId) -> Result<Option<Export>, StorageError> {
    one(database, OF_JOB, job.uuid()).await
}

async fn one(database: &Database, sql: Sql, id: Uuid) -> Result<Option<Export>, StorageError> {
    let row: Option<Row> = fetch_by_id(database, sql, id).await?;
    Ok(row.map(Export::try_from).transpose()?)
}

/// Those before a place, the newest first: all, or those that somebody asked for.
pub async fn newest(
    database: &Database,
    of: Option<&str>,
    before: Option<(DateTime<Utc>, ExportId)>,
    limit: u32,
) -> Result<Vec<Export>, StorageError> {
    let before = before.map(|(at, id)| (at, id.uuid()));
    let Some(of) = of else {
        return read(fetch_before(database, NEWEST, before, limit).await?);
    };
    let (at, id) = before.map_or((i64::MAX, Uuid::max()), |(at, id)| (micros(at), id));
    let mut connection = database.acquire_read().await?;
    let text = NEWEST_OF.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(at).bind(id).bind(i64::from(limit)).bind(of).fetch_all(c).await
    })?;
    read(rows)
}

/// Some of those whose time is over.
pub async fn over(database: &Database, now: DateTime<Utc>, limit: u32) -> Result<Vec<Export>, StorageError> {
    until(database, OVER, now, limit).await
}

/// Some of those that are there and whose time is not over.
pub async fn there(database: &Database, now: DateTime<Utc>, limit: u32) -> Result<Vec<Export>, StorageError> {
    until(database, THERE, now, limit).await
}

async fn until(
    database: &Database,
    sql: Sql,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<Export>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = sql.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(micros(now)).bind(i64::from(limit)).fetch_all(c).await
    })?;
    read(rows)
}

/// Keeps the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExportTable;

impl ClearTable for ExportTable {
    const NAME: &'static str = "export";

    async fn apply(connection: &mut Connection, event: ClearEvent<'_>) -> Result<(), InlineError> {
        let said = ExportEvent::decode(event.event_type, event.version, event.data)?;
        let id = said.export_id();
        let is_in_turn = match &said {
            ExportEvent::Requested(requested) => {
                insert(connection, requested, event).await?;
                true
            }
            ExportEvent::Started(Began { job_id, .. }) => start(connection, id, *job_id).await?,
            ExportEvent::Made(made) => make(connection, made).await?,
            ExportEvent::Taken { .. } => take(connection, id, event.at).await?,
            ExportEvent::Discarded { .. } => end(connection, id, Ended::Discarded, event.at).await?,
            ExportEvent::Expired { why, .. } => {
                let how = match why {
                    domain::export::WhyExpired::Time => Ended::Expired,
                    domain::export::WhyExpired::Forgotten => Ended::Forgotten,
                };
                // One night ends many: that somebody discarded one of them meanwhile holds up none of the others.
                end(connection, id, how, event.at).await?;
                true
            }
        };
        // Two may want it at the same moment: it is begun once, and nothing is taken of what is destroyed.
        if is_in_turn {
            Ok(())
        } else {
            Err(OutOfTurn(id).into())
        }
    }
}

async fn insert(
    connection: &mut Connection,
    requested: &Requested,
    event: ClearEvent<'_>,
) -> Result<(), StorageError> {
    let text = INSERT.on(connection);
    let columns = serde_json::to_string(&requested.columns).expect("codes are JSON");
    let until = event.at + Days::new(KEPT_DAYS);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(requested.export_id.uuid())
            .bind(requested.format.code())
            .bind(&columns)
            .bind(i64::from(requested.is_narrowed))
            .bind(i64::try_from(requested.expected).unwrap_or(i64::MAX))
            .bind(i64::from(requested.is_estimated))
            .bind(i64::from(requested.needs_approval))
            .bind(requested.file_subject.uuid())
            .bind(event.by)
            .bind(micros(event.at))
            .bind(micros(until))
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

async fn start(connection: &mut Connection, id: ExportId, job: JobId) -> Result<bool, StorageError> {
    let text = START.on(connection);
    let rows = each_engine!(connection, c => {
        sqlx::query(text).bind(id.uuid()).bind(job.uuid()).execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

async fn make(connection: &mut Connection, made: &Made) -> Result<bool, StorageError> {
    let text = MADE.on(connection);
    let kept = serde_json::to_string(made).expect("numbers and texts are JSON");
    let rows = each_engine!(connection, c => {
        sqlx::query(text)
            .bind(made.export_id.uuid())
            .bind(&kept)
            .bind(micros(made.expires_at))
            .execute(c)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

async fn take(connection: &mut Connection, id: ExportId, at: DateTime<Utc>) -> Result<bool, StorageError> {
    let text = TAKEN.on(connection);
    let rows = each_engine!(connection, c => {
        sqlx::query(text).bind(id.uuid()).bind(micros(at)).execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

async fn end(
    connection: &mut Connection,
    id: ExportId,
    how: Ended,
    at: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let text = END.on(connection);
    let rows = each_engine!(connection, c => {
        sqlx::query(text)
            .bind(id.uuid())
            .bind(how.code())
            .bind(micros(at))
            .execute(c)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

impl MakesJobs for ExportTable {
    const MAKER: &'static str = "export_job";

    fn job_of(event: &InlineEvent) -> Result<Option<(JobId, &'static str)>, InlineError> {
        let said = ExportEvent::decode(&event.event_type, event.schema_version, &event.data)?;
        Ok(match said {
            ExportEvent::Started(Began { job_id, .. }) => Some((job_id, MAKE)),
            _ => None,
        })
    }
}
