//! The list of incidents, one incident, and whose data may have been seen.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::IncidentId;
use uuid::Uuid;

use super::affected::{self, AffectedRecords};
use super::types::{Incident, IncidentSummary, ReportResult, refusal};
use crate::context::request;
use crate::fault;
use crate::scalars::DateTime;

/// Rows of a page at most.
const PAGE: u32 = 100;

/// Incidents, the newest first.
#[derive(SimpleObject)]
pub struct Incidents {
    /// They.
    pub nodes: Vec<IncidentSummary>,
    /// What the next page names as `before`; null when there is nothing older.
    pub next_before: Option<DateTime>,
}

/// Queries about incidents.
#[derive(Default)]
pub struct IncidentQuery;

#[Object]
impl IncidentQuery {
    /// What is not over, what was known first of all first.
    #[graphql(complexity = "20 * child_complexity")]
    async fn unfinished_incidents(&self, ctx: &Context<'_>) -> Result<Vec<IncidentSummary>> {
        let request = request(ctx)?;
        let rows = request.app().unfinished_incidents(request.operation()?).await;
        let rows = rows.map_err(|error| refusal(ctx, error))?;
        Ok(rows
            .into_iter()
            .map(|row| IncidentSummary::new(request.app(), row))
            .collect())
    }

    /// Incidents of any state, the newest first; 1 to 100 of them.
    #[graphql(complexity = "first.clamp(1, 100) as usize * child_complexity")]
    async fn incidents(
        &self,
        ctx: &Context<'_>,
        before: Option<DateTime>,
        #[graphql(default = 50)] first: u32,
    ) -> Result<Incidents> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = first.clamp(1, PAGE);
        let rows = request
            .app()
            .incidents(op, before.map(|it| it.0), first + 1)
            .await;
        let mut rows = rows.map_err(|error| refusal(ctx, error))?;
        let has_more = rows.len() > first as usize;
        rows.truncate(first as usize);
        let last = rows.last().map(|row| DateTime(row.opened_at));
        Ok(Incidents {
            nodes: rows
                .into_iter()
                .map(|row| IncidentSummary::new(request.app(), row))
                .collect(),
            next_before: last.filter(|_| has_more),
        })
    }

    /// One incident; null when there is no such.
    async fn incident(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Incident>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let id = id.parse().unwrap_or(IncidentId::new(Uuid::nil()));
        let found = request.app().incident(op, id).await;
        let found = found.map_err(|error| refusal(ctx, error))?;
        found.map(|detail| Incident::new(ctx, detail)).transpose()
    }

    /// The nine items of the report prefilled from what is known; null when there is no such incident.
    #[graphql(complexity = "50 + child_complexity")]
    async fn incident_draft(&self, ctx: &Context<'_>, id: ID) -> Result<Option<ReportResult>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let id = id.parse().unwrap_or(IncidentId::new(Uuid::nil()));
        let found = request.app().incident(op, id).await;
        let Some(detail) = found.map_err(|error| refusal(ctx, error))? else {
            return Ok(None);
        };
        let draft = request.app().prefilled_report(&detail).await;
        let draft = draft.map_err(|error| fault::internal(request.request_id(), &error))?;
        Ok(Some(draft.into()))
    }

    /// The records that the account of an incident may have seen, 1 to 200 of them; null when there is no such incident, or nobody
    /// has said which account and which time.
    #[graphql(complexity = "first.clamp(1, 200) as usize * child_complexity")]
    async fn incident_affected(
        &self,
        ctx: &Context<'_>,
        id: ID,
        after: Option<ID>,
        #[graphql(default = 50)] first: u32,
    ) -> Result<Option<AffectedRecords>> {
        affected::page(ctx, &id, after.as_ref(), first).await
    }
}
