//! Files of imports: their sealed bytes in pieces, and how far each import is. Operational: what became of a file is in the log.

use chrono::{DateTime, Utc};
use domain::ImportId;
use domain::import::ImportCounts;
use event_store::{Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{StorageError, micros};

const DELETE_CHUNKS: Sql = Sql::same("DELETE FROM import_chunk WHERE import_id = $1");
const DELETE_FILE: Sql = Sql::same("DELETE FROM import_file WHERE import_id = $1");
const DELETE_ROWS: Sql = Sql::same("DELETE FROM import_row WHERE import_id = $1");
const ADD: Sql = Sql::same(
    "INSERT INTO import_file (import_id, uploaded_at, label, rows_done, accepted, repeats, refused, warnings) \
     VALUES ($1, $2, $3, 0, 0, 0, 0, 0)",
);
const ADD_CHUNK: Sql = Sql::same("INSERT INTO import_chunk (import_id, seq, bytes) VALUES ($1, $2, $3)");
const CHUNK: Sql = Sql::same("SELECT bytes FROM import_chunk WHERE import_id = $1 AND seq = $2");
const LABEL: Sql = Sql::same("SELECT label FROM import_file WHERE import_id = $1");
const PROGRESS: Sql =
    Sql::same("SELECT rows_done, accepted, repeats, refused, warnings FROM import_file WHERE import_id = $1");
const REPORT: Sql = Sql::same(
    "UPDATE import_file SET rows_done = $2, accepted = $3, repeats = $4, refused = $5, warnings = $6 \
     WHERE import_id = $1 AND rows_done <= $2",
);
const OLDER: Sql =
    Sql::same("SELECT import_id FROM import_file WHERE uploaded_at < $1 ORDER BY uploaded_at LIMIT $2");

/// Keeps the head of a file and begins its pieces. What an earlier try left is gone.
pub async fn begin(
    database: &Database,
    id: ImportId,
    at: DateTime<Utc>,
    label: &[u8],
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    for statement in [DELETE_CHUNKS, DELETE_FILE] {
        let text = statement.on(&tx);
        each_engine!(tx, c => sqlx::query(text).bind(id.uuid()).execute(c).await.map(drop))?;
    }
    let text = ADD.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text).bind(id.uuid()).bind(micros(at)).bind(label).execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Keeps one sealed piece; each is a transaction of its own, so that nobody waits for fifty megabytes.
pub async fn add(database: &Database, id: ImportId, seq: u32, sealed: &[u8]) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = ADD_CHUNK.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text).bind(id.uuid()).bind(i64::from(seq)).bind(sealed).execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// One sealed piece; none after the last one.
pub async fn chunk(database: &Database, id: ImportId, seq: u32) -> Result<Option<Vec<u8>>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = CHUNK.on(&connection);
    Ok(each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(id.uuid()).bind(i64::from(seq)).fetch_optional(c).await
    })?)
}

/// What the file is called and begins with, sealed; none: it was destroyed.
pub async fn label(database: &Database, id: ImportId) -> Result<Option<Vec<u8>>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LABEL.on(&connection);
    Ok(each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(id.uuid()).fetch_optional(c).await
    })?)
}

/// How far the run is: `rows` counts those that are gone through. None: the file was destroyed.
pub async fn progress(database: &Database, id: ImportId) -> Result<Option<ImportCounts>, StorageError> {
    #[derive(FromRow)]
    struct Row {
        rows_done: i64,
        accepted: i64,
        repeats: i64,
        refused: i64,
        warnings: i64,
    }
    let mut connection = database.acquire_read().await?;
    let text = PROGRESS.on(&connection);
    let row: Option<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(id.uuid()).fetch_optional(c).await)?;
    let number = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(row.map(|row| ImportCounts {
        rows: number(row.rows_done),
        accepted: number(row.accepted),
        repeats: number(row.repeats),
        refused: number(row.refused),
        warnings: number(row.warnings),
    }))
}

/// Writes how far the run is. What a process says that was overtaken is left out.
pub async fn report(database: &Database, id: ImportId, counts: ImportCounts) -> Result<(), StorageError> {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut tx = database.begin_write().await?;
    let text = REPORT.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(id.uuid())
            .bind(number(counts.rows))
            .bind(number(counts.accepted))
            .bind(number(counts.repeats))
            .bind(number(counts.refused))
            .bind(number(counts.warnings))
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Some files from before a moment, the oldest first.
pub async fn older(
    database: &Database,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<ImportId>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = OLDER.on(&connection);
    let ids: Vec<Uuid> = each_engine!(connection, c => sqlx::query_scalar(text).bind(micros(before)).bind(i64::from(limit)).fetch_all(c).await)?;
    Ok(ids.into_iter().map(ImportId::new).collect())
}

/// Destroys a file, and what was found in it.
pub async fn remove(database: &Database, id: ImportId) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    for statement in [DELETE_CHUNKS, DELETE_ROWS, DELETE_FILE] {
        let text = statement.on(&tx);
        each_engine!(tx, c => sqlx::query(text).bind(id.uuid()).execute(c).await.map(drop))?;
    }
    Ok(tx.commit().await?)
}
