//! The list: pages in a fixed order, narrowed by filters and a search.
//!
//! How the rows are found is in [`super::plan`].

use std::sync::Arc;

use event_store::{Connection, Position, Sql};

use super::counts::Total;
use super::cursor::{self, CursorError};
use super::facets::Facets;
use super::filter::Filter;
use super::plan::Plan;
use super::row::DeclarationRow;
use super::search::{Search, SearchScope};
use super::spread::Sample;
use super::{Declarations, matched};
use crate::projections::checkpoint::Checkpoint;
use crate::sql::{Fragment, StorageError, micros};

/// Most rows of a page.
pub const FIRST_MAX: u32 = 200;

/// The order of a list. Ties are in the order of first events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Newest declarations first.
    #[default]
    DeclaredOnDesc = 0,
    /// Oldest declarations first.
    DeclaredOnAsc = 1,
    /// By number.
    NumberAsc = 2,
    /// Newest change first.
    ChangedDesc = 3,
    /// By number, the highest first.
    NumberDesc = 4,
    /// Oldest change first.
    ChangedAsc = 5,
}

/// What is asked of a list.
#[derive(Clone, Debug, Default)]
pub struct ListRequest {
    /// Narrowing by values.
    pub filter: Filter,
    /// Narrowing by words.
    pub search: Option<Search>,
    /// The order.
    pub sort: Sort,
    /// Rows of the page: 1 to [`FIRST_MAX`].
    pub first: u32,
    /// The cursor of the page before.
    pub after: Option<String>,
    /// Whether facets are wanted, too: they may take longer than the page.
    pub facets: bool,
}

/// One page.
#[derive(Clone, Debug)]
pub struct ListPage {
    /// The rows, in order.
    pub rows: Vec<DeclarationRow>,
    /// Whether there are more.
    pub has_next_page: bool,
    /// The cursor to ask for them; `None` for a page without rows.
    pub end_cursor: Option<String>,
    /// How many rows all pages have.
    pub total: Total,
    /// Counts for filters; empty where they are not wanted.
    pub facets: Facets,
    /// How far the list has read the log.
    pub position: Position,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// Not 1 to [`FIRST_MAX`] rows.
    #[error("a page has 1 to {FIRST_MAX} rows")]
    PageSize,
    /// The cursor is not of this list.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Declarations {
    /// One page of the register.
    pub async fn list(&self, request: &ListRequest) -> Result<ListPage, ListError> {
        if !(1..=FIRST_MAX).contains(&request.first) {
            return Err(ListError::PageSize);
        }
        let narrowing = request.narrowing();
        let after = request
            .after
            .as_deref()
            .map(|it| cursor::read(request.sort, &narrowing, it))
            .transpose()?;
        let mut connection = self.connection().await?;
        let checkpoint = self.counts.refresh(&mut connection).await?;
        let sample = self.sample(&mut connection, request, &checkpoint).await?;
        let has_spans = !request.filter.spans().are_empty();
        let is_counted = request.search.is_some() || has_spans;
        let known = is_counted
            .then(|| self.totals.get(&narrowing, &checkpoint))
            .flatten();
        let seen = (known, sample.as_deref());
        let plan = Plan::new(&self.counts, request, after.as_ref(), seen, self.limits);
        let (mut rows, total) = plan.page(&mut connection).await?;
        if is_counted && known.is_none() {
            self.totals.put(narrowing.clone(), &checkpoint, total);
        }

        let has_next_page = rows.len() > request.first as usize;
        rows.truncate(request.first as usize);
        let end_cursor = rows
            .last()
            .map(|row| cursor::write(request.sort, &narrowing, &request.sort.place_of(row)));
        if let Some(search) = &request.search {
            for row in &mut rows {
                row.matched = matched::find(search, row);
            }
        }
        let facets = if request.facets {
            self.facets(&mut connection, request, sample.as_deref()).await?
        } else {
            Facets::default()
        };
        Ok(ListPage {
            rows,
            has_next_page,
            end_cursor,
            total,
            facets,
            position: checkpoint.position,
        })
    }

