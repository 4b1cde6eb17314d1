//! How the rows of a page are found (`tests/all/plans.rs` looks at each way on both engines).
//!
//! *Gather*: collect everything that matches, when that is little, then sort. *Scan*: walk the index of the order and test each
//! row, when so much matches that a page fills soon. A filter is counted in memory beforehand, so its way is known. A search is
//! counted up to 10,001 rows; beyond that its total is estimated by how dense they lie. PostgreSQL visits the rows while it
//! counts, so it gathers at once; SQLite counts in its search index alone, and the walk in between tests against that. What is known to lie so dense that a scan meets
//! a page of it sooner than all of it could be collected is scanned for on both.

use event_store::{Connection, Engine};
use sqlx::FromRow;

use super::cell::Masks;
use super::counts::{Counts, Limits, Total};
use super::cursor::Place;
use super::list::{ListError, ListRequest};
use super::row::{DeclarationRow, Stored};
use super::search::Search;
use super::statement::{self, Source, Test};
use crate::sql::{Fragment, StorageError};

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
    /// How many rows the search leaves, if that is known already.
    known: Option<Total>,
    limits: Limits,
}

type Page = (Vec<DeclarationRow>, Total);

impl<'a> Plan<'a> {
    pub(super) fn new(
        counts: &Counts,
        request: &'a ListRequest,
        after: Option<&'a Place>,
        known: Option<Total>,
        limits: Limits,
    ) -> Self {
        let masks = request.filter.masks();
        let (passing, all) = counts.count(masks);
        let cells = (!request.filter.is_empty() && passing <= limits.gather).then(|| counts.cells(masks));
        Self {
            request,
            after,
            masks,
            cells,
            passing,
            all,
            known,
            limits,
        }
    }

    /// The rows of the page, one more than asked for when there are more, and how many there are on all pages.
    pub(super) async fn page(&self, connection: &mut Connection) -> Result<Page, ListError> {
        if let Some(nothing @ Total::Exact(0)) = self.known {
            return Ok((Vec::new(), nothing));
        }
        match (&self.request.search, connection.engine()) {
            (None, _) => Ok((
                self.filtered(connection).await?,
                Total::of(self.passing, self.limits),
            )),
            (Some(search), Engine::Sqlite) => self.searched_sqlite(connection, search).await,
            (Some(search), Engine::Postgres) => self.searched_postgres(connection, search).await,
        }
    }

    /// Writes the statement that is run first, whatever it is.
    pub(super) fn first_statement(&self, sql: &mut Fragment) -> Result<(), ListError> {
        match (&self.request.search, sql.engine()) {
            (None, _) => self.filter_statement(sql),
            (Some(search), Engine::Sqlite) => {
                statement::count(sql, search, self.masks, self.limits);
                Ok(())
            }
            (Some(search), Engine::Postgres) => self.gather_postgres(sql, search, self.after),
        }
    }

    async fn filtered(&self, connection: &mut Connection) -> Result<Vec<DeclarationRow>, ListError> {
        let mut sql = Fragment::new(connection.engine());
        self.filter_statement(&mut sql)?;
        rows(connection, sql).await
    }

    fn filter_statement(&self, sql: &mut Fragment) -> Result<(), ListError> {
        match &self.cells {
            Some(cells) => {
                statement::gather(sql, self.request, self.after, &Source::Cells(cells), self.limits)
            }
            None => self.scan(sql, &Test::Filter),
        }
    }

    fn scan(&self, sql: &mut Fragment, test: &Test<'_>) -> Result<(), ListError> {
        statement::scan(sql, self.request, self.after, self.masks, test, self.limits)
    }

    async fn searched_sqlite(&self, connection: &mut Connection, search: &Search) -> Result<Page, ListError> {
        let total = match self.known {
            Some(total) => total,
            None => self.count_sqlite(connection, search).await?,
        };
        let mut sql = Fragment::new(connection.engine());
        match total {
            Total::Exact(total) if total <= self.limits.gather => {
                let source = Source::Matches(search, self.masks);
                statement::gather(&mut sql, self.request, self.after, &source, self.limits)?;
            }
            Total::Exact(_) if !self.request.sort.index_has_keys() || !self.is_dense(total) => {
                self.scan(&mut sql, &Test::Matches(search))?;
            }
            Total::Exact(_) | Total::Estimated(_) => self.scan(&mut sql, &Test::Keys(search))?,
        }
        Ok((rows(connection, sql).await?, total))
    }

