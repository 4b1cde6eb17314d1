//! From outlines to rows: keys by the thousand, folding of names on the threads for heavy work.

use std::cell::Cell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::SubjectId;
use event_store::{Engine, EventStore, Opener, PartBody, Position};
use serde_json::Value;

use super::fold::{Folded, Part};
use crate::projections::declaration::project::{ProjectError, blocking};
use crate::projections::declaration::projected::{self, Projected};

/// The rows of these declarations, in their order. `to`: up to where they were folded.
pub(super) async fn rows(
    store: &EventStore,
    folded: Arc<Vec<Folded>>,
    to: Position,
    day: NaiveDate,
) -> Result<Vec<Projected>, ProjectError> {
    let subjects: Vec<event_store::SubjectId> = folded.iter().flat_map(Folded::subjects).collect();
    let opener = store.opener(&subjects).await?;
    let engine = store.database().engine();
    blocking(move || {
        folded
            .iter()
            .map(|it| row(engine, &opener, it, to, day))
            .collect()
    })
    .await
}

fn row(
    engine: Engine,
    opener: &Opener,
    folded: &Folded,
    to: Position,
    day: NaiveDate,
) -> Result<Projected, ProjectError> {
    let mut bodies: HashMap<*const event_store::Sealed, Option<Value>> = HashMap::new();
    for part in folded.outline.sealed() {
        if let Entry::Vacant(place) = bodies.entry(Arc::as_ptr(&part.0)) {
            place.insert(match opener.open(&part.0)? {
                PartBody::Open(body) => Some(body),
                PartBody::Redacted => None,
            });
        }
    }
    let asked = Cell::new(to);
    let open = |part: &Part| {
        asked.set(part.0.position());
        let body = bodies.get(&Arc::as_ptr(&part.0)).and_then(Option::as_ref);
        (SubjectId::new(part.0.subject().0), body)
    };
    let declaration = folded.outline.declaration(folded.id, open);
    let (declaration, begun_on) = declaration.map_err(|source| ProjectError::Decode {
        position: asked.get(),
        source,
    })?;
    let changed_at = DateTime::<Utc>::from_timestamp_micros(folded.changed_at).unwrap_or_default();
    Ok(projected::project(
        engine,
        i64::from(folded.seq),
        &declaration,
        begun_on,
        changed_at,
        day,
    ))
}
