//! The list of declarations: filters, search, pages, totals and facets.

use app::declaration::{List, ListError};
use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject, Union};
use domain::value::Prefecture as DomainPrefecture;
use storage::declaration as read;

use super::enums::{DeclarationState, FlagCode, Star};
use super::row::DeclarationRow;
use super::values::Prefecture;
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
    /// Newest change first.
    ChangedDesc,
}

/// What a list is narrowed to. Values of one key are alternatives; keys all hold.
#[derive(InputObject, Default)]
pub struct DeclarationFilter {
    /// Any of these stars.
    pub stars: Option<Vec<Star>>,
    /// Any of these states.
    pub states: Option<Vec<DeclarationState>>,
    /// Any of these prefectures, by code.
    pub prefectures: Option<Vec<String>>,
    /// Any of these flags.
    pub flags: Option<Vec<FlagCode>>,
}

/// The outcome of asking for a list.
#[derive(Union)]
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

/// How many records each value of a filter would leave, the other filters kept. Empty while a search is on.
#[derive(SimpleObject)]
pub struct Facets {
    stars: Vec<StarCount>,
    states: Vec<StateCount>,
    prefectures: Vec<PrefectureCount>,
    flags: Vec<FlagCount>,
}

/// Of a star.
#[derive(SimpleObject)]
pub struct StarCount {
    star: Star,
    count: u64,
}

/// Of a state.
#[derive(SimpleObject)]
pub struct StateCount {
    state: DeclarationState,
    count: u64,
}

/// Of a prefecture.
#[derive(SimpleObject)]
pub struct PrefectureCount {
    prefecture: Prefecture,
    count: u64,
}

/// Of a flag.
#[derive(SimpleObject)]
pub struct FlagCount {
    flag: FlagCode,
    count: u64,
}

/// Queries about many declarations.
#[derive(Default)]
pub struct ListQuery;

#[Object]
impl ListQuery {
    /// `first`: 1 to 200. `atLeast`: wait until the list holds the change at that position, two seconds at most.
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
        let filter = match read_filter(filter.unwrap_or_default()) {
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

/// What a list is narrowed to, by values that there are.
pub fn read_filter(filter: DeclarationFilter) -> Result<read::Filter, InvalidInput> {
    let mut prefectures = Vec::new();
    for code in filter.prefectures.unwrap_or_default() {
        match DomainPrefecture::from_code(&code) {
            Some(prefecture) => prefectures.push(prefecture),
            None => {
                return Err(InvalidInput::one(
                    "filter.prefectures",
                    "unknown",
                    "都道府県のコードは01から47で指定してください。",
                ));
            }
        }
    }
    Ok(read::Filter {
        stars: filter
            .stars
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect(),
        states: filter
            .states
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect(),
        prefectures,
        flags: filter
            .flags
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect(),
    })
}

fn connection(nodes: Vec<DeclarationRow>, page: read::ListPage) -> DeclarationConnection {
    let facets = page.facets;
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
        facets: Facets {
            stars: facets
                .stars
                .into_iter()
                .map(|(star, count)| StarCount {
                    star: star.into(),
                    count,
                })
                .collect(),
            states: facets
                .states
                .into_iter()
                .map(|(state, count)| StateCount {
                    state: state.into(),
                    count,
                })
                .collect(),
            prefectures: facets
                .prefectures
                .into_iter()
                .map(|(prefecture, count)| PrefectureCount {
                    prefecture: prefecture.into(),
                    count,
                })
                .collect(),
            flags: facets
                .flags
                .into_iter()
                .map(|(flag, count)| FlagCount {
                    flag: flag.into(),
                    count,
                })
                .collect(),
        },
        position: Position(page.position),
    }
}

impl From<DeclarationSort> for read::Sort {
    fn from(sort: DeclarationSort) -> Self {
        match sort {
            DeclarationSort::DeclaredOnDesc => Self::DeclaredOnDesc,
            DeclarationSort::DeclaredOnAsc => Self::DeclaredOnAsc,
            DeclarationSort::NumberAsc => Self::NumberAsc,
            DeclarationSort::ChangedDesc => Self::ChangedDesc,
        }
    }
}
