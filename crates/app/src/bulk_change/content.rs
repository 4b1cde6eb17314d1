//! What of a bulk change is sealed: what is done and why, and how the records were chosen.

use domain::BulkChangeId;
use domain::bulk_change::{BulkAction, BulkChangeEvent, PART_CONTENT, SCHEMA_VERSION, TAG_BULK_CHANGE};
use event_store::{NewEvent, PersonalPart, Query, SubjectId, Tag};
use serde::{Deserialize, Serialize};
use storage::declaration::Filter;

use crate::noun_event::Said;
use crate::random::derived_id;
use crate::{App, Internal};

/// What of a bulk change is sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkContent {
    /// What is done, and why.
    pub action: BulkAction,
    /// How the records were chosen.
    pub chosen_by: ChosenBy,
}

/// How records were chosen. It cannot be printed: somebody may have searched for a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum ChosenBy {
    /// One by one.
    Ids,
    /// By a list of their numbers.
    Numbers,
    /// All that a list had, as a whole: what a later version narrows by comes along.
    Filter {
        /// Narrowing by values.
        filter: Box<Filter>,
        /// Narrowing by words, as typed.
        search: Option<String>,
    },
    /// Those that another bulk change had changed.
    Undo,
}

impl App {
    /// What of a bulk change is sealed; none: there is no such, or its key was destroyed.
    pub(super) async fn bulk_content(&self, id: BulkChangeId) -> Result<Option<BulkContent>, Internal> {
        let tag = Tag::new(TAG_BULK_CHANGE, id).map_err(Internal::new)?;
        self.sealed_content(&Query::tagged(tag), PART_CONTENT).await
    }

    /// The same as a part of an event, its key made.
    pub(super) async fn bulk_content_part(
        &self,
        id: BulkChangeId,
        content: &BulkContent,
    ) -> Result<PersonalPart, Internal> {
        let subject = SubjectId(derived_id(id.uuid(), "bulk change subject"));
        self.part_to_seal(subject, PART_CONTENT, content).await
    }

    pub(super) fn bulk_event(
        &self,
        said: &BulkChangeEvent,
        personal: Vec<PersonalPart>,
    ) -> Result<NewEvent, Internal> {
        let said = Said {
            tag: TAG_BULK_CHANGE,
            id: said.bulk_change_id().uuid(),
            event_type: said.event_type(),
            version: SCHEMA_VERSION,
            data: said.data(),
        };
        self.noun_event(said, personal)
    }
}
