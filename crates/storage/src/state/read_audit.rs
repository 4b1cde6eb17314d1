//! Questions about who looked at whose personal data: page by page, the newest first, and everything that one account saw.
//!
//! There is no index by record (ADR 10), so a question about one record looks through all reads of its time. A page therefore looks
//! at so many reads at most, and says how far it came.

use std::ops::Range;

use chrono::{DateTime, Utc};
use event_store::{Connection, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use super::read_record::{ReadRecord, ReadRecorder, Row};
use crate::sql::{Columns, CorruptRow, StorageError, micros};

/// Reads that a page about one record looks at.
pub const LOOKS_AT: u32 = 50_000;

/// Which reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFilter {
    /// From when, and until when (that moment not included).
    pub time: Range<DateTime<Utc>>,
    /// Whose, as in the actor of events; none: anybody's.
    pub actor: Option<String>,
    /// Of which declaration or mail; none: any.
    pub id: Option<Uuid>,
}

/// A place among the reads; they are in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, FromRow)]
pub struct ReadPlace {
    /// When, in microseconds.
    pub at: i64,
    /// Which of that moment.
    pub seq: i64,
}

/// A read, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRead {
    /// Where.
    pub place: ReadPlace,
    /// What.
    pub record: ReadRecord,
}

/// Some reads, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadPage {
    /// They.
    pub reads: Vec<FoundRead>,
    /// Everything from there on was looked at; what is older was not. None: nothing is older.
    pub next: Option<ReadPlace>,
}

macro_rules! columns {
    () => {
        "SELECT seq, at, actor, declaration_ids, field_class, purpose, request_id FROM read_record WHERE "
    };
}
macro_rules! newest_first {
    () => {
        " ORDER BY at DESC, seq DESC LIMIT "
    };
}
// A row value alone is a filter to SQLite when an index ends before it; the bound beside it is what it seeks by.
macro_rules! before {
    () => {
        "at >= $1 AND at <= $2 AND (at, seq) < ($2, $3)"
    };
}

const ALL: Sql = Sql::same(concat!(columns!(), before!(), newest_first!(), "$4"));
const OF_ACTOR: Sql = Sql::same(concat!(
    columns!(),
    "actor = $5 AND ",
    before!(),
    newest_first!(),
    "$4"
));
const END: Sql = Sql::same(concat!(
    "SELECT at, seq FROM read_record WHERE ",
    before!(),
    newest_first!(),
    "1 OFFSET $4"
));
const END_OF_ACTOR: Sql = Sql::same(concat!(
    "SELECT at, seq FROM read_record WHERE actor = $5 AND ",
    before!(),
    newest_first!(),
    "1 OFFSET $4"
));
const OF_ID: Sql = Sql {
    sqlite: concat!(
        columns!(),
        before!(),
        " AND (at, seq) >= ($5, $6) AND instr(declaration_ids, $7) > 0",
        newest_first!(),
        "$4"
    ),
    postgres: concat!(
        columns!(),
        before!(),
        " AND (at, seq) >= ($5, $6) AND position($7 IN declaration_ids) > 0",
        newest_first!(),
        "$4"
    ),
};
const OF_ID_AND_ACTOR: Sql = Sql {
    sqlite: concat!(
        columns!(),
        "actor = $8 AND ",
        before!(),
        " AND (at, seq) >= ($5, $6) AND instr(declaration_ids, $7) > 0",
        newest_first!(),
        "$4"
    ),
    postgres: concat!(
        columns!(),
        "actor = $8 AND ",
        before!(),
        " AND (at, seq) >= ($5, $6) AND position($7 IN declaration_ids) > 0",
        newest_first!(),
        "$4"
    ),
};
const SEEN: Sql = Sql::same(concat!(
    columns!(),
    "actor = $1 AND at >= $2 AND at < $3 AND (at, seq) > ($2, $4) ORDER BY at, seq LIMIT $5"
));

impl ReadRecorder {
    /// Reads before a place, the newest first. With an id it looks at [`LOOKS_AT`] reads at most and may find none of them.
    pub async fn page(
        &self,
        filter: &ReadFilter,
        before: Option<ReadPlace>,
        first: u32,
    ) -> Result<ReadPage, StorageError> {
        let before = before.unwrap_or(ReadPlace {
            at: micros(filter.time.end),
            seq: i64::MIN,
        });
        let mut connection = self.database().acquire_read().await?;
        let found = match filter.id {
            Some(id) => return of_id(&mut connection, filter, id, before, first).await,
            None => newest(&mut connection, filter, before, first + 1).await?,
        };
        Ok(page(found, first, None))
    }

