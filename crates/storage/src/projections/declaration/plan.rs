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
//! and cells is read by its index, and the rest tested on its rows, up to 10,001 that match. What the sample says is far more
//! than that is not counted but scanned for. What a search finds within spans is looked for in the sample, too, as soon as there may
//! be more of it than is counted: 10,001 rows would be collected only to learn that, and then scanned for.

use event_store::{Connection, Engine};
use sqlx::FromRow;

use super::cell::Masks;
use super::counts::{Counts, Limits, Total};
use super::cursor::Place;
use super::filter::{Span, Spans};
use super::list::{ListError, ListRequest};
use super::row::{DeclarationRow, Stored};
use super::search::Search;
use super::spread::Sample;
use super::statement::{self, Source, Test};
use crate::sql::{Fragment, StorageError};

/// So many times what is counted, the sample is trusted that it is more.
const SURE: u64 = 4;
/// More cells than this are not looked up one by one beside a span.
const CELLS_MAX: usize = 8_000;
/// So many rows of a filter are looked at to see whether a search finds them, before the search's own index is asked.
const CHECKED_MAX: u64 = 2_000;
/// The same of an index that has what a search asks of a row.
const CHECKED_IN_INDEX_MAX: u64 = 50_000;

/// Of a search each row that is sorted is looked at, and of a scan only those that pass: so many times as much.
const SEARCHED: u64 = 10;
/// So many rows of the sample are asked whether a search finds them.
const ASKED_MAX: usize = 1_000;

