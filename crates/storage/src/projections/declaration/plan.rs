//! How the rows of a page are found (`tests/plans.rs` looks at each plan on both engines).
//!
//! *Gather*: collect everything that matches, when that is little, then sort. *Scan*: walk the index of the order and test each
//! row, when so much matches that a page fills soon. A filter is counted in memory beforehand, so its plan is known. A search
//! gathers up to 10,001 rows; when that is not enough, its total is estimated by how dense they lie, and the page is scanned.

use event_store::{Connection, Engine, Sql};
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

/// How one page is found.
pub(super) struct Plan<'a> {
    request: &'a ListRequest,
    after: Option<&'a Place>,
    masks: Masks,
    /// The cells that the filter leaves, when they hold few rows.
    cells: Option<Vec<i64>>,
    /// How many rows the filter leaves, and how many there are at all.
    passing: u64,
    all: u64,
}

impl<'a> Plan<'a> {
    pub(super) fn new(counts: &Counts, request: &'a ListRequest, after: Option<&'a Place>) -> Self {
        let masks = request.filter.masks();
        let (passing, all) = counts.count(masks);
        let cells = (!request.filter.is_empty() && passing <= GATHER_MAX).then(|| counts.cells(masks));
        Self {
            request,
            after,
            masks,
            cells,
            passing,
            all,
        }
    }

    /// The rows of the page, one more than asked for when there are more, and how many there are on all pages.
    pub(super) async fn page(
        &self,
        connection: &mut Connection,
    ) -> Result<(Vec<DeclarationRow>, Total), ListError> {
        if !self.gathers() {
            return Ok((self.scanned(connection).await?, Total::of(self.passing)));
        }
        let mut sql = Fragment::new(connection.engine());
        self.gather(&mut sql, self.request.first + 1, self.after)?;
        let found: Vec<Gathered> = sql.fetch_all(connection).await?;
        let (total, last_seq) = match (found.first(), self.after) {
            (Some(row), _) => (row.total, row.last_seq),
            (None, None) => (0, 0),
            (None, Some(_)) => self.before_the_end(connection).await?,
        };
        let total = u64::try_from(total).unwrap_or_default();
        if total <= EXACT_MAX {
            return Ok((
                rows_of(found.into_iter().map(|row| row.stored))?,
                Total::Exact(total),
            ));
        }
        let rows = self.scanned(connection).await?;
        Ok((rows, Total::Estimated(estimate(total, last_seq, self.all))))
    }

    /// Writes the statement that is run first.
    pub(super) fn first_statement(&self, sql: &mut Fragment) -> Result<(), ListError> {
        if self.gathers() {
            self.gather(sql, self.request.first + 1, self.after)
        } else {
            self.scan(sql)
        }
    }

    fn gathers(&self) -> bool {
        self.cells.is_some() || self.request.search.is_some()
    }

    /// No row after the cursor says nothing about those before it.
    async fn before_the_end(&self, connection: &mut Connection) -> Result<(i64, i64), ListError> {
        let mut sql = Fragment::new(connection.engine());
        self.gather(&mut sql, 1, None)?;
        let found: Vec<Gathered> = sql.fetch_all(connection).await?;
        Ok(found.first().map_or((0, 0), |row| (row.total, row.last_seq)))
    }

    async fn scanned(&self, connection: &mut Connection) -> Result<Vec<DeclarationRow>, ListError> {
        let mut sql = Fragment::new(connection.engine());
        self.scan(&mut sql)?;
        let rows: Vec<Stored> = sql.fetch_all(connection).await?;
        rows_of(rows.into_iter())
    }

    /// Collects what matches, sorts it, and takes the page.
    fn gather(&self, sql: &mut Fragment, first: u32, after: Option<&Place>) -> Result<(), ListError> {
        let order = self.request.sort.columns();
        sql.text("WITH c AS MATERIALIZED (SELECT d.seq AS seq, ")
            .text(order.column)
            .text(" AS place FROM ");
        match (&self.cells, &self.request.search) {
            (Some(cells), _) => from_cells(sql, cells),
            (None, Some(search)) => from_search(sql, search, self.masks),
            (None, None) => {}
        }
        if let Some(search) = &self.request.search {
            search.recheck(sql);
        }
        sql.text(" LIMIT ")
            .bind(SEARCH_GATHER_MAX)
            .text(") SELECT ")
            .text(COLUMNS);
        sql.text(", (SELECT count(*) FROM c) AS total, (SELECT max(seq) FROM c) AS last_seq");
        sql.text(" FROM (SELECT c.seq FROM c");
        if let Some(place) = after {
            sql.text(" WHERE (c.place, c.seq) ").text(order.beyond).text(" (");
            order.bind(sql, place)?;
            sql.text(")");
        }
        sql.text(order.of_gathered).text(" LIMIT ").bind(first.into());
        sql.text(") p CROSS JOIN declaration d WHERE d.seq = p.seq")
            .text(order.of_rows);
        Ok(())
    }

    /// Walks the index of the order until the page is full.
    fn scan(&self, sql: &mut Fragment) -> Result<(), ListError> {
        let order = self.request.sort.columns();
        sql.text("SELECT ")
            .text(COLUMNS)
            .text(" FROM (SELECT d.seq FROM declaration d WHERE ");
        match self.after {
            Some(place) => {
                sql.text("(")
                    .text(order.column)
                    .text(", d.seq) ")
                    .text(order.beyond)
                    .text(" (");
                order.bind(sql, place)?;
                sql.text(")");
            }
            None => {
                sql.text("1 = 1");
            }
        }
        self.masks.condition(sql);
        if let Some(search) = &self.request.search {
            search.recheck(sql);
        }
        sql.text(order.of_rows)
            .text(" LIMIT ")
            .bind(i64::from(self.request.first) + 1);
        sql.text(") p CROSS JOIN declaration d WHERE d.seq = p.seq")
            .text(order.of_rows);
        Ok(())
    }
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
    let list = serde_json::to_string(cells).expect("a list of numbers is JSON");
    match sql.engine() {
        // CROSS JOIN: SQLite then looks each cell up, and never walks the register with a filter.
        Engine::Sqlite => {
            sql.text("json_each(")
                .bind_text(list)
                .text(") x CROSS JOIN declaration d WHERE d.cell = x.value");
        }
        Engine::Postgres => {
            let array = list.replace('[', "{").replace(']', "}");
            sql.text("declaration d WHERE d.cell = ANY (CAST(")
                .bind_text(array)
                .text(" AS BIGINT[]))");
        }
    }
}

fn from_search(sql: &mut Fragment, search: &Search, masks: Masks) {
    // CROSS JOIN: SQLite then always begins with the index.
    const SEARCH: Sql = Sql {
        sqlite: "declaration_search CROSS JOIN declaration d WHERE d.seq = declaration_search.rowid AND ",
        postgres: "declaration d WHERE ",
    };
    sql.dialect(SEARCH);
    search.candidates(sql);
    masks.condition(sql);
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
