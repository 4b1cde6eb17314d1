//! What can be asked of imports.

use app::import::WhichRows;
use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};
use domain::ImportId;

use super::types::{Import, ImportFinding, ImportFindingConnection, ImportSummary, refusal};
use crate::context::request;
use crate::declaration::list::PageInfo;
use crate::input::InvalidInput;

/// The most rows of a page.
const PAGE_MAX: u32 = 200;

/// The outcome of asking for imports.
#[derive(Union)]
pub enum ImportsResult {
    /// A page.
    Page(ImportConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
}

/// One page of imports.
#[derive(SimpleObject)]
pub struct ImportConnection {
    /// The newest first.
    pub nodes: Vec<ImportSummary>,
    /// Whether there is more.
    pub page_info: PageInfo,
}

/// The outcome of asking for what was found in the rows of an import.
#[derive(Union)]
pub enum ImportRowsResult {
    /// A page.
    Page(ImportFindingConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
}

/// Queries about imports.
#[derive(Default)]
pub struct ImportQuery;

#[Object]
impl ImportQuery {
    /// One import; null when there is no such.
    #[graphql(complexity = "40 + child_complexity")]
    async fn import(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Import>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = id.parse::<ImportId>() else {
            return Ok(None);
        };
        let found = request.app().import(op, id).await;
        let found = found.map_err(|error| refusal(ctx, error))?;
        Ok(found.map(|detail| Import::new(op, detail)))
    }

    /// Imports, the newest first; `first` is 1 to 200.
    #[graphql(complexity = "(first.max(0) as usize).min(200) * child_complexity / 4 + 50")]
    async fn imports(&self, ctx: &Context<'_>, first: i32, after: Option<String>) -> Result<ImportsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = u32::try_from(first).unwrap_or(0);
        if !(1..=PAGE_MAX).contains(&first) {
            return Ok(ImportsResult::Invalid(InvalidInput::page_size(PAGE_MAX)));
        }
        let before = match after.as_deref().map(read_cursor) {
            None => None,
            Some(Some(before)) => Some(before),
            Some(None) => return Ok(ImportsResult::Invalid(InvalidInput::cursor())),
        };
        let page = request.app().imports(op, before, first).await;
        let page = page.map_err(|error| refusal(ctx, error))?;
        let end = page.imports.last().map(|(import, _)| {
            let at = import.uploaded_at.timestamp_micros();
            format!("{at}.{}", import.id.uuid().simple())
        });
        let nodes = page.imports.into_iter().map(|(import, job)| {
            let state = job.map(|job| job.state.into());
            ImportSummary::new(import, state)
        });
        Ok(ImportsResult::Page(ImportConnection {
            nodes: nodes.collect(),
            page_info: PageInfo {
                has_next_page: page.has_more,
                end_cursor: end.filter(|_| page.has_more),
            },
        }))
    }

    /// What the newest trial of an import found, in the order of the file: all, refused rows alone, or one code; `first` is 1 to 200.
    #[graphql(complexity = "(first.max(0) as usize).min(200) * child_complexity / 4 + 50")]
    async fn import_rows(
        &self,
        ctx: &Context<'_>,
        id: ID,
        #[graphql(default)] refused: bool,
        code: Option<String>,
        first: i32,
        after: Option<String>,
    ) -> Result<ImportRowsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = u32::try_from(first).unwrap_or(0);
        if !(1..=PAGE_MAX).contains(&first) {
            return Ok(ImportRowsResult::Invalid(InvalidInput::page_size(PAGE_MAX)));
        }
        let after = match after.as_deref().map(str::parse::<u32>) {
            None => 0,
            Some(Ok(after)) => after,
            Some(Err(_)) => return Ok(ImportRowsResult::Invalid(InvalidInput::cursor())),
        };
        let nobody = ImportId::new(uuid::Uuid::nil());
        let id = id.parse::<ImportId>().unwrap_or(nobody);
        let which = match (code.as_deref(), refused) {
            (Some(code), _) => WhichRows::Code(code),
            (None, true) => WhichRows::Refused,
            (None, false) => WhichRows::All,
        };
        let rows = request.app().import_rows(op, id, which, after, first + 1).await;
        let mut rows = rows.map_err(|error| refusal(ctx, error))?;
        let has_next_page = rows.len() > first as usize;
        rows.truncate(first as usize);
        let end = rows.last().map(|row| row.ordinal.to_string());
        Ok(ImportRowsResult::Page(ImportFindingConnection {
            nodes: rows.into_iter().map(ImportFinding::from).collect(),
            page_info: PageInfo {
                has_next_page,
                end_cursor: end.filter(|_| has_next_page),
            },
        }))
    }
}

fn read_cursor(text: &str) -> Option<(chrono::DateTime<chrono::Utc>, ImportId)> {
    let (at, id) = text.split_once('.')?;
    let at = chrono::DateTime::from_timestamp_micros(at.parse().ok()?)?;
    Some((at, id.parse().ok()?))
}
