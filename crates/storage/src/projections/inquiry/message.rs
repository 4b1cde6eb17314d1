//! To which inquiry a message belongs; written in the transaction of the event, because the next message may name it at once.

use chrono::{DateTime, Utc};
use domain::InquiryId;
use domain::inquiry::{InquiryEvent, Message, Received};
use event_store::{Connection, Database, InlineError, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::projections::in_the_clear::{ClearEvent, ClearTable};
use crate::sql::{StorageError, fetch_with, id_list, micros, text_list};

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It came in.
    In,
    /// We wrote it.
    Out,
    /// It says by itself that something came in.
    Acknowledgement,
}

impl Direction {
    const fn code(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Acknowledgement => "acknowledgement",
        }
    }
}

/// A message that another one names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedMessage {
    /// Which: one that came in, or one of the ledger.
    pub id: Uuid,
    /// To which inquiry it belongs.
    pub inquiry_id: InquiryId,
    /// Keyed hash of its Message-ID, if it came in.
    pub message_hash: Option<String>,
}

#[derive(FromRow)]
struct NamedRow {
    id: Uuid,
    inquiry_id: Uuid,
    message_hash: Option<String>,
}

impl From<NamedRow> for NamedMessage {
    fn from(row: NamedRow) -> Self {
        Self {
            id: row.id,
            inquiry_id: InquiryId::new(row.inquiry_id),
            message_hash: row.message_hash,
        }
    }
}

const PUT: Sql = Sql::same(
    "INSERT INTO inquiry_message (id, inquiry_id, direction, message_hash, correspondent_hash, at) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET inquiry_id = EXCLUDED.inquiry_id",
);
const MERGE: Sql = Sql::same("UPDATE inquiry_message SET inquiry_id = $2 WHERE inquiry_id = $1");
// The ids stay: a message that was placed is not placed anew.
const FORGET: Sql = Sql::same(
    "UPDATE inquiry_message SET message_hash = NULL, correspondent_hash = NULL WHERE inquiry_id = $1",
);
const BY_HASHES: Sql = Sql {
    sqlite: "SELECT id, inquiry_id, message_hash FROM inquiry_message \
             WHERE message_hash IN (SELECT value FROM json_each($1))",
    postgres: "SELECT id, inquiry_id, message_hash FROM inquiry_message \
               WHERE message_hash = ANY (SELECT json_array_elements_text(CAST($1 AS json)))",
};
const BY_IDS: Sql = Sql {
    sqlite: "SELECT id, inquiry_id, message_hash FROM inquiry_message \
             WHERE id IN (SELECT unhex(value) FROM json_each($1))",
    postgres: "SELECT id, inquiry_id, message_hash FROM inquiry_message \
               WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))",
};
const ACKNOWLEDGED: Sql = Sql::same(
    "SELECT COUNT(*) FROM inquiry_message WHERE correspondent_hash = $1 AND direction = 'acknowledgement' AND at > $2",
);
const CORRESPONDENCE: Sql = Sql::same(
    "SELECT inquiry_id FROM inquiry_message WHERE correspondent_hash = $1 AND direction = 'in' \
     GROUP BY inquiry_id ORDER BY MAX(at) DESC, inquiry_id LIMIT $2",
);

/// The messages with these hashes of Message-IDs, and those of ours with these ids, in any order.
pub async fn named(
    database: &Database,
    hashes: &[String],
    mails: &[Uuid],
) -> Result<Vec<NamedMessage>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let mut found: Vec<NamedRow> = Vec::new();
    if !hashes.is_empty() {
        found.extend(fetch_with::<NamedRow>(&mut connection, BY_HASHES, &text_list(hashes)).await?);
    }
    if !mails.is_empty() {
        found.extend(fetch_with::<NamedRow>(&mut connection, BY_IDS, &id_list(mails)).await?);
    }
    Ok(found.into_iter().map(Into::into).collect())
}

