//! What happens at the desk while somebody looks at it.

use app::WatchError;
use async_graphql::{Context, Error, ID, Result, SimpleObject, Subscription};
use domain::InquiryId;
use futures::{Stream, StreamExt as _};

use crate::context::request;
use crate::fault::{self, Code, fault};
use crate::scalars::Position;

/// Something has changed around a thread. What, is read by the queries.
#[derive(SimpleObject)]
pub struct InquiryWatch {
    /// Where the newest thing stands that happened to it: when this is beyond what is shown, it is to be read again.
    pub position: Position,
    /// Who else has it open.
    pub others: Vec<InquiryViewer>,
}

/// Somebody who has the same thread open.
#[derive(SimpleObject)]
pub struct InquiryViewer {
    /// Whose account.
    pub id: ID,
    /// The name that others see.
    pub name: String,
}

/// What is told of the desk.
#[derive(Default)]
pub struct InquirySubscription;

#[Subscription]
impl InquirySubscription {
    /// Says at once who else has the thread open, and again whenever somebody comes or goes or something happens to it.
    async fn inquiry_watched(
        &self,
        ctx: &Context<'_>,
        id: ID,
        #[graphql(desc = "The version that is shown.")] shown: Position,
    ) -> Result<impl Stream<Item = Result<InquiryWatch>> + use<>> {
        let request = request(ctx)?;
        let request_id = request.request_id();
        let inquiry = id
            .parse::<InquiryId>()
            .map_err(|_| fault(Code::Validation, "the id is no id of an inquiry"))?;
        let watched = request
            .shared_app()
            .watch_inquiry(request.operation()?, inquiry, shown.0)
            .map_err(|error| refused(request_id, error))?;
        Ok(watched.map(move |told| {
            let now = told.map_err(|error| fault::internal(request_id, &error))?;
            let others = now.others.into_iter().map(|(id, name)| InquiryViewer {
                id: ID(id.to_string()),
                name,
            });
            Ok::<_, Error>(InquiryWatch {
                position: Position(now.position),
                others: others.collect(),
            })
        }))
    }

    /// Says a position whenever something has happened at the desk: ask the queue again, with `atLeast`.
    async fn inquiries_moved(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = Position> + use<>> {
        let request = request(ctx)?;
        let moved = request.shared_app().watch_inquiries(request.operation()?);
        let moved = moved.map_err(|error| refused(request.request_id(), error))?;
        Ok(moved.map(Position))
    }
}

fn refused(request_id: uuid::Uuid, error: WatchError) -> Error {
    match error {
        WatchError::Forbidden(refused) => fault::forbidden(refused),
        WatchError::NotStaff => fault::unauthenticated(),
        WatchError::Internal(error) => fault::internal(request_id, &error),
    }
}
