//! From outlines to rows: keys by the thousand, folding of names on the threads for heavy work.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use event_store::{Engine, EventStore, Opener};

use super::fold::Folded;
use crate::projections::declaration::project::{ProjectError, blocking};
use crate::projections::declaration::projected::{self, Projected};
use crate::sealed;

/// The rows of these declarations, in their order.
pub(super) async fn rows(
    store: &EventStore,
    folded: Arc<Vec<Folded>>,
    day: NaiveDate,
) -> Result<Vec<Projected>, ProjectError> {
    let subjects: Vec<event_store::SubjectId> = folded.iter().flat_map(Folded::subjects).collect();
    let opener = store.opener(&subjects).await?;
    let engine = store.database().engine();
    blocking(move || folded.iter().map(|it| row(engine, &opener, it, day)).collect()).await
}

fn row(engine: Engine, opener: &Opener, folded: &Folded, day: NaiveDate) -> Result<Projected, ProjectError> {
    let (declaration, begun_on) = sealed::declaration(folded.id, &folded.outline, Some(opener))?;
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
