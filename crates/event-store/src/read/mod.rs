//! Reading the log: pages of events, all or those that match a query.

mod follow;
mod outline;
mod row;
mod sealed;
mod stream;
mod tagged;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::append::spaced;
use crate::database::{Connection, DatabaseError, Sql};
use crate::each_engine;
use crate::keyring::KeyringError;
use crate::personal::unframe;
use crate::query::{Position, Query, QueryItem, is_name};

pub(crate) use follow::follow;
pub(crate) use outline::outlines;
pub(crate) use row::{EventRow, entry_bytes, event_columns, events, events_under};
pub(crate) use stream::sealed;
pub(crate) use tagged::{explain_tagged, outlines_tagged, sealed_tagged};

pub use outline::Outline;
pub use sealed::{Opener, Sealed, SealedEvent};

/// Why the log could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The log is not contiguous: someone has tampered with it or the disk has lost rows. Never skipped.
    #[error("ALARM: the log has no event at position {expected}, the next one is at {found:?}")]
    Gap {
        /// The position that must exist.
        expected: Position,
        /// The next one that was found.
        found: Option<Position>,
    },
    /// A row of the log cannot be understood.
    #[error("ALARM: the event at position {position} is damaged: {reason}")]
    Damaged {
        /// Its position.
        position: Position,
        /// What is wrong with it.
        reason: String,
    },
    /// The keys could not be read.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<sqlx::Error> for ReadError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// A day as the log writes it. By hand: chrono reads its format anew for each of a million.
