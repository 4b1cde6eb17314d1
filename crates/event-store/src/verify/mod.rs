//! Walking the log to see that it is what it was.

mod walk;

use crate::query::Position;

pub(crate) use walk::walk;

/// What a walk over a range of the log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// First position looked at.
    pub from: Position,
    /// Last position looked at.
    pub to: Position,
    /// How many events were checked.
    pub checked: u64,
    /// What is wrong, in order of position; empty when all is well.
    pub breaches: Vec<Breach>,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.breaches.is_empty()
    }

    /// The first thing that is wrong.
    pub fn first(&self) -> Option<&Breach> {
        self.breaches.first()
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Where.
    pub position: Position,
    /// What.
    pub kind: BreachKind,
}

/// What can be wrong with an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BreachKind {
    /// Events are missing from here to this position.
    Missing {
        /// The last that is missing.
        through: Position,
    },
    /// There is an event beyond the head of the log.
    BeyondHead,
    /// The row cannot be understood.
    Unreadable(String),
    /// The stored leaf hash is not that of the row.
    LeafHash,
    /// It is recorded before its predecessor.
    RecordedBefore,
    /// A personal part does not open under the key that exists, or does not match its commitment.
    Personal {
        /// Name of the part.
        name: String,
    },
    /// A tag of the event is not in the index.
    TagMissing {
        /// The tag.
        tag: String,
    },
    /// The index has a tag that the event does not have, or the wrong type for it.
    TagForeign {
        /// The tag.
        tag: String,
    },
    /// The command's receipt is missing or does not cover the event.
    Receipt,
}
