//! Who looked at whose personal data. Written before the data leaves; rows are only ever added.
//!
//! A small task gathers what all requests want recorded and commits it at once, so that many readers share one commit.

use chrono::{DateTime, Utc};
use domain::DeclarationId;
use event_store::{Database, DatabaseError, Sql, each_engine};
use serde::Serialize;
use sqlx::FromRow;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros};

/// Requests that may wait; more wait for room.
const QUEUE: usize = 1_024;
/// Rows of one commit.
const ROWS_MAX: usize = 2_000;

/// One look at the personal data of one declaration in one role. Never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRecord {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, as in the actor of events.
    pub actor: String,
    /// Whose data.
    pub declaration_id: DeclarationId,
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
    queue: mpsc::Sender<Request>,
}

struct Request {
    records: Vec<ReadRecord>,
    answer: oneshot::Sender<Result<(), RecordError>>,
}

impl ReadRecorder {
    /// Starts the task; it ends when the last recorder is dropped.
    pub fn start(database: Database) -> Self {
        let (queue, requests) = mpsc::channel(QUEUE);
        tokio::spawn(run(database, requests));
        Self { queue }
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
    sqlite: "INSERT INTO read_record (at, actor, declaration_id, field_class, purpose, request_id) \
             SELECT value ->> 0, value ->> 1, unhex(value ->> 2), value ->> 3, value ->> 4, value ->> 5 \
             FROM json_each($1)",
    postgres: "INSERT INTO read_record (at, actor, declaration_id, field_class, purpose, request_id) \
               SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, CAST(value ->> 2 AS UUID), value ->> 3, value ->> 4, \
               value ->> 5 FROM json_array_elements(CAST($1 AS json))",
};
const OF_DECLARATION: Sql = Sql::same(
    "SELECT seq, at, actor, declaration_id, field_class, purpose, request_id FROM read_record \
     WHERE declaration_id = $1 ORDER BY seq",
);

/// A row in the order of the columns.
#[derive(Serialize)]
struct Written<'a>(i64, &'a str, String, &'a str, &'a str, &'a str);

async fn write(database: &Database, batch: &[Request]) -> Result<(), DatabaseError> {
    let rows: Vec<Written<'_>> = batch
        .iter()
        .flat_map(|request| &request.records)
        .map(|it| {
            let id = it.declaration_id.uuid().simple().to_string();
            Written(
                micros(it.at),
                &it.actor,
                id,
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
    declaration_id: Uuid,
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
            declaration_id: DeclarationId::new(row.declaration_id),
            field_class: row.field_class,
            purpose: row.purpose,
            request_id: row.request_id,
        })
    }
}

/// Who looked at a declaration, the oldest first.
pub async fn of_declaration(database: &Database, id: DeclarationId) -> Result<Vec<ReadRecord>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = OF_DECLARATION.on(&connection);
    let rows = each_engine!(connection, c => {
        sqlx::query_as::<_, Row>(text).bind(id.uuid()).fetch_all(c).await
    })?;
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, _>>()?)
}
