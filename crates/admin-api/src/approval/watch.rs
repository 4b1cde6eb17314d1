//! The inbox, as it changes.

use async_graphql::{Context, ID, Result, SimpleObject, Subscription};
use futures::{Stream, StreamExt as _};

use super::types::refusal;
use crate::context::request;
use crate::fault;
use crate::scalars::Position;

/// Something about requests has changed. What, is read by the queries.
#[derive(SimpleObject)]
pub struct ApprovalsChange {
    /// How many somebody can still decide about.
    pub open: u32,
    /// Which have changed; null: any may have, so everything that is shown of requests is to be read again.
    pub ids: Option<Vec<ID>>,
    /// Up to where of the log this was looked at.
    pub position: Position,
}

/// What is told about requests.
#[derive(Default)]
pub struct ApprovalSubscription;

#[Subscription]
impl ApprovalSubscription {
    /// Says at once how many requests are open, and again whenever one is made, decided about or done, or lapses.
    async fn approvals_changed(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = Result<ApprovalsChange>> + use<>> {
        let request = request(ctx)?;
        let request_id = request.request_id();
        let changes = request.shared_app().watch_approvals(request.operation()?);
        let changes = changes.map_err(|error| refusal(ctx, error))?;
        Ok(changes.map(move |changed| {
            let now = changed.map_err(|error| fault::internal(request_id, &error))?;
            Ok(ApprovalsChange {
                open: u32::try_from(now.open).unwrap_or(u32::MAX),
                ids: now
                    .which
                    .map(|which| which.iter().map(|id| ID(id.to_string())).collect()),
                position: Position(now.position),
            })
        }))
    }
}
