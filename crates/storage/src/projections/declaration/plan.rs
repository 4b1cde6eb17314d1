//! How the rows of a page are found (`tests/plans.rs` looks at each plan on both engines).
//!
//! *Gather*: collect everything that matches, when that is little, then sort. *Scan*: walk the index of the order and test each
//! row, when so much matches that a page fills soon. A filter is counted in memory beforehand, so its plan is known. A search
//! gathers up to 10,001 rows; when that is not enough, its total is estimated by how dense they lie, and the page is scanned.

use event_store::{Connection, Sql};
use sqlx::FromRow;

use super::cell::Masks;
use super::counts::{Counts, EXACT_MAX, Total};
use super::cursor::{CursorError, Place};
use super::list::{ListError, ListRequest, Sort};
use super::row::{COLUMNS, DeclarationRow, Stored};
use super::search::Search;
use crate::sql::{Fragment, StorageError};

/// Fewer rows than this are gathered by their cells; with more, the scan fills a page soon.
const GATHER_MAX: u64 = 4_000;
/// One row more than what is counted exactly.
const SEARCH_GATHER_MAX: i64 = EXACT_MAX.cast_signed() + 1;

/// The rows of a page, one more than asked for when there are more, and how many there are on all pages.
pub(super) async fn page(
    connection: &mut Connection,
    counts: &Counts,
    request: &ListRequest,
    after: Option<&Place>,
) -> Result<(Vec<DeclarationRow>, Total), ListError> {
    let masks = request.filter.masks();
    let (passing, all) = counts.count(masks);
    let cells = (!request.filter.is_empty() && passing <= GATHER_MAX).then(|| counts.cells(masks));
    let from = |sql: &mut Fragment| match (&cells, &request.search) {
        (Some(cells), _) => from_cells(sql, cells),
        (None, Some(search)) => from_search(sql, search, masks),
        (None, None) => {}
    };
    if request.search.is_none() && cells.is_none() {
        let rows = scan(connection, masks, request, after).await?;
        return Ok((rows, Total::of(passing)));
    }
    let found = gather(connection, from, request, request.first + 1, after).await?;
    let (gathered, last_seq) = match (found.first(), after) {
        (Some(row), _) => (row.total, row.last_seq),
        (None, None) => (0, 0),
        // Nothing after the cursor says nothing about what is before it.
        (None, Some(_)) => {
            let first = gather(connection, from, request, 1, None).await?;
            first.first().map_or((0, 0), |row| (row.total, row.last_seq))
        }
    };
    let gathered = u64::try_from(gathered).unwrap_or_default();
    if gathered <= EXACT_MAX {
        return Ok((
            rows_of(found.into_iter().map(|row| row.stored))?,
            Total::Exact(gathered),
        ));
    }
    let rows = scan(connection, masks, request, after).await?;
    Ok((rows, Total::Estimated(estimate(gathered, last_seq, all))))
}

/// What was gathered lies among the first `last_seq` declarations; the rest is taken to be as dense.
fn estimate(gathered: u64, last_seq: i64, all: u64) -> u64 {
    let seen = u64::try_from(last_seq).unwrap_or_default().max(1);
    (u128::from(gathered) * u128::from(all.max(seen)) / u128::from(seen))
        .try_into()
        .unwrap_or(u64::MAX)
}

#[derive(FromRow)]
struct Gathered {
    #[sqlx(flatten)]
    stored: Stored,
    total: i64,
    last_seq: i64,
}

fn from_cells(sql: &mut Fragment, cells: &[i64]) {
    const CELLS: Sql = Sql {
        sqlite: "declaration d WHERE d.cell IN (SELECT value FROM json_each(",
        postgres: "declaration d WHERE d.cell = ANY (SELECT value::bigint FROM json_array_elements_text(CAST(",
    };
    const END: Sql = Sql {
        sqlite: "))",
        postgres: " AS json)))",
    };
    let list = serde_json::to_string(cells).expect("a list of numbers is JSON");
    sql.dialect(CELLS).bind_text(list).dialect(END);
}

fn from_search(sql: &mut Fragment, search: &Search, masks: Masks) {
    // CROSS JOIN: SQLite then never turns the order round.
    const SEARCH: Sql = Sql {
        sqlite: "declaration_search CROSS JOIN declaration d WHERE d.seq = declaration_search.rowid AND ",
        postgres: "declaration d WHERE ",
    };
    sql.dialect(SEARCH);
    search.candidates(sql);
    masks.condition(sql);
}

