//! Jobs: claimed, tried again, given up. How they end is an event; see `projections/job_event.rs`.
//!
//! Who claims a job raises its term. Whatever is written about a running job names the term, so that a process that stood still
//! while its lease ran out, and somebody else took the job over, writes nothing.

use chrono::{DateTime, Utc};
use domain::JobId;
use domain::job::JobState;
use event_store::{Connection, Database, Sql, each_engine};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros, text_list};

/// A job as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Which.
    pub id: JobId,
    /// What it does.
    pub command: String,
    /// The schedule that fired it; none when somebody asked for it.
    pub schedule_id: Option<Uuid>,
    /// For when it was due.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether it fired late.
    pub late: bool,
    /// The actor who asked for it, or whose schedule it is.
    pub requested_by: String,
    /// When it came to be.
    pub created_at: DateTime<Utc>,
    /// Where it stands.
    pub state: JobState,
    /// Not before this.
    pub run_at: DateTime<Utc>,
    /// How often it was begun.
    pub attempt: u32,
    /// Of the last claim.
    pub term: i64,
    /// While it runs: until when it is its node's.
    pub lease_until: Option<DateTime<Utc>>,
    /// Who runs it, or ran it last.
    pub node: Option<String>,
    /// How much is done, of how much; 0 when that is not known.
    pub progress: Progress,
    /// Whether somebody wants it stopped.
    pub cancel_requested: bool,
    /// Why the last attempt failed; no personal data.
    pub error: Option<String>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Done so far.
    pub done: u64,
    /// Of so many; 0: not known.
    pub total: u64,
}

/// A job that begins to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Which.
    pub id: JobId,
    /// What it does.
    pub command: String,
    /// The schedule that fired it.
    pub schedule_id: Option<Uuid>,
    /// For when it was due.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether it fired late.
    pub late: bool,
    /// The actor who asked for it.
    pub requested_by: String,
    /// When it came to be.
    pub created_at: DateTime<Utc>,
    /// Not before this.
    pub run_at: DateTime<Utc>,
}

/// Under which claim something is said of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Which job.
    pub id: JobId,
    /// The term of the claim.
    pub term: i64,
}

macro_rules! columns {
    () => {
        "id, command, schedule_id, due_at, late, requested_by, created_at, state, run_at, attempt, term, lease_until, \
         node, progress_done, progress_total, cancel_requested, error, finished_at"
    };
}

