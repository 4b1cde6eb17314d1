//! Mail that came in, as it came: sealed bytes in pieces, kept once, and how far mailboxes on other servers were read.

use chrono::{DateTime, Utc};
use event_store::{Database, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, fetch_by_id, micros};

/// Bytes of one piece.
const CHUNK: usize = 256 * 1024;

/// A message that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredIncoming {
    /// Its id, and that of the key that seals it.
    pub id: Uuid,
    /// Keyed hash of its bytes.
    pub content_hash: [u8; 32],
    /// Where it came from: `mailbox:NAME`, `pipe` or `file`.
    pub source: String,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// Its bytes before they were sealed; of one that was too large, as many as it has where it came from.
    pub size: u64,
    /// Whether all of it is here.
    pub is_whole: bool,
    /// SHA-256 of the sealed bytes.
    pub sealed_sha256: [u8; 32],
}

/// How far a mailbox was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailboxCursor {
    /// The numbering of its server.
    pub uid_validity: u32,
    /// All up to this one were taken.
    pub last_uid: u32,
}

const ADD: Sql = Sql::same(
    "INSERT INTO incoming_mail (id, content_hash, source, taken_at, size, is_whole, sealed_sha256, state) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting') ON CONFLICT (content_hash) DO NOTHING",
);
const ADD_CHUNK: Sql =
    Sql::same("INSERT INTO incoming_mail_chunk (incoming_mail_id, seq, bytes) VALUES ($1, $2, $3)");
const IS_KNOWN: Sql = Sql::same("SELECT id FROM incoming_mail WHERE content_hash = $1");
const WAITING: Sql = Sql::same(
    "SELECT id, content_hash, source, taken_at, size, is_whole, sealed_sha256 FROM incoming_mail \
     WHERE state = 'waiting' AND id > $1 ORDER BY id LIMIT $2",
);
// What was read before there was a desk: asked for once by each process.
const UNPLACED: Sql = Sql::same(
    "SELECT m.id, m.content_hash, m.source, m.taken_at, m.size, m.is_whole, m.sealed_sha256 FROM incoming_mail AS m \
     WHERE m.state = 'read' AND m.kind <> 'bounce' AND m.id > $1 \
     AND NOT EXISTS (SELECT 1 FROM inquiry_message AS i WHERE i.id = m.id) ORDER BY m.id LIMIT $2",
);
const LOAD: Sql = Sql::same(
    "SELECT id, content_hash, source, taken_at, size, is_whole, sealed_sha256 FROM incoming_mail WHERE id = $1",
);
const CHUNKS: Sql =
    Sql::same("SELECT bytes FROM incoming_mail_chunk WHERE incoming_mail_id = $1 ORDER BY seq");
const READ: Sql = Sql::same(
    "UPDATE incoming_mail SET state = 'read', kind = $2, read_at = $3, mail_id = $4 WHERE id = $1 AND state = 'waiting'",
);
const CURSOR: Sql = Sql::same("SELECT uid_validity, last_uid FROM mailbox WHERE name = $1");
const SET_CURSOR: Sql = Sql::same(
    "INSERT INTO mailbox (name, uid_validity, last_uid) VALUES ($1, $2, $3) \
     ON CONFLICT (name) DO UPDATE SET uid_validity = EXCLUDED.uid_validity, last_uid = EXCLUDED.last_uid",
);

#[derive(FromRow)]
struct Row {
    id: Uuid,
    content_hash: Vec<u8>,
    source: String,
    taken_at: i64,
    size: i64,
    is_whole: i64,
    sealed_sha256: Vec<u8>,
}

impl TryFrom<Row> for StoredIncoming {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "incoming_mail",
            id: &row.id,
        };
        let hash = |name, bytes: Vec<u8>| bytes.try_into().map_err(|_| columns.corrupt(name));
        Ok(Self {
            id: row.id,
            content_hash: hash("content_hash", row.content_hash)?,
            taken_at: columns.instant("taken_at", row.taken_at)?,
            size: u64::try_from(row.size).map_err(|_| columns.corrupt("size"))?,
            is_whole: row.is_whole != 0,
            sealed_sha256: hash("sealed_sha256", row.sealed_sha256)?,
            source: row.source,
        })
    }
}

/// Which message has these bytes; `None`: none has.
pub async fn known(database: &Database, content_hash: &[u8; 32]) -> Result<Option<Uuid>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = IS_KNOWN.on(&connection);
    Ok(each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(&content_hash[..]).fetch_optional(c).await
    })?)
}

