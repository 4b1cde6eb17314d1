//! The log folded into one outline for each declaration, in bounded memory: when the outlines take too much of it, later
//! declarations are only numbered, and another walk through the log folds them once these have their rows.

use std::collections::HashMap;

use domain::DeclarationId;
use domain::declaration::TimelineError;
use domain::declaration::outline::{EventText, Outline};
use event_store::{Position, SealedEvent, SubjectId};
use uuid::Uuid;

use crate::codec;
use crate::projections::declaration::project::ProjectError;
use crate::sealed::{Part, step, text};

/// Declarations whose rows are written in one transaction.
const CHUNK: usize = 2_000;

/// A declaration as far as the walk has come.
#[derive(Debug)]
pub(super) struct Folded {
    pub(super) id: DeclarationId,
    pub(super) seq: u32,
    /// Microseconds.
    pub(super) changed_at: i64,
    pub(super) outline: Outline<Part>,
}

impl Folded {
    /// Bytes in memory, roughly.
    fn size(&self) -> usize {
        // Of a counted part.
        const HEAD: usize = 32;
        let sealed: usize = self.outline.sealed().map(|part| part.0.size() + HEAD).sum();
        size_of::<Self>() - size_of::<Outline<Part>>() + self.outline.size() + sealed
    }

    /// Whose keys its row needs.
    pub(super) fn subjects(&self) -> impl Iterator<Item = SubjectId> {
        self.outline.sealed().map(|part| part.0.subject())
    }
}

/// Where a declaration is folded.
enum Place {
    /// Here, at this place.
    Here(usize),
    /// It begins here.
    Begins(u32),
    /// It has its row, or another walk folds it.
    Elsewhere,
}

/// All declarations of the log, and the outlines of those that are being folded.
pub(super) struct Fold {
    /// The declarations are numbered by their first events.
    numbers: HashMap<Uuid, u32>,
    /// Those up to this number have their rows.
    written: u32,
    /// Those that follow, without a gap, in full chunks and one that fills.
    folded: Vec<Vec<Folded>>,
    bytes: usize,
    budget: usize,
    /// After this position begin those that found no room.
    next: Option<Position>,
}

impl Fold {
    /// `written`: the declarations that have rows, with their numbers.
    pub(super) fn new(budget: usize, written: HashMap<Uuid, u32>) -> Self {
        Self {
            written: u32::try_from(written.len()).unwrap_or(u32::MAX),
            numbers: written,
            folded: Vec::new(),
            bytes: 0,
            budget,
            next: None,
        }
    }

    /// Folds the next events in.
    pub(super) fn apply(&mut self, events: &[SealedEvent]) -> Result<(), ProjectError> {
        for event in events {
            if codec::is_declaration_event(&event.event_type) {
                self.apply_one(event)?;
            }
        }
        Ok(())
    }

    fn apply_one(&mut self, event: &SealedEvent) -> Result<(), ProjectError> {
        let text = text(event);
        let not_understood = |source| ProjectError::Decode {
            position: event.position,
            source,
        };
        // Read as a whole only where it is folded; while everything is, looking first costs more than it saves.
        let is_partial = self.written > 0 || self.next.is_some();
        let (place, step) = if is_partial {
            let id = text.declaration_id().map_err(not_understood)?;
            let place = self.place(id.uuid(), &text, event.position)?;
            if matches!(place, Place::Elsewhere) {
                return Ok(());
            }
            (place, step(event)?)
        } else {
            let step = step(event)?;
            let place = self.place(step.declaration_id.uuid(), &text, event.position)?;
            (place, step)
        };
        let id = step.declaration_id;
        let (changed_at, position) = (event.recorded_at.timestamp_micros(), event.position.get());
        match place {
            Place::Elsewhere => {}
            Place::Here(at) => {
                let folded = &mut self.folded[at / CHUNK][at % CHUNK];
                let before = folded.size();
                folded.changed_at = changed_at;
                folded.outline.apply(position, step);
                self.bytes = self.bytes + folded.size() - before;
            }
            Place::Begins(seq) => {
                let no_beginning = no_history(id.uuid(), event.position);
                let folded = Folded {
                    id,
                    seq,
                    changed_at,
                    outline: Outline::begin(position, step).ok_or(no_beginning)?,
                };
                self.bytes += folded.size();
                match self.folded.last_mut() {
                    Some(chunk) if chunk.len() < CHUNK => chunk.push(folded),
                    _ => {
                        // Never moved while it grows.
                        let mut chunk = Vec::with_capacity(CHUNK);
                        chunk.push(folded);
                        self.folded.push(chunk);
                    }
                }
            }
        }
        Ok(())
    }

    /// Where a declaration is folded; one that begins is numbered.
    fn place(&mut self, id: Uuid, text: &EventText<'_>, position: Position) -> Result<Place, ProjectError> {
        let next = u32::try_from(self.numbers.len() + 1).unwrap_or(u32::MAX);
        let seq = match self.numbers.get(&id) {
            Some(seq) => *seq,
            None if text.begins() => *self.numbers.entry(id).or_insert(next),
            None => return Err(no_history(id, position)),
        };
        let Some(at) = seq.checked_sub(self.written + 1) else {
            return Ok(Place::Elsewhere);
        };
        let at = at as usize;
        if at < self.len() {
            return Ok(Place::Here(at));
        }
        if self.next.is_none() && self.bytes >= self.budget && !self.folded.is_empty() {
            self.next = Some(Position::new(position.get() - 1));
        }
        Ok(match self.next {
            Some(_) => Place::Elsewhere,
            None => Place::Begins(seq),
        })
    }

    /// How many are being folded.
    fn len(&self) -> usize {
        let last = self.folded.last().map_or(CHUNK, Vec::len);
        self.folded.len() * CHUNK + last - CHUNK
    }

    /// Takes the outlines in the order of their numbers, chunk by chunk, and says after which position the declarations begin that are to be
    /// folded next, if there are any.
    pub(super) fn take(&mut self) -> (Vec<Vec<Folded>>, Option<Position>) {
        self.written += u32::try_from(self.len()).unwrap_or(u32::MAX);
        let folded = std::mem::take(&mut self.folded);
        self.bytes = 0;
        (folded, self.next.take())
    }
}

fn no_history(id: Uuid, position: Position) -> ProjectError {
    ProjectError::History {
        id,
        position,
        source: TimelineError::NoBeginning,
    }
}
