//! What of a bulk change is sealed: what is done and why, and how the records were chosen.

use domain::BulkChangeId;
use domain::bulk_change::{BulkAction, BulkChangeEvent, PART_CONTENT, SCHEMA_VERSION, TAG_BULK_CHANGE};
use event_store::{NewEvent, PartBody, PersonalPart, Position, Query, SubjectId, Tag};
use serde::{Deserialize, Serialize};
use storage::declaration::Filter;

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
        let events = self.store.read(&Query::tagged(tag), Position::START, 1).await;
        let events = events.map_err(Internal::new)?;
        let part = events.first().and_then(|event| event.part(PART_CONTENT));
        match part.map(|part| &part.body) {
            Some(PartBody::Open(body)) => BulkContent::deserialize(body).map(Some).map_err(Internal::new),
            _ => Ok(None),
        }
    }

    /// The same as a part of an event, its key made.
    pub(super) async fn bulk_content_part(
        &self,
        id: BulkChangeId,
        content: &BulkContent,
    ) -> Result<PersonalPart, Internal> {
        let subject = SubjectId(derived_id(id.uuid(), "bulk change subject"));
        let keyring = self.store.keyring();
        keyring.ensure(&[subject]).await.map_err(Internal::new)?;
        Ok(PersonalPart {
            subject,
            name: PART_CONTENT.to_owned(),
            body: serde_json::to_value(content).map_err(Internal::new)?,
        })
    }

    pub(super) fn bulk_event(
        &self,
        said: &BulkChangeEvent,
        personal: Vec<PersonalPart>,
    ) -> Result<NewEvent, Internal> {
        Ok(NewEvent {
            id: self.new_id().map_err(Internal::new)?,
            event_type: said.event_type().to_owned(),
            schema_version: SCHEMA_VERSION,
            tags: vec![Tag::new(TAG_BULK_CHANGE, said.bulk_change_id()).map_err(Internal::new)?],
            effective_at: crate::day_in_japan(self.now()),
            data: said.data(),
            personal,
        })
    }
}
