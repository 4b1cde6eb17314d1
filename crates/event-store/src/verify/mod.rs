//! Walking the log to see that it is what it was.

mod breach;
mod tree;
mod walk;

use crate::query::Position;
use crate::tree::{TreeHead, VerifierKey};

pub use breach::{Breach, BreachKind};

pub(crate) use walk::walk;

/// What to look at.
#[derive(Clone, Copy, Debug)]
pub struct VerifyOptions<'o> {
    /// First position.
    pub from: Position,
    /// Last position; beyond the head there is nothing to look at.
    pub to: Position,
    /// What the signatures of the stored heads are checked with; none leaves them unchecked.
    pub key: Option<&'o VerifierKey>,
    /// A head that was kept outside the database.
    pub outside: Option<&'o TreeHead>,
}

impl VerifyOptions<'_> {
    /// The whole log, with what the database itself holds.
    pub fn everything() -> Self {
        Self::between(Position::START, Position::new(i64::MAX))
    }

    /// A range of it; both ends belong to it.
    pub fn between(from: Position, to: Position) -> Self {
        Self {
            from,
            to,
            key: None,
            outside: None,
        }
    }
}

/// What a walk over a range of the log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// First position looked at.
    pub from: Position,
    /// Last position looked at.
    pub to: Position,
    /// How many events were checked.
    pub checked: u64,
    /// Over how many events the stored tree is.
    pub in_tree: u64,
    /// How many signed heads were compared with the events. A walk that does not begin at the start compares none.
    pub heads: u64,
    /// Over how many events the newest of them is.
    pub signed: u64,
    /// What is wrong, in order of position; empty when all is well. At most [`VerifyReport::MOST`].
    pub breaches: Vec<Breach>,
    /// How many more breaches there are than are listed.
    pub more: u64,
}

impl VerifyReport {
    /// So many breaches are listed: a log under the wrong name would have one for each event.
    pub const MOST: usize = 10_000;

    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.breaches.is_empty()
    }

    /// The first thing that is wrong.
    pub fn first(&self) -> Option<&Breach> {
        self.breaches.first()
    }
}

/// Collects what is wrong, up to a limit.
#[derive(Default)]
struct Breaches {
    listed: Vec<Breach>,
    more: u64,
}

impl Breaches {
    fn add(&mut self, position: i64, kind: BreachKind) {
        let position = Position::new(position);
        if self.listed.len() < VerifyReport::MOST {
            self.listed.push(Breach { position, kind });
        } else {
            self.more += 1;
        }
    }

    /// In order of position, none twice.
    fn in_order(mut self) -> (Vec<Breach>, u64) {
        self.listed.sort_by_key(|breach| breach.position);
        self.listed.dedup();
        (self.listed, self.more)
    }
}
