//! A record that somebody has open: that something happened to it, and who else looks at it.

use app::WatchError;
use async_graphql::{Context, Error, ID, Result, SimpleObject, Subscription};
use domain::DeclarationId;
use futures::{Stream, StreamExt as _};

use crate::context::request;
use crate::fault::{self, Code, fault};
use crate::scalars::Position;

/// Something has changed around a record. What, is read by the queries.
#[derive(SimpleObject)]
pub struct DeclarationWatch {
    /// Where the newest thing stands that happened to it: when this is beyond what is shown, it is to be read again.
    pub position: Position,
    /// Who else has it open.
    pub others: Vec<DeclarationViewer>,
}

/// Somebody who has the same record open.
#[derive(SimpleObject)]
pub struct DeclarationViewer {
    /// Whose account.
    pub id: ID,
    /// The name that others see.
    pub name: String,
}

/// What is told about a record.
#[derive(Default)]
pub struct DeclarationSubscription;

#[Subscription]
impl DeclarationSubscription {
    /// Says at once who else has the record open, and again whenever somebody comes or goes or something happens to it.
    async fn declaration_watched(
        &self,
        ctx: &Context<'_>,
        id: ID,
        #[graphql(desc = "Of the newest entry of the history that is shown.")] after: Position,
    ) -> Result<impl Stream<Item = Result<DeclarationWatch>> + use<>> {
        let request = request(ctx)?;
        let request_id = request.request_id();
        let declaration = id
            .parse::<DeclarationId>()
            .map_err(|_| fault(Code::Validation, "the id is no id of a declaration"))?;
        let watched = request
            .shared_app()
            .watch_declaration(request.operation()?, declaration, after.0);
        let watched = watched.map_err(|error| match error {
            WatchError::Forbidden(refused) => fault::forbidden(refused),
            WatchError::NotStaff => fault::unauthenticated(),
            WatchError::Internal(error) => fault::internal(request_id, &error),
        })?;
        Ok(watched.map(move |told| {
            let now = told.map_err(|error| fault::internal(request_id, &error))?;
            let others = now.others.into_iter().map(|(id, name)| DeclarationViewer {
                id: ID(id.to_string()),
                name,
            });
            Ok::<_, Error>(DeclarationWatch {
                position: Position(now.position),
                others: others.collect(),
            })
        }))
    }
}
