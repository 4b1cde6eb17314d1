//! Inline projectors: the few things that must be written in the same transaction as the event.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::database::Connection;
use crate::event::PersonalPart;
use crate::query::{Position, Tag};

/// A boxed future, as dynamic dispatch needs it.
pub type BoxFuture<'f, T> = futures::future::BoxFuture<'f, T>;

/// Any error of a projector.
pub type InlineError = Box<dyn std::error::Error + Send + Sync>;

/// An event on its way into the log, with its personal parts in the clear.
#[derive(Clone, Debug)]
pub struct InlineEvent {
    /// Its place in the log.
    pub position: Position,
    /// Its id.
    pub id: Uuid,
    /// Its type.
    pub event_type: String,
    /// The version of its shape.
    pub schema_version: u16,
    /// What it is about, sorted.
    pub tags: Vec<Tag>,
    /// When the log takes it.
    pub recorded_at: DateTime<Utc>,
    /// From when it holds.
    pub effective_at: NaiveDate,
    /// Who did it.
    pub actor: String,
    /// The command that caused it.
    pub command_id: Uuid,
    /// The request, job or conversation that it belongs to.
    pub correlation_id: Uuid,
    /// What happened.
    pub data: Arc<Value>,
    /// The personal parts, the command's `reason` among them.
    pub personal: Arc<[PersonalPart]>,
}

/// Writes rows in the transaction of the append. It lengthens the log's lock: be set-based and brief.
pub trait InlineProjector: Send + Sync {
    /// Its name, for errors.
    fn name(&self) -> &'static str;

    /// Writes what follows from the events of one batch, in order. An error refuses the command that it came from.
    fn project<'f>(
        &'f self,
        connection: &'f mut Connection,
        events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>>;
}