    /// How the database would run the statements of a page: for tests of plans, and for looking at a slow list.
    pub async fn explain(&self, request: &ListRequest) -> Result<String, ListError> {
        const EXPLAIN: Sql = Sql {
            sqlite: "EXPLAIN QUERY PLAN ",
            postgres: "EXPLAIN ",
        };
        let narrowing = request.narrowing();
        let after = request
            .after
            .as_deref()
            .map(|it| cursor::read(request.sort, &narrowing, it))
            .transpose()?;
        let mut connection = self.connection().await?;
        let checkpoint = self.counts.refresh(&mut connection).await?;
        let sample = self.sample(&mut connection, request, &checkpoint).await?;
        let seen = (None, sample.as_deref());
        let plan = Plan::new(&self.counts, request, after.as_ref(), seen, self.limits);
        let mut first = Fragment::new(connection.engine());
        plan.first_statement(first.dialect(EXPLAIN))?;
        let mut lines = first.fetch_plan(&mut connection).await?;
        let mut second = Fragment::new(connection.engine());
        if plan.second_statement(second.dialect(EXPLAIN))? {
            lines.push('\n');
            lines.push_str(&second.fetch_plan(&mut connection).await?);
        }
        Ok(lines)
    }

    /// The sample that a list is judged by, where there is a search or a span, or the filter leaves many rows.
    async fn sample(
        &self,
        connection: &mut Connection,
        request: &ListRequest,
        at: &Checkpoint,
    ) -> Result<Option<Arc<Sample>>, StorageError> {
        let (passing, _) = self.counts.count(request.filter.masks());
        let is_whole = request.filter.is_empty() && request.search.is_none();
        if request.filter.spans().are_empty() && (is_whole || passing <= self.limits.gather) {
            return Ok(None);
        }
        let (all, _) = self.counts.count(super::cell::Masks::ALL);
        Ok(Some(self.spread.sample(connection, all, at).await?))
    }

    async fn connection(&self) -> Result<Connection, StorageError> {
        Ok(self.database.acquire_read().await?)
    }
}

impl ListRequest {
    /// What a cursor of this list must agree with: filter, search and scope, whatever the order of values.
    fn narrowing(&self) -> Vec<u8> {
        let mut text = Vec::new();
        let mut add = |part: &str| {
            text.extend_from_slice(part.as_bytes());
            text.push(0);
        };
        for number in self.filter.masks().numbers() {
            add(&number.to_string());
        }
        add(&self.filter.spans().text());
        if let Some(search) = &self.search {
            add(if search.scope == SearchScope::Personal {
                "personal"
            } else {
                "public"
            });
            search.terms.iter().for_each(|term| add(&term.folded));
        }
        text
    }
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 6] = [
        Self::DeclaredOnDesc,
        Self::DeclaredOnAsc,
        Self::NumberAsc,
        Self::ChangedDesc,
        Self::NumberDesc,
        Self::ChangedAsc,
    ];

    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DeclaredOnDesc => "declared_on_desc",
            Self::DeclaredOnAsc => "declared_on_asc",
            Self::NumberAsc => "number_asc",
            Self::ChangedDesc => "changed_desc",
            Self::NumberDesc => "number_desc",
            Self::ChangedAsc => "changed_asc",
        }
    }

    /// The order of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.code() == code)
    }

    /// Where a row stands in this order.
    pub(super) fn place_of(self, row: &DeclarationRow) -> cursor::Place {
        let key = match self {
            Self::DeclaredOnDesc | Self::DeclaredOnAsc => row.declared_on.to_string(),
            Self::NumberAsc | Self::NumberDesc => row.number.clone(),
            Self::ChangedDesc | Self::ChangedAsc => micros(row.changed_at).to_string(),
        };
        cursor::Place { key, seq: row.seq }
    }
}
