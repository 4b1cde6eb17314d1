//! All events of some declarations, for whoever has to fold them anew.

use domain::declaration::TAG_DECLARATION;
use event_store::{EventStore, Position, Query, QueryItem, RecordedEvent, Tag};
use uuid::Uuid;

use super::declaration::project::ProjectError;
use crate::codec;

/// Histories that are asked for at once.
const AT_ONCE: usize = 200;
/// Events of a page of them.
const PAGE: u32 = 2_000;

/// Hands over the events of these declarations up to a position; those of one declaration come in the order of the log.
pub(super) async fn each_event(
    store: &EventStore,
    ids: &[Uuid],
    to: Position,
    mut take: impl FnMut(&RecordedEvent) -> Result<(), ProjectError>,
) -> Result<(), ProjectError> {
    for ids in ids.chunks(AT_ONCE) {
        let item =
            |id: &Uuid| QueryItem::tagged(Tag::new(TAG_DECLARATION, id).expect("an id is a tag value"));
        let query = Query {
            items: ids.iter().map(item).collect(),
        };
        let mut after = Position::START;
        while after < to {
            let events = store.read(&query, after, PAGE).await?;
            let is_last = events.len() < PAGE as usize;
            after = events.last().map_or(to, |event| event.position);
            let known = events.iter().filter(|event| event.position <= to);
            for event in known.filter(|event| codec::is_declaration_event(&event.event_type)) {
                take(event)?;
            }
            if is_last {
                break;
            }
        }
    }
    Ok(())
}
