//! Files that leave, in sealed pieces: made under the term of a job, so that two attempts never mix, and destroyed when their export ends.

use domain::ExportId;
use event_store::{Database, Sql, each_engine};

use crate::sql::StorageError;

/// Pieces that are removed in one transaction, which others wait for.
const AT_ONCE: i64 = 20;

const ADD: Sql =
    Sql::same("INSERT INTO export_piece (export_id, term, part, seq, bytes) VALUES ($1, $2, $3, $4, $5)");
const FIND: Sql =
    Sql::same("SELECT bytes FROM export_piece WHERE export_id = $1 AND term = $2 AND part = $3 AND seq = $4");
const COUNT: Sql =
    Sql::same("SELECT count(*) FROM export_piece WHERE export_id = $1 AND term = $2 AND part = $3");
const REMOVE_OTHERS: Sql = Sql::same(
    "DELETE FROM export_piece WHERE (export_id, term, part, seq) IN \
     (SELECT p.export_id, p.term, p.part, p.seq FROM export_piece p WHERE p.export_id = $1 AND p.term <= $2 LIMIT $3)",
);
const REMOVE_ENDED: Sql = Sql::same(
    "DELETE FROM export_piece WHERE (export_id, term, part, seq) IN \
     (SELECT p.export_id, p.term, p.part, p.seq FROM export_piece p JOIN export e ON e.id = p.export_id \
      WHERE e.ended IS NOT NULL LIMIT $1)",
);

/// Which pieces of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of<'a> {
    /// Which export.
    pub export_id: ExportId,
    /// Made under which term of its job.
    pub term: i64,
    /// Which part of it.
    pub part: &'a str,
}

/// Keeps a piece.
pub async fn add(database: &Database, of: Of<'_>, seq: u32, sealed: &[u8]) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = ADD.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(of.export_id.uuid())
            .bind(of.term)
            .bind(of.part)
            .bind(i64::from(seq))
            .bind(sealed)
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// A piece, as it is sealed; none: it is not there.
pub async fn find(database: &Database, of: Of<'_>, seq: u32) -> Result<Option<Vec<u8>>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = FIND.on(&connection);
    Ok(each_engine!(connection, c => {
        sqlx::query_scalar(text)
            .bind(of.export_id.uuid())
            .bind(of.term)
            .bind(of.part)
            .bind(i64::from(seq))
            .fetch_optional(c)
            .await
    })?)
}

/// How many pieces of a part are there.
pub async fn count(database: &Database, of: Of<'_>) -> Result<u32, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = COUNT.on(&connection);
    let count: i64 = each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(of.export_id.uuid()).bind(of.term).bind(of.part).fetch_one(c).await
    })?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Removes what attempts up to this term have left.
pub async fn remove_up_to(database: &Database, export_id: ExportId, term: i64) -> Result<(), StorageError> {
    loop {
        let mut tx = database.begin_write().await?;
        let text = REMOVE_OTHERS.on(&tx);
        let rows = each_engine!(tx, c => {
            sqlx::query(text)
                .bind(export_id.uuid())
                .bind(term)
                .bind(AT_ONCE)
                .execute(c)
                .await
                .map(|done| done.rows_affected())
        })?;
        tx.commit().await?;
        if rows == 0 {
            return Ok(());
        }
    }
}

/// Removes all pieces of exports that ended; says how many there were.
pub async fn remove_ended(database: &Database) -> Result<u64, StorageError> {
    let mut removed = 0;
    loop {
        let mut tx = database.begin_write().await?;
        let text = REMOVE_ENDED.on(&tx);
        let rows = each_engine!(tx, c => {
            sqlx::query(text).bind(AT_ONCE).execute(c).await.map(|done| done.rows_affected())
        })?;
        tx.commit().await?;
        if rows == 0 {
            return Ok(removed);
        }
        removed += rows;
    }
}
