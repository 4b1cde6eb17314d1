//! Tables that follow from what events say in the clear: the same whether an event is on its way into the log or in it.

use chrono::{DateTime, Utc};
use event_store::{
    BoxFuture, Connection, InlineError, InlineEvent, InlineProjector, Position, RecordedEvent,
};
use serde_json::Value;

/// An event without what is sealed of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClearEvent<'a> {
    /// Its type.
    pub(crate) event_type: &'a str,
    /// The version of its shape.
    pub(crate) version: u16,
    /// What happened.
    pub(crate) data: &'a Value,
    /// Who did it.
    pub(crate) by: &'a str,
    /// When the log takes or took it.
    pub(crate) at: DateTime<Utc>,
    /// Its place in the log.
    pub(crate) position: Position,
}

impl<'a> From<&'a InlineEvent> for ClearEvent<'a> {
    fn from(event: &'a InlineEvent) -> Self {
        Self {
            event_type: &event.event_type,
            version: event.schema_version,
            data: &event.data,
            by: &event.actor,
            at: event.recorded_at,
            position: event.position,
        }
    }
}

impl<'a> From<&'a RecordedEvent> for ClearEvent<'a> {
    fn from(event: &'a RecordedEvent) -> Self {
        Self {
            event_type: &event.event_type,
            version: event.schema_version,
            data: &event.data,
            by: &event.actor,
            at: event.recorded_at,
            position: event.position,
        }
    }
}

/// A table of one noun, whose events all begin with its name and a dot.
pub(crate) trait ClearTable: Send + Sync + 'static {
    /// The table, and the noun.
    const NAME: &'static str;

    /// Writes what follows from one of its events.
    fn apply(
        connection: &mut Connection,
        event: ClearEvent<'_>,
    ) -> impl Future<Output = Result<(), InlineError>> + Send;
}

/// Whether events of this type change the table.
pub(crate) fn is_projected<T: ClearTable>(event_type: &str) -> bool {
    let of_noun = event_type.strip_prefix(T::NAME);
    of_noun.is_some_and(|rest| rest.starts_with('.'))
}

/// From events that are in the log already.
pub(crate) async fn project_recorded<T: ClearTable>(
    connection: &mut Connection,
    events: &[RecordedEvent],
) -> Result<(), InlineError> {
    for event in events.iter().filter(|event| is_projected::<T>(&event.event_type)) {
        T::apply(connection, event.into()).await?;
    }
    Ok(())
}

/// Keeps a table; register it with the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InTheClear<T>(pub(crate) T);

impl<T: ClearTable> InlineProjector for InTheClear<T> {
    fn name(&self) -> &'static str {
        T::NAME
    }

    fn project<'f>(
        &'f self,
        connection: &'f mut Connection,
        events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>> {
        Box::pin(async move {
            for event in events.iter().filter(|event| is_projected::<T>(&event.event_type)) {
                T::apply(connection, event.into()).await?;
            }
            Ok(())
        })
    }
}
