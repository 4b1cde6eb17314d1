//! Saving a view.

use app::list_view::{SaveListView, SaveListViewError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};

use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::list_view::query::ViewedList;

/// What is to be saved.
#[derive(InputObject)]
pub struct SaveListViewInput {
    /// Made by the client, once for each intent; a new view has it as its id. A retry with the same id has the same result.
    pub command_id: ID,
    /// Of which list.
    #[graphql(default_with = "ViewedList::Declarations")]
    pub list: ViewedList,
    /// Which view is saved anew; null: a new one.
    pub id: Option<ID>,
    /// The revision that was seen of it.
    pub revision: Option<i32>,
    /// Its name, 1 to 40 characters.
    pub name: String,
    /// Whether all see it.
    pub is_shared: bool,
    /// The query of the console's address, without `?` and without a search.
    pub question: String,
}

/// The outcome.
#[derive(Union)]
pub enum SaveListViewResult {
    /// It is saved.
    Saved(ListViewSaved),
    /// What was sent has problems.
    Invalid(InvalidInput),
    /// There is no such view.
    NotFound(NotFound),
}

/// It is saved.
#[derive(SimpleObject)]
pub struct ListViewSaved {
    /// Which.
    pub id: ID,
}

/// The mutation.
#[derive(Default)]
pub struct SaveListViewMutation;

#[Object]
impl SaveListViewMutation {
    /// Saves a view of a list: a shared one of declarations only for whoever may manage records, of inquiries for whoever works on those.
    async fn save_list_view(
        &self,
        ctx: &Context<'_>,
        input: SaveListViewInput,
    ) -> Result<SaveListViewResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(SaveListViewResult::Invalid(invalid)),
        };
        let not_found = |id: ID| Ok(SaveListViewResult::NotFound(NotFound { id }));
        let (id, revision) = match input.id {
            None => (command_id, None),
            Some(id) => match id.parse() {
                Ok(known) => (known, Some(i64::from(input.revision.unwrap_or(0)))),
                Err(_) => return not_found(id),
            },
        };
        let save = SaveListView {
            id,
            list: input.list.into(),
            revision,
            name: input.name,
            is_shared: input.is_shared,
            question: input.question,
        };
        let id = ID(id.to_string());
        match request.app().save_list_view(op, &save).await {
            Ok(()) => Ok(SaveListViewResult::Saved(ListViewSaved { id })),
            Err(SaveListViewError::Invalid(problems)) => Ok(SaveListViewResult::Invalid(problems.into())),
            Err(SaveListViewError::Stale) => Ok(SaveListViewResult::Invalid(InvalidInput::one(
                "name",
                "view_changed",
                "この表示条件はほかの人が変更または削除しました。一覧を開き直してから、もう一度保存してください。",
            ))),
            Err(SaveListViewError::NotFound) => not_found(id),
            Err(SaveListViewError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(SaveListViewError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
