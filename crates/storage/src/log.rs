//! One declaration from the log: its whole history with who, when and why.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::declaration::{
    DecodeError, Recorded, Statement, StoredPart, TAG_DECLARATION, TAG_ORGANIZATION, forgotten, reason_of,
};
use domain::{DeclarationId, OrganizationId, Personal, Readable, SubjectId};
use event_store::{EventStore, Position, Query, QueryItem, ReadError, RecordedEvent, Tag};
use uuid::Uuid;

use crate::codec;

/// Events that are read at a time.
const PAGE: u32 = 500;

/// An event of a declaration with everything around it.
#[derive(Clone, Debug)]
pub struct LoggedEvent {
    /// Its place in the log.
    pub position: Position,
    /// Its id.
    pub id: Uuid,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it, as `domain::staff::Actor` reads it.
    pub actor: String,
    /// The command that caused it.
    pub command_id: Uuid,
    /// The request, job or conversation that it belongs to.
    pub correlation_id: Uuid,
    /// Why, if somebody said why.
    pub reason: Option<Readable<Personal<String>>>,
    /// Whose key seals the reason.
    pub reason_subject: Option<SubjectId>,
    /// What it says.
    pub statement: Statement,
}

impl LoggedEvent {
    /// What `domain::declaration::Timeline` takes.
    pub fn recorded(&self) -> Recorded {
        Recorded {
            position: self.position.get(),
            statement: self.statement.clone(),
        }
    }

    fn redact(&mut self, forgotten: &BTreeSet<SubjectId>) {
        self.statement.event.redact(forgotten);
        if self
            .reason_subject
            .is_some_and(|subject| forgotten.contains(&subject))
        {
            self.reason = Some(Readable::Forgotten);
        }
    }
}

/// Why a history cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// An event cannot be understood.
    #[error("the event at position {position} cannot be understood")]
    Decode {
        /// Its place in the log.
        position: Position,
        /// Why.
        #[source]
        source: DecodeError,
    },
}

/// All events of a declaration in the order of recording. Empty: there is no such declaration.
///
/// Who was forgotten reads as forgotten from the moment of that event, also in a process that still has the key.
pub async fn declaration(store: &EventStore, id: DeclarationId) -> Result<Vec<LoggedEvent>, LoadError> {
    let mut events = declaration_up_to(store, id, None).await?;
    let forgotten = forgotten(events.iter().map(|event| &event.statement));
    for event in &mut events {
        event.redact(&forgotten);
    }
    Ok(events)
}

/// The same of some declarations at once: those that there are. Ask for some hundred at a time.
pub async fn declarations(
    store: &EventStore,
    ids: &[DeclarationId],
) -> Result<HashMap<DeclarationId, Vec<LoggedEvent>>, LoadError> {
    let tag = |id: &DeclarationId| Tag::new(TAG_DECLARATION, id).expect("an id is a tag value");
    let query = Query {
        items: ids.iter().map(|id| QueryItem::tagged(tag(id))).collect(),
    };
    let mut found: HashMap<DeclarationId, Vec<LoggedEvent>> = HashMap::new();
    for event in events_in_one(store, &query).await? {
        found
            .entry(event.statement.declaration_id)
            .or_default()
            .push(event);
    }
    for events in found.values_mut() {
        let forgotten = forgotten(events.iter().map(|event| &event.statement));
        for event in events {
            event.redact(&forgotten);
        }
    }
    Ok(found)
}

/// The events of a declaration in the order of recording, as far as a position (`None`: all).
pub async fn declaration_up_to(
    store: &EventStore,
    id: DeclarationId,
    recorded_up_to: Option<Position>,
) -> Result<Vec<LoggedEvent>, LoadError> {
    let query = Query::tagged(Tag::new(TAG_DECLARATION, id).expect("an id is a tag value"));
    events(store, &query, recorded_up_to).await
}

/// Every declaration that an organisation ever had.
pub async fn declarations_of(
    store: &EventStore,
    organization: OrganizationId,
) -> Result<BTreeSet<DeclarationId>, LoadError> {
    let query = Query::tagged(Tag::new(TAG_ORGANIZATION, organization).expect("an id is a tag value"));
    let events = events(store, &query, None).await?;
    Ok(events
        .iter()
        .map(|event| event.statement.declaration_id)
        .collect())
}

/// In one go: where a page ended, each of many tags would be looked for again.
async fn events_in_one(store: &EventStore, query: &Query) -> Result<Vec<LoggedEvent>, LoadError> {
    let events = store.read(query, Position::START, u32::MAX).await?;
    let of_declarations = events
        .into_iter()
        .filter(|event| codec::is_declaration_event(&event.event_type));
    of_declarations.map(logged).collect()
}

async fn events(
    store: &EventStore,
    query: &Query,
    recorded_up_to: Option<Position>,
) -> Result<Vec<LoggedEvent>, LoadError> {
    let mut events = Vec::new();
    let mut after = Position::START;
    loop {
        let page = store.read(query, after, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        for event in page {
            if recorded_up_to.is_some_and(|last| event.position > last) {
                return Ok(events);
            }
            after = event.position;
            if codec::is_declaration_event(&event.event_type) {
                events.push(logged(event)?);
            }
        }
        if is_last {
            return Ok(events);
        }
    }
}

fn logged(event: RecordedEvent) -> Result<LoggedEvent, LoadError> {
    let statement = codec::statement(&event).map_err(|source| LoadError::Decode {
        position: event.position,
        source,
    })?;
    let parts: Vec<StoredPart<'_>> = codec::stored_parts(&event);
    let (reason_subject, reason) = reason_of(&parts).unzip();
    Ok(LoggedEvent {
        position: event.position,
        id: event.id,
        recorded_at: event.recorded_at,
        reason,
        reason_subject,
        actor: event.actor,
        command_id: event.command_id,
        correlation_id: event.correlation_id,
        statement,
    })
}
