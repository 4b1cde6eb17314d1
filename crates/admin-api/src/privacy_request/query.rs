//! The list of cases, one case, and what we hold about its records.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::PrivacyRequestId;

use super::holdings::{self, Holdings};
use super::types::{PrivacyRequest, PrivacyRequestSummary, refusal};
use crate::context::request;
use crate::scalars::DateTime;

/// Rows of a page at most.
const PAGE: u32 = 100;

/// Cases, the newest first.
#[derive(SimpleObject)]
pub struct PrivacyRequests {
    /// They.
    pub nodes: Vec<PrivacyRequestSummary>,
    /// What the next page names as `before`; null when there is nothing older.
    pub next_before: Option<DateTime>,
}

/// Queries about requests of data subjects.
#[derive(Default)]
pub struct PrivacyRequestQuery;

#[Object]
impl PrivacyRequestQuery {
    /// What is not over, the nearest last day first.
    #[graphql(complexity = "20 * child_complexity")]
    async fn unfinished_privacy_requests(&self, ctx: &Context<'_>) -> Result<Vec<PrivacyRequestSummary>> {
        let request = request(ctx)?;
        let rows = request
            .app()
            .unfinished_privacy_requests(request.operation()?)
            .await;
        let rows = rows.map_err(|error| refusal(ctx, error))?;
        Ok(rows.iter().filter_map(PrivacyRequestSummary::new).collect())
    }

    /// Cases of any state, the newest first; 1 to 100 of them.
    #[graphql(complexity = "first.clamp(1, 100) as usize * child_complexity")]
    async fn privacy_requests(
        &self,
        ctx: &Context<'_>,
        before: Option<DateTime>,
        #[graphql(default = 50)] first: u32,
    ) -> Result<PrivacyRequests> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = first.clamp(1, PAGE);
        let before = before.map(|it| it.0);
        let rows = request.app().privacy_requests(op, before, first + 1).await;
        let mut rows = rows.map_err(|error| refusal(ctx, error))?;
        let has_more = rows.len() > first as usize;
        rows.truncate(first as usize);
        let last = rows.last().map(|row| DateTime(row.opened_at));
        Ok(PrivacyRequests {
            nodes: rows.iter().filter_map(PrivacyRequestSummary::new).collect(),
            next_before: last.filter(|_| has_more),
        })
    }

    /// One case; null when there is no such.
    async fn privacy_request(&self, ctx: &Context<'_>, id: ID) -> Result<Option<PrivacyRequest>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let id = id
            .parse::<PrivacyRequestId>()
            .unwrap_or(PrivacyRequestId::new(uuid::Uuid::nil()));
        let found = request.app().privacy_request(op, id).await;
        let found = found.map_err(|error| refusal(ctx, error))?;
        found.map(|detail| PrivacyRequest::new(ctx, detail)).transpose()
    }

    /// What we hold about the records of a case; each read is recorded with the case as its purpose. Null when there is no such
    /// case.
    #[graphql(complexity = "50 + child_complexity")]
    async fn privacy_request_holdings(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Holdings>> {
        holdings::gather(ctx, &id).await
    }
}
