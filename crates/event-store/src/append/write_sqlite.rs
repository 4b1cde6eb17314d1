//! Writing a batch on SQLite: every value is a parameter, and the number of rows in a statement is fixed.
//!
//! Rows were JSON before, which took a third of the time of a batch: to write it, to take it apart with functions, and
//! because a statement that calls a function may fail halfway, for which SQLite copies every page that it changes. `OR FAIL`
//! leaves it no other reason to do that: we give the whole transaction up when a statement fails.
//!
//! Statements are prepared once for each text, so the texts must be few: each holds so many statements of [`ROWS`] rows
//! as are needed. Rows that are missing in the last one are NULL, and left out.

use std::iter::repeat_n;
use std::sync::LazyLock;

use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, Encode, Sqlite, SqliteConnection, Type};

use super::rows::{EventRow, ReceiptRow, Rows};

/// Rows of one statement.
const ROWS: usize = 16;
/// Statements of one text at most.
const STATEMENTS: usize = 16;
/// Tags of a small batch take so many statements at most.
const SMALL: usize = 4;

const HEAD: &str = "UPDATE log_head SET position = ?, recorded_at = ?;\n";

/// A table of the log and its columns; the first is never NULL.
struct Table {
    into: &'static str,
    columns: usize,
}

const EVENT: Table = Table {
    into: "event (position, event_id, event_type, schema_version, tags, recorded_at, effective_at, actor, command_id,
                  correlation_id, data, personal, leaf_hash)",
    columns: 13,
};
const TAG: Table = Table {
    into: "event_tag (tag, position, event_type)",
    columns: 3,
};
const RECEIPT: Table = Table {
    into: "command_receipt (command_id, request_hash, first_position, last_position)",
    columns: 4,
};

/// By the number of statements, counted from 1.
static EVENTS: LazyLock<Vec<String>> = LazyLock::new(|| repeated(&EVENT.text(), STATEMENTS));
static TAGS: LazyLock<Vec<String>> = LazyLock::new(|| repeated(&TAG.text(), STATEMENTS));
static RECEIPTS: LazyLock<Vec<String>> = LazyLock::new(|| repeated(&RECEIPT.text(), STATEMENTS));
/// A whole batch whose events and receipts fit into a statement each, by the number of statements for its tags.
static BATCH: LazyLock<Vec<String>> = LazyLock::new(|| {
    let whole = |tags: &String| format!("{HEAD}{}{}{tags}", EVENT.text(), RECEIPT.text());
    repeated(&TAG.text(), SMALL).iter().map(whole).collect()
});

impl Table {
    /// Inserts up to [`ROWS`] rows.
    fn text(&self) -> String {
        let (into, rows) = (self.into, rows(self.columns));
        format!("INSERT OR FAIL INTO {into} SELECT * FROM (VALUES {rows}) WHERE column1 IS NOT NULL;\n")
    }
}

/// So many parameters in each of [`ROWS`] rows.
fn rows(columns: usize) -> String {
    vec![format!("({})", vec!["?"; columns].join(",")); ROWS].join(",")
}

/// By the number of statements, counted from 1.
fn repeated(statement: &str, most: usize) -> Vec<String> {
    (1..=most).map(|count| statement.repeat(count)).collect()
}

/// A text with its values.
pub(super) struct Insert {
    text: &'static str,
    arguments: SqliteArguments,
}

