//! The log as a projection reads it: in large pieces, decoded and as far as possible folded, the next piece on its way while
//! one is being written.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Utc};
use domain::declaration::Recorded;
use event_store::{Engine, EventStore, Position, Query, RecordedEvent};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::declaration::project::{Begun, ProjectError, blocking};
use crate::codec;

/// Events that are read at a time, and the most that a batch can have.
pub(crate) const PIECE: u32 = 1_600;

/// An event, and what it says about a declaration.
#[derive(Debug)]
pub(crate) struct Fed {
    pub(crate) position: Position,
    pub(crate) recorded_at: DateTime<Utc>,
    pub(crate) about: About,
}

/// What an event says about a declaration.
#[derive(Debug)]
pub(crate) enum About {
    /// Nothing.
    Nothing,
    /// This.
    Event(Recorded),
    /// The declaration begins, and no other event of the piece is about it: this is its row, without a number yet.
    Begun(Box<Begun>),
}

/// What one reading gave: events, and why it ended before the end of what was read.
struct Piece {
    events: Vec<Fed>,
    is_last: bool,
    error: Option<ProjectError>,
}

/// Events after a position, in order.
pub(crate) struct Feed {
    store: EventStore,
    read_to: Position,
    queue: VecDeque<Fed>,
    error: Option<ProjectError>,
    ahead: Option<JoinHandle<Result<Piece, ProjectError>>>,
}

impl Feed {
    pub(crate) fn new(store: EventStore, after: Position) -> Self {
        Self {
            store,
            read_to: after,
            queue: VecDeque::new(),
            error: None,
            ahead: None,
        }
    }

    /// The next events, at most so many; none at the end of the log. An event that cannot be decoded is an error once
    /// everything before it has been taken.
    pub(crate) async fn take(&mut self, at_most: u32) -> Result<Vec<Fed>, ProjectError> {
        let at_most = at_most as usize;
        if self.queue.len() < at_most && self.error.is_none() {
            let piece = match self.ahead.take() {
                Some(ahead) => finished(ahead).await?,
                None => read(self.store.clone(), self.read_to).await?,
            };
            if let Some(last) = piece.events.last() {
                self.read_to = last.position;
            }
            self.queue.extend(piece.events);
            self.error = piece.error;
            if !piece.is_last && self.error.is_none() {
                self.ahead = Some(tokio::spawn(read(self.store.clone(), self.read_to)));
            }
        }
        if self.queue.is_empty()
            && let Some(error) = self.error.take()
        {
            return Err(error);
        }
        Ok(self.queue.drain(..at_most.min(self.queue.len())).collect())
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        if let Some(ahead) = &self.ahead {
            ahead.abort();
        }
    }
}

async fn finished(ahead: JoinHandle<Result<Piece, ProjectError>>) -> Result<Piece, ProjectError> {
    match ahead.await {
        Ok(piece) => piece,
        // It is aborted only when the feed is dropped.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

async fn read(store: EventStore, after: Position) -> Result<Piece, ProjectError> {
    let events = store.read(&Query::all(), after, PIECE).await?;
    let engine = store.database().engine();
    blocking(move || Ok(fold(engine, decode(&events)))).await
}

/// Folds the declarations that have one event in the piece and begin with it.
fn fold(engine: Engine, mut piece: Piece) -> Piece {
    let mut events: HashMap<Uuid, u32> = HashMap::new();
    for fed in &piece.events {
        if let About::Event(recorded) = &fed.about {
            *events.entry(id_of(recorded)).or_default() += 1;
        }
    }
    for fed in &mut piece.events {
        if let About::Event(recorded) = &fed.about
            && events.get(&id_of(recorded)) == Some(&1)
            && let Some(begun) = Begun::with(engine, recorded, fed.recorded_at)
        {
            fed.about = About::Begun(Box::new(begun));
        }
    }
    piece
}

pub(crate) fn id_of(recorded: &Recorded) -> Uuid {
    recorded.statement.declaration_id.uuid()
}

fn decode(events: &[RecordedEvent]) -> Piece {
    let mut piece = Piece {
        events: Vec::with_capacity(events.len()),
        is_last: events.len() < PIECE as usize,
        error: None,
    };
    for event in events {
        let about = match codec::is_declaration_event(&event.event_type).then(|| codec::to_recorded(event)) {
            None => About::Nothing,
            Some(Ok(recorded)) => About::Event(recorded),
            Some(Err(source)) => {
                piece.error = Some(ProjectError::Decode {
                    position: event.position,
                    source,
                });
                break;
            }
        };
        piece.events.push(Fed {
            position: event.position,
            recorded_at: event.recorded_at,
            about,
        });
    }
    piece
}
