//! The statements of the list, put together from fixed texts; see [`super::plan`] for when each is run.

use event_store::{Engine, Sql};

use super::cell::Masks;
use super::counts::Limits;
use super::cursor::{CursorError, Place};
use super::filter::{Span, Spans};
use super::list::{ListError, ListRequest, Sort};
use super::row::COLUMNS;
use super::search::Search;
use crate::sql::Fragment;

/// Where gathered rows come from.
pub(super) enum Source<'a> {
    /// From these cells; when a search is on, those that it finds.
    Cells(&'a [i64], Option<&'a Search>),
    /// From the index of a span, those that pass and that the search finds.
    Span(Span, Masks, Option<&'a Search>),
    /// From the search index of PostgreSQL, checked.
    Candidates(&'a Search, Masks),
    /// From the search index of SQLite.
    Matches(&'a Search, Masks),
    /// From all rows, those that pass.
    Rows(Masks),
}

impl Source<'_> {
    /// Writes where `d` comes from and which rows of it.
    fn write(&self, sql: &mut Fragment, spans: &Spans, limits: Limits) {
        let by = match self {
            Source::Cells(cells, search) => {
                from_numbers(sql, Number::Cell, cells.iter().copied());
                if let Some(search) = search {
                    search.recheck(sql);
                }
                // The index of the cells has the days behind them.
                Some(Span::Declared)
            }
            Source::Span(span, masks, search) => {
                sql.text("declaration d WHERE 1 = 1");
                masks.condition(sql);
                if let Some(search) = search {
                    search.recheck(sql);
                }
                Some(*span)
            }
            Source::Candidates(search, masks) => {
                sql.text("declaration d WHERE ");
                search.candidates_postgres(sql, *masks, spans.city());
                masks.condition(sql);
                search.recheck(sql);
                None
            }
            Source::Matches(search, masks) => {
                sql.text("(");
                search.matches_sqlite(sql, (*masks, spans.city()), limits.at_most());
                // CROSS JOIN: SQLite then always begins with what was found. The sum is the first column of an index that has all that is
                // asked of such a row, which the wide table has, too; the plus before the other side lets it be used.
                sql.text(") m CROSS JOIN declaration d WHERE d.seq + 0 = +m.seq");
                None
            }
            Source::Rows(masks) => {
                sql.text("declaration d WHERE 1 = 1");
                masks.condition(sql);
                None
            }
        };
        spans.condition(sql, by);
    }
}

/// What is asked of a row that a scan meets.
pub(super) enum Test<'a> {
    /// The filter only: the index has what it needs.
    Filter,
    /// The filter, and the search on the row.
    Keys(&'a Search),
    /// The filter, and whether the search index of SQLite has found it.
    Matches(&'a Search),
}

/// Counts what a search finds in the search index of SQLite.
pub(super) fn count(sql: &mut Fragment, search: &Search, (masks, spans): (Masks, &Spans), limits: Limits) {
    sql.text(
        "SELECT count(*) AS total, COALESCE(CAST(2 * sum(seq) / NULLIF(count(*), 0) AS BIGINT), 0) AS reach FROM (",
    );
    search.matches_sqlite(sql, (masks, spans.city()), limits.at_most());
    sql.text(")");
}

/// Collects what matches, sorts it, and takes the page.
pub(super) fn gather(
    sql: &mut Fragment,
    request: &ListRequest,
    after: Option<&Place>,
    source: &Source<'_>,
    spans: &Spans,
    limits: Limits,
) -> Result<(), ListError> {
    let order = request.sort.columns();
    sql.text("WITH c AS MATERIALIZED (SELECT d.seq AS seq, ")
        .text(order.column)
        .text(" AS place FROM ");
    source.write(sql, spans, limits);
    sql.text(" LIMIT ")
        .bind(limits.collected())
        .text(") SELECT ")
        .text(COLUMNS);
    sql.text(", (SELECT count(*) FROM c) AS total");
    sql.text(", (SELECT CAST(2 * sum(seq) / NULLIF(count(*), 0) AS BIGINT) FROM c) AS reach");
    sql.text(" FROM (SELECT c.seq FROM c");
    if let Some(place) = after {
        sql.text(" WHERE (c.place, c.seq) ").text(order.beyond).text(" (");
        order.bind(sql, place)?;
        sql.text(")");
    }
    sql.text(order.of_gathered);
    end_of_page(sql, request, &order);
    Ok(())
}

/// How many rows of each cell a source has, at most as many as are counted, and how far they reach.
pub(super) fn cells_of(sql: &mut Fragment, source: &Source<'_>, spans: &Spans, limits: Limits) {
    sql.text("SELECT cell, count(*) AS count, CAST(sum(seq) AS BIGINT) AS places FROM (SELECT d.cell AS cell, d.seq AS seq FROM ");
    source.write(sql, spans, limits);
    sql.text(" LIMIT ")
        .bind(limits.at_most())
        .text(") x GROUP BY cell");
}

/// How many rows of each city a source has, at most as many as are counted, and how far they reach. Rows without one are together.
pub(super) fn cities_of(sql: &mut Fragment, source: &Source<'_>, spans: &Spans, limits: Limits) {
    sql.text("SELECT city_key, count(*) AS count, CAST(sum(seq) AS BIGINT) AS places FROM ");
    sql.text("(SELECT d.city_key AS city_key, d.seq AS seq FROM ");
    source.write(sql, spans, limits);
    sql.text(" LIMIT ")
        .bind(limits.at_most())
        .text(") x GROUP BY city_key");
}

/// What one row of each of these cities calls it; `keys`: a list in JSON.
pub(super) fn names_of(sql: &mut Fragment, keys: String) {
    const CITY: &str = "(SELECT d.city FROM declaration d WHERE d.city_key = x.value LIMIT 1) AS city FROM ";
    sql.text("SELECT x.value AS city_key, ").text(CITY);
    match sql.engine() {
        Engine::Sqlite => sql.text("json_each(").bind_text(keys).text(") x"),
        Engine::Postgres => sql
            .text("json_array_elements_text(CAST(")
            .bind_text(keys)
            .text(" AS JSON)) x (value)"),
    };
}

/// By which number rows are looked up.
#[derive(Clone, Copy)]
pub(super) enum Number {
    Seq,
    Cell,
}

/// Writes where `d` comes from: the rows with these numbers.
pub(super) fn from_numbers(sql: &mut Fragment, by: Number, numbers: impl IntoIterator<Item = i64>) {
    let (each, any) = match by {
        Number::Seq => (
            ") x CROSS JOIN declaration d WHERE d.seq = x.value",
            "declaration d WHERE d.seq = ANY (",
        ),
        Number::Cell => (
            ") x CROSS JOIN declaration d WHERE d.cell = x.value",
            "declaration d WHERE d.cell = ANY (",
        ),
    };
    match sql.engine() {
        // CROSS JOIN: SQLite then looks each number up, and never walks the register with a filter.
        Engine::Sqlite => sql.text("json_each(").bind_numbers(numbers).text(each),
        Engine::Postgres => sql.text(any).bind_numbers(numbers).text(")"),
    };
}

/// Ends the statement of a page: as many rows as wanted and one more, then all that is shown of them.
fn end_of_page(sql: &mut Fragment, request: &ListRequest, order: &Order) {
    sql.text(" LIMIT ").bind(i64::from(request.first) + 1);
    sql.text(") p CROSS JOIN declaration d WHERE d.seq = p.seq")
        .text(order.of_rows);
}

/// Sorts all that a source has, and takes the page, without counting it.
pub(super) fn sorted(
    sql: &mut Fragment,
    request: &ListRequest,
    after: Option<&Place>,
    source: &Source<'_>,
    spans: &Spans,
    limits: Limits,
) -> Result<(), ListError> {
    let order = request.sort.columns();
    sql.text("SELECT ")
        .text(COLUMNS)
        .text(" FROM (SELECT d.seq FROM ");
    source.write(sql, spans, limits);
    if let Some(place) = after {
        sql.text(" AND (")
            .dialect(order.apart)
            .text(", d.seq + 0) ")
            .text(order.beyond)
            .text(" (");
        order.bind(sql, place)?;
        sql.text(")");
    }
    // Neither engine is to walk the index of the order instead: that is known to be far.
    let direction = if request.sort.is_down() { " DESC" } else { "" };
    sql.text(" ORDER BY ").dialect(order.apart).text(direction);
    sql.text(", d.seq + 0").text(direction);
    end_of_page(sql, request, &order);
    Ok(())
}

/// Walks the index of the order until the page is full.
pub(super) fn scan(
    sql: &mut Fragment,
    request: &ListRequest,
    after: Option<&Place>,
    (masks, spans): (Masks, &Spans),
    test: &Test<'_>,
    limits: Limits,
) -> Result<(), ListError> {
    let order = request.sort.columns();
    sql.text("SELECT ")
        .text(COLUMNS)
        .text(" FROM (SELECT d.seq FROM ");
    let others = spans.all().any(|span| request.sort.span() != Some(span));
    let is_narrow = masks.are_narrow() || others;
    if let (Test::Keys(search), Engine::Postgres, true) = (test, sql.engine(), is_narrow) {
        // PostgreSQL would look each row up for the search before it asks the index for the filter.
        sql.text("(SELECT d.seq, ")
            .text(order.column)
            .text(" AS place FROM ");
        walk(sql, request, after, (masks, spans), &order)?;
        sql.text(") c CROSS JOIN declaration d WHERE d.seq = c.seq");
        search.recheck(sql);
        sql.text(order.of_gathered);
        end_of_page(sql, request, &order);
        return Ok(());
    }
    walk(sql, request, after, (masks, spans), &order)?;
    match test {
        Test::Filter => {}
        Test::Keys(search) => search.recheck(sql),
        Test::Matches(search) => {
            // The plus keeps SQLite from looking each found row up instead of walking the index.
            sql.text(" AND +d.seq IN (");
            search.matches_sqlite(sql, (masks, spans.city()), limits.at_most());
            sql.text(")");
        }
    }
    sql.text(order.of_rows);
    end_of_page(sql, request, &order);
    Ok(())
}

/// The rows beyond a place that pass a filter.
fn walk(
    sql: &mut Fragment,
    request: &ListRequest,
    after: Option<&Place>,
    (masks, spans): (Masks, &Spans),
    order: &Order,
) -> Result<(), ListError> {
    sql.text("declaration d WHERE ");
    match after {
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
    masks.condition(sql);
    spans.condition(sql, request.sort.span());
    Ok(())
}

/// The texts of one order.
struct Order {
    column: &'static str,
    /// The same as an expression, which no index of the order has.
    apart: Sql,
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
    /// Whether SQLite's index of the order also has what a search asks of a row.
    pub(super) const fn index_has_keys(self) -> bool {
        matches!(self, Self::DeclaredOnDesc | Self::DeclaredOnAsc)
    }

    /// Whether the order goes down.
    pub(super) const fn is_down(self) -> bool {
        matches!(self, Self::DeclaredOnDesc | Self::ChangedDesc | Self::NumberDesc)
    }

    /// The span that the index of the order can begin and end with.
    pub(super) const fn span(self) -> Option<Span> {
        match self {
            Self::DeclaredOnDesc | Self::DeclaredOnAsc => Some(Span::Declared),
            Self::ChangedDesc | Self::ChangedAsc => Some(Span::Changed),
            Self::NumberAsc | Self::NumberDesc => None,
        }
    }

    const fn columns(self) -> Order {
        const DOWN: &str = " ORDER BY c.place DESC, c.seq DESC";
        const UP: &str = " ORDER BY c.place, c.seq";
        let (column, of_rows, of_gathered) = match self {
            Self::DeclaredOnDesc => ("d.declared_on", " ORDER BY d.declared_on DESC, d.seq DESC", DOWN),
            Self::DeclaredOnAsc => ("d.declared_on", " ORDER BY d.declared_on, d.seq", UP),
            Self::NumberAsc => ("d.number", " ORDER BY d.number, d.seq", UP),
            Self::NumberDesc => ("d.number", " ORDER BY d.number DESC, d.seq DESC", DOWN),
            Self::ChangedDesc => ("d.changed_at", " ORDER BY d.changed_at DESC, d.seq DESC", DOWN),
            Self::ChangedAsc => ("d.changed_at", " ORDER BY d.changed_at, d.seq", UP),
        };
        let beyond = match self {
            Self::DeclaredOnDesc | Self::ChangedDesc | Self::NumberDesc => "<",
            Self::DeclaredOnAsc | Self::NumberAsc | Self::ChangedAsc => ">",
        };
        let apart = match self.span() {
            Some(Span::Declared) => Sql {
                sqlite: "+d.declared_on",
                postgres: "(d.declared_on || '')",
            },
            Some(_) => Sql {
                sqlite: "+d.changed_at",
                postgres: "(d.changed_at + 0)",
            },
            None => Sql {
                sqlite: "+d.number",
                postgres: "(d.number || '')",
            },
        };
        Order {
            column,
            apart,
            is_number: matches!(self, Self::ChangedDesc | Self::ChangedAsc),
            beyond,
            of_rows,
            of_gathered,
        }
    }
}
