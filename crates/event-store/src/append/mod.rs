//! Appending: what a caller hands in and what it gets back.

mod commit;
mod decide;
mod inline;
mod prepare;
mod probe;
mod queue;
mod rows;
mod sequencer;
mod statements;
mod write_sqlite;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::database::DatabaseError;
use crate::event::{NewEvent, PersonalPart, SubjectId};
use crate::keyring::KeyringError;
use crate::query::{Guard, Position};

pub(crate) use commit::explain;
pub(crate) use probe::spaced;
pub(crate) use queue::Queue;
pub(crate) use sequencer::Sequencer;

pub use inline::{BoxFuture, InlineError, InlineEvent, InlineProjector};

/// A command's events, to be taken together or not at all.
#[derive(Clone, Debug)]
pub struct Append {
    /// The command. A retry with the same id gets the first answer again.
    pub command_id: Uuid,
    /// Who does it, as an opaque id: 1 to 200 bytes.
    pub actor: String,
    /// The request, job or conversation that it belongs to.
    pub correlation_id: Uuid,
    /// Why, in a person's words: sealed into every event under the name `reason`.
    pub reason: Option<PersonalPart>,
    /// What happened, in order.
    pub events: Vec<NewEvent>,
    /// Conditions, all of which must hold.
    pub guards: Vec<Guard>,
    /// Now, by the caller's clock; raised to the previous event's when that is later.
    pub recorded_at: DateTime<Utc>,
}

/// Where a command's events stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The command.
    pub command_id: Uuid,
    /// Its first event.
    pub first: Position,
    /// Its last event.
    pub last: Position,
}

/// A successful append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// The events are in the log now.
    New(Receipt),
    /// The same command had been taken before; nothing was added.
    Earlier(Receipt),
}

impl Appended {
    /// Where the command's events stand, now or since earlier.
    pub fn receipt(&self) -> &Receipt {
        match self {
            Self::New(receipt) | Self::Earlier(receipt) => receipt,
        }
    }
}

/// An event that broke a guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Index of the guard in the command.
    pub guard: usize,
    /// The newest event that matches the guard's query.
    pub position: Position,
    /// Its type.
    pub event_type: String,
    /// Its id.
    pub event_id: Uuid,
}

/// What a command lost to: one event for each guard that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// In the order of the guards.
    pub found: Vec<Found>,
}

/// Why a command cannot be taken as it was handed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAppend {
    /// No events.
    #[error("a command needs at least one event")]
    NoEvents,
    /// Too much of something.
    #[error("a command has too many {what}: {found}, at most {limit}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A name of ours is not in its alphabet or too long.
    #[error(
        "the {what} {found:?} is empty, too long or has other characters than a-z, 0-9, '_', '-' and '.'"
    )]
    Name {
        /// Which name.
        what: &'static str,
        /// As it was given.
        found: String,
    },
    /// The actor is empty or too long.
    #[error("the actor must have 1 to 200 bytes")]
    Actor,
    /// Two personal parts of one event have the same name.
    #[error("two personal parts of one event are named {0:?}")]
    PartTwice(String),
    /// An id of an event was used before.
    #[error("an event of the command has an id that another event has already")]
    EventIdTaken,
    /// JSON that has no single canonical form (a whole number beyond ±(2^53 − 1)).
    #[error("the data of an event holds a number that JSON readers do not agree on; give it as a text")]
    Number,
    /// The day is not in the years 1 to 9999.
    #[error("the day {0} is not in the years 1 to 9999")]
    EffectiveAt(NaiveDate),
    /// The person was forgotten; nothing can be sealed for them any more.
    #[error("the subject {0:?} was forgotten")]
    SubjectForgotten(SubjectId),
}

/// Why nothing was appended (or, for [`AppendError::OutcomeUnknown`], why that is not known).
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// A guard failed.
    #[error("another change came first")]
    Conflict(Conflict),
    /// The command id was used before for something else.
    #[error("the command id {command_id} was used before for another request")]
    CommandReused {
        /// The id.
        command_id: Uuid,
    },
    /// The command cannot be taken as it is.
    #[error(transparent)]
    Invalid(#[from] InvalidAppend),
    /// An inline projector refused the command's events.
    #[error("the inline projector {projector} failed: {source}")]
    Inline {
        /// Its name.
        projector: &'static str,
        /// What it said.
        source: InlineError,
    },
    /// The keys could not be read.
    #[error(transparent)]
    Keyring(KeyringError),
    /// The database does not answer or refused; nothing was appended.
    #[error(transparent)]
    Unavailable(Arc<DatabaseError>),
    /// The connection was lost during the commit and the receipt could not be asked for. Try again with the same id.
    #[error("it is not known whether the command {command_id} was taken; try again with the same id")]
    OutcomeUnknown {
        /// The id.
        command_id: Uuid,
    },
}
