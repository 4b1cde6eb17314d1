//! How the rows of a page are found (`tests/all/plans.rs` looks at each way on both engines).
//!
//! *Gather*: collect everything that matches, when that is little, then sort. *Scan*: walk the index of the order and test each
//! row, when so much matches that a page fills soon. A filter of cells is counted in memory beforehand, so its way is known. A
//! search is counted up to 10,001 rows; beyond that its total is estimated by how dense they lie. PostgreSQL visits the rows
//! while it counts, so it gathers at once; SQLite counts in its search index alone, and the walk in between tests against that.
//! What is known to lie so dense that a scan meets a page of it sooner than all of it could be collected is scanned for on both.
//!
//! A scan may have to walk far: what passes can lie together at the other end of the order. The sample says about how far; where that is
//! farther than all that the narrowest index has, that is *sorted* instead.
//!
//! *Spans* (a city, days, who cannot be reached) are in no cell. A sample says how many rows lie in each: the narrowest of spans
//! and cells is read by its index, and the rest tested on its rows, up to 10,001 that match. What the sample says is more than
//! that beyond doubt, of spans or of a search, is not counted but scanned for: 10,001 rows would be collected only to learn that.

use event_store::{Connection, Engine};
use sqlx::FromRow;

use super::cell::Masks;
use super::counts::{Counts, Limits, Total};
use super::cursor::Place;
use super::effort::Effort;
use super::filter::Spans;
use super::list::{ListError, ListRequest};
use super::row::{DeclarationRow, Stored};
use super::search::Search;
use super::spread::{Asked, Sample};
use super::statement::{self, Source, Test};
use super::way::Way;
use crate::sql::{Fragment, StorageError};

/// Of a search each row that is sorted is looked at, and of a scan only those that pass: so many times as much.
const SEARCHED: u64 = 10;

/// How one page is found.
pub(super) struct Plan<'a> {
    request: &'a ListRequest,
    after: Option<&'a Place>,
    masks: Masks,
    spans: Spans,
    /// By which index rows are gathered or sorted.
    way: Way,
    /// What a search within spans would read.
    effort: Option<Effort>,
    /// Whether a scan would walk past more rows than there are to sort.
    is_far: bool,
    /// How many rows the filter leaves (about so many, when there are spans), and how many there are at all.
    passing: u64,
    all: u64,
    /// How many rows the list has, if that is known already.
    known: Option<Total>,
    limits: Limits,
}

type Page = (Vec<DeclarationRow>, Total);

