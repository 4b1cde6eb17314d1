//! The inbox of requests.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::ApprovalId;

use super::types::{Approval, ApprovalSummary, refusal};
use crate::context::request;
use crate::scalars::DateTime;

/// Rows of a page at most.
const PAGE: u32 = 100;

/// Requests, the newest first.
#[derive(SimpleObject)]
pub struct Approvals {
    /// They.
    pub nodes: Vec<ApprovalSummary>,
    /// What the next page names as `before`; null when there is nothing older.
    pub next_before: Option<DateTime>,
}

/// Queries about requests.
#[derive(Default)]
pub struct ApprovalQuery;

#[Object]
impl ApprovalQuery {
    /// What somebody can still decide about, the oldest first.
    #[graphql(complexity = "20 * child_complexity")]
    async fn open_approvals(&self, ctx: &Context<'_>) -> Result<Vec<ApprovalSummary>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let open = request.app().open_approvals(op).await;
        let open = open.map_err(|error| refusal(ctx, error))?;
        Ok(open
            .into_iter()
            .map(|row| ApprovalSummary::new(row, op.now()))
            .collect())
    }

    /// Requests of any state, the newest first; 1 to 100 of them.
    #[graphql(complexity = "first.clamp(1, 100) as usize * child_complexity")]
    async fn approvals(
        &self,
        ctx: &Context<'_>,
        before: Option<DateTime>,
        #[graphql(default = 50)] first: u32,
    ) -> Result<Approvals> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = first.clamp(1, PAGE);
        let rows = request
            .app()
            .approvals(op, before.map(|it| it.0), first + 1)
            .await;
        let mut rows = rows.map_err(|error| refusal(ctx, error))?;
        let has_more = rows.len() > first as usize;
        rows.truncate(first as usize);
        let last = rows.last().map(|row| DateTime(row.requested_at));
        Ok(Approvals {
            nodes: rows
                .into_iter()
                .map(|row| ApprovalSummary::new(row, op.now()))
                .collect(),
            next_before: last.filter(|_| has_more),
        })
    }

    /// One request; null when there is no such.
    async fn approval(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Approval>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = id.parse::<ApprovalId>() else {
            return Ok(None);
        };
        let found = request.app().approval(op, id).await;
        match found.map_err(|error| refusal(ctx, error))? {
            Some(detail) => Ok(Some(Approval::new(ctx, detail).await?)),
            None => Ok(None),
        }
    }
}