    /// Whether a scan meets a page of what matches before it has met as many rows as match at all: looking at each row that
    /// it meets then costs less than collecting what matches.
    fn is_dense(&self, total: Total) -> bool {
        let (page, found) = (u64::from(self.request.first) + 1, total.count());
        match total {
            Total::Exact(_) => {
                u128::from(found) * u128::from(found) > u128::from(page) * u128::from(self.all)
            }
            Total::Estimated(_) => true,
        }
    }

    async fn count_sqlite(&self, connection: &mut Connection, search: &Search) -> Result<Total, ListError> {
        let mut sql = Fragment::new(connection.engine());
        statement::count(&mut sql, search, self.masks, self.limits);
        let counted: Vec<Counted> = sql.fetch_all(connection).await?;
        Ok(counted
            .first()
            .map_or(Total::Exact(0), |counted| self.total(counted)))
    }

    fn gather_postgres(
        &self,
        sql: &mut Fragment,
        search: &Search,
        after: Option<&Place>,
    ) -> Result<(), ListError> {
        let source = match &self.cells {
            Some(cells) => Source::CellsChecked(cells, search),
            None => Source::Candidates(search, self.masks),
        };
        statement::gather(sql, self.request, after, &source, self.limits)
    }

    async fn searched_postgres(
        &self,
        connection: &mut Connection,
        search: &Search,
    ) -> Result<Page, ListError> {
        if let Some(total) = self.known
            && self.is_dense(total)
        {
            return Ok((self.scanned(connection, search).await?, total));
        }
        let found = self.gathered_postgres(connection, search, self.after).await?;
        let total = match (found.first(), self.after) {
            (Some(row), _) => self.total(&row.counted),
            (None, None) => Total::Exact(0),
            // No row after the cursor says nothing about those before it.
            (None, Some(_)) => {
                let before = self.gathered_postgres(connection, search, None).await?;
                before
                    .first()
                    .map_or(Total::Exact(0), |row| self.total(&row.counted))
            }
        };
        let rows = match total {
            Total::Exact(_) => models(found.into_iter().map(|row| row.stored))?,
            Total::Estimated(_) => self.scanned(connection, search).await?,
        };
        Ok((rows, total))
    }

    async fn gathered_postgres(
        &self,
        connection: &mut Connection,
        search: &Search,
        after: Option<&Place>,
    ) -> Result<Vec<Gathered>, ListError> {
        let mut sql = Fragment::new(connection.engine());
        self.gather_postgres(&mut sql, search, after)?;
        Ok(sql.fetch_all(connection).await?)
    }

    async fn scanned(
        &self,
        connection: &mut Connection,
        search: &Search,
    ) -> Result<Vec<DeclarationRow>, ListError> {
        let mut sql = Fragment::new(connection.engine());
        self.scan(&mut sql, &Test::Keys(search))?;
        rows(connection, sql).await
    }

    /// Exact, or, when counting stopped, estimated: what was counted lies among the declarations as far as `reach`, and
    /// the rest is taken to be as dense.
    fn total(&self, counted: &Counted) -> Total {
        let found = u64::try_from(counted.total).unwrap_or_default();
        if found <= self.limits.exact {
            return Total::Exact(found);
        }
        let seen = u64::try_from(counted.reach).unwrap_or_default().max(1);
        let all = u128::from(found) * u128::from(self.all.max(seen)) / u128::from(seen);
        Total::Estimated(all.try_into().unwrap_or(u64::MAX))
    }
}

#[derive(FromRow)]
struct Counted {
    total: i64,
    /// Twice the average sequence number: how far into the register the counting went. The highest number would not do,
    /// since a changed row may lie anywhere in PostgreSQL's table.
    reach: i64,
}

#[derive(FromRow)]
struct Gathered {
    #[sqlx(flatten)]
    stored: Stored,
    #[sqlx(flatten)]
    counted: Counted,
}

async fn rows(connection: &mut Connection, sql: Fragment) -> Result<Vec<DeclarationRow>, ListError> {
    let rows: Vec<Stored> = sql.fetch_all(connection).await?;
    models(rows.into_iter())
}

fn models(stored: impl Iterator<Item = Stored>) -> Result<Vec<DeclarationRow>, ListError> {
    Ok(stored
        .map(TryInto::try_into)
        .collect::<Result<_, _>>()
        .map_err(StorageError::Corrupt)?)
}
