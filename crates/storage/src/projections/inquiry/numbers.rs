//! How inquiries went, narrow enough to be added up: when each came in, was answered and closed, and each moment at which how many wait
//! changed. Written with the row of the list.
//!
//! Times between two moments count in business hours, which no engine knows: [`courses`] hands the moments out page by page, and whoever
//! asks counts.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::inquiry::Course;
use event_store::{Connection, Database, Sql, each_engine};
use serde_json::json;

use crate::sql::{CorruptRow, StorageError, micros};

/// Microseconds of an hour. In Japan a day begins nine hours before it does in UTC; it has had no summer time since 1951.
macro_rules! hours {
    ($column:literal) => {
        concat!("(", $column, " / 3600000000 + 9)")
    };
}
/// Rows of a page of [`courses`].
const PAGE: i64 = 10_000;

const DROP_COURSE: Sql = Sql::same("DELETE FROM inquiry_course WHERE seq = $1");
const PUT_COURSE: Sql = Sql::same(
    "INSERT INTO inquiry_course (seq, received_at, channel, due_at, first_replied_at, closed_at) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (seq) DO UPDATE SET received_at = EXCLUDED.received_at, channel = EXCLUDED.channel, due_at = EXCLUDED.due_at, \
     first_replied_at = EXCLUDED.first_replied_at, closed_at = EXCLUDED.closed_at",
);
const DROP_STEPS: Sql = Sql::same("DELETE FROM inquiry_step WHERE seq = $1");
const PUT_STEPS: Sql = Sql {
    sqlite: "INSERT INTO inquiry_step (seq, n, at, change, is_closing, is_undone, is_reopening) \
             SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each($2)",
    postgres: "INSERT INTO inquiry_step (seq, n, at, change, is_closing, is_undone, is_reopening) \
               SELECT $1, CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT), CAST(value ->> 2 AS BIGINT), \
               CAST(value ->> 3 AS BIGINT), CAST(value ->> 4 AS BIGINT), CAST(value ->> 5 AS BIGINT) \
               FROM json_array_elements(CAST($2 AS json))",
};

/// Writes how an inquiry went, whatever stood there; none: it does not count.
pub(super) async fn put(
    connection: &mut Connection,
    seq: i64,
    course: Option<&Course>,
) -> Result<(), StorageError> {
    let text = DROP_STEPS.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(seq).execute(c).await.map(drop))?;
    let Some(course) = course else {
        let text = DROP_COURSE.on(connection);
        each_engine!(connection, c => sqlx::query(text).bind(seq).execute(c).await.map(drop))?;
        return Ok(());
    };
    let inquiry = &course.inquiry;
    let text = PUT_COURSE.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(seq)
            .bind(inquiry.received.message.taken_at)
            .bind(inquiry.channel().code())
            .bind(inquiry.received.due_at)
            .bind(course.first_replied_at().map(micros))
            .bind(inquiry.closed_at.map(micros))
            .execute(c)
            .await
            .map(drop)
    })?;
    let steps: Vec<_> = course
        .steps
        .iter()
        .enumerate()
        .map(|(n, step)| {
            let flags = [step.is_closing, step.is_undone, step.is_reopening].map(i64::from);
            json!([n, micros(step.at), step.change, flags[0], flags[1], flags[2]])
        })
        .collect();
    let steps = json!(steps).to_string();
    let text = PUT_STEPS.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(seq).bind(&steps).execute(c).await.map(drop))?;
    Ok(())
}

/// Which time is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberSpan {
    /// From then on.
    pub from: DateTime<Utc>,
    /// Until before then.
    pub until: DateTime<Utc>,
    /// Now: what was due by now and is not answered is late.
    pub now: DateTime<Utc>,
}

/// What is counted of a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayCount {
    /// Came in.
    pub received: i64,
    /// Were answered for the first time.
    pub answered: i64,
    /// Were closed.
    pub closed: i64,
    /// Closings of that day after which it came back, at whatever time.
    pub undone: i64,
    /// Came back after they had been closed.
    pub reopened: i64,
    /// So many more wait for us at its end than at its beginning.
    pub change: i64,
}

/// What is counted of a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// Waited for us when it began.
    pub waiting_before: i64,
    /// Of those that came in: answered later than they were due, or not at all though that is over.
    pub breached: i64,
    /// Days in Japan on which anything is counted.
    pub days: BTreeMap<NaiveDate, DayCount>,
    /// Those that came in by the hour in Japan.
    pub hours: Vec<(i64, i64)>,
    /// Those that came in by what they are about; one that is about two things counts twice, and none is said of one without.
    pub topics: Vec<(Option<String>, i64)>,
    /// Those that came in by the way they came.
    pub channels: Vec<(String, i64)>,
}

const WAITING_BEFORE: Sql =
    Sql::same("SELECT CAST(COALESCE(SUM(change), 0) AS BIGINT) FROM inquiry_step WHERE at < $1");
