//! Queries on deadlines.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::{Deadline, DeadlineId, TimeOfDay};
use event_store::{Database, Position, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, fetch_with, micros, text_list};

/// The most deadlines of one page.
pub const PAGE_MAX: u32 = 200;

/// A deadline as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlineRow {
    /// All of it.
    pub deadline: Deadline,
    /// The position of its newest event: what the next change must name.
    pub version: Position,
    /// When that was.
    pub changed_at: DateTime<Utc>,
    /// Whose it was, as `domain::staff::Actor` reads it.
    pub changed_by: String,
}

/// Which deadlines a list has, and in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum DeadlineScope {
    /// Still to come, the nearest first.
    #[default]
    Upcoming,
    /// Over, the latest first.
    Past,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlinePage {
    /// In the order of the list.
    pub rows: Vec<DeadlineRow>,
    /// Where the next page goes on; `None` at the end.
    pub next: Option<String>,
    /// How many the whole list has.
    pub total: i64,
}

/// The cursor was not made by this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor does not belong to this list")]
pub struct CursorError;

const ONE: Sql = Sql::same(
    "SELECT id, day, time, name, source, note, version, changed_at, changed_by FROM deadline WHERE id = $1",
);
const BETWEEN: Sql = Sql::same(
    "SELECT id, day, time, name, source, note, version, changed_at, changed_by FROM deadline \
     WHERE at >= $1 AND at <= $2 AND day >= $3 AND day <= $4 ORDER BY at, id LIMIT $5",
);
const FROM: Sql = Sql::same(
    "SELECT id, day, time, name, source, note, version, changed_at, changed_by FROM deadline \
     WHERE at > $1 ORDER BY at, id LIMIT $2",
);
const UPCOMING: Sql = Sql::same(
    "SELECT id, day, time, name, source, note, version, changed_at, changed_by FROM deadline \
     WHERE at > $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4",
);
const PAST: Sql = Sql::same(
    "SELECT id, day, time, name, source, note, version, changed_at, changed_by FROM deadline \
     WHERE at <= $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4",
);
const COUNT_UPCOMING: Sql = Sql::same("SELECT count(*) FROM deadline WHERE at > $1");
const COUNT_PAST: Sql = Sql::same("SELECT count(*) FROM deadline WHERE at <= $1");
const NAMED: Sql = Sql {
    sqlite: "SELECT id, day, time, name, source, note, version, changed_at, changed_by FROM deadline \
             WHERE name IN (SELECT value FROM json_each($1)) ORDER BY at, id",
    postgres: "SELECT id, day, time, name, source, note, version, changed_at, changed_by FROM deadline \
               WHERE name = ANY (SELECT value FROM json_array_elements_text(CAST($1 AS json))) ORDER BY at, id",
};

#[derive(FromRow)]
struct Row {
    id: Uuid,
    day: String,
    time: String,
    name: String,
    source: String,
    note: String,
    version: i64,
    changed_at: i64,
    changed_by: String,
}

impl TryFrom<Row> for DeadlineRow {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "deadline",
            id: &row.id,
        };
        Ok(Self {
            version: Position::new(row.version),
            changed_at: columns.instant("changed_at", row.changed_at)?,
            deadline: Deadline {
                id: DeadlineId(row.id),
                day: columns.day("day", &row.day)?,
                time: TimeOfDay::parse(&row.time).ok_or_else(|| columns.corrupt("time"))?,
                name: row.name,
                source: row.source,
                note: row.note,
            },
            changed_by: row.changed_by,
        })
    }
}

fn read(rows: Vec<Row>) -> Result<Vec<DeadlineRow>, StorageError> {
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// One deadline; `None` when there never was such, or it was removed.
pub async fn deadline(database: &Database, id: DeadlineId) -> Result<Option<DeadlineRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = ONE.on(&connection);
    let row: Option<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// The deadlines on these days, in order, `most` of them.
pub async fn deadlines_between(
    database: &Database,
    [first, last]: [NaiveDate; 2],
    most: u32,
) -> Result<Vec<DeadlineRow>, StorageError> {
    let end = |day, time: TimeOfDay| time.on(day).map_or(i64::MAX, micros);
    let from = end(first, TimeOfDay::default());
    let to = end(last, TimeOfDay::END_OF_DAY);
    let mut connection = database.acquire_read().await?;
    let text = BETWEEN.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text)
            .bind(from)
            .bind(to)
            .bind(first.to_string())
            .bind(last.to_string())
            .bind(i64::from(most))
            .fetch_all(c)
            .await
    })?;
    read(rows)
}

/// The deadlines after an instant, the nearest first, `most` of them.
pub async fn deadlines_from(
    database: &Database,
    after: DateTime<Utc>,
    most: u32,
) -> Result<Vec<DeadlineRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = FROM.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(micros(after)).bind(i64::from(most)).fetch_all(c).await
    })?;
    read(rows)
}

/// The deadlines with any of these names, in order.
pub async fn deadlines_named(
    database: &Database,
    names: &[String],
) -> Result<Vec<DeadlineRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    read(fetch_with(&mut connection, NAMED, &text_list(names)).await?)
}

/// One page of a list as it is at `now`; `after` is the cursor of the page before.
pub async fn deadlines_page(
    database: &Database,
    scope: DeadlineScope,
    now: DateTime<Utc>,
    first: u32,
    after: Option<&str>,
) -> Result<Result<DeadlinePage, CursorError>, StorageError> {
    let (page, count, start) = match scope {
        DeadlineScope::Upcoming => (UPCOMING, COUNT_UPCOMING, (i64::MIN, Uuid::nil())),
        DeadlineScope::Past => (PAST, COUNT_PAST, (i64::MAX, Uuid::max())),
    };
    let Some((at, id)) = after.map_or(Some(start), read_cursor) else {
        return Ok(Err(CursorError));
    };
    let first = first.clamp(1, PAGE_MAX);
    let mut connection = database.acquire_read().await?;
    let (page, count) = (page.on(&connection), count.on(&connection));
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(page)
            .bind(micros(now))
            .bind(at)
            .bind(id)
            .bind(i64::from(first) + 1)
            .fetch_all(c)
            .await
    })?;
    let total =
        each_engine!(connection, c => sqlx::query_scalar(count).bind(micros(now)).fetch_one(c).await)?;
    let mut rows = read(rows)?;
    let more = rows.len() > first as usize;
    rows.truncate(first as usize);
    let next = rows.last().filter(|_| more).map(|last| {
        let deadline = &last.deadline;
        format!("{}.{}", micros(deadline.at()), deadline.id.0.simple())
    });
    Ok(Ok(DeadlinePage { rows, next, total }))
}

/// Instant and id of the last row before.
fn read_cursor(text: &str) -> Option<(i64, Uuid)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, Uuid::try_parse(id).ok()?))
}
