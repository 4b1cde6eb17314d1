//! Declaration events between the domain's form and the log's.

use domain::declaration::{
    DecodeError, EncodedEvent, REASON, Recorded, Statement, StoredEvent, StoredPart, Subject,
};
use event_store::{
    InlineEvent, NewEvent, PartBody, PersonalPart, ReadPart, RecordedEvent, SubjectId, Tag, TagError,
};
use uuid::Uuid;

/// Whether an event of this type is about a declaration.
pub fn is_declaration_event(event_type: &str) -> bool {
    event_type.starts_with("declaration.")
}

/// A statement as an event to append; `id` is a fresh UUID v7.
pub fn new_event(id: Uuid, statement: &Statement) -> Result<NewEvent, TagError> {
    let EncodedEvent {
        event_type,
        schema_version,
        effective_at,
        tags,
        data,
        personal,
    } = statement.encode();
    let tags = tags
        .into_iter()
        .map(|(kind, value)| Tag::new(kind, value))
        .collect::<Result<_, _>>()?;
    let personal = personal.into_iter().map(|part| PersonalPart {
        subject: SubjectId(part.subject.id.uuid()),
        name: part.name.to_owned(),
        body: part.body,
    });
    Ok(NewEvent {
        id,
        event_type: event_type.to_owned(),
        schema_version,
        tags,
        effective_at,
        data,
        personal: personal.collect(),
    })
}

/// The reason of a command, to be sealed under the key of the free text of a declaration.
pub fn reason(subject: Subject, text: &str) -> PersonalPart {
    PersonalPart {
        subject: SubjectId(subject.id.uuid()),
        name: REASON.to_owned(),
        body: text.into(),
    }
}

/// Everybody that something is sealed for: their keys must be durable before the append.
pub fn subjects(events: &[NewEvent], reason: Option<&PersonalPart>) -> Vec<SubjectId> {
    let parts = events.iter().flat_map(|event| &event.personal).chain(reason);
    let mut subjects: Vec<SubjectId> = parts.map(|part| part.subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    subjects
}

/// A declaration event of the log, as the domain has it.
pub fn statement(event: &RecordedEvent) -> Result<Statement, DecodeError> {
    let parts: Vec<StoredPart<'_>> = stored_parts(event);
    Statement::decode(&StoredEvent {
        event_type: &event.event_type,
        schema_version: event.schema_version,
        effective_at: event.effective_at,
        data: &event.data,
        personal: &parts,
    })
}

/// The sealed parts of an event, for `domain::declaration::reason_of`.
pub fn stored_parts(event: &RecordedEvent) -> Vec<StoredPart<'_>> {
    event.personal.iter().map(stored_part).collect()
}

fn stored_part(part: &ReadPart) -> StoredPart<'_> {
    let body = match &part.body {
        PartBody::Open(body) => Some(body),
        PartBody::Redacted => None,
    };
    StoredPart {
        subject: part.subject.0,
        name: &part.name,
        body,
    }
}

/// A declaration event with its position.
pub(crate) fn to_recorded(event: &RecordedEvent) -> Result<Recorded, DecodeError> {
    Ok(Recorded {
        position: event.position.get(),
        statement: statement(event)?,
    })
}

/// An event on its way into the log, as the domain has it.
pub(crate) fn inline_statement(event: &InlineEvent) -> Result<Statement, DecodeError> {
    let parts: Vec<StoredPart<'_>> = event
        .personal
        .iter()
        .map(|part| StoredPart {
            subject: part.subject.0,
            name: &part.name,
            body: Some(&part.body),
        })
        .collect();
    Statement::decode(&StoredEvent {
        event_type: &event.event_type,
        schema_version: event.schema_version,
        effective_at: event.effective_at,
        data: &event.data,
        personal: &parts,
    })
}