const BREACHED: Sql = Sql::same(
    "SELECT COUNT(*) FROM inquiry_course WHERE received_at >= $1 AND received_at < $2 AND due_at IS NOT NULL \
     AND (first_replied_at > due_at \
     OR (first_replied_at IS NULL AND due_at < $3 AND (closed_at IS NULL OR closed_at > due_at)))",
);
const RECEIVED_BY_DAY: Sql = Sql::same(concat!(
    "SELECT ",
    hours!("received_at"),
    " / 24 AS day, COUNT(*) FROM inquiry_course WHERE received_at >= $1 AND received_at < $2 GROUP BY 1",
));
const ANSWERED_BY_DAY: Sql = Sql::same(concat!(
    "SELECT ",
    hours!("first_replied_at"),
    " / 24 AS day, COUNT(*) FROM inquiry_course WHERE first_replied_at >= $1 AND first_replied_at < $2 GROUP BY 1",
));
const STEPS_BY_DAY: Sql = Sql::same(concat!(
    "SELECT ",
    hours!("at"),
    " / 24 AS day, CAST(SUM(is_closing) AS BIGINT), CAST(SUM(is_undone) AS BIGINT), CAST(SUM(is_reopening) AS BIGINT), \
     CAST(SUM(change) AS BIGINT) FROM inquiry_step WHERE at >= $1 AND at < $2 GROUP BY 1",
));
const BY_HOUR: Sql = Sql::same(concat!(
    "SELECT ",
    hours!("received_at"),
    " % 24 AS hour, COUNT(*) FROM inquiry_course WHERE received_at >= $1 AND received_at < $2 GROUP BY 1 ORDER BY 1",
));
const BY_TOPIC: Sql = Sql::same(
    "SELECT t.tag, COUNT(*) FROM inquiry_course c LEFT JOIN inquiry_tag t ON t.seq = c.seq \
     WHERE c.received_at >= $1 AND c.received_at < $2 GROUP BY t.tag",
);
const BY_CHANNEL: Sql = Sql::same(
    "SELECT channel, COUNT(*) FROM inquiry_course WHERE received_at >= $1 AND received_at < $2 GROUP BY channel",
);

/// What is counted of a time.
pub async fn counted(database: &Database, span: NumberSpan) -> Result<Counted, StorageError> {
    let (from, until) = (micros(span.from), micros(span.until));
    let mut connection = database.acquire_read().await?;
    let mut found = Counted::default();
    let text = WAITING_BEFORE.on(&connection);
    found.waiting_before = each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(from).fetch_one(c).await
    })?;
    let text = BREACHED.on(&connection);
    found.breached = each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(from).bind(until).bind(micros(span.now)).fetch_one(c).await
    })?;
    macro_rules! rows {
        ($statement:ident) => {{
            let text = $statement.on(&connection);
            each_engine!(connection, c => {
                sqlx::query_as(text).bind(from).bind(until).fetch_all(c).await
            })?
        }};
    }
    let received: Vec<(i64, i64)> = rows!(RECEIVED_BY_DAY);
    for (day, count) in received {
        found.days.entry(day_of(day)?).or_default().received = count;
    }
    let answered: Vec<(i64, i64)> = rows!(ANSWERED_BY_DAY);
    for (day, count) in answered {
        found.days.entry(day_of(day)?).or_default().answered = count;
    }
    let steps: Vec<(i64, i64, i64, i64, i64)> = rows!(STEPS_BY_DAY);
    for (day, closed, undone, reopened, change) in steps {
        let count = found.days.entry(day_of(day)?).or_default();
        (count.closed, count.undone, count.reopened, count.change) = (closed, undone, reopened, change);
    }
    found.hours = rows!(BY_HOUR);
    found.topics = rows!(BY_TOPIC);
    found.channels = rows!(BY_CHANNEL);
    Ok(found)
}

fn day_of(number: i64) -> Result<NaiveDate, CorruptRow> {
    DateTime::from_timestamp(number.saturating_mul(86_400), 0)
        .map(|at| at.date_naive())
        .ok_or_else(|| corrupt("received_at", number))
}

/// When an inquiry came in, was answered for the first time, and was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CourseRow {
    /// Its place.
    pub seq: i64,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// When it was answered for the first time.
    pub first_replied_at: Option<DateTime<Utc>>,
    /// When it was closed, while it is.
    pub closed_at: Option<DateTime<Utc>>,
}

const COURSES: Sql = Sql::same(
    "SELECT seq, received_at, first_replied_at, closed_at FROM inquiry_course \
     WHERE (received_at, seq) > ($1, $2) AND received_at < $3 ORDER BY received_at, seq LIMIT $4",
);

/// Some of the inquiries that came in in a time, in order, after one of them; none are left when there are none.
pub async fn courses(
    database: &Database,
    span: NumberSpan,
    after: Option<CourseRow>,
) -> Result<Vec<CourseRow>, StorageError> {
    // No inquiry has the place before the first.
    let (at, seq) = after.map_or((micros(span.from), -1), |row| (micros(row.received_at), row.seq));
    let mut connection = database.acquire_read().await?;
    let text = COURSES.on(&connection);
    let rows: Vec<(i64, i64, Option<i64>, Option<i64>)> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(at).bind(seq).bind(micros(span.until)).bind(PAGE).fetch_all(c).await
    })?;
    let read = |(seq, received_at, first_replied_at, closed_at): (i64, i64, Option<i64>, Option<i64>)| {
        Ok(CourseRow {
            seq,
            received_at: moment("received_at", received_at)?,
            first_replied_at: first_replied_at
                .map(|at| moment("first_replied_at", at))
                .transpose()?,
            closed_at: closed_at.map(|at| moment("closed_at", at)).transpose()?,
        })
    };
    let rows: Result<Vec<CourseRow>, CorruptRow> = rows.into_iter().map(read).collect();
    Ok(rows?)
}

fn moment(column: &'static str, at: i64) -> Result<DateTime<Utc>, CorruptRow> {
    DateTime::from_timestamp_micros(at).ok_or_else(|| corrupt(column, at))
}

fn corrupt(column: &'static str, value: i64) -> CorruptRow {
    CorruptRow {
        table: "inquiry_course",
        column,
        id: value.to_string(),
    }
}
