//! Declaration events whose personal parts stay sealed until somebody needs one, as `domain::declaration::outline` reads them.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::declaration::Declaration;
use domain::declaration::outline::{EventText, Outline, Parts, Step};
use domain::{DeclarationId, SubjectId};
use event_store::{Opener, PartBody, ReadError, Sealed, SealedEvent};
use serde_json::Value;

use crate::log::LoadError;

/// A sealed personal part, shared by the fields that are in it.
#[derive(Clone, Debug)]
pub(crate) struct Part(pub(crate) Arc<Sealed>);

/// The personal parts of one event. Several fields are in one part: it is cut out once.
struct Cut<'e> {
    event: &'e SealedEvent,
    last: RefCell<Option<Part>>,
    failed: RefCell<Option<ReadError>>,
}

impl Parts for Cut<'_> {
    type Part = Part;

    fn has(&self, name: &str) -> bool {
        self.note(self.event.has_part(name)).unwrap_or(false)
    }

    fn part(&self, name: &str) -> Option<Part> {
        let known = self.last.borrow().clone();
        if let Some(known) = known.filter(|known| known.0.name() == name) {
            return Some(known);
        }
        let part = Part(Arc::new(self.note(self.event.part(name))??));
        *self.last.borrow_mut() = Some(part.clone());
        Some(part)
    }

    fn subject(&self, name: &str) -> Option<domain::SubjectId> {
        let part = self.part(name)?;
        Some(domain::SubjectId::new(part.0.subject().0))
    }
}

impl Cut<'_> {
    fn note<T>(&self, result: Result<T, ReadError>) -> Option<T> {
        result
            .map_err(|error| *self.failed.borrow_mut() = Some(error))
            .ok()
    }
}

/// An event as outlines take it.
pub(crate) fn text(event: &SealedEvent) -> EventText<'_> {
    EventText {
        event_type: &event.event_type,
        schema_version: event.schema_version,
        effective_at: event.effective_at,
        data: &event.data,
    }
}

/// What an event says, as far as lists need it.
pub(crate) fn step(event: &SealedEvent) -> Result<Step<Part>, LoadError> {
    let parts = Cut {
        event,
        last: RefCell::default(),
        failed: RefCell::default(),
    };
    let step = Step::read(&text(event), &parts);
    if let Some(error) = parts.failed.into_inner() {
        return Err(error.into());
    }
    step.map_err(|source| LoadError::Decode {
        position: event.position,
        source,
    })
}

/// The declaration that an outline tells of, and the day since which it is on record. Without keys everything that is personal reads as
/// forgotten.
pub(crate) fn declaration(
    id: DeclarationId,
    outline: &Outline<Part>,
    opener: Option<&Opener>,
) -> Result<(Declaration, NaiveDate), LoadError> {
    let mut bodies: HashMap<*const Sealed, Option<Value>> = HashMap::new();
    for part in outline.sealed() {
        if let (Some(opener), Entry::Vacant(place)) = (opener, bodies.entry(Arc::as_ptr(&part.0))) {
            place.insert(match opener.open(&part.0)? {
                PartBody::Open(body) => Some(body),
                PartBody::Redacted => None,
            });
        }
    }
    let asked = Cell::new(None);
    let open = |part: &Part| {
        asked.set(Some(part.0.position()));
        let body = bodies.get(&Arc::as_ptr(&part.0)).and_then(Option::as_ref);
        (SubjectId::new(part.0.subject().0), body)
    };
    outline.declaration(id, open).map_err(|source| LoadError::Decode {
        position: asked.get().unwrap_or_default(),
        source,
    })
}
