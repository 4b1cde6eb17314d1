//! Who looked at whose personal data. Written before the data leaves; rows are only ever added.
//!
//! They have a file of their own on SQLite: nearly every request writes some, and each write to the register's file takes the
//! pages that its readers hold in memory away from them (ADR 10). A small task gathers what all requests want recorded and
//! commits it at once, so that many readers share one commit.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use event_store::{Database, DatabaseError, MigrateError, Sql};
use serde::Serialize;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, FromRow};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use uuid::Uuid;

use crate::sql::micros;

/// The file of the records beside a SQLite file.
pub const READS_FILE: &str = "reads.db";
/// Requests that may wait; more wait for room.
const QUEUE: usize = 1_024;
/// Pages of `reads.db` that a connection holds, in KiB: it is written at its end and hardly read.
const PAGE_CACHE: u32 = 1_024;
/// From one commit to the next: what is asked for soon after one waits for others, so that a busy process commits 100 times a second
/// at most. After a pause nobody waits.
const PACE: Duration = Duration::from_millis(10);
/// Rows of one commit.
const ROWS_MAX: usize = 2_000;

/// One answer with the personal data of declarations in one role, or with mails. Never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRecord {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, as in the actor of events.
    pub actor: String,
    /// Of which declarations, or which mails.
    pub ids: Vec<Uuid>,
    /// Code of the role in which the person stands there.
    pub field_class: String,
    /// What for.
    pub purpose: String,
    /// In which request.
    pub request_id: String,
}

/// The reads could not be recorded: the data must not leave.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the read could not be recorded: {0}")]
pub struct RecordError(String);

/// Records reads, many at a time.
#[derive(Clone, Debug)]
pub struct ReadRecorder {
    database: Database,
    queue: mpsc::Sender<Request>,
}

struct Request {
    records: Vec<ReadRecord>,
    answer: oneshot::Sender<Result<(), RecordError>>,
}

impl ReadRecorder {
    /// Opens what lies beside a register and starts the task, which ends when the last recorder is dropped.
    pub async fn open_beside(register: &Database) -> Result<Self, MigrateError> {
        let database = open_beside(register).await?;
        let (queue, requests) = mpsc::channel(QUEUE);
        tokio::spawn(run(database.clone(), requests));
        Ok(Self { database, queue })
    }

    /// Returns when the records are on disk.
    pub async fn record(&self, records: Vec<ReadRecord>) -> Result<(), RecordError> {
        if records.is_empty() {
            return Ok(());
        }
        let gone = || RecordError("the recorder has ended".to_owned());
        let (answer, answered) = oneshot::channel();
        self.queue
            .send(Request { records, answer })
            .await
            .map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Where the records are.
    pub(super) const fn database(&self) -> &Database {
        &self.database
    }

    /// Closes their database; nothing can be recorded any more.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

/// Opens the database that holds the records of a register's readers, at this version's schema.
pub async fn open_beside(register: &Database) -> Result<Database, MigrateError> {
    let database = register.open_beside(READS_FILE, PAGE_CACHE).await?;
    database.migrate_read_records().await?;
    Ok(database)
}

/// Makes a SQLite file for them that is filled in one go, see [`Database::open_to_fill`].
pub async fn open_to_fill(path: &Path) -> Result<Database, MigrateError> {
    let database = Database::open_to_fill(path).await?;
    database.migrate_read_records().await?;
    Ok(database)
}

async fn run(database: Database, mut requests: mpsc::Receiver<Request>) {
    let mut next = Instant::now();
    while let Some(first) = requests.recv().await {
        tokio::time::sleep_until(next).await;
        next = Instant::now() + PACE;
        let mut rows = first.records.len();
        let mut batch = vec![first];
        while rows < ROWS_MAX
            && let Ok(next) = requests.try_recv()
        {
            rows += next.records.len();
            batch.push(next);
        }
        let written = write(&database, &batch)
            .await
            .map_err(|error| RecordError(error.to_string()));
        for request in batch {
            // Whoever does not wait any more does not send the data either.
            let _ = request.answer.send(written.clone());
        }
    }
}

const INSERT: Sql = Sql {
    sqlite: "INSERT INTO read_record (at, actor, declaration_ids, field_class, purpose, request_id) \
             SELECT value ->> 0, value ->> 1, unhex(value ->> 2), value ->> 3, value ->> 4, value ->> 5 \
             FROM json_each($1)",
    // The first part: on disk when it answers, also where the server is set not to wait for that. Columns in arrays: to read them
    // out of JSON costs the server four times as much as to write them.
    postgres: "INSERT INTO read_record (at, actor, declaration_ids, field_class, purpose, request_id) \
               SELECT rows.* FROM (SELECT set_config('synchronous_commit', 'on', true)) AS sure, \
               UNNEST(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[]), CAST($3 AS BYTEA[]), CAST($4 AS TEXT[]), CAST($5 AS TEXT[]), CAST($6 AS TEXT[])) AS rows",
};

/// A row in the order of the columns.
#[derive(Serialize)]
struct Written<'a>(i64, &'a str, String, &'a str, &'a str, &'a str);

async fn write(database: &Database, batch: &[Request]) -> Result<(), DatabaseError> {
    let records: Vec<&ReadRecord> = batch.iter().flat_map(|request| &request.records).collect();
    let one_text = || {
        let mut values = SqliteArguments::default();
        values.add(serde_json::to_string(&rows(&records))?)?;
        Ok(values)
    };
    database
        .write_single(INSERT, one_text, || columns(&records))
        .await
}

fn rows<'a>(records: &[&'a ReadRecord]) -> Vec<Written<'a>> {
    let row = |it: &&'a ReadRecord| {
        let ids = it.ids.iter().map(|id| id.simple().to_string()).collect();
        Written(
            micros(it.at),
            &it.actor,
            ids,
            &it.field_class,
            &it.purpose,
            &it.request_id,
        )
    };
    records.iter().map(row).collect()
}

fn columns(records: &[&ReadRecord]) -> Result<PgArguments, BoxDynError> {
    let ids = |it: &ReadRecord| -> Vec<u8> { it.ids.iter().flat_map(|id| *id.as_bytes()).collect() };
    let texts = |of: fn(&ReadRecord) -> &str| -> Vec<&str> { records.iter().map(|it| of(it)).collect() };
    let mut values = PgArguments::default();
    values.add(records.iter().map(|it| micros(it.at)).collect::<Vec<_>>())?;
    values.add(texts(|it| &it.actor))?;
    values.add(records.iter().map(|it| ids(it)).collect::<Vec<_>>())?;
    values.add(texts(|it| &it.field_class))?;
    values.add(texts(|it| &it.purpose))?;
    values.add(texts(|it| &it.request_id))?;
    Ok(values)
}

/// A row as it is stored.
#[derive(FromRow)]
pub(super) struct Row {
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) actor: String,
    pub(super) declaration_ids: Vec<u8>,
    pub(super) field_class: String,
    pub(super) purpose: String,
    pub(super) request_id: String,
}
