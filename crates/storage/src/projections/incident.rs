//! Incidents as a list shows them; written in the transaction of the event.

use chrono::{DateTime, NaiveDate, Utc};
use domain::IncidentId;
use domain::incident::{Category, IncidentEvent, Opened, ReportStage};
use event_store::{Connection, Database, InlineError, Position, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use super::in_the_clear::{ClearEvent, ClearTable};
use crate::sql::{Columns, CorruptRow, StorageError, micros};

/// An incident as the list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRow {
    /// Which.
    pub id: IncidentId,
    /// When the office became aware.
    pub aware_at: DateTime<Utc>,
    /// Why it must be reported.
    pub categories: Vec<Category>,
    /// How many persons; none: not known.
    pub persons: Option<u32>,
    /// The last day for the first report.
    pub first_due_on: NaiveDate,
    /// The last day for the final report.
    pub final_due_on: NaiveDate,
    /// A code of `domain::incident::IncidentStatus`.
    pub status: String,
    /// When it was written down.
    pub opened_at: DateTime<Utc>,
    /// Of the newest event.
    pub position: Position,
}

const INSERT: Sql = Sql::same(
    "INSERT INTO incident (id, aware_at, categories, persons, first_due_on, final_due_on, status, opened_at, position) \
     VALUES ($1, $2, $3, NULL, $4, $5, 'open', $6, $7)",
);
const SET: Sql = Sql::same(
    "UPDATE incident SET position = $2, status = coalesce($3, status), categories = coalesce($4, categories), \
     final_due_on = coalesce($5, final_due_on), persons = coalesce($6, persons) WHERE id = $1",
);
const UNFINISHED: Sql = Sql::same(
    "SELECT id, aware_at, categories, persons, first_due_on, final_due_on, status, opened_at, position FROM incident \
     WHERE status IN ('open', 'first_reported', 'final_reported') ORDER BY aware_at, id LIMIT $1",
);
const NEWEST: Sql = Sql::same(
    "SELECT id, aware_at, categories, persons, first_due_on, final_due_on, status, opened_at, position FROM incident \
     WHERE opened_at < $1 ORDER BY opened_at DESC, id DESC LIMIT $2",
);

#[derive(FromRow)]
struct Row {
    id: Uuid,
    aware_at: i64,
    categories: String,
    persons: Option<i64>,
    first_due_on: String,
    final_due_on: String,
    status: String,
    opened_at: i64,
    position: i64,
}

impl TryFrom<Row> for IncidentRow {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "incident",
            id: &row.id,
        };
        let persons = row.persons.map(u32::try_from).transpose();
        Ok(Self {
            aware_at: columns.instant("aware_at", row.aware_at)?,
            persons: persons.map_err(|_| columns.corrupt("persons"))?,
            first_due_on: columns.day("first_due_on", &row.first_due_on)?,
            final_due_on: columns.day("final_due_on", &row.final_due_on)?,
            opened_at: columns.instant("opened_at", row.opened_at)?,
            id: IncidentId::new(row.id),
            categories: row
                .categories
                .split_whitespace()
                .filter_map(Category::from_code)
                .collect(),
            status: row.status,
            position: Position::new(row.position),
        })
    }
}

/// What is not over, what was known first of all first.
pub async fn unfinished(database: &Database, limit: u32) -> Result<Vec<IncidentRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = UNFINISHED.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(i64::from(limit)).fetch_all(c).await
    })?;
    read(rows)
}

/// Incidents that were written down before a moment, the newest first.
pub async fn newest(
    database: &Database,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<IncidentRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = NEWEST.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(micros(before)).bind(i64::from(limit)).fetch_all(c).await
    })?;
    read(rows)
}

fn read(rows: Vec<Row>) -> Result<Vec<IncidentRow>, StorageError> {
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, CorruptRow>>()?)
}

/// Keeps the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IncidentTable;

impl ClearTable for IncidentTable {
    const NAME: &'static str = "incident";

    async fn apply(connection: &mut Connection, event: ClearEvent<'_>) -> Result<(), InlineError> {
        let said = IncidentEvent::decode(event.event_type, event.version, event.data)?;
        Ok(apply(connection, &said, event).await?)
    }
}

/// What an event sets; `None` leaves as it is.
#[derive(Default)]
struct Set {
    status: Option<&'static str>,
    categories: Option<String>,
    final_due_on: Option<NaiveDate>,
    persons: Option<u32>,
}

async fn apply(
    connection: &mut Connection,
    said: &IncidentEvent,
    event: ClearEvent<'_>,
) -> Result<(), StorageError> {
    let status = |status| Set {
        status: Some(status),
        ..Set::default()
    };
    let change = match said {
        IncidentEvent::Opened(opened) => return insert(connection, opened, event).await,
        IncidentEvent::Classified {
            categories,
            final_due_on,
            ..
        } => Set {
            categories: Some(codes(categories)),
            final_due_on: Some(*final_due_on),
            ..Set::default()
        },
        IncidentEvent::PersonsCounted { persons, .. } => Set {
            persons: Some(*persons),
            ..Set::default()
        },
        IncidentEvent::Reported { stage, .. } => status(match stage {
            ReportStage::First => "first_reported",
            ReportStage::Final => "final_reported",
        }),
        IncidentEvent::Closed { .. } => status("closed"),
        IncidentEvent::ReportWritten { .. }
        | IncidentEvent::PersonsNotified { .. }
        | IncidentEvent::Noted { .. } => Set::default(),
    };
    let text = SET.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(said.incident_id().uuid())
            .bind(event.position.get())
            .bind(change.status)
            .bind(change.categories.as_deref())
            .bind(change.final_due_on.map(|day| day.to_string()))
            .bind(change.persons.map(i64::from))
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
            .bind(opened.incident_id.uuid())
            .bind(micros(opened.aware_at))
            .bind(codes(&opened.categories))
            .bind(opened.first_due_on.to_string())
            .bind(opened.final_due_on.to_string())
            .bind(micros(event.at))
            .bind(event.position.get())
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

fn codes(categories: &[Category]) -> String {
    let codes: Vec<&str> = categories.iter().map(|it| it.code()).collect();
    codes.join(" ")
}
