//! The decision, without any I/O: which commands of a batch are taken, in queue order.

use std::collections::HashMap;

use uuid::Uuid;

use super::prepare::{Prepared, PreparedEvent};
use super::{Conflict, Found, Receipt};
use crate::query::{Guard, Position, QueryItem};

/// Where the log ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// The last position.
    pub position: i64,
    /// When the last event was recorded, in microseconds.
    pub recorded_at: i64,
}

/// What the database says once the head is locked.
#[derive(Default, PartialEq, Eq)]
pub(super) struct Snapshot {
    /// Where the log ends.
    pub head: Head,
    /// What the commands of the batch got before, with their request hashes.
    pub receipts: HashMap<Uuid, (Vec<u8>, Receipt)>,
    /// The newest event that breaks a guard, by index of command and guard.
    pub hits: HashMap<(usize, usize), Found>,
}

impl Snapshot {
    /// The log ends here, and nothing stands against any command.
    pub(super) fn nothing_after(head: Head) -> Self {
        Self {
            head,
            ..Self::default()
        }
    }
}

/// The decisions on a batch that is sent before the database was looked at.
pub(super) struct Draft {
    /// Where it supposes the log to end. Besides, it supposes that nothing stands against any command.
    pub supposed: Head,
    /// What becomes of each command.
    pub decisions: Vec<Decision>,
    /// Where the log ends when it is written.
    pub head: Head,
    /// When it is.
    pub turn: Turn,
}

/// The place of a batch among those that one writer has under way, by numbers that no other writer has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub own: i64,
    /// The batch that it is drafted on top of.
    pub before: Option<i64>,
}

impl Draft {
    /// Decides on what is supposed.
    pub(super) fn of<'b>(batch: impl IntoIterator<Item = &'b Prepared>, supposed: Head, turn: Turn) -> Self {
        let decisions = decide(batch, Snapshot::nothing_after(supposed));
        let head = decisions
            .iter()
            .rev()
            .find_map(Decision::head)
            .unwrap_or(supposed);
        Self {
            supposed,
            decisions,
            head,
            turn,
        }
    }
}

/// What becomes of a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is taken.
    Take {
        /// Where its events go.
        receipt: Receipt,
        /// When they are recorded, in microseconds.
        recorded_at: i64,
    },
    /// It was taken before.
    Earlier(Receipt),
    /// Its id was used for something else.
    Reused,
    /// A guard failed.
    Conflict(Conflict),
}

impl Decision {
    /// Where the log ends when it is taken.
    fn head(&self) -> Option<Head> {
        match self {
            Self::Take { receipt, recorded_at } => Some(Head {
                position: receipt.last.get(),
                recorded_at: *recorded_at,
            }),
            _ => None,
        }
    }
}

/// Decides on each command; those that are taken affect those that come after them.
pub(super) fn decide<'b>(
    batch: impl IntoIterator<Item = &'b Prepared>,
    mut snapshot: Snapshot,
) -> Vec<Decision> {
    let mut taken = Taken::default();
    let mut decisions = Vec::new();
    for (index, command) in batch.into_iter().enumerate() {
        if let Some((hash, receipt)) = snapshot.receipts.get(&command.command_id) {
            let same = hash.as_slice() == command.request_hash;
            decisions.push(if same {
                Decision::Earlier(*receipt)
            } else {
                Decision::Reused
            });
            continue;
        }
        let found: Vec<_> = command
            .guards
            .iter()
            .enumerate()
            .filter_map(|(number, guard)| {
                // What the batch added is newer than what the database knows.
                let added = taken.newest(number, guard);
                added.or_else(|| snapshot.hits.remove(&(index, number)))
            })
            .collect();
        if !found.is_empty() {
            decisions.push(Decision::Conflict(Conflict { found }));
            continue;
        }
        let head = &mut snapshot.head;
        let first = head.position + 1;
        for event in &command.events {
            head.position += 1;
            taken.add(head.position, event);
        }
        head.recorded_at = head.recorded_at.max(command.recorded_at);
        let receipt = Receipt {
            command_id: command.command_id,
            first: Position::new(first),
            last: Position::new(head.position),
        };
        let recorded_at = head.recorded_at;
        snapshot
            .receipts
            .insert(command.command_id, (command.request_hash.to_vec(), receipt));
        decisions.push(Decision::Take { receipt, recorded_at });
    }
    decisions
}

/// The events that the batch has added so far, by what guards look for.
#[derive(Default)]
struct Taken<'b> {
    events: Vec<(i64, &'b PreparedEvent)>,
    by_tag: HashMap<&'b str, Vec<usize>>,
    by_type: HashMap<&'b str, Vec<usize>>,
}

impl<'b> Taken<'b> {
    fn add(&mut self, position: i64, event: &'b PreparedEvent) {
        let index = self.events.len();
        self.events.push((position, event));
        self.by_type.entry(&event.event_type).or_default().push(index);
        for tag in &event.tags {
            self.by_tag.entry(tag.as_str()).or_default().push(index);
        }
    }

    fn newest(&self, number: usize, guard: &Guard) -> Option<Found> {
        let index = guard
            .query
            .items
            .iter()
            .filter_map(|item| self.newest_of(item))
            .max()?;
        let (position, event) = self.events[index];
        (position > guard.after.get()).then(|| Found {
            guard: number,
            position: Position::new(position),
            event_type: event.event_type.clone(),
            event_id: event.id,
        })
    }

    fn newest_of(&self, item: &QueryItem) -> Option<usize> {
        if let Some(tag) = item.tags.first() {
            let candidates = self.by_tag.get(tag.as_str())?;
            return candidates.iter().rev().copied().find(|index| {
                let (_, event) = self.events[*index];
                item.matches(&event.event_type, &event.tags)
            });
        }
        if item.types.is_empty() {
            return self.events.len().checked_sub(1);
        }
        item.types
            .iter()
            .filter_map(|name| self.by_type.get(name.as_str())?.last().copied())
            .max()
    }
}
