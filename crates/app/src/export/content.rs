//! What of an export is sealed: what the view is narrowed to, in which order, and what the file is for. Its key stays when the file goes.

use domain::ExportId;
use domain::export::{ExportEvent, PART_CONTENT, SCHEMA_VERSION, TAG_EXPORT};
use event_store::{NewEvent, PersonalPart, Query, SubjectId, Tag};
use serde::{Deserialize, Serialize};
use storage::declaration::{Filter, Sort};
use uuid::Uuid;

use crate::noun_event::Said;
use crate::random::derived_id;
use crate::{App, Internal};

/// What of an export is sealed. It cannot be printed: somebody may have searched for a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportContent {
    /// Narrowing by values.
    pub filter: Filter,
    /// Narrowing by words, as typed.
    pub search: Option<String>,
    /// The code of the order.
    pub sort: String,
    /// What the file is for.
    pub reason: String,
}

impl ExportContent {
    /// The order; of a version that this one does not know, the usual one.
    pub fn order(&self) -> Sort {
        Sort::from_code(&self.sort).unwrap_or_default()
    }
}

/// The id that an export has or will have.
pub(super) fn export_id(command_id: Uuid) -> ExportId {
    ExportId::new(derived_id(command_id, "export"))
}

/// Whose key seals the file itself.
pub(super) fn file_subject(id: ExportId) -> domain::SubjectId {
    domain::SubjectId::new(derived_id(id.uuid(), "export file"))
}

impl App {
    /// What of an export is sealed; none: there is no such, or its key was destroyed.
    pub(super) async fn export_content(&self, id: ExportId) -> Result<Option<ExportContent>, Internal> {
        let tag = Tag::new(TAG_EXPORT, id).map_err(Internal::new)?;
        self.sealed_content(&Query::tagged(tag), PART_CONTENT).await
    }

    /// The same as a part of an event, its key made.
    pub(super) async fn export_content_part(
        &self,
        id: ExportId,
        content: &ExportContent,
    ) -> Result<PersonalPart, Internal> {
        let subject = SubjectId(derived_id(id.uuid(), "export subject"));
        self.part_to_seal(subject, PART_CONTENT, content).await
    }

    pub(super) fn export_event(
        &self,
        said: &ExportEvent,
        personal: Vec<PersonalPart>,
    ) -> Result<NewEvent, Internal> {
        let said = Said {
            tag: TAG_EXPORT,
            id: said.export_id().uuid(),
            event_type: said.event_type(),
            version: SCHEMA_VERSION,
            data: said.data(),
        };
        self.noun_event(said, personal)
    }
}
