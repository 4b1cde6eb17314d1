//! What can be asked of bulk changes.

use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};
use domain::BulkChangeId;

use super::types::{
    BulkChange, BulkChangeSummary, BulkOutcome, BulkPass, BulkRow, BulkRowConnection, pass, refusal,
};
use crate::context::request;
use crate::declaration::list::PageInfo;
use crate::input::InvalidInput;

/// The most rows of a page.
const PAGE_MAX: u32 = 200;

/// The outcome of asking for bulk changes.
#[derive(Union)]
pub enum BulkChangesResult {
    /// A page.
    Page(BulkChangeConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
}

/// One page of bulk changes.
#[derive(SimpleObject)]
pub struct BulkChangeConnection {
    /// The newest first.
    pub nodes: Vec<BulkChangeSummary>,
    /// Whether there is more.
    pub page_info: PageInfo,
}

/// The outcome of asking for the records of a bulk change.
#[derive(Union)]
pub enum BulkRowsResult {
    /// A page.
    Page(BulkRowConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
}

/// Queries about bulk changes.
#[derive(Default)]
pub struct BulkChangeQuery;

#[Object]
impl BulkChangeQuery {
    /// One bulk change; null when there is no such.
    #[graphql(complexity = "20 + child_complexity")]
    async fn bulk_change(&self, ctx: &Context<'_>, id: ID) -> Result<Option<BulkChange>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = id.parse::<BulkChangeId>() else {
            return Ok(None);
        };
        let found = request.app().bulk_change(op, id).await;
        Ok(found.map_err(|error| refusal(ctx, error))?.map(BulkChange::from))
    }

    /// Bulk changes, the newest first; `first` is 1 to 200.
    #[graphql(complexity = "(first.max(0) as usize).min(200) * child_complexity / 4 + 50")]
    async fn bulk_changes(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
    ) -> Result<BulkChangesResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = u32::try_from(first).unwrap_or(0);
        if !(1..=PAGE_MAX).contains(&first) {
            return Ok(BulkChangesResult::Invalid(InvalidInput::page_size(PAGE_MAX)));
        }
        let before = match after.as_deref().map(read_cursor) {
            None => None,
            Some(Some(before)) => Some(before),
            Some(None) => return Ok(BulkChangesResult::Invalid(InvalidInput::cursor())),
        };
        let page = request.app().bulk_changes(op, before, first).await;
        let page = page.map_err(|error| refusal(ctx, error))?;
        let end = page.changes.last().map(|(change, _)| {
            let at = change.frozen_at.timestamp_micros();
            format!("{at}.{}", change.id.uuid().simple())
        });
        let nodes = page.changes.into_iter().map(|(change, job)| {
            let state = job.map(|job| job.state.into());
            BulkChangeSummary::new(change, state)
        });
        Ok(BulkChangesResult::Page(BulkChangeConnection {
            nodes: nodes.collect(),
            page_info: PageInfo {
                has_next_page: page.has_more,
                end_cursor: end.filter(|_| page.has_more),
            },
        }))
    }

    /// The records of a bulk change in their order: all, or those of one outcome of a pass; `first` is 1 to 200.
    #[graphql(complexity = "(first.max(0) as usize).min(200) * child_complexity / 4 + 50")]
    async fn bulk_change_rows(
        &self,
        ctx: &Context<'_>,
        id: ID,
        of: BulkPass,
        outcome: Option<BulkOutcome>,
        first: i32,
        after: Option<String>,
    ) -> Result<BulkRowsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = u32::try_from(first).unwrap_or(0);
        if !(1..=PAGE_MAX).contains(&first) {
            return Ok(BulkRowsResult::Invalid(InvalidInput::page_size(PAGE_MAX)));
        }
        let after = match after.as_deref().map(str::parse::<u32>) {
            None => 0,
            Some(Ok(after)) => after,
            Some(Err(_)) => return Ok(BulkRowsResult::Invalid(InvalidInput::cursor())),
        };
        let nobody = BulkChangeId::new(uuid::Uuid::nil());
        let id = id.parse::<BulkChangeId>().unwrap_or(nobody);
        let of = outcome.map(|outcome| (pass(of), outcome.into()));
        let rows = request.app().bulk_rows(op, id, of, after, first + 1).await;
        let mut rows = rows.map_err(|error| refusal(ctx, error))?;
        let has_next_page = rows.len() > first as usize;
        rows.truncate(first as usize);
        let end = rows.last().map(|row| row.ordinal.to_string());
        Ok(BulkRowsResult::Page(BulkRowConnection {
            nodes: rows.into_iter().map(BulkRow::from).collect(),
            page_info: PageInfo {
                has_next_page,
                end_cursor: end.filter(|_| has_next_page),
            },
        }))
    }
}

fn read_cursor(text: &str) -> Option<(chrono::DateTime<chrono::Utc>, BulkChangeId)> {
    let (at, id) = text.split_once('.')?;
    let at = chrono::DateTime::from_timestamp_micros(at.parse().ok()?)?;
    Some((at, id.parse().ok()?))
}