/// Keeps messages with their sealed bytes, all of them or none, and says for each whether it is new.
pub async fn add(
    database: &Database,
    messages: &[(StoredIncoming, Vec<u8>)],
) -> Result<Vec<bool>, StorageError> {
    let mut tx = database.begin_write().await?;
    let (text, chunk) = (ADD.on(&tx), ADD_CHUNK.on(&tx));
    let mut are_new = Vec::with_capacity(messages.len());
    for (message, sealed) in messages {
        let added: u64 = each_engine!(tx, c => {
            sqlx::query(text)
                .bind(message.id)
                .bind(&message.content_hash[..])
                .bind(&message.source)
                .bind(micros(message.taken_at))
                .bind(i64::try_from(message.size).unwrap_or(i64::MAX))
                .bind(i64::from(message.is_whole))
                .bind(&message.sealed_sha256[..])
                .execute(c).await.map(|done| done.rows_affected())
        })?;
        are_new.push(added == 1);
        if added != 1 {
            continue;
        }
        for (seq, bytes) in (0_i64..).zip(sealed.chunks(CHUNK)) {
            each_engine!(tx, c => {
                sqlx::query(chunk).bind(message.id).bind(seq).bind(bytes).execute(c).await.map(drop)
            })?;
        }
    }
    tx.commit().await?;
    Ok(are_new)
}

/// Messages that nobody has read yet, the oldest first, after one of them.
pub async fn waiting(
    database: &Database,
    after: Uuid,
    at_most: u32,
) -> Result<Vec<StoredIncoming>, StorageError> {
    some(database, WAITING, after, at_most).await
}

/// Messages that were read and belong to no inquiry though they are for the desk, the oldest first, after one of them.
pub async fn unplaced(
    database: &Database,
    after: Uuid,
    at_most: u32,
) -> Result<Vec<StoredIncoming>, StorageError> {
    some(database, UNPLACED, after, at_most).await
}

/// One message; none: there is none.
pub async fn load(database: &Database, id: Uuid) -> Result<Option<StoredIncoming>, StorageError> {
    let row: Option<Row> = fetch_by_id(database, LOAD, id).await?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

async fn some(
    database: &Database,
    sql: Sql,
    after: Uuid,
    at_most: u32,
) -> Result<Vec<StoredIncoming>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = sql.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(after).bind(i64::from(at_most)).fetch_all(c).await
    })?;
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, _>>()?)
}

/// The sealed bytes of a message; nothing when there are none.
pub async fn sealed(database: &Database, id: Uuid) -> Result<Vec<u8>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = CHUNKS.on(&connection);
    let chunks: Vec<Vec<u8>> = each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(id).fetch_all(c).await
    })?;
    Ok(chunks.concat())
}

/// What a message was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WasRead {
    /// Which message.
    pub id: Uuid,
    /// What it is.
    pub kind: String,
    /// The message of the ledger that it reports about.
    pub mail_id: Option<Uuid>,
}

/// Remembers that messages were read.
pub async fn set_read(database: &Database, read: &[WasRead], at: DateTime<Utc>) -> Result<(), StorageError> {
    if read.is_empty() {
        return Ok(());
    }
    let mut tx = database.begin_write().await?;
    let text = READ.on(&tx);
    for read in read {
        each_engine!(tx, c => {
            sqlx::query(text)
                .bind(read.id)
                .bind(&read.kind)
                .bind(micros(at))
                .bind(read.mail_id)
                .execute(c).await.map(drop)
        })?;
    }
    Ok(tx.commit().await?)
}

/// How far a mailbox was read; `None`: not at all.
pub async fn cursor(database: &Database, mailbox: &str) -> Result<Option<MailboxCursor>, StorageError> {
    #[derive(FromRow)]
    struct CursorRow {
        uid_validity: i64,
        last_uid: i64,
    }
    let mut connection = database.acquire_read().await?;
    let text = CURSOR.on(&connection);
    let row: Option<CursorRow> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(mailbox).fetch_optional(c).await
    })?;
    // One that cannot be read is none: everything is fetched again, and what is known is kept once.
    Ok(row.and_then(|row| {
        Some(MailboxCursor {
            uid_validity: row.uid_validity.try_into().ok()?,
            last_uid: row.last_uid.try_into().ok()?,
        })
    }))
}

/// Remembers how far a mailbox was read: after all up to there are kept.
pub async fn set_cursor(
    database: &Database,
    mailbox: &str,
    cursor: MailboxCursor,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = SET_CURSOR.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text)
            .bind(mailbox)
            .bind(i64::from(cursor.uid_validity))
            .bind(i64::from(cursor.last_uid))
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}