impl<'a> Plan<'a> {
    /// `sample`: drawn when there is a search or a span, or the filter leaves many rows.
    pub(super) fn new(
        counts: &Counts,
        request: &'a ListRequest,
        after: Option<&'a Place>,
        (known, sample): (Option<Total>, Option<&'a Sample>),
        limits: Limits,
    ) -> Self {
        let (masks, spans) = (request.filter.masks(), request.filter.spans());
        let (passing, all) = counts.count(masks);
        let is_counted = request.search.is_some() || !spans.are_empty();
        let asked = Asked::new(&spans, masks, request.search.as_ref());
        let many = || sample.and_then(|sample| sample.many(&asked, limits));
        let known = known.or_else(|| is_counted.then(many).flatten().map(Total::Estimated));
        let mut plan = Self {
            request,
            after,
            masks,
            way: Way::All,
            effort: None,
            is_far: false,
            passing,
            all,
            known,
            limits,
            spans,
        };
        match sample {
            Some(sample) if !plan.spans.are_empty() => plan.choose(counts, sample),
            _ if masks.are_narrow() && passing <= limits.gather => plan.way = Way::Cells(counts.cells(masks)),
            Some(sample) if request.search.is_none() && plan.walked(sample) > passing => {
                if let Some(by_cells) = Way::by_cells(counts, masks) {
                    plan.way = by_cells;
                    plan.is_far = true;
                }
            }
            _ => {}
        }
        plan
    }

    /// What a filter with spans goes by.
    fn choose(&mut self, counts: &Counts, sample: &Sample) {
        let (way, to_sort) = Way::shortest(counts, sample, self.masks, &self.spans);
        self.way = way;
        let filter = Asked::new(&self.spans, self.masks, None);
        self.passing = sample.passing(&filter).min(self.passing);
        let mut each = 1;
        if let Some(search) = &self.request.search {
            each = SEARCHED;
            if !matches!(self.known, Some(Total::Estimated(_))) {
                let filter = (self.masks, &self.spans);
                self.effort = Some(Effort::new(sample, filter, search, to_sort));
            }
        }
        self.is_far = self.walked(sample) > to_sort.saturating_mul(each);
    }

    fn walked(&self, sample: &Sample) -> u64 {
        let asked = Asked::new(&self.spans, self.masks, self.request.search.as_ref());
        sample.walked(&asked, self.request.sort, self.after)
    }

    /// The rows of the page, one more than asked for when there are more, and how many there are on all pages.
    pub(super) async fn page(&self, connection: &mut Connection) -> Result<Page, ListError> {
        if let Some(nothing @ Total::Exact(0)) = self.known {
            return Ok((Vec::new(), nothing));
        }
        match (&self.request.search, connection.engine()) {
            (search, _) if !self.spans.are_empty() => self.spanned(connection, search.as_ref()).await,
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
            (None, _) if !self.spans.are_empty() => {
                if let Some(Total::Estimated(_)) = self.known {
                    return self.beyond(sql, None);
                }
                self.gather(sql, &self.source(None), self.after)
            }
            (Some(search), _) if !self.spans.are_empty() => {
                self.gather(sql, &self.source(Some(search)), self.after)
            }
            (None, _) => self.filter_statement(sql),
            (Some(search), Engine::Sqlite) => {
                statement::count(sql, search, (self.masks, &self.spans), self.limits);
                Ok(())
            }
            (Some(search), Engine::Postgres) => {
                let source = self.source_postgres(search);
                self.gather(sql, &source, self.after)
            }
        }
    }

    /// Writes the statement that may follow on SQLite, where what a search finds is counted before it is collected. False: there is none.
    pub(super) fn second_statement(&self, sql: &mut Fragment) -> Result<bool, ListError> {
        match (&self.request.search, sql.engine()) {
            (Some(search), Engine::Sqlite) if self.spans.are_empty() => {
                self.gather(sql, &Source::Matches(search, self.masks), self.after)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn filtered(&self, connection: &mut Connection) -> Result<Vec<DeclarationRow>, ListError> {
        let mut sql = Fragment::new(connection.engine());
        self.filter_statement(&mut sql)?;
        rows(connection, sql).await
    }

    fn filter_statement(&self, sql: &mut Fragment) -> Result<(), ListError> {
        match &self.way {
            Way::Cells(_) if !self.is_far => self.gather(sql, &self.source(None), self.after),
            _ => self.beyond(sql, None),
        }
    }

    /// Writes how a page is found of what is not counted.
    fn beyond(&self, sql: &mut Fragment, search: Option<&Search>) -> Result<(), ListError> {
        if !self.is_far {
            return self.scan(sql, &search.map_or(Test::Filter, Test::Keys));
        }
        sql.plan_anew();
        let source = self.source(search);
        statement::sorted(sql, self.request, self.after, &source, &self.spans, self.limits)
    }

    fn gather(
        &self,
        sql: &mut Fragment,
        source: &Source<'_>,
        after: Option<&Place>,
    ) -> Result<(), ListError> {
        sql.plan_anew();
        statement::gather(sql, self.request, after, source, &self.spans, self.limits)
    }

    fn scan(&self, sql: &mut Fragment, test: &Test<'_>) -> Result<(), ListError> {
        // The whole list has one plan, and it is asked for most.
        if self.masks.are_narrow() || !self.spans.are_empty() || !matches!(test, Test::Filter) {
            sql.plan_anew();
        }
        let filter = (self.masks, &self.spans);
        statement::scan(sql, self.request, self.after, filter, test, self.limits)
    }

    fn source<'s>(&'s self, search: Option<&'s Search>) -> Source<'s> {
        self.way.source(self.masks, search)
    }

    /// A list with spans.
    async fn spanned(&self, connection: &mut Connection, search: Option<&Search>) -> Result<Page, ListError> {
        if let Some(total @ Total::Estimated(_)) = self.known {
            return Ok((self.scanned(connection, search).await?, total));
        }
        let Some(search) = search else {
            return self.collected(connection, &self.source(None), None).await;
        };
        let span = self.way.span();
        let by_filter = |effort: Effort| effort.is_less_by_filter(span, connection.engine());
        if self.effort.is_some_and(by_filter) {
            let source = self.source(Some(search));
            return self.collected(connection, &source, Some(search)).await;
        }
        match connection.engine() {
            Engine::Postgres => {
                let source = Source::Candidates(search, self.masks);
                self.collected(connection, &source, Some(search)).await
            }
            Engine::Sqlite => match self.count_sqlite(connection, search).await? {
                Total::Exact(_) => {
                    let source = Source::Matches(search, self.masks);
                    self.collected(connection, &source, Some(search)).await
                }
                // What its index would be cut off at is not missed when the rest of the filter has been tested.
                Total::Estimated(_) => {
                    let source = self.source(Some(search));
                    self.collected(connection, &source, Some(search)).await
                }
            },
        }
    }

    /// Collects and counts; what turns out to be too much is scanned for.
    async fn collected(
        &self,
        connection: &mut Connection,
        source: &Source<'_>,
        search: Option<&Search>,
    ) -> Result<Page, ListError> {
        let (found, counted) = self.gathered(connection, source).await?;
        let number = u64::try_from(counted.total).unwrap_or_default();
        // What was cut off in SQLite's search index is not there to be sorted.
        let is_whole = counted.total < self.limits.collected() && !matches!(source, Source::Matches(..));
        if number <= self.limits.exact || is_whole {
            let rows = models(found.into_iter().map(|row| row.stored))?;
            return Ok((rows, Total::of(number, self.limits)));
        }
        let total = if self.spans.are_empty() || search.is_some() {
            self.total(&counted)
        } else {
            // Rows of a span do not lie evenly: the sample knows better than how far they reach.
            Total::Estimated(self.passing.max(self.limits.exact + 1))
        };
        Ok((self.scanned(connection, search).await?, total))
    }

    async fn searched_sqlite(&self, connection: &mut Connection, search: &Search) -> Result<Page, ListError> {
        let total = match self.known {
            Some(total) => total,
            None => self.count_sqlite(connection, search).await?,
        };
        let mut sql = Fragment::new(connection.engine());
        match total {
            Total::Exact(total) if total <= self.limits.gather => {
                self.gather(&mut sql, &Source::Matches(search, self.masks), self.after)?;
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
        statement::count(&mut sql, search, (self.masks, &self.spans), self.limits);
        let counted: Vec<Counted> = sql.fetch_all(connection).await?;
        Ok(counted
            .first()
            .map_or(Total::Exact(0), |counted| self.total(counted)))
    }

    fn source_postgres<'s>(&'s self, search: &'s Search) -> Source<'s> {
        match &self.way {
            Way::Cells(cells) => Source::Cells(cells, Some(search)),
            Way::Span(_) | Way::All => Source::Candidates(search, self.masks),
        }
    }

    async fn searched_postgres(
        &self,
        connection: &mut Connection,
        search: &Search,
    ) -> Result<Page, ListError> {
        if let Some(total) = self.known
            && self.is_dense(total)
        {
            return Ok((self.scanned(connection, Some(search)).await?, total));
        }
        let source = self.source_postgres(search);
        self.collected(connection, &source, Some(search)).await
    }

    /// What was collected, and how many there are of it on all pages.
    async fn gathered(
        &self,
        connection: &mut Connection,
        source: &Source<'_>,
    ) -> Result<(Vec<Gathered>, Counted), ListError> {
        let found = self.gathered_after(connection, source, self.after).await?;
        let counted = match (found.first(), self.after) {
            (Some(row), _) => row.counted,
            (None, None) => Counted::default(),
            // No row after the cursor says nothing about those before it.
            (None, Some(_)) => {
                let before = self.gathered_after(connection, source, None).await?;
                before.first().map(|row| row.counted).unwrap_or_default()
            }
        };
        Ok((found, counted))
    }

    async fn gathered_after(
        &self,
        connection: &mut Connection,
        source: &Source<'_>,
        after: Option<&Place>,
    ) -> Result<Vec<Gathered>, ListError> {
        let mut sql = Fragment::new(connection.engine());
        self.gather(&mut sql, source, after)?;
        Ok(sql.fetch_all(connection).await?)
    }

    async fn scanned(
        &self,
        connection: &mut Connection,
        search: Option<&Search>,
    ) -> Result<Vec<DeclarationRow>, ListError> {
        let mut sql = Fragment::new(connection.engine());
        self.beyond(&mut sql, search)?;
        rows(connection, sql).await
    }

    /// Exact, or, when counting stopped, estimated: what was counted lies among the declarations as far as `reach`, and
    /// the rest is taken to be as dense.
    fn total(&self, counted: &Counted) -> Total {
        let found = u64::try_from(counted.total).unwrap_or_default();
        if found <= self.limits.exact {
            return Total::Exact(found);
        }
        let reach = u64::try_from(counted.reach).unwrap_or_default();
        Total::Estimated(beyond(found, reach, self.all))
    }
}

/// How many there are of what was found so many times among the declarations as far as `reach`.
pub(super) fn beyond(found: u64, reach: u64, all: u64) -> u64 {
    let seen = reach.max(1);
    let all = u128::from(found) * u128::from(all.max(seen)) / u128::from(seen);
    all.try_into().unwrap_or(u64::MAX)
}

#[derive(Clone, Copy, Debug, Default, FromRow)]
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
