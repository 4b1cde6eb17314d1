//! Lists of declarations.

use std::collections::HashMap;
use std::time::Duration;

use domain::staff::Permission;
use domain::{DeclarationId, OrganizationId};
use event_store::Position;
use storage::declaration::{
    self as read, DeclarationRow, FIRST_MAX, Filter, ListPage, ListRequest, SEARCH_LENGTH_MAX,
    SEARCH_TERMS_MAX, Search, SearchError, SearchScope, Sort,
};
use storage::projection::Caught;

use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// The longest that a list waits for the change it must hold.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is asked of a list.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Narrowing by values.
    pub filter: Filter,
    /// Narrowing by words, as typed.
    pub search: Option<String>,
    /// The order.
    pub sort: Sort,
    /// Rows of the page: 1 to 200.
    pub first: u32,
    /// The cursor of the page before.
    pub after: Option<String>,
    /// The list must hold the change at this position.
    pub at_least: Option<Position>,
    /// Whether counts beside the choices of a filter are wanted, too.
    pub facets: bool,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was asked cannot be answered.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// The list has not caught up in time; it is this far.
    #[error("the list is only at position {0}")]
    NotYet(Position),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// One page of the register.
    pub async fn declarations(&self, op: &OpContext, list: List) -> Result<ListPage, ListError> {
        op.require(Permission::ReadDeclarations)?;
        let scope = if op.may(Permission::ReadPersonal) {
            SearchScope::Personal
        } else {
            SearchScope::Public
        };
        let search = list
            .search
            .as_deref()
            .map(|text| Search::parse(text, scope))
            .transpose();
        let search = search
            .map_err(|error| ListError::Invalid(search_problem(error)))?
            .flatten();
        if let Some(position) = list.at_least
            && let Caught::Behind(position) = self
                .storage
                .declarations_projection()
                .wait_for(position, PATIENCE)
                .await
        {
            return Err(ListError::NotYet(position));
        }
        let request = ListRequest {
            filter: list.filter,
            search,
            sort: list.sort,
            first: list.first,
            after: list.after,
            facets: list.facets,
        };
        self.storage
            .declarations()
            .list(&request)
            .await
            .map_err(|error| match error {
                read::ListError::PageSize => ListError::Invalid(InputProblem::new(
                    "first",
                    "page_size",
                    format!("1ページの件数は1から{FIRST_MAX}で指定してください。"),
                )),
                read::ListError::Cursor(_) => ListError::Invalid(InputProblem::new(
                    "after",
                    "cursor",
                    "この続きはもう表示できません。最初のページから表示し直してください。",
                )),
                read::ListError::Storage(error) => ListError::Internal(Internal::new(error)),
            })
    }

    /// The numbers of declarations, for one look-up of a whole page.
    pub async fn declaration_numbers(
        &self,
        ids: &[DeclarationId],
    ) -> Result<HashMap<DeclarationId, String>, Internal> {
        let rows = self.storage.declarations().by_ids(ids).await;
        let rows = rows.map_err(Internal::new)?;
        Ok(rows.into_iter().map(|(id, row)| (id, row.number)).collect())
    }

    /// Declarations as the list shows them, for one look-up of a whole page.
    pub async fn declaration_rows(
        &self,
        ids: &[DeclarationId],
    ) -> Result<HashMap<DeclarationId, DeclarationRow>, Internal> {
        let rows = self.storage.declarations().by_ids(ids).await;
        rows.map_err(Internal::new)
    }

    /// All declarations of these organisations, for one look-up of a whole page.
    pub async fn declarations_of(
        &self,
        ids: &[OrganizationId],
    ) -> Result<HashMap<OrganizationId, Vec<DeclarationRow>>, Internal> {
        self.storage
            .declarations()
            .by_organizations(ids)
            .await
            .map_err(Internal::new)
    }
}

fn search_problem(error: SearchError) -> InputProblem {
    match error {
        SearchError::TooLong => InputProblem::new(
            "search",
            "too_long",
            format!("検索する言葉は{SEARCH_LENGTH_MAX}文字以内で入力してください。"),
        ),
        SearchError::TooManyTerms => InputProblem::new(
            "search",
            "too_many_words",
            format!("検索する言葉は{SEARCH_TERMS_MAX}語以内で入力してください。"),
        ),
    }
}
