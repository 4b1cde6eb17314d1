//! Requests of data subjects as a list shows them; written in the transaction of the event.

use chrono::{DateTime, NaiveDate, Utc};
use domain::PrivacyRequestId;
use domain::privacy_request::{Opened, PrivacyRequestEvent};
use event_store::{Connection, Database, InlineError, Position, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use super::in_the_clear::{ClearEvent, ClearTable};
use crate::sql::{Columns, CorruptRow, StorageError, fetch_with, id_list, micros};

/// A request as the list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivacyRequestRow {
    /// Which.
    pub id: PrivacyRequestId,
    /// What is asked for: a code of `domain::privacy_request::PrivacyRequestKind`.
    pub kind: String,
    /// How it came in.
    pub channel: String,
    /// When.
    pub received_on: NaiveDate,
    /// The last day for a decision.
    pub due_on: NaiveDate,
    /// A code of `domain::privacy_request::PrivacyRequestStatus`.
    pub status: String,
    /// What was decided.
    pub outcome: Option<String>,
    /// Whether it is proved who asked.
    pub is_identified: bool,
    /// Who handles it.
    pub handler: Option<Uuid>,
    /// When it was written down.
    pub opened_at: DateTime<Utc>,
    /// Of the newest event.
    pub position: Position,
}

const INSERT: Sql = Sql::same(
    "INSERT INTO privacy_request (id, kind, channel, received_on, due_on, status, outcome, is_identified, handler, \
     opened_at, position) VALUES ($1, $2, $3, $4, $5, 'open', NULL, 0, NULL, $6, $7)",
);
const SET: Sql = Sql::same(
    "UPDATE privacy_request SET position = $2, status = coalesce($3, status), due_on = coalesce($4, due_on), \
     outcome = coalesce($5, outcome), is_identified = coalesce($6, is_identified), closed_at = coalesce($7, closed_at), \
     is_forgotten = coalesce($8, is_forgotten) WHERE id = $1",
);
const SET_HANDLER: Sql = Sql::same("UPDATE privacy_request SET position = $2, handler = $3 WHERE id = $1");
const UNFINISHED: Sql = Sql::same(
    "SELECT id, kind, channel, received_on, due_on, status, outcome, is_identified, handler, opened_at, position \
     FROM privacy_request WHERE status IN ('open', 'paused', 'decided', 'answered') ORDER BY due_on, id LIMIT $1",
);
const NEWEST: Sql = Sql::same(
    "SELECT id, kind, channel, received_on, due_on, status, outcome, is_identified, handler, opened_at, position \
     FROM privacy_request WHERE opened_at < $1 ORDER BY opened_at DESC, id DESC LIMIT $2",
);

const OVER: Sql = Sql::same(
    "SELECT id FROM privacy_request WHERE status = 'closed' AND is_forgotten = 0 AND closed_at < $1 \
     ORDER BY closed_at, id LIMIT $2",
);

const KINDS: Sql = Sql {
    sqlite: "SELECT id, kind FROM privacy_request WHERE id IN (SELECT unhex(value) FROM json_each($1))",
    postgres: "SELECT id, kind FROM privacy_request \
               WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))",
};

#[derive(FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    channel: String,
    received_on: String,
    due_on: String,
    status: String,
    outcome: Option<String>,
    is_identified: i64,
    handler: Option<Uuid>,
    opened_at: i64,
    position: i64,
}

impl TryFrom<Row> for PrivacyRequestRow {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "privacy_request",
            id: &row.id,
        };
        Ok(Self {
            received_on: columns.day("received_on", &row.received_on)?,
            due_on: columns.day("due_on", &row.due_on)?,
            opened_at: columns.instant("opened_at", row.opened_at)?,
            id: PrivacyRequestId::new(row.id),
            kind: row.kind,
            channel: row.channel,
            status: row.status,
            outcome: row.outcome,
            is_identified: row.is_identified != 0,
            handler: row.handler,
            position: Position::new(row.position),
        })
    }
}

/// What is not over, the nearest last day first.
pub async fn unfinished(database: &Database, limit: u32) -> Result<Vec<PrivacyRequestRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = UNFINISHED.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(i64::from(limit)).fetch_all(c).await
    })?;
    read(rows)
}

/// Requests that were written down before a moment, the newest first.
pub async fn newest(
    database: &Database,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<PrivacyRequestRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = NEWEST.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(micros(before)).bind(i64::from(limit)).fetch_all(c).await
    })?;
    read(rows)
}