    /// What one account saw after a place, the oldest first; `limit` answers of the server at most.
    pub async fn seen_by(
        &self,
        actor: &str,
        time: Range<DateTime<Utc>>,
        after: Option<ReadPlace>,
        limit: u32,
    ) -> Result<Vec<FoundRead>, StorageError> {
        let after = after.unwrap_or(ReadPlace {
            at: micros(time.start),
            seq: i64::MIN,
        });
        let mut connection = self.database().acquire_read().await?;
        let text = SEEN.on(&connection);
        let rows: Vec<Row> = each_engine!(connection, c => {
            sqlx::query_as(text)
                .bind(actor)
                .bind(after.at)
                .bind(micros(time.end))
                .bind(after.seq)
                .bind(i64::from(limit))
                .fetch_all(c)
                .await
        })?;
        Ok(read(rows)?)
    }
}

async fn newest(
    connection: &mut Connection,
    filter: &ReadFilter,
    before: ReadPlace,
    limit: u32,
) -> Result<Vec<FoundRead>, StorageError> {
    let text = if filter.actor.is_some() { OF_ACTOR } else { ALL };
    let text = text.on(connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        let query = sqlx::query_as(text)
            .bind(micros(filter.time.start))
            .bind(before.at)
            .bind(before.seq)
            .bind(i64::from(limit));
        match &filter.actor {
            Some(actor) => query.bind(actor).fetch_all(c).await,
            None => query.fetch_all(c).await,
        }
    })?;
    Ok(read(rows)?)
}

async fn of_id(
    connection: &mut Connection,
    filter: &ReadFilter,
    id: Uuid,
    before: ReadPlace,
    first: u32,
) -> Result<ReadPage, StorageError> {
    let end = window_end(connection, filter, before).await?;
    let oldest = end.unwrap_or(ReadPlace {
        at: micros(filter.time.start),
        seq: i64::MIN,
    });
    let text = if filter.actor.is_some() {
        OF_ID_AND_ACTOR
    } else {
        OF_ID
    };
    let text = text.on(connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        let query = sqlx::query_as(text)
            .bind(oldest.at)
            .bind(before.at)
            .bind(before.seq)
            .bind(i64::from(first) + 1)
            .bind(oldest.at)
            .bind(oldest.seq)
            .bind(id.as_bytes().as_slice());
        match &filter.actor {
            Some(actor) => query.bind(actor).fetch_all(c).await,
            None => query.fetch_all(c).await,
        }
    })?;
    let mut page = page(read(rows)?, first, end);
    // Its bytes may also lie across two others.
    page.reads.retain(|found| found.record.ids.contains(&id));
    Ok(page)
}

/// The oldest read that is looked at; none: all are.
async fn window_end(
    connection: &mut Connection,
    filter: &ReadFilter,
    before: ReadPlace,
) -> Result<Option<ReadPlace>, StorageError> {
    let text = if filter.actor.is_some() { END_OF_ACTOR } else { END };
    let text = text.on(connection);
    Ok(each_engine!(connection, c => {
        let query = sqlx::query_as(text)
            .bind(micros(filter.time.start))
            .bind(before.at)
            .bind(before.seq)
            .bind(i64::from(LOOKS_AT) - 1);
        match &filter.actor {
            Some(actor) => query.bind(actor).fetch_optional(c).await,
            None => query.fetch_optional(c).await,
        }
    })?)
}

fn page(mut reads: Vec<FoundRead>, first: u32, looked_to: Option<ReadPlace>) -> ReadPage {
    let first = first as usize;
    if reads.len() > first {
        reads.truncate(first);
        let next = reads.last().map(|found| found.place);
        return ReadPage { reads, next };
    }
    ReadPage {
        reads,
        next: looked_to,
    }
}

fn read(rows: Vec<Row>) -> Result<Vec<FoundRead>, CorruptRow> {
    rows.into_iter()
        .map(|row| {
            Ok(FoundRead {
                place: ReadPlace {
                    at: row.at,
                    seq: row.seq,
                },
                record: row.try_into()?,
            })
        })
        .collect()
}

impl TryFrom<Row> for ReadRecord {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "read_record",
            id: &row.seq,
        };
        Ok(Self {
            at: columns.instant("at", row.at)?,
            actor: row.actor,
            ids: columns.ids("declaration_ids", &row.declaration_ids)?,
            field_class: row.field_class,
            purpose: row.purpose,
            request_id: row.request_id,
        })
    }
}
