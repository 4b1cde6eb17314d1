//! Queries on the office's own days and hours.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::{DayKind, Hours, OfficeDay, TimeOfDay};
use event_store::{Database, Position, Sql, each_engine};
use sqlx::FromRow;

use crate::sql::{Columns, CorruptRow, StorageError};

/// A day that something happened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayRow {
    /// Which.
    pub date: NaiveDate,
    /// What the office makes of it; `None` once that was cleared.
    pub own: Option<OfficeDay>,
    /// The position of its newest event: what the next change must name.
    pub version: Position,
    /// When that was.
    pub changed_at: DateTime<Utc>,
    /// Whose it was, as `domain::staff::Actor` reads it.
    pub changed_by: String,
}

/// The hours, and whether the office is closed at the turn of the year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursRow {
    /// From when to when.
    pub hours: Hours,
    /// Closed from 29 December to 3 January.
    pub closed_at_year_end: bool,
    /// The position of the event that set them; [`Position::START`] while they are as by default.
    pub version: Position,
    /// When that was, and whose it was.
    pub changed: Option<(DateTime<Utc>, String)>,
}

impl Default for HoursRow {
    fn default() -> Self {
        Self {
            hours: Hours::default(),
            closed_at_year_end: true,
            version: Position::START,
            changed: None,
        }
    }
}

const DAY: Sql =
    Sql::same("SELECT day, kind, name, version, changed_at, changed_by FROM calendar_day WHERE day = $1");
const DAYS_BETWEEN: Sql = Sql::same(
    "SELECT day, kind, name, version, changed_at, changed_by FROM calendar_day \
     WHERE day >= $1 AND day <= $2 ORDER BY day",
);
const ALL_DAYS: Sql = Sql::same(
    "SELECT day, kind, name, version, changed_at, changed_by FROM calendar_day WHERE kind IS NOT NULL ORDER BY day",
);
const HOURS: Sql = Sql::same(
    "SELECT opens, closes, closed_at_year_end, version, changed_at, changed_by FROM calendar_hours WHERE opens IS NOT NULL",
);
const NEWEST: Sql = Sql::same("SELECT newest FROM calendar_hours");

#[derive(FromRow)]
struct StoredDay {
    day: String,
    kind: Option<String>,
    name: Option<String>,
    version: i64,
    changed_at: i64,
    changed_by: String,
}

impl TryFrom<StoredDay> for DayRow {
    type Error = CorruptRow;

    fn try_from(row: StoredDay) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "calendar_day",
            id: &row.day,
        };
        let own = row.kind.as_deref().zip(row.name.as_deref()).map(|(kind, name)| {
            let kind = DayKind::from_code(kind).ok_or_else(|| columns.corrupt("kind"))?;
            Ok(OfficeDay {
                kind,
                name: name.to_owned(),
            })
        });
        Ok(Self {
            date: columns.day("day", &row.day)?,
            own: own.transpose()?,
            version: Position::new(row.version),
            changed_at: columns.instant("changed_at", row.changed_at)?,
            changed_by: row.changed_by,
        })
    }
}

#[derive(FromRow)]
struct StoredHours {
    opens: String,
    closes: String,
    closed_at_year_end: i64,
    version: i64,
    changed_at: i64,
    changed_by: String,
}

impl TryFrom<StoredHours> for HoursRow {
    type Error = CorruptRow;

    fn try_from(row: StoredHours) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "calendar_hours",
            id: &1,
        };
        let time = |column, text: &str| TimeOfDay::parse(text).ok_or_else(|| columns.corrupt(column));
        let hours = Hours::new(time("opens", &row.opens)?, time("closes", &row.closes)?);
        Ok(Self {
            hours: hours.ok_or_else(|| columns.corrupt("closes"))?,
            closed_at_year_end: row.closed_at_year_end != 0,
            version: Position::new(row.version),
            changed: Some((columns.instant("changed_at", row.changed_at)?, row.changed_by)),
        })
    }
}

/// What is known of one day; `None` when nothing ever happened to it.
pub async fn day(database: &Database, date: NaiveDate) -> Result<Option<DayRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = DAY.on(&connection);
    let row: Option<StoredDay> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(date.to_string()).fetch_optional(c).await
    })?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// The days from one to another that something happened to, cleared ones too.
pub async fn days_between(
    database: &Database,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DayRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = DAYS_BETWEEN.on(&connection);
    let rows: Vec<StoredDay> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(from.to_string()).bind(to.to_string()).fetch_all(c).await
    })?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// Every own day of the office.
pub async fn all_days(database: &Database) -> Result<Vec<DayRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = ALL_DAYS.on(&connection);
    let rows: Vec<StoredDay> = each_engine!(connection, c => sqlx::query_as(text).fetch_all(c).await)?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// The hours as they were set, or as they are by default.
pub async fn hours(database: &Database) -> Result<HoursRow, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = HOURS.on(&connection);
    let row: Option<StoredHours> =
        each_engine!(connection, c => sqlx::query_as(text).fetch_optional(c).await)?;
    Ok(row.map(TryInto::try_into).transpose()?.unwrap_or_default())
}

/// The position of the newest event of the calendar; [`Position::START`] before the first.
pub async fn newest(database: &Database) -> Result<Position, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = NEWEST.on(&connection);
    let newest: Option<i64> =
        each_engine!(connection, c => sqlx::query_scalar(text).fetch_optional(c).await)?;
    Ok(newest.map_or(Position::START, Position::new))
}
