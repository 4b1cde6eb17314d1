//! The views that somebody sees.

use app::list_view::ReadListViewsError;
use async_graphql::{Context, ID, Object, Result, SimpleObject};

use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::fault;
use crate::scalars::DateTime;

mirrored! {
    /// Of which list something is a view.
    ViewedList = storage::list_view::ViewedList {
        /// Of declarations.
        Declarations,
        /// Of inquiries.
        Inquiries,
    }
}

/// A saved view of a list.
#[derive(SimpleObject)]
pub struct ListView {
    /// Which.
    pub id: ID,
    /// Its name.
    pub name: String,
    /// Filters, order, columns and density: the query of the console's address, without `?`.
    pub question: String,
    /// Whether all see it.
    pub is_shared: bool,
    /// Whether whoever asks may change and delete it.
    pub may_change: bool,
    /// Whether the list begins with it, for whoever asks.
    pub is_default: bool,
    /// What saving it anew must name.
    pub revision: i32,
    /// When it was saved last.
    pub changed_at: DateTime,
}

/// The query.
#[derive(Default)]
pub struct ListViewQuery;

#[Object]
impl ListViewQuery {
    /// The shared views of a list and one's own, by name.
    #[graphql(complexity = "20 * child_complexity")]
    async fn list_views(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "ViewedList::Declarations")] list: ViewedList,
    ) -> Result<Vec<ListView>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let list = list.into();
        let manages = op.may(app::list_view::to_share(list));
        match request.app().list_views(op, list).await {
            Ok(views) => Ok(views
                .into_iter()
                .map(|view| ListView {
                    id: ID(view.id.to_string()),
                    name: view.name,
                    question: view.question,
                    is_shared: view.is_shared,
                    may_change: manages || !view.is_shared,
                    is_default: view.is_default,
                    revision: i32::try_from(view.revision).unwrap_or(i32::MAX),
                    changed_at: DateTime(view.changed_at),
                })
                .collect()),
            Err(ReadListViewsError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ReadListViewsError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