/// Whether something went to a correspondent by itself after a moment.
pub async fn acknowledged_since(
    database: &Database,
    correspondent_hash: &str,
    since: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = ACKNOWLEDGED.on(&connection);
    let count: i64 = each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(correspondent_hash).bind(micros(since)).fetch_one(c).await
    })?;
    Ok(count > 0)
}

/// The inquiries that a correspondent wrote to, the newest message first.
pub async fn correspondence(
    database: &Database,
    correspondent_hash: &str,
    limit: u32,
) -> Result<Vec<InquiryId>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = CORRESPONDENCE.on(&connection);
    let ids: Vec<Uuid> = each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(correspondent_hash).bind(i64::from(limit)).fetch_all(c).await
    })?;
    Ok(ids.into_iter().map(InquiryId::new).collect())
}

/// Keeps the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InquiryMessageTable;

impl ClearTable for InquiryMessageTable {
    const NAME: &'static str = "inquiry";

    async fn apply(connection: &mut Connection, event: ClearEvent<'_>) -> Result<(), InlineError> {
        let said = InquiryEvent::decode(event.event_type, event.version, event.data)?;
        Ok(apply(connection, &said, event.at).await?)
    }
}

/// A row.
struct Row<'a> {
    id: Uuid,
    inquiry_id: InquiryId,
    direction: Direction,
    message_hash: Option<&'a str>,
    correspondent_hash: Option<&'a str>,
    at: i64,
}

impl<'a> Row<'a> {
    fn came_in(inquiry_id: InquiryId, message: &'a Message) -> Self {
        Self {
            id: message.id.uuid(),
            inquiry_id,
            direction: Direction::In,
            message_hash: message.message_hash.as_deref(),
            correspondent_hash: message.correspondent_hash.as_deref(),
            at: message.taken_at,
        }
    }
}

async fn apply(
    connection: &mut Connection,
    said: &InquiryEvent,
    at: DateTime<Utc>,
) -> Result<(), StorageError> {
    match said {
        InquiryEvent::Received(received) => receive(connection, received, at).await,
        InquiryEvent::MessageAdded {
            inquiry_id, message, ..
        } => put(connection, Row::came_in(*inquiry_id, message)).await,
        InquiryEvent::Replied {
            inquiry_id,
            mail_id,
            correspondent_hash,
            ..
        } => {
            let row = Row {
                id: *mail_id,
                inquiry_id: *inquiry_id,
                direction: Direction::Out,
                message_hash: None,
                correspondent_hash: Some(correspondent_hash),
                at: micros(at),
            };
            put(connection, row).await
        }
        InquiryEvent::Merged { inquiry_id, into } => {
            let text = MERGE.on(connection);
            each_engine!(connection, c => {
                sqlx::query(text).bind(inquiry_id.uuid()).bind(into.uuid()).execute(c).await.map(drop)
            })?;
            Ok(())
        }
        InquiryEvent::Forgotten { inquiry_id, .. } => {
            let text = FORGET.on(connection);
            each_engine!(connection, c => {
                sqlx::query(text).bind(inquiry_id.uuid()).execute(c).await.map(drop)
            })?;
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn receive(
    connection: &mut Connection,
    received: &Received,
    at: DateTime<Utc>,
) -> Result<(), StorageError> {
    put(connection, Row::came_in(received.inquiry_id, &received.message)).await?;
    let correspondent_hash = received.message.correspondent_hash.as_deref();
    let ours = [
        (received.answers_mail, Direction::Out),
        (received.acknowledgement, Direction::Acknowledgement),
    ];
    for (id, direction) in ours {
        if let Some(id) = id {
            let row = Row {
                id,
                inquiry_id: received.inquiry_id,
                direction,
                message_hash: None,
                correspondent_hash,
                at: micros(at),
            };
            put(connection, row).await?;
        }
    }
    Ok(())
}

async fn put(connection: &mut Connection, row: Row<'_>) -> Result<(), StorageError> {
    let text = PUT.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(row.id)
            .bind(row.inquiry_id.uuid())
            .bind(row.direction.code())
            .bind(row.message_hash)
            .bind(row.correspondent_hash)
            .bind(row.at)
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}