const INSERT: Sql = Sql {
    sqlite: "INSERT INTO job (id, command, schedule_id, due_at, late, requested_by, created_at, state, run_at, attempt, \
             term, progress_done, progress_total, cancel_requested) \
             SELECT unhex(value ->> 0), value ->> 1, unhex(value ->> 2), value ->> 3, value ->> 4, value ->> 5, \
             value ->> 6, 'ready', value ->> 7, 0, 0, 0, 0, 0 FROM json_each($1)",
    postgres: "INSERT INTO job (id, command, schedule_id, due_at, late, requested_by, created_at, state, run_at, attempt, \
               term, progress_done, progress_total, cancel_requested) \
               SELECT CAST(value ->> 0 AS UUID), value ->> 1, CAST(value ->> 2 AS UUID), CAST(value ->> 3 AS BIGINT), \
               CAST(value ->> 4 AS BIGINT), value ->> 5, CAST(value ->> 6 AS BIGINT), 'ready', \
               CAST(value ->> 7 AS BIGINT), 0, 0, 0, 0, 0 FROM json_array_elements(CAST($1 AS json))",
};
// Whose lease is over is claimed like whatever is ready. On PostgreSQL two nodes pass each other by; on SQLite they take turns.
const CLAIM: Sql = Sql {
    sqlite: concat!(
        "UPDATE job SET state = 'running', attempt = attempt + 1, term = term + 1, lease_until = $2, node = $3, \
         progress_done = 0, progress_total = 0 WHERE id IN (SELECT id FROM (\
         SELECT id, run_at FROM job WHERE state = 'ready' AND run_at <= $1 AND command IN (SELECT value FROM json_each($5)) \
         UNION ALL SELECT id, run_at FROM job WHERE state = 'running' AND lease_until <= $1 \
         AND command IN (SELECT value FROM json_each($5))) ORDER BY run_at LIMIT $4) \
         RETURNING ",
        columns!()
    ),
    postgres: concat!(
        "UPDATE job SET state = 'running', attempt = attempt + 1, term = term + 1, lease_until = $2, node = $3, \
         progress_done = 0, progress_total = 0 WHERE id = ANY (ARRAY(\
         SELECT id FROM job WHERE ((state = 'ready' AND run_at <= $1) OR (state = 'running' AND lease_until <= $1)) \
         AND command = ANY (SELECT json_array_elements_text(CAST($5 AS json))) \
         ORDER BY run_at LIMIT $4 FOR UPDATE SKIP LOCKED)) RETURNING ",
        columns!()
    ),
};
const RENEW: Sql = Sql::same(
    "UPDATE job SET lease_until = $3, progress_done = $4, progress_total = $5 \
     WHERE id = $1 AND term = $2 AND state = 'running' RETURNING cancel_requested",
);
const RETRY: Sql = Sql::same(
    "UPDATE job SET state = 'ready', run_at = $3, error = $4, lease_until = NULL \
     WHERE id = $1 AND term = $2 AND state = 'running'",
);
const GIVE_BACK: Sql = Sql::same(
    "UPDATE job SET state = 'ready', attempt = attempt - 1, lease_until = NULL \
     WHERE id = $1 AND term = $2 AND state = 'running'",
);
const END: Sql = Sql::same(
    "UPDATE job SET state = $3, error = $4, finished_at = $5, lease_until = NULL \
     WHERE id = $1 AND term = $2 AND state = 'running'",
);
const CANCEL: Sql = Sql::same(
    "UPDATE job SET cancel_requested = 1, finished_at = CASE WHEN state = 'ready' THEN $2 ELSE finished_at END, \
     state = CASE WHEN state = 'ready' THEN 'cancelled' ELSE state END \
     WHERE id = $1 AND state IN ('ready', 'running')",
);
const RESUME: Sql = Sql::same(
    "UPDATE job SET state = 'ready', attempt = 0, run_at = $2, cancel_requested = 0, finished_at = NULL \
     WHERE id = $1 AND state IN ('dead', 'cancelled')",
);
const LOAD: Sql = Sql::same(concat!("SELECT ", columns!(), " FROM job WHERE id = $1"));
const LOAD_MANY: Sql = Sql {
    sqlite: concat!(
        "SELECT ",
        columns!(),
        " FROM job WHERE id IN (SELECT unhex(value) FROM json_each($1))"
    ),
    postgres: concat!(
        "SELECT ",
        columns!(),
        " FROM job WHERE id = ANY (SELECT CAST(json_array_elements_text(CAST($1 AS json)) AS UUID))"
    ),
};
const LIST: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM job WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3"
));
const LIST_OF_STATE: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM job WHERE state = $4 AND (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3"
));
const NEXT_AT: Sql = Sql::same(
    "SELECT min(at) FROM (SELECT min(run_at) AS at FROM job WHERE state = 'ready' \
     UNION ALL SELECT min(lease_until) AS at FROM job WHERE state = 'running') AS next",
);
const COUNTS: Sql = Sql::same("SELECT state, count(*) AS count FROM job GROUP BY state");

/// The statements that look for jobs: for tests of plans.
pub const LOOKS: [(&str, Sql); 4] = [
    ("claim", CLAIM),
    ("next", NEXT_AT),
    ("list", LIST),
    ("list of a state", LIST_OF_STATE),
];

#[derive(FromRow)]
struct Row {
    id: Uuid,
    command: String,
    schedule_id: Option<Uuid>,
    due_at: Option<i64>,
    late: i64,
    requested_by: String,
    created_at: i64,
    state: String,
    run_at: i64,
    attempt: i64,
    term: i64,
    lease_until: Option<i64>,
    node: Option<String>,
    progress_done: i64,
    progress_total: i64,
    cancel_requested: i64,
    error: Option<String>,
    finished_at: Option<i64>,
}

impl TryFrom<Row> for Job {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "job",
            id: &row.id,
        };
        let count = |column, number: i64| u64::try_from(number).map_err(|_| columns.corrupt(column));
        Ok(Self {
            id: JobId::new(row.id),
            due_at: columns.instant_or_none("due_at", row.due_at)?,
            late: row.late != 0,
            created_at: columns.instant("created_at", row.created_at)?,
            state: JobState::from_code(&row.state).ok_or_else(|| columns.corrupt("state"))?,
            run_at: columns.instant("run_at", row.run_at)?,
            attempt: u32::try_from(row.attempt).map_err(|_| columns.corrupt("attempt"))?,
            lease_until: columns.instant_or_none("lease_until", row.lease_until)?,
            progress: Progress {
                done: count("progress_done", row.progress_done)?,
                total: count("progress_total", row.progress_total)?,
            },
            cancel_requested: row.cancel_requested != 0,
            finished_at: columns.instant_or_none("finished_at", row.finished_at)?,
            command: row.command,
            schedule_id: row.schedule_id,
            requested_by: row.requested_by,
            term: row.term,
            node: row.node,
            error: row.error,
        })
    }
}

