//! Files that belong to changes: their sealed bytes in pieces, and what is needed to open them. That one was attached is an event.

use chrono::{DateTime, Utc};
use domain::attachment::AttachmentKind;
use domain::{AttachmentId, DeclarationId, SubjectId};
use event_store::{Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, id_list, micros};

/// Bytes of one piece.
const CHUNK: usize = 256 * 1024;

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAttachment {
    /// Its id.
    pub id: AttachmentId,
    /// For which record.
    pub declaration_id: DeclarationId,
    /// Whose key seals it.
    pub subject_id: SubjectId,
    /// Who sent it, as in the actor of events.
    pub uploaded_by: String,
    /// When.
    pub uploaded_at: DateTime<Utc>,
    /// What it is.
    pub kind: AttachmentKind,
    /// Its bytes before it was sealed.
    pub size: u64,
    /// SHA-256 of the sealed bytes.
    pub sealed_sha256: Vec<u8>,
    /// Its name and hash, sealed.
    pub label: Vec<u8>,
}

const ADD: Sql = Sql::same(
    "INSERT INTO attachment (id, declaration_id, subject_id, uploaded_by, uploaded_at, kind, size, sealed_sha256, label, attached) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)",
);
const ADD_CHUNK: Sql =
    Sql::same("INSERT INTO attachment_chunk (attachment_id, seq, bytes) VALUES ($1, $2, $3)");
const FIND: Sql = Sql {
    sqlite: "SELECT id, declaration_id, subject_id, uploaded_by, uploaded_at, kind, size, sealed_sha256, label FROM attachment \
             WHERE id IN (SELECT unhex(value) FROM json_each($1))",
    postgres: "SELECT id, declaration_id, subject_id, uploaded_by, uploaded_at, kind, size, sealed_sha256, label FROM attachment \
               WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))",
};
const CHUNKS: Sql = Sql::same("SELECT bytes FROM attachment_chunk WHERE attachment_id = $1 ORDER BY seq");
const WAITING_OF: Sql =
    Sql::same("SELECT count(*) FROM attachment WHERE attached = 0 AND uploaded_by = $1 AND uploaded_at > $2");
const WAITING_BEFORE: Sql = Sql::same(
    "SELECT id FROM attachment WHERE attached = 0 AND uploaded_at < $1 ORDER BY uploaded_at LIMIT 200",
);
const ATTACHED: Sql = Sql::same("UPDATE attachment SET attached = 1 WHERE id = $1");
const REMOVE_CHUNKS: Sql = Sql::same("DELETE FROM attachment_chunk WHERE attachment_id = $1");
const REMOVE: Sql = Sql::same("DELETE FROM attachment WHERE id = $1");

#[derive(FromRow)]
struct Row {
    id: Uuid,
    declaration_id: Uuid,
    subject_id: Uuid,
    uploaded_by: String,
    uploaded_at: i64,
    kind: String,
    size: i64,
    sealed_sha256: Vec<u8>,
    label: Vec<u8>,
}

impl TryFrom<Row> for StoredAttachment {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "attachment",
            id: &row.id,
        };
        Ok(Self {
            id: AttachmentId::new(row.id),
            declaration_id: DeclarationId::new(row.declaration_id),
            subject_id: SubjectId::new(row.subject_id),
            uploaded_at: columns.instant("uploaded_at", row.uploaded_at)?,
            kind: AttachmentKind::from_code(&row.kind).ok_or_else(|| columns.corrupt("kind"))?,
            size: u64::try_from(row.size).map_err(|_| columns.corrupt("size"))?,
            uploaded_by: row.uploaded_by,
            sealed_sha256: row.sealed_sha256,
            label: row.label,
        })
    }
}

/// Keeps a file with its sealed bytes, all of it or nothing.
pub async fn add(database: &Database, file: &StoredAttachment, sealed: &[u8]) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = ADD.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(file.id.uuid())
            .bind(file.declaration_id.uuid())
            .bind(file.subject_id.uuid())
            .bind(&file.uploaded_by)
            .bind(micros(file.uploaded_at))
            .bind(file.kind.code())
            .bind(i64::try_from(file.size).unwrap_or(i64::MAX))
            .bind(&file.sealed_sha256)
            .bind(&file.label)
            .execute(c).await.map(drop)
    })?;
    let text = ADD_CHUNK.on(&tx);
    for (seq, bytes) in (0_i64..).zip(sealed.chunks(CHUNK)) {
        each_engine!(tx, c => {
            sqlx::query(text).bind(file.id.uuid()).bind(seq).bind(bytes).execute(c).await.map(drop)
        })?;
    }
    Ok(tx.commit().await?)
}

/// These files, as far as they are there.
pub async fn find(database: &Database, ids: &[AttachmentId]) -> Result<Vec<StoredAttachment>, StorageError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let mut connection = database.acquire_read().await?;
    let text = FIND.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(id_list(&ids)).fetch_all(c).await
    })?;
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, _>>()?)
}

/// The sealed bytes of a file; nothing when there are none.
pub async fn sealed(database: &Database, id: AttachmentId) -> Result<Vec<u8>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = CHUNKS.on(&connection);
    let chunks: Vec<Vec<u8>> = each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(id.uuid()).fetch_all(c).await
    })?;
    Ok(chunks.concat())
}

/// How many files of somebody wait for their change since a moment.
pub async fn waiting_of(database: &Database, by: &str, since: DateTime<Utc>) -> Result<i64, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = WAITING_OF.on(&connection);
    Ok(each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(by).bind(micros(since)).fetch_one(c).await
    })?)
}

/// Some files from before a moment of which nobody knows whether they were attached, the oldest first.
pub async fn waiting_before(
    database: &Database,
    before: DateTime<Utc>,
) -> Result<Vec<AttachmentId>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = WAITING_BEFORE.on(&connection);
    let ids: Vec<Uuid> = each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(micros(before)).fetch_all(c).await
    })?;
    Ok(ids.into_iter().map(AttachmentId::new).collect())
}

/// Remembers that an event names these files: they stay.
pub async fn keep(database: &Database, ids: &[AttachmentId]) -> Result<(), StorageError> {
    of_each(database, ids, &[ATTACHED]).await
}

/// Removes these files.
pub async fn remove(database: &Database, ids: &[AttachmentId]) -> Result<(), StorageError> {
    of_each(database, ids, &[REMOVE_CHUNKS, REMOVE]).await
}

async fn of_each(database: &Database, ids: &[AttachmentId], statements: &[Sql]) -> Result<(), StorageError> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut tx = database.begin_write().await?;
    for id in ids {
        for statement in statements {
            let text = statement.on(&tx);
            each_engine!(tx, c => sqlx::query(text).bind(id.uuid()).execute(c).await.map(drop))?;
        }
    }
    Ok(tx.commit().await?)
}