/// Collects what matches, sorts it, and takes the page.
async fn gather(
    connection: &mut Connection,
    from: impl Fn(&mut Fragment),
    request: &ListRequest,
    first: u32,
    after: Option<&Place>,
) -> Result<Vec<Gathered>, ListError> {
    let order = request.sort.columns();
    let mut sql = Fragment::new(connection.engine());
    sql.text("WITH c AS MATERIALIZED (SELECT d.seq AS seq, ")
        .text(order.column)
        .text(" AS place FROM ");
    from(&mut sql);
    if let Some(search) = &request.search {
        search.recheck(&mut sql);
    }
    sql.text(" LIMIT ")
        .bind(SEARCH_GATHER_MAX)
        .text(") SELECT ")
        .text(COLUMNS);
    sql.text(
        ", (SELECT count(*) FROM c) AS total, (SELECT max(seq) FROM c) AS last_seq FROM (SELECT c.seq FROM c",
    );
    if let Some(place) = after {
        sql.text(" WHERE (c.place, c.seq) ").text(order.beyond).text(" (");
        order.bind(&mut sql, place)?;
        sql.text(")");
    }
    sql.text(order.of_gathered).text(" LIMIT ").bind(first.into());
    sql.text(") p CROSS JOIN declaration d WHERE d.seq = p.seq")
        .text(order.of_rows);
    Ok(sql.fetch_all(connection).await?)
}

/// Walks the index of the order until the page is full.
async fn scan(
    connection: &mut Connection,
    masks: Masks,
    request: &ListRequest,
    after: Option<&Place>,
) -> Result<Vec<DeclarationRow>, ListError> {
    let order = request.sort.columns();
    let mut sql = Fragment::new(connection.engine());
    sql.text("SELECT ")
        .text(COLUMNS)
        .text(" FROM (SELECT d.seq FROM declaration d WHERE ");
    match after {
        Some(place) => {
            sql.text("(")
                .text(order.column)
                .text(", d.seq) ")
                .text(order.beyond)
                .text(" (");
            order.bind(&mut sql, place)?;
            sql.text(")");
        }
        None => {
            sql.text("1 = 1");
        }
    }
    masks.condition(&mut sql);
    if let Some(search) = &request.search {
        search.recheck(&mut sql);
    }
    sql.text(order.of_rows)
        .text(" LIMIT ")
        .bind(i64::from(request.first) + 1);
    sql.text(") p CROSS JOIN declaration d WHERE d.seq = p.seq")
        .text(order.of_rows);
    let rows: Vec<Stored> = sql.fetch_all(connection).await?;
    rows_of(rows.into_iter())
}

fn rows_of(stored: impl Iterator<Item = Stored>) -> Result<Vec<DeclarationRow>, ListError> {
    Ok(stored
        .map(TryInto::try_into)
        .collect::<Result<_, _>>()
        .map_err(StorageError::Corrupt)?)
}

/// The texts of one order.
struct Order {
    column: &'static str,
    is_number: bool,
    /// How a row after the cursor compares with it.
    beyond: &'static str,
    of_rows: &'static str,
    of_gathered: &'static str,
}

impl Order {
    /// Binds the two values of a cursor. A key of the wrong kind cannot come from a cursor that was checked.
    fn bind(&self, sql: &mut Fragment, place: &Place) -> Result<(), CursorError> {
        if self.is_number {
            sql.bind(place.key.parse().map_err(|_| CursorError)?);
        } else {
            sql.bind_text(&place.key);
        }
        sql.text(", ").bind(place.seq);
        Ok(())
    }
}

impl Sort {
    const fn columns(self) -> Order {
        const DOWN: &str = " ORDER BY c.place DESC, c.seq DESC";
        const UP: &str = " ORDER BY c.place, c.seq";
        let (column, of_rows, of_gathered) = match self {
            Self::DeclaredOnDesc => ("d.declared_on", " ORDER BY d.declared_on DESC, d.seq DESC", DOWN),
            Self::DeclaredOnAsc => ("d.declared_on", " ORDER BY d.declared_on, d.seq", UP),
            Self::NumberAsc => ("d.number", " ORDER BY d.number, d.seq", UP),
            Self::ChangedDesc => ("d.changed_at", " ORDER BY d.changed_at DESC, d.seq DESC", DOWN),
        };
        let beyond = match self {
            Self::DeclaredOnDesc | Self::ChangedDesc => "<",
            Self::DeclaredOnAsc | Self::NumberAsc => ">",
        };
        Order {
            column,
            is_number: matches!(self, Self::ChangedDesc),
            beyond,
            of_rows,
            of_gathered,
        }
    }
}