/// Requests that ended before a moment and are not forgotten, the oldest first.
pub async fn over_before(
    database: &Database,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<PrivacyRequestId>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = OVER.on(&connection);
    let ids: Vec<Uuid> = each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(micros(before)).bind(i64::from(limit)).fetch_all(c).await
    })?;
    Ok(ids.into_iter().map(PrivacyRequestId::new).collect())
}

/// What is asked for in these requests, as far as they exist.
pub async fn kinds(
    database: &Database,
    ids: &[PrivacyRequestId],
) -> Result<Vec<(PrivacyRequestId, String)>, StorageError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let mut connection = database.acquire_read().await?;
    let rows: Vec<(Uuid, String)> = fetch_with(&mut connection, KINDS, &id_list(&ids)).await?;
    Ok(rows
        .into_iter()
        .map(|(id, kind)| (PrivacyRequestId::new(id), kind))
        .collect())
}

fn read(rows: Vec<Row>) -> Result<Vec<PrivacyRequestRow>, StorageError> {
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, CorruptRow>>()?)
}

/// Keeps the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PrivacyRequestTable;

impl ClearTable for PrivacyRequestTable {
    const NAME: &'static str = "privacy_request";

    async fn apply(connection: &mut Connection, event: ClearEvent<'_>) -> Result<(), InlineError> {
        let said = PrivacyRequestEvent::decode(event.event_type, event.version, event.data)?;
        Ok(apply(connection, &said, event).await?)
    }
}

/// What an event sets; `None` leaves as it is.
#[derive(Default)]
struct Set {
    status: Option<&'static str>,
    due_on: Option<NaiveDate>,
    outcome: Option<&'static str>,
    is_identified: Option<bool>,
    closed_at: Option<DateTime<Utc>>,
    is_forgotten: Option<bool>,
}

async fn apply(
    connection: &mut Connection,
    said: &PrivacyRequestEvent,
    event: ClearEvent<'_>,
) -> Result<(), StorageError> {
    let status = |status| Set {
        status: Some(status),
        ..Set::default()
    };
    let change = match said {
        PrivacyRequestEvent::Opened(opened) => return insert(connection, opened, event).await,
        PrivacyRequestEvent::Assigned { request_id, handler } => {
            let text = SET_HANDLER.on(connection);
            each_engine!(connection, c => {
                sqlx::query(text)
                    .bind(request_id.uuid())
                    .bind(event.position.get())
                    .bind(handler.map(|it| it.0))
                    .execute(c)
                    .await
                    .map(drop)
            })?;
            return Ok(());
        }
        PrivacyRequestEvent::IdentityChecked { is_confirmed, .. } => Set {
            is_identified: Some(*is_confirmed),
            ..Set::default()
        },
        PrivacyRequestEvent::Paused { .. } => status("paused"),
        PrivacyRequestEvent::Resumed { due_on, .. } => Set {
            due_on: Some(*due_on),
            ..status("open")
        },
        PrivacyRequestEvent::Extended { due_on, .. } => Set {
            due_on: Some(*due_on),
            ..Set::default()
        },
        PrivacyRequestEvent::Decided { outcome, .. } => Set {
            outcome: Some(outcome.code()),
            ..status("decided")
        },
        PrivacyRequestEvent::Answered { .. } => status("answered"),
        PrivacyRequestEvent::Closed { .. } => Set {
            closed_at: Some(event.at),
            ..status("closed")
        },
        PrivacyRequestEvent::Forgotten { .. } => Set {
            is_forgotten: Some(true),
            ..Set::default()
        },
        PrivacyRequestEvent::Concerned { .. }
        | PrivacyRequestEvent::MeasureRecorded { .. }
        | PrivacyRequestEvent::Noted { .. } => Set::default(),
    };
    let text = SET.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(said.request_id().uuid())
            .bind(event.position.get())
            .bind(change.status)
            .bind(change.due_on.map(|day| day.to_string()))
            .bind(change.outcome)
            .bind(change.is_identified.map(i64::from))
            .bind(change.closed_at.map(micros))
            .bind(change.is_forgotten.map(i64::from))
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

async fn insert(
    connection: &mut Connection,
    opened: &Opened,
    event: ClearEvent<'_>,
) -> Result<(), StorageError> {
    let text = INSERT.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(opened.request_id.uuid())
            .bind(opened.kind.code())
            .bind(opened.channel.code())
            .bind(opened.received_on.to_string())
            .bind(opened.due_on.to_string())
            .bind(micros(event.at))
            .bind(event.position.get())
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}