/// What inserts the rows of a batch and moves the head. Made before the file is locked.
pub(super) fn inserts(rows: &Rows<'_>) -> Result<Vec<Insert>, sqlx::Error> {
    let tags: Vec<_> = rows.events.iter().flat_map(tags).collect();
    if rows.events.len() <= ROWS && tags.len() <= ROWS * SMALL && rows.receipts.len() <= ROWS {
        let mut values = Values::default();
        values.head(rows);
        values.events(&rows.events);
        values.pad(EVENT.columns, rows.events.len());
        values.receipts(&rows.receipts);
        values.pad(RECEIPT.columns, rows.receipts.len());
        values.tags(&tags);
        return Ok(vec![values.into(&BATCH, tags.len())?]);
    }
    let mut inserts = Vec::new();
    for events in rows.events.chunks(ROWS * STATEMENTS) {
        let mut values = Values::default();
        values.events(events);
        inserts.push(values.into(&EVENTS, events.len())?);
    }
    for tags in tags.chunks(ROWS * STATEMENTS) {
        let mut values = Values::default();
        values.tags(tags);
        inserts.push(values.into(&TAGS, tags.len())?);
    }
    for receipts in rows.receipts.chunks(ROWS * STATEMENTS) {
        let mut values = Values::default();
        values.receipts(receipts);
        inserts.push(values.into(&RECEIPTS, receipts.len())?);
    }
    let mut values = Values::default();
    values.head(rows);
    inserts.push(values.into_one(HEAD)?);
    Ok(inserts)
}

/// Runs them in turn.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    inserts: Vec<Insert>,
) -> Result<(), sqlx::Error> {
    for Insert { text, arguments } in inserts {
        sqlx::query_with(text, arguments)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// A row of `event_tag`.
type TagRow<'b> = (&'b str, i64, &'b str);

fn tags<'r>(row: &'r EventRow<'_>) -> impl Iterator<Item = TagRow<'r>> {
    let event = row.event;
    event
        .tags
        .iter()
        .map(|tag| (tag.as_str(), row.position, event.event_type.as_str()))
}

/// The values of a text, in order.
#[derive(Default)]
struct Values {
    arguments: SqliteArguments,
    /// The first that could not be encoded.
    failed: Option<sqlx::error::BoxDynError>,
}

impl Values {
    fn add<'v>(&mut self, value: impl Encode<'v, Sqlite> + Type<Sqlite>) -> &mut Self {
        if let Err(error) = self.arguments.add(value) {
            self.failed.get_or_insert(error);
        }
        self
    }

    fn head(&mut self, rows: &Rows<'_>) {
        self.add(rows.head.position).add(rows.head.recorded_at);
    }

    fn events(&mut self, rows: &[EventRow<'_>]) {
        for row in rows {
            let (event, command) = (row.event, row.command);
            self.add(row.position)
                .add(event.id)
                .add(event.event_type.as_str())
                .add(event.schema_version)
                .add(row.event.tags_text.as_str())
                .add(row.recorded_at)
                .add(event.effective_text.as_str())
                .add(command.actor.as_str())
                .add(command.command_id)
                .add(command.correlation_id)
                .add(event.data_text.as_str())
                .add(row.personal.as_slice())
                .add(row.leaf_hash.as_slice());
        }
    }

    fn tags(&mut self, rows: &[TagRow<'_>]) {
        for (tag, position, event_type) in rows {
            self.add(*tag).add(*position).add(*event_type);
        }
    }

    fn receipts(&mut self, rows: &[ReceiptRow]) {
        for row in rows {
            self.add(row.command_id)
                .add(row.request_hash.as_slice())
                .add(row.first)
                .add(row.last);
        }
    }

    /// NULL for the rows of a statement that are missing. At the end of a text that is done by SQLite.
    fn pad(&mut self, columns: usize, rows: usize) {
        for null in repeat_n(None::<i64>, (ROWS - rows) * columns) {
            self.add(null);
        }
    }

    /// For the text with as many statements as so many rows need; one when there are none.
    fn into(self, texts: &'static [String], rows: usize) -> Result<Insert, sqlx::Error> {
        self.into_one(&texts[rows.div_ceil(ROWS).max(1) - 1])
    }

    fn into_one(self, text: &'static str) -> Result<Insert, sqlx::Error> {
        let arguments = self.arguments;
        self.failed.map_or(Ok(Insert { text, arguments }), |error| {
            Err(sqlx::Error::Encode(error))
        })
    }
}
