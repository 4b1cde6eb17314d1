//! The statements that write the row of an inquiry.

use event_store::{Connection, Engine, Sql, each_engine};
use serde_json::json;

use super::numbers;
use super::project::{Projected, declarations};
use super::search;
use crate::sql::{StorageError, id_list, micros, text_list};

macro_rules! put {
    ($tokens:literal, $value:literal, $set:literal) => {
        concat!(
            "INSERT INTO inquiry (seq, id, position, status, channel, kind, assignee, received_at, last_message_at, due_at, \
             snoozed_until, closed_at, resolution, messages, replies, notes, attachments, tags, suggested, is_subject_changed, \
             is_forgotten, sender_name, sender_address, subject, snippet, search_key",
            $tokens,
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, \
             $24, $25, $26",
            $value,
            ") ON CONFLICT (seq) DO UPDATE SET position = EXCLUDED.position, status = EXCLUDED.status, \
             assignee = EXCLUDED.assignee, last_message_at = EXCLUDED.last_message_at, due_at = EXCLUDED.due_at, \
             snoozed_until = EXCLUDED.snoozed_until, closed_at = EXCLUDED.closed_at, resolution = EXCLUDED.resolution, \
             messages = EXCLUDED.messages, replies = EXCLUDED.replies, notes = EXCLUDED.notes, \
             attachments = EXCLUDED.attachments, tags = EXCLUDED.tags, is_subject_changed = EXCLUDED.is_subject_changed, \
             is_forgotten = EXCLUDED.is_forgotten, sender_name = EXCLUDED.sender_name, \
             sender_address = EXCLUDED.sender_address, subject = EXCLUDED.subject, snippet = EXCLUDED.snippet, \
             search_key = EXCLUDED.search_key",
            $set
        )
    };
}

// The document is bound on both engines, and written by its own statement on SQLite.
const PUT: Sql = Sql {
    sqlite: put!("", "", ""),
    postgres: put!(
        ", tokens",
        ", CAST($27 AS INTEGER[])",
        ", tokens = EXCLUDED.tokens"
    ),
};
const DROP_DOCUMENT: &str = "DELETE FROM inquiry_search WHERE rowid = $1";
const PUT_DOCUMENT: &str = "INSERT INTO inquiry_search (rowid, tokens) VALUES ($1, $2)";
const DROP_TAGS: Sql = Sql::same("DELETE FROM inquiry_tag WHERE seq = $1");
const PUT_TAGS: Sql = Sql {
    sqlite: "INSERT INTO inquiry_tag (tag, seq) SELECT value, $1 FROM json_each($2)",
    postgres: "INSERT INTO inquiry_tag (tag, seq) SELECT value, $1 FROM json_array_elements_text(CAST($2 AS json))",
};
const DROP_DECLARATIONS: Sql = Sql::same("DELETE FROM inquiry_declaration WHERE seq = $1");
const PUT_DECLARATIONS: Sql = Sql {
    sqlite: "INSERT INTO inquiry_declaration (declaration_id, seq) SELECT unhex(value), $1 FROM json_each($2)",
    postgres: "INSERT INTO inquiry_declaration (declaration_id, seq) \
               SELECT CAST(value AS UUID), $1 FROM json_array_elements_text(CAST($2 AS json))",
};

const DROP_MENTIONS: Sql = Sql::same("DELETE FROM inquiry_mention WHERE seq = $1");
const PUT_MENTIONS: Sql = Sql {
    sqlite: "INSERT INTO inquiry_mention (staff_id, seq) SELECT unhex(value), $1 FROM json_each($2)",
    postgres: "INSERT INTO inquiry_mention (staff_id, seq) \
               SELECT CAST(value AS UUID), $1 FROM json_array_elements_text(CAST($2 AS json))",
};

/// Writes a row, whatever stood there.
pub(super) async fn put(connection: &mut Connection, row: &Projected) -> Result<(), StorageError> {
    let inquiry = &row.inquiry;
    let text = PUT.on(connection);
    let tags: Vec<String> = inquiry.tags.iter().map(|tag| tag.code().to_owned()).collect();
    let attachments: u32 = inquiry.all_messages().map(|it| it.attachments).sum();
    let messages = i64::try_from(inquiry.all_messages().count()).unwrap_or(i64::MAX);
    let replies = i64::try_from(inquiry.replies.len()).unwrap_or(i64::MAX);
    let is_postgres = connection.engine() == Engine::Postgres;
    let array = is_postgres.then(|| search::array(&row.search_key));
    macro_rules! bound {
        () => {
            sqlx::query(text)
                .bind(row.seq)
                .bind(inquiry.id().uuid())
                .bind(row.position.get())
                .bind(inquiry.status.code())
                .bind(inquiry.channel().code())
                .bind(inquiry.received.message.kind.code())
                .bind(inquiry.assignee.map(|it| it.0))
                .bind(inquiry.received.message.taken_at)
                .bind(micros(inquiry.last_message_at()))
                .bind(inquiry.clock())
                .bind(inquiry.snoozed_until)
                .bind(inquiry.closed_at.map(micros))
                .bind(inquiry.resolution.map(|it| it.code()))
                .bind(messages)
                .bind(replies)
                .bind(i64::from(inquiry.notes))
                .bind(i64::from(attachments))
                .bind(json!(tags).to_string())
                .bind(inquiry.received.suggested.map(|it| it.uuid()))
                .bind(i64::from(inquiry.is_subject_changed))
                .bind(i64::from(inquiry.is_forgotten))
                .bind(&row.words.sender_name)
                .bind(&row.words.sender_address)
                .bind(&row.words.subject)
                .bind(&row.words.snippet)
                .bind(&row.search_key)
        };
    }
    match connection.engine_mut() {
        event_store::EngineMut::Sqlite(c) => bound!().execute(c).await.map(drop)?,
        event_store::EngineMut::Postgres(c) => bound!().bind(array).execute(c).await.map(drop)?,
    }
    if !is_postgres {
        put_document(connection, row).await?;
    }
    put_list(connection, (DROP_TAGS, PUT_TAGS), row.seq, &text_list(&tags)).await?;
    let ids: Vec<uuid::Uuid> = declarations(inquiry).map(domain::DeclarationId::uuid).collect();
    put_list(
        connection,
        (DROP_DECLARATIONS, PUT_DECLARATIONS),
        row.seq,
        &id_list(&ids),
    )
    .await?;
    let called: Vec<uuid::Uuid> = inquiry.called.iter().map(|staff| staff.0).collect();
    put_list(
        connection,
        (DROP_MENTIONS, PUT_MENTIONS),
        row.seq,
        &id_list(&called),
    )
    .await?;
    numbers::put(connection, row.seq, row.course.as_ref()).await
}

async fn put_document(connection: &mut Connection, row: &Projected) -> Result<(), StorageError> {
    let document = search::document(&row.search_key);
    each_engine!(connection, c => {
        sqlx::query(DROP_DOCUMENT).bind(row.seq).execute(c).await.map(drop)
    })?;
    if !document.is_empty() {
        each_engine!(connection, c => {
            sqlx::query(PUT_DOCUMENT).bind(row.seq).bind(&document).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

async fn put_list(
    connection: &mut Connection,
    (drop_all, put): (Sql, Sql),
    seq: i64,
    list: &str,
) -> Result<(), StorageError> {
    let text = drop_all.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(seq).execute(c).await.map(drop))?;
    let text = put.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(seq).bind(list).execute(c).await.map(drop))?;
    Ok(())
}