fn day(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let are_digits = [year, month, day]
        .iter()
        .all(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    if !are_digits || (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Why a stream of events ended. Nothing was skipped: follow again from the last event seen.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct FollowError(#[from] pub ReadError);

const HEAD: &str = "SELECT position FROM log_head";

const ALL: &str = concat!(
    "SELECT ",
    event_columns!(),
    " FROM event AS e WHERE e.position > $1 ORDER BY e.position LIMIT $2"
);

/// The positions come first and alone: otherwise a planner may walk the log in order and filter it.
const TAGGED: Sql = Sql {
    sqlite: concat!(
        "WITH hit AS MATERIALIZED (
             SELECT t.position FROM event_tag AS t
             WHERE t.tag = $1 AND t.position > $2 AND t.position <= $3
               AND ($4 = '' OR instr($4, ' ' || t.event_type || ' ') > 0)
               AND ($5 = '[]' OR json_array_length($5) = (
                   SELECT count(*) FROM json_each($5) AS more
                   CROSS JOIN event_tag AS o ON o.tag = more.value AND o.position = t.position))
             ORDER BY t.position LIMIT $6)
         SELECT ",
        event_columns!(),
        " FROM hit CROSS JOIN event AS e ON e.position = hit.position ORDER BY e.position"
    ),
    postgres: concat!(
        "WITH hit AS MATERIALIZED (
             SELECT t.position FROM event_tag AS t
             WHERE t.tag = $1 AND t.position > $2 AND t.position <= $3
               AND ($4 = '' OR strpos($4, ' ' || t.event_type || ' ') > 0)
               AND ($5 = '[]' OR json_array_length($5::json) = (
                   SELECT count(*) FROM event_tag AS o
                   WHERE o.position = t.position
                     AND o.tag = ANY (ARRAY (SELECT json_array_elements_text($5::json)))))
             ORDER BY t.position LIMIT $6)
         SELECT ",
        event_columns!(),
        " FROM hit JOIN event AS e ON e.position = hit.position ORDER BY e.position"
    ),
};

/// So many events are looked at by one statement: with two million of them it took longer than readers have, was cut off and begun again,
/// for as long as the server ran.
const WINDOW_MAX: i64 = 1 << 16;

/// Bounded by a window of positions, so that neither a frequent nor a rare type makes it read the whole log.
const TYPED: Sql = Sql {
    sqlite: concat!(
        "SELECT ",
        event_columns!(),
        " FROM event AS e
         WHERE e.event_type IN (SELECT value FROM json_each($1)) AND e.position > $2 AND e.position <= $3
         ORDER BY e.position LIMIT $4"
    ),
    postgres: concat!(
        "SELECT ",
        event_columns!(),
        " FROM event AS e
         WHERE e.event_type = ANY (ARRAY (SELECT json_array_elements_text($1::json)))
           AND e.position > $2 AND e.position <= $3
         ORDER BY e.position LIMIT $4"
    ),
};

const AT: Sql = Sql {
    sqlite: concat!(
        "SELECT ",
        event_columns!(),
        " FROM event AS e WHERE e.position IN (SELECT value FROM json_each($1)) ORDER BY e.position"
    ),
    postgres: concat!(
        "SELECT ",
        event_columns!(),
        " FROM event AS e
         WHERE e.position = ANY (ARRAY (SELECT CAST(json_array_elements_text($1::json) AS BIGINT))) ORDER BY e.position"
    ),
};

/// The last position, as of now.
pub(crate) async fn head(connection: &mut Connection) -> Result<Position, sqlx::Error> {
    let head: i64 = each_engine!(connection, c => sqlx::query_scalar(HEAD).fetch_one(c).await)?;
    Ok(Position::new(head))
}

/// Every event after a position; fails when one is missing.
pub(crate) async fn all(
    connection: &mut Connection,
    after: Position,
    limit: u32,
) -> Result<Vec<EventRow>, ReadError> {
    let rows: Vec<EventRow> = each_engine!(connection, c => {
        sqlx::query_as(ALL).bind(after.get()).bind(i64::from(limit)).fetch_all(c).await
    })?;
    for (expected, row) in (after.get() + 1..).zip(&rows) {
        if row.position != expected {
            let (expected, found) = (Position::new(expected), Some(Position::new(row.position)));
            return Err(ReadError::Gap { expected, found });
        }
    }
    Ok(rows)
}

/// The events at these positions; fails when one is missing.
pub(crate) async fn at(
    connection: &mut Connection,
    positions: &[Position],
) -> Result<Vec<EventRow>, ReadError> {
    let mut wanted: Vec<i64> = positions.iter().map(|position| position.get()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let statement = AT.on(connection);
    let list = serde_json::json!(wanted).to_string();
    let rows: Vec<EventRow> =
        each_engine!(connection, c => sqlx::query_as(statement).bind(list).fetch_all(c).await)?;
    let mut found = rows.iter().map(|row| row.position);
    for expected in wanted {
        let next = found.next();
        if next != Some(expected) {
            return Err(ReadError::Gap {
                expected: Position::new(expected),
                found: next.map(Position::new),
            });
        }
    }
    Ok(rows)
}

/// The entry of one event, by its row.
pub(crate) async fn entry(
    connection: &mut Connection,
    origin: &str,
    position: Position,
) -> Result<Vec<u8>, ReadError> {
    let before = Position::new(position.get() - 1);
    let row = all(connection, before, 1).await?.pop().ok_or(ReadError::Gap {
        expected: position,
        found: None,
    })?;
    let (tags, parts) = (row.tag_texts(), unframe(&row.personal));
    match (tags, parts) {
        (Some(tags), Some(parts)) => Ok(entry_bytes(&row, origin, &tags, &parts)),
        _ => Err(ReadError::Damaged {
            position,
            reason: "its tags or personal parts are not in a known form".to_owned(),
        }),
    }
}

/// The events after a position and up to `head` that match.
///
/// `head` was read in an earlier statement. Without that bound, what is committed between the statements of two items
/// could be found by the second and missed by the first.
pub(crate) async fn matching(
    connection: &mut Connection,
    query: &Query,
    after: Position,
    head: Position,
    limit: u32,
) -> Result<Vec<EventRow>, ReadError> {
    let mut found = BTreeMap::new();
    for item in &query.items {
        let mut item = item.clone();
        let any_type = item.types.is_empty();
        item.types.retain(|name| is_name(name, 100));
        if item.types.is_empty() && !any_type {
            continue;
        }
        let rows = if item.tags.is_empty() {
            typed(connection, &item, after, head, limit).await?
        } else {
            tagged(connection, &item, after, head, limit).await?
        };
        found.extend(rows.into_iter().map(|row| (row.position, row)));
    }
    Ok(found.into_values().take(limit as usize).collect())
}

async fn tagged(
    connection: &mut Connection,
    item: &QueryItem,
    after: Position,
    head: Position,
    limit: u32,
) -> Result<Vec<EventRow>, sqlx::Error> {
    let (tag, more) = item.tags.split_first().expect("called for items with tags only");
    let mut more: Vec<_> = more.iter().map(crate::query::Tag::as_str).collect();
    more.sort_unstable();
    more.dedup();
    let statement = TAGGED.on(connection);
    each_engine!(connection, c => {
        sqlx::query_as(statement)
            .bind(tag.as_str())
            .bind(after.get())
            .bind(head.get())
            .bind(spaced(item))
            .bind(serde_json::json!(more).to_string())
            .bind(i64::from(limit))
            .fetch_all(c)
            .await
    })
}

async fn typed(
    connection: &mut Connection,
    item: &QueryItem,
    after: Position,
    head: Position,
    limit: u32,
) -> Result<Vec<EventRow>, sqlx::Error> {
    let statement = TYPED.on(connection);
    let types = serde_json::json!(item.types).to_string();
    let wanted = limit as usize;
    let mut rows: Vec<EventRow> = Vec::new();
    for (from, to) in windows(after, head, limit) {
        if rows.len() >= wanted {
            break;
        }
        let left = i64::try_from(wanted - rows.len()).unwrap_or(i64::MAX);
        let page: Vec<EventRow> = each_engine!(connection, c => {
            sqlx::query_as(statement).bind(&types).bind(from).bind(to).bind(left).fetch_all(c).await
        })?;
        rows.extend(page);
    }
    Ok(rows)
}

/// Stretches of positions from one to the other, each after its first and up to its last: small ones first, for types that are
/// frequent, then larger ones, none so large that a reader is cut off in it.
fn windows(after: Position, head: Position, limit: u32) -> impl Iterator<Item = (i64, i64)> {
    let mut from = after.get();
    let mut size = i64::from(limit.max(64)).min(WINDOW_MAX);
    std::iter::from_fn(move || {
        let to = from.saturating_add(size).min(head.get());
        let window = (from < head.get()).then_some((from, to));
        size = size.saturating_mul(2).min(WINDOW_MAX);
        from = to;
        window
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_the_log_once_and_none_is_large() {
        for (after, head, limit) in [
            (0, 0, 1),
            (0, 1, 500),
            (7, 63, 1),
            (0, 3_400_012, 500),
            (5, 200_000, 90_000),
        ] {
            let covered: Vec<_> = windows(Position::new(after), Position::new(head), limit).collect();
            let ends: Vec<_> = covered.iter().map(|(_, to)| *to).collect();
            let starts: Vec<_> = covered.iter().map(|(from, _)| *from).collect();
            if after < head {
                assert_eq!(starts[0], after);
                assert_eq!(ends.last(), Some(&head));
                assert_eq!(starts[1..], ends[..ends.len() - 1]);
            } else {
                assert!(covered.is_empty());
            }
            assert!(
                covered.iter().all(|(from, to)| to - from <= WINDOW_MAX),
                "{covered:?}"
            );
        }
    }

    #[test]
    fn a_day_is_read_as_it_is_written_and_nothing_else_is_one() {
        for (year, month, day_of_it) in [(1, 1, 1), (2024, 2, 29), (9999, 12, 31)] {
            let written = NaiveDate::from_ymd_opt(year, month, day_of_it);
            assert_eq!(written.and_then(|it| day(&it.to_string())), written);
        }
        for wrong in [
            "",
            "2026-02-29",
            "2026-4-011",
            "+026-04-01",
            "2026-04-01 ",
            "2026-04-01-1",
            "２０２６-04-01",
            "-026-04-01",
        ] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }
}
