//! Who has which record or thread open. A row is one open page: written anew every few seconds, and nothing once it is old. It stands beside the
//! records of reads, whose database is written all the time anyway.

use chrono::{DateTime, Utc};
use event_store::{Sql, each_engine};
use uuid::Uuid;

use super::read_record::ReadRecorder;
use crate::sql::{StorageError, micros, remove_before};

/// One open page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Of the page.
    pub id: Uuid,
    /// Which record or thread it shows. Its column is called after what was there first.
    pub record_id: Uuid,
    /// Whose page it is.
    pub staff_id: Uuid,
}

const SEE: Sql = Sql::same(
    "INSERT INTO viewer (id, declaration_id, staff_id, seen_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at",
);
const LEAVE: Sql = Sql::same("DELETE FROM viewer WHERE id = $1");
const OTHERS: Sql = Sql::same(
    "SELECT DISTINCT staff_id FROM viewer WHERE declaration_id = $1 AND seen_at > $2 AND staff_id <> $3 ORDER BY staff_id",
);
const CLEAN: Sql = Sql::same("DELETE FROM viewer WHERE seen_at < $1");

/// The page is still open.
pub async fn see(recorder: &ReadRecorder, viewer: Viewer, now: DateTime<Utc>) -> Result<(), StorageError> {
    let mut tx = recorder.database().begin_brief().await?;
    let text = SEE.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(viewer.id)
            .bind(viewer.record_id)
            .bind(viewer.staff_id)
            .bind(micros(now))
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// The page was closed.
pub async fn leave(recorder: &ReadRecorder, id: Uuid) -> Result<(), StorageError> {
    let mut tx = recorder.database().begin_brief().await?;
    let text = LEAVE.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(id).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// The other members of staff who have had the same record open since then.
pub async fn others(
    recorder: &ReadRecorder,
    viewer: Viewer,
    since: DateTime<Utc>,
) -> Result<Vec<Uuid>, StorageError> {
    let mut connection = recorder.database().acquire_read().await?;
    let text = OTHERS.on(&connection);
    Ok(each_engine!(connection, c => {
        sqlx::query_scalar(text)
            .bind(viewer.record_id)
            .bind(micros(since))
            .bind(viewer.staff_id)
            .fetch_all(c).await
    })?)
}

/// Removes pages that nobody has had open since then; says how many.
pub async fn clean(recorder: &ReadRecorder, before: DateTime<Utc>) -> Result<u64, StorageError> {
    remove_before(recorder.database(), CLEAN, before).await
}
