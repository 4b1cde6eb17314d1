//! Who looked at whose personal data. Written before the data leaves; rows are only ever added.
//!
//! They have a file of their own on SQLite: nearly every request writes some, and each write to the register's file takes the
//! pages that its readers hold in memory away from them (ADR 10). A small task gathers what all requests want recorded and
//! commits it at once, so that many readers share one commit.

use std::ops::Range;
use std::path::Path;

use chrono::{DateTime, Utc};
use domain::DeclarationId;
use event_store::{Database, DatabaseError, MigrateError, Sql, each_engine};
use serde::Serialize;
use sqlx::FromRow;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros};

/// The file of the records beside a SQLite file.
pub const READS_FILE: &str = "reads.db";
/// Requests that may wait; more wait for room.
const QUEUE: usize = 1_024;
/// Pages of `reads.db` that a connection holds, in KiB: it is written at its end and hardly read.
const PAGE_CACHE: u32 = 1_024;
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

    /// Who looked at a declaration in a time, the oldest first. It reads all records of that time.
    pub async fn of_declaration(
        &self,
        id: DeclarationId,
        time: Range<DateTime<Utc>>,
    ) -> Result<Vec<ReadRecord>, StorageError> {
        let mut connection = self.database.acquire_read().await?;
        let text = OF_DECLARATION.on(&connection);
        let rows = each_engine!(connection, c => {
            sqlx::query_as::<_, Row>(text)
                .bind(id.uuid().as_bytes().as_slice())
                .bind(micros(time.start))
                .bind(micros(time.end))
                .fetch_all(c)
                .await
        })?;
        let mut records: Vec<ReadRecord> = rows
            .into_iter()
            .map(TryInto::try_into)
            .collect::<Result<_, _>>()?;
        // Its bytes may also lie across two others.
        records.retain(|record| record.ids.contains(&id.uuid()));
        Ok(records)
    }

    /// What an account looked at in a time, in the order of recording, after a record: a page of it.
    pub async fn by_actor(
        &self,
        actor: &str,
        time: Range<DateTime<Utc>>,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, ReadRecord)>, StorageError> {
        let mut connection = self.database.acquire_read().await?;
        let text = BY_ACTOR.on(&connection);
        let rows = each_engine!(connection, c => {
            sqlx::query_as::<_, Row>(text)
                .bind(actor)
                .bind(micros(time.start))
                .bind(micros(time.end))
                .bind(after)
                .bind(i64::from(limit))
                .fetch_all(c)
                .await
        })?;
        rows.into_iter()
            .map(|row| Ok((row.seq, row.try_into()?)))
            .collect()
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
    while let Some(first) = requests.recv().await {
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
    postgres: "INSERT INTO read_record (at, actor, declaration_ids, field_class, purpose, request_id) \
               SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, decode(value ->> 2, 'hex'), value ->> 3, value ->> 4, \
               value ->> 5 FROM json_array_elements(CAST($1 AS json))",
};
const OF_DECLARATION: Sql = Sql {
    sqlite: "SELECT seq, at, actor, declaration_ids, field_class, purpose, request_id FROM read_record \
             WHERE at >= $2 AND at < $3 AND instr(declaration_ids, $1) > 0 ORDER BY seq",
    postgres: "SELECT seq, at, actor, declaration_ids, field_class, purpose, request_id FROM read_record \
               WHERE at >= $2 AND at < $3 AND position($1 IN declaration_ids) > 0 ORDER BY seq",
};
const BY_ACTOR: Sql = Sql::same(
    "SELECT seq, at, actor, declaration_ids, field_class, purpose, request_id FROM read_record \
     WHERE at >= $2 AND at < $3 AND actor = $1 AND seq > $4 ORDER BY seq LIMIT $5",
);

/// A row in the order of the columns.
#[derive(Serialize)]
struct Written<'a>(i64, &'a str, String, &'a str, &'a str, &'a str);

async fn write(database: &Database, batch: &[Request]) -> Result<(), DatabaseError> {
    let rows: Vec<Written<'_>> = batch
        .iter()
        .flat_map(|request| &request.records)
        .map(|it| {
            let ids = it.ids.iter();
            Written(
                micros(it.at),
                &it.actor,
                ids.map(|id| id.simple().to_string()).collect(),
                &it.field_class,
                &it.purpose,
                &it.request_id,
            )
        })
        .collect();
    let json = serde_json::to_string(&rows).expect("rows are plain JSON");
    let mut tx = database.begin_write().await?;
    let text = INSERT.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(json).execute(c).await.map(drop))?;
    tx.commit().await
}

#[derive(FromRow)]
struct Row {
    seq: i64,
    at: i64,
    actor: String,
    declaration_ids: Vec<u8>,
    field_class: String,
    purpose: String,
    request_id: String,
}

impl TryFrom<Row> for ReadRecord {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "read_record",
            id: &row.seq,
        };
        Ok(Self {
            at: columns.instant("at", row.at)?,
            actor: row.actor,
            ids: columns.ids("declaration_ids", &row.declaration_ids)?,
            field_class: row.field_class,
            purpose: row.purpose,
            request_id: row.request_id,
        })
    }
}
