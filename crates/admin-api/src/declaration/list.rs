//! The list of declarations: search, pages, totals.

use app::declaration::{List, ListError};
use async_graphql::{Context, Enum, Object, Result, SimpleObject, Union};
use storage::declaration as read;

use super::facets::Facets;
use super::filter::DeclarationFilter;
use super::row::DeclarationRow;
use crate::context::request;
use crate::fault;
use crate::input::InvalidInput;
use crate::scalars::Position;

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum DeclarationSort {
    /// Newest declarations first.
    DeclaredOnDesc,
    /// Oldest declarations first.
    DeclaredOnAsc,
    /// By number.
    NumberAsc,
    /// By number, the highest first.
    NumberDesc,
    /// Newest change first.
    ChangedDesc,
    /// Oldest change first.
    ChangedAsc,
}

/// The outcome of asking for a list.
#[derive(Union)]
#[expect(clippy::large_enum_variant, reason = "one of a request, made once")]
pub enum DeclarationsResult {
    /// A page.
    Page(DeclarationConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
    /// The list has not caught up.
    NotYet(NotYet),
}

/// The read side has not caught up with `atLeast` within two seconds; `position` is how far it is.
#[derive(SimpleObject)]
pub struct NotYet {
    /// How far the list is.
    pub position: Position,
}

/// A page of declarations.
#[derive(SimpleObject)]
pub struct DeclarationConnection {
    nodes: Vec<DeclarationRow>,
    page_info: PageInfo,
    total: Total,
    facets: Facets,
    /// How far the list has read the log.
    position: Position,
}

/// Where a page ends.
#[derive(SimpleObject)]
pub struct PageInfo {
    pub(crate) has_next_page: bool,
    pub(crate) end_cursor: Option<String>,
}

/// How many rows all pages have.
#[derive(SimpleObject)]
pub struct Total {
    count: u64,
    kind: TotalKind,
}

/// How good a total is: exact up to 10,000, estimated above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum TotalKind {
    /// To the row.
    Exact,
    /// About so many.
    Estimated,
}

/// Queries about many declarations.
#[derive(Default)]
pub struct ListQuery;

#[Object]
impl ListQuery {
    /// `first`: 1 to 200. `facets` take longer than the rows: ask for them by themselves, with one row. `atLeast`: wait until the list holds the change at that position, two seconds at most.
    #[graphql(complexity = "first.clamp(1, 200) as usize * child_complexity / 4")]
    #[expect(
        clippy::too_many_arguments,
        reason = "the arguments of the field in the schema"
    )]
    async fn declarations(
        &self,
        ctx: &Context<'_>,
        filter: Option<DeclarationFilter>,
        search: Option<String>,
        sort: Option<DeclarationSort>,
        first: i32,
        after: Option<String>,
        at_least: Option<Position>,
    ) -> Result<DeclarationsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let filter = match filter.unwrap_or_default().read() {
            Ok(filter) => filter,
            Err(invalid) => return Ok(DeclarationsResult::Invalid(invalid)),
        };
        let list = List {
            filter,
            search,
            sort: sort.map_or(read::Sort::default(), read::Sort::from),
            first: u32::try_from(first).unwrap_or(0),
            after,
            at_least: at_least.map(|position| position.0),
            facets: ctx.look_ahead().field("facets").exists(),
        };
        match request.app().declarations(op, list).await {
            Ok(page) => {
                let nodes = page.rows.iter().map(|row| DeclarationRow::new(op, row)).collect();
                Ok(DeclarationsResult::Page(connection(nodes, page)))
            }
            Err(ListError::Invalid(problem)) => Ok(DeclarationsResult::Invalid(vec![problem].into())),
            Err(ListError::NotYet(position)) => Ok(DeclarationsResult::NotYet(NotYet {
                position: Position(position),
            })),
            Err(ListError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ListError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

fn connection(nodes: Vec<DeclarationRow>, page: read::ListPage) -> DeclarationConnection {
    DeclarationConnection {
        nodes,
        page_info: PageInfo {
            has_next_page: page.has_next_page,
            end_cursor: page.end_cursor,
        },
        total: Total {
            count: page.total.count(),
            kind: match page.total {
                read::Total::Exact(_) => TotalKind::Exact,
                read::Total::Estimated(_) => TotalKind::Estimated,
            },
        },
        facets: page.facets.into(),
        position: Position(page.position),
    }
}

impl From<DeclarationSort> for read::Sort {
    fn from(sort: DeclarationSort) -> Self {
        match sort {
            DeclarationSort::DeclaredOnDesc => Self::DeclaredOnDesc,
            DeclarationSort::DeclaredOnAsc => Self::DeclaredOnAsc,
            DeclarationSort::NumberAsc => Self::NumberAsc,
            DeclarationSort::NumberDesc => Self::NumberDesc,
            DeclarationSort::ChangedDesc => Self::ChangedDesc,
            DeclarationSort::ChangedAsc => Self::ChangedAsc,
        }
    }
}