fn jobs(rows: Vec<Row>) -> Result<Vec<Job>, StorageError> {
    Ok(rows.into_iter().map(Job::try_from).collect::<Result<_, _>>()?)
}

/// A row in the order of the columns.
#[derive(Serialize)]
struct Written<'a>(
    String,
    &'a str,
    Option<String>,
    Option<i64>,
    i64,
    &'a str,
    i64,
    i64,
);

/// Makes jobs, in the transaction of what they follow from.
pub(crate) async fn insert(connection: &mut Connection, jobs: &[NewJob]) -> Result<(), StorageError> {
    if jobs.is_empty() {
        return Ok(());
    }
    let rows: Vec<Written<'_>> = jobs
        .iter()
        .map(|job| {
            Written(
                job.id.uuid().simple().to_string(),
                &job.command,
                job.schedule_id.map(|id| id.simple().to_string()),
                job.due_at.map(micros),
                i64::from(job.late),
                &job.requested_by,
                micros(job.created_at),
                micros(job.run_at),
            )
        })
        .collect();
    let json = serde_json::to_string(&rows).expect("ids, numbers and texts are JSON");
    let text = INSERT.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(json).execute(c).await.map(drop))?;
    Ok(())
}

/// Takes at most `limit` jobs of these commands that are due, or whose lease is over, for a node until `lease_until`.
pub async fn claim(
    database: &Database,
    node: &str,
    commands: &[String],
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<Job>, StorageError> {
    let mut tx = database.begin_brief().await?;
    let text = CLAIM.on(&tx);
    let rows: Vec<Row> = each_engine!(tx, c => {
        sqlx::query_as(text)
            .bind(micros(now))
            .bind(micros(lease_until))
            .bind(node)
            .bind(i64::from(limit))
            .bind(text_list(commands))
            .fetch_all(c)
            .await
    })?;
    tx.commit().await?;
    jobs(rows)
}

/// What the holder of a claim learns when it says that it is alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// It goes on.
    Held,
    /// It is still its own, but somebody wants it stopped.
    ToStop,
    /// Somebody else has it, or it has ended: nothing more may be written for it.
    Lost,
}

/// Says that a job is being worked on, and how far it is.
pub async fn renew(
    database: &Database,
    claim: Claim,
    lease_until: DateTime<Utc>,
    progress: Progress,
) -> Result<Renewed, StorageError> {
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut tx = database.begin_brief().await?;
    let text = RENEW.on(&tx);
    let cancel: Option<i64> = each_engine!(tx, c => {
        sqlx::query_scalar(text)
            .bind(claim.id.uuid())
            .bind(claim.term)
            .bind(micros(lease_until))
            .bind(count(progress.done))
            .bind(count(progress.total))
            .fetch_optional(c)
            .await
    })?;
    tx.commit().await?;
    Ok(match cancel {
        None => Renewed::Lost,
        Some(0) => Renewed::Held,
        Some(_) => Renewed::ToStop,
    })
}