/// How one page is found.
pub(super) struct Plan<'a> {
    request: &'a ListRequest,
    after: Option<&'a Place>,
    masks: Masks,
    spans: Spans,
    /// The cells that the filter leaves, when they are read by their index.
    cells: Option<Vec<i64>>,
    /// What a filter with spans is judged by.
    sample: Option<&'a Sample>,
    /// The narrowest span, when that is read by its index, and how many rows it has.
    narrowest: Option<(Span, u64)>,
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
    /// `sample`: drawn when the filter has spans.
    pub(super) fn new(
        counts: &Counts,
        request: &'a ListRequest,
        after: Option<&'a Place>,
        (known, sample): (Option<Total>, Option<&'a Sample>),
        limits: Limits,
    ) -> Self {
        let (masks, spans) = (request.filter.masks(), request.filter.spans());
        let (passing, all) = counts.count(masks);
        let mut plan = Self {
            request,
            after,
            masks,
            cells: None,
            sample: None,
            is_far: false,
            narrowest: None,
            passing,
            all,
            known,
            limits,
            spans,
        };
        match sample {
            Some(sample) if !plan.spans.are_empty() => {
                plan.choose(counts, sample);
                plan.sample = Some(sample);
            }
            _ if masks.are_narrow() && passing <= limits.gather => plan.cells = Some(counts.cells(masks)),
            Some(sample) if plan.walked(sample) > passing => {
                let cells = counts.cells(masks);
                plan.is_far = cells.len() <= CELLS_MAX;
                plan.cells = plan.is_far.then_some(cells);
            }
            _ => {}
        }
        plan
    }

    fn walked(&self, sample: &Sample) -> u64 {
        sample.walked(&self.spans, self.masks, self.request.sort, self.after)
    }

    /// The narrowest of spans and cells.
    fn choose(&mut self, counts: &Counts, sample: &Sample) {
        let of_cells = self.passing;
        self.narrowest = narrowest(&self.spans, sample);
        if self.masks.are_narrow() && self.narrowest.is_none_or(|(_, rows)| of_cells < rows) {
            let cells = counts.cells(self.masks);
            if cells.len() <= CELLS_MAX {
                self.narrowest = None;
                self.cells = Some(cells);
            }
        }
        self.passing = sample.passing(&self.spans, self.masks).min(of_cells);
        let to_sort = match (&self.cells, self.narrowest) {
            (Some(_), _) => of_cells,
            (None, Some((_, rows))) => rows,
            (None, None) => self.all,
        };
        let each = if self.request.search.is_some() {
            SEARCHED
        } else {
            1
        };
        self.is_far = self.walked(sample) > to_sort.saturating_mul(each);
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
                if self.is_sure() {
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
        match &self.cells {
            Some(cells) if !self.is_far => self.gather(sql, &Source::Cells(cells, None), self.after),
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

    /// Whether the sample leaves no doubt that there is more than is counted.
    fn is_sure(&self) -> bool {
        is_far_more(self.passing, self.limits)
    }

    /// The narrowest way to rows of spans.
    fn source<'s>(&'s self, search: Option<&'s Search>) -> Source<'s> {
        match (&self.cells, self.narrowest) {
            (Some(cells), _) => Source::Cells(cells, search),
            (None, Some((span, _))) => Source::Span(span, self.masks, search),
            (None, None) => Source::Rows(self.masks),
        }
    }

    /// A list with spans.
    async fn spanned(&self, connection: &mut Connection, search: Option<&Search>) -> Result<Page, ListError> {
        if let Some(total @ Total::Estimated(_)) = self.known {
            return Ok((self.scanned(connection, search).await?, total));
        }
        let Some(search) = search else {
            if self.is_sure() {
                return Ok((
                    self.scanned(connection, None).await?,
                    Total::Estimated(self.passing),
                ));
            }
            return self.collected(connection, &self.source(None), None).await;
        };
        if let Some(total) = self.more_than_counted(connection, search).await? {
            return Ok((self.scanned(connection, Some(search)).await?, total));
        }
        let is_narrow = match (&self.cells, self.narrowest) {
            (Some(_), _) => self.passing <= CHECKED_MAX,
            (None, Some((span, rows))) => rows <= checked_max(span, connection.engine()),
            (None, None) => false,
        };
        if is_narrow {
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
                Total::Estimated(found) => {
                    // What was counted is in the city, and in the other spans as often as other rows are.
                    let of = match (self.spans.city(), self.sample) {
                        (Some(_), Some(sample)) => sample.in_span(&self.spans, Span::City),
                        _ => self.all,
                    };
                    let share = u128::from(found) * u128::from(self.passing) / u128::from(of.max(1));
                    let total = Total::Estimated(share.try_into().unwrap_or(u64::MAX));
                    Ok((self.scanned(connection, Some(search)).await?, total))
                }
            },
        }
    }

    /// About how many rows the search finds within the spans, where the sample leaves no doubt that it is more than is counted.
    async fn more_than_counted(
        &self,
        connection: &mut Connection,
        search: &Search,
    ) -> Result<Option<Total>, ListError> {
        let Some(sample) = self.sample.filter(|_| self.passing > self.limits.exact) else {
            return Ok(None);
        };
        let rows = sample.some_passing(&self.spans, self.masks, ASKED_MAX);
        let asked = rows.len();
        let mut sql = Fragment::new(connection.engine());
        sql.plan_anew();
        statement::found_among(&mut sql, rows, search);
        let found: Vec<Found> = sql.fetch_all(connection).await?;
        let found = found.first().map_or(0, |row| row.found);
        Ok(many(self.passing, asked, found, self.limits).map(Total::Estimated))
    }

    /// Collects and counts; what turns out to be too much is scanned for.
    async fn collected(
        &self,
        connection: &mut Connection,
        source: &Source<'_>,
        search: Option<&Search>,
    ) -> Result<Page, ListError> {
        let (found, total) = self.gathered(connection, source).await?;
        let rows = match total {
            Total::Exact(_) => models(found.into_iter().map(|row| row.stored))?,
            Total::Estimated(_) => self.scanned(connection, search).await?,
        };
        let total = match total {
            // Rows of a span do not lie evenly: the sample knows better than how far they reach.
            Total::Estimated(_) if !self.spans.are_empty() && search.is_none() => {
                Total::Estimated(self.passing.max(self.limits.exact + 1))
            }
            total => total,
        };
        Ok((rows, total))
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
        match &self.cells {
            Some(cells) => Source::Cells(cells, Some(search)),
            None => Source::Candidates(search, self.masks),
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
    ) -> Result<(Vec<Gathered>, Total), ListError> {
        let found = self.gathered_after(connection, source, self.after).await?;
        let total = match (found.first(), self.after) {
            (Some(row), _) => self.total(&row.counted),
            (None, None) => Total::Exact(0),
            // No row after the cursor says nothing about those before it.
            (None, Some(_)) => {
                let before = self.gathered_after(connection, source, None).await?;
                before
                    .first()
                    .map_or(Total::Exact(0), |row| self.total(&row.counted))
            }
        };
        Ok((found, total))
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

/// So many rows of this span are read to see whether a search finds them.
pub(super) const fn checked_max(span: Span, engine: Engine) -> u64 {
    match (span, engine) {
        (Span::Declared, Engine::Sqlite) => CHECKED_IN_INDEX_MAX,
        _ => CHECKED_MAX,
    }
}

/// Whether this is far more than is counted, although it comes from a sample.
pub(super) const fn is_far_more(rows: u64, limits: Limits) -> bool {
    rows > limits.exact.saturating_mul(SURE)
}

/// Of so many rows some were asked, and the search finds so many of those: how many it finds of all, when that is more than is
/// counted even if the rows that were asked are five standard deviations luckier than the others.
fn many(passing: u64, asked: usize, found: i64, limits: Limits) -> Option<u64> {
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let (passing, asked, found, exact) = (passing as f64, asked as f64, found as f64, limits.exact as f64);
    let each = passing / asked.max(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most as many as pass"
    )]
    ((found - 5.0 * found.sqrt()) * each > exact).then_some((found * each) as u64)
}

/// The narrowest of these spans, with how many rows it has.
pub(super) fn narrowest(spans: &Spans, sample: &Sample) -> Option<(Span, u64)> {
    spans
        .all()
        .map(|span| (span, sample.in_span(spans, span)))
        .min_by_key(|(_, rows)| *rows)
}

/// How many there are of what was found so many times among the declarations as far as `reach`.
pub(super) fn beyond(found: u64, reach: u64, all: u64) -> u64 {
    let seen = reach.max(1);
    let all = u128::from(found) * u128::from(all.max(seen)) / u128::from(seen);
    all.try_into().unwrap_or(u64::MAX)
}

#[derive(FromRow)]
struct Counted {
    total: i64,
    /// Twice the average sequence number: how far into the register the counting went. The highest number would not do,
    /// since a changed row may lie anywhere in PostgreSQL's table.
    reach: i64,
}

#[derive(FromRow)]
struct Found {
    found: i64,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sample_finds_is_many_only_beyond_doubt() {
        let limits = Limits {
            gather: 1_500,
            exact: 10_000,
        };
        // 33,000 rows of which one in fifty was asked: 9 in 10 are found.
        assert_eq!(many(33_000, 660, 600, limits), Some(30_000));
        // As many as are counted, or hardly more: that is counted.
        assert_eq!(many(33_000, 660, 200, limits), None);
        assert_eq!(many(33_000, 660, 260, limits), None);
        assert_eq!(many(33_000, 660, 0, limits), None);
        // A few rows of a country are no proof.
        assert_eq!(many(3_400_000, 1_000, 20, limits), None);
        assert_eq!(many(0, 0, 0, limits), None);
    }
}
