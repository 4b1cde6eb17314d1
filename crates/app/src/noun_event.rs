//! Events of a noun that a job works off (a bulk change, an export, an import), and the part of one that is sealed under a key of its own.

use event_store::{NewEvent, PartBody, PersonalPart, Position, Query, SubjectId, Tag};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::{App, Internal};

/// What stands in the clear of an event of a noun.
pub(crate) struct Said {
    /// Kind of the tag that all events of the noun carry.
    pub(crate) tag: &'static str,
    /// Which one of its kind.
    pub(crate) id: Uuid,
    /// Its type in the log.
    pub(crate) event_type: &'static str,
    /// The version of its shape.
    pub(crate) version: u16,
    /// What happened.
    pub(crate) data: Value,
}

impl App {
    /// What is sealed in the first event that a question finds; none: there is no such event or part, or its key was destroyed.
    pub(crate) async fn sealed_content<T: DeserializeOwned>(
        &self,
        of: &Query,
        part: &str,
    ) -> Result<Option<T>, Internal> {
        let events = self.store.read(of, Position::START, 1).await;
        let events = events.map_err(Internal::new)?;
        let part = events.first().and_then(|event| event.part(part));
        match part.map(|part| &part.body) {
            Some(PartBody::Open(body)) => T::deserialize(body).map(Some).map_err(Internal::new),
            _ => Ok(None),
        }
    }

    /// Something as a part of an event, its key made.
    pub(crate) async fn part_to_seal(
        &self,
        subject: SubjectId,
        name: &str,
        content: &impl Serialize,
    ) -> Result<PersonalPart, Internal> {
        let body = serde_json::to_value(content).map_err(Internal::new)?;
        let ensured = self.store.keyring().ensure(&[subject]).await;
        ensured.map_err(Internal::new)?;
        Ok(PersonalPart {
            subject,
            name: name.to_owned(),
            body,
        })
    }

    /// An event that is to be appended.
    pub(crate) fn noun_event(&self, said: Said, personal: Vec<PersonalPart>) -> Result<NewEvent, Internal> {
        Ok(NewEvent {
            id: self.new_id().map_err(Internal::new)?,
            event_type: said.event_type.to_owned(),
            schema_version: said.version,
            tags: vec![Tag::new(said.tag, said.id).map_err(Internal::new)?],
            effective_at: crate::day_in_japan(self.now()),
            data: said.data,
            personal,
        })
    }
}