/// Puts a job back whose attempt failed. `false`: it is not this claim's any more.
pub async fn retry(
    database: &Database,
    claim: Claim,
    run_at: DateTime<Utc>,
    error: &str,
) -> Result<bool, StorageError> {
    let mut tx = database.begin_brief().await?;
    let text = RETRY.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(claim.id.uuid()).bind(claim.term).bind(micros(run_at)).bind(error).execute(c).await
            .map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Puts a job back that was not worked to an end because the process stops; that is no attempt.
pub async fn give_back(database: &Database, claim: Claim) -> Result<bool, StorageError> {
    let mut tx = database.begin_brief().await?;
    let text = GIVE_BACK.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(claim.id.uuid()).bind(claim.term).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Ends a running job, in the transaction of the event that says so. `false`: it is not this claim's any more.
pub(crate) async fn end(
    connection: &mut Connection,
    claim: Claim,
    state: JobState,
    error: Option<&str>,
    at: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let text = END.on(connection);
    let rows = each_engine!(connection, c => {
        sqlx::query(text)
            .bind(claim.id.uuid())
            .bind(claim.term)
            .bind(state.code())
            .bind(error)
            .bind(micros(at))
            .execute(c)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Stops a job that waits, or asks whoever runs it to stop. `false`: it has ended.
pub(crate) async fn cancel(
    connection: &mut Connection,
    id: JobId,
    at: DateTime<Utc>,
) -> Result<bool, StorageError> {
    touch(connection, CANCEL, id, at).await
}

/// Gives a job that was given up or stopped all its attempts again. `false`: it is neither.
pub(crate) async fn resume(
    connection: &mut Connection,
    id: JobId,
    at: DateTime<Utc>,
) -> Result<bool, StorageError> {
    touch(connection, RESUME, id, at).await
}

async fn touch(
    connection: &mut Connection,
    sql: Sql,
    id: JobId,
    at: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let text = sql.on(connection);
    let rows = each_engine!(connection, c => {
        sqlx::query(text).bind(id.uuid()).bind(micros(at)).execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// One job.
pub async fn load(database: &Database, id: JobId) -> Result<Option<Job>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LOAD.on(&connection);
    let row: Option<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(id.uuid()).fetch_optional(c).await)?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// Those that there are of some jobs, in no order.
pub async fn load_many(database: &Database, ids: &[JobId]) -> Result<Vec<Job>, StorageError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut connection = database.acquire_read().await?;
    let text = LOAD_MANY.on(&connection);
    let ids: Vec<String> = ids.iter().map(|id| id.uuid().simple().to_string()).collect();
    let ids = text_list(&ids);
    let rows: Vec<Row> = each_engine!(connection, c => sqlx::query_as(text).bind(ids).fetch_all(c).await)?;
    jobs(rows)
}

/// Where a page of jobs begins: after this one, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// When it came to be.
    pub created_at: DateTime<Utc>,
    /// Which.
    pub id: JobId,
}

/// Jobs of a state (`None`: of any), the newest first.
pub async fn list(
    database: &Database,
    state: Option<JobState>,
    before: Option<Before>,
    limit: u32,
) -> Result<Vec<Job>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let sql = if state.is_some() { LIST_OF_STATE } else { LIST };
    let text = sql.on(&connection);
    let (at, id) = before.map_or((i64::MAX, Uuid::max()), |it| {
        (micros(it.created_at), it.id.uuid())
    });
    let rows: Vec<Row> = each_engine!(connection, c => {
        let query = sqlx::query_as(text).bind(at).bind(id).bind(i64::from(limit));
        match state {
            Some(state) => query.bind(state.code()).fetch_all(c).await,
            None => query.fetch_all(c).await,
        }
    })?;
    jobs(rows)
}

/// When there will next be something to claim; `None`: nothing waits.
pub async fn next_at(database: &Database) -> Result<Option<DateTime<Utc>>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = NEXT_AT.on(&connection);
    let at: Option<i64> = each_engine!(connection, c => sqlx::query_scalar(text).fetch_one(c).await)?;
    let columns = Columns {
        table: "job",
        id: &"min",
    };
    Ok(columns.instant_or_none("run_at", at)?)
}

/// How many jobs there are in each state.
pub async fn counts(database: &Database) -> Result<Vec<(JobState, u64)>, StorageError> {
    #[derive(FromRow)]
    struct Count {
        state: String,
        count: i64,
    }
    let mut connection = database.acquire_read().await?;
    let text = COUNTS.on(&connection);
    let rows: Vec<Count> = each_engine!(connection, c => sqlx::query_as(text).fetch_all(c).await)?;
    let counted = rows.into_iter().filter_map(|row| {
        let state = JobState::from_code(&row.state)?;
        Some((state, u64::try_from(row.count).ok()?))
    });
    Ok(counted.collect())
}

const UNDER_WAY: Sql = Sql::same(
    "SELECT id FROM job WHERE state = 'ready' AND command = $1 UNION ALL \
     SELECT id FROM job WHERE state = 'running' AND command = $1 LIMIT 1",
);

/// A job of this command that waits or runs.
pub async fn under_way(database: &Database, command: &str) -> Result<Option<JobId>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = UNDER_WAY.on(&connection);
    let id: Option<Uuid> =
        each_engine!(connection, c => sqlx::query_scalar(text).bind(command).fetch_optional(c).await)?;
    Ok(id.map(JobId::new))
}
