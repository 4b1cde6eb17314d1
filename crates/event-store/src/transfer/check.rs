//! What a log promises, recomputed row by row.

use super::root::TreeRoot;
use super::rows::{LogHead, StoredEvent, StoredReceipt};
use crate::personal::unframe;
use crate::query::Position;
use crate::read::{EventRow, entry_bytes};
use crate::tree::leaf_hash;

/// A row that does not belong into a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the log is damaged at position {position}: {what}")]
pub struct Broken {
    /// Where.
    pub position: Position,
    /// What is wrong there.
    pub what: &'static str,
}

/// Checks events and receipts in the order of positions.
#[derive(Clone, Debug)]
pub struct LogCheck {
    origin: String,
    position: i64,
    recorded_at: i64,
    receipted: i64,
    root: TreeRoot,
}

impl LogCheck {
    /// For a log of this name, from its first event.
    pub fn new(origin: impl Into<String>) -> Self {
        Self {
            origin: origin.into(),
            position: 0,
            recorded_at: 0,
            receipted: 0,
            root: TreeRoot::default(),
        }
    }

    /// The next event: at the next position, not recorded before the last one, with the leaf hash of its content.
    pub fn event(&mut self, event: &StoredEvent) -> Result<(), Broken> {
        let row = &event.0;
        let broken = |what| Broken {
            position: Position::new(row.position),
            what,
        };
        if row.position != self.position + 1 {
            return Err(Broken {
                position: Position::new(self.position + 1),
                what: "the event is missing",
            });
        }
        if row.recorded_at < self.recorded_at {
            return Err(broken("the event is recorded before the one that precedes it"));
        }
        let hash =
            content_hash(row, &self.origin).ok_or_else(|| broken("tags or personal parts cannot be read"))?;
        if row.leaf_hash.as_slice() != hash {
            return Err(broken(
                "the event is not the one that its leaf hash was made from",
            ));
        }
        self.root.push(hash);
        (self.position, self.recorded_at) = (row.position, row.recorded_at);
        Ok(())
    }

    /// The next receipt: it begins where the last one ended.
    pub fn receipt(&mut self, receipt: &StoredReceipt) -> Result<(), Broken> {
        let (first, last) = (receipt.first_position, receipt.last_position);
        if first != self.receipted + 1 || last < first || last > self.position {
            return Err(Broken {
                position: Position::new(self.receipted + 1),
                what: "the receipt of its command is missing or covers other events",
            });
        }
        self.receipted = last;
        Ok(())
    }

    /// Whether everything up to this head has come.
    pub fn finish(&self, head: &LogHead) -> Result<(), Broken> {
        let missing = |position, what| {
            Err(Broken {
                position: Position::new(position),
                what,
            })
        };
        if self.position != head.position {
            return missing(self.position + 1, "the log does not end where its head says");
        }
        if self.receipted != head.position {
            return missing(self.receipted + 1, "the receipt of its command is missing");
        }
        if self.position > 0 && self.recorded_at != head.recorded_at {
            return missing(self.position, "the head of the log says another time");
        }
        Ok(())
    }

    /// The Merkle root over the events so far.
    pub fn root(&self) -> [u8; 32] {
        self.root.root()
    }
}

/// The leaf hash of the row's content; `None` when tags or personal parts cannot be read.
fn content_hash(row: &EventRow, origin: &str) -> Option<[u8; 32]> {
    let (tags, parts) = (row.tag_texts()?, unframe(&row.personal)?);
    Some(leaf_hash(&entry_bytes(row, origin, &tags, &parts)))
}
