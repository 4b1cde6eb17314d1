//! What can be wrong with a log, in words.

use std::fmt;

use crate::query::Position;
use crate::tree::NoteError;

/// One thing that is wrong. Its text is a sentence that names the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Where.
    pub position: Position,
    /// What.
    pub kind: BreachKind,
}

/// What can be wrong with an event, or with what is kept about it.
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
    /// The event is not the one that the tree was built over.
    NotInTree,
    /// A tile of the tree is missing or is not what its events give. The position is that of the first of them.
    Tile {
        /// Its level.
        level: u8,
        /// Its place in the level.
        index: u64,
        /// The last event under it.
        through: Position,
    },
    /// The signed head at this position is not over these events; up to `fits` the last one was.
    Head {
        /// The size of the last head that fits.
        fits: Position,
    },
    /// The stored head at this position is no head that this log signed.
    Note(NoteError),
    /// More events were signed, or are in the tree, than the log has: its end was cut off, or it is an older copy. The
    /// position is that of the first that is missing.
    CutOff {
        /// How many there were.
        had: Position,
    },
    /// The head that is kept outside the database is not over these events.
    Outside,
}

impl BreachKind {
    /// A name for programs; it never changes its meaning.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::BeyondHead => "beyond_head",
            Self::Unreadable(_) => "unreadable",
            Self::LeafHash => "leaf_hash",
            Self::RecordedBefore => "recorded_before",
            Self::Personal { .. } => "personal",
            Self::TagMissing { .. } => "tag_missing",
            Self::TagForeign { .. } => "tag_foreign",
            Self::Receipt => "receipt",
            Self::NotInTree => "not_in_tree",
            Self::Tile { .. } => "tile",
            Self::Head { .. } => "head",
            Self::Note(_) => "note",
            Self::CutOff { .. } => "cut_off",
            Self::Outside => "outside",
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.position;
        match &self.kind {
            BreachKind::Missing { through } if *through == at => {
                write!(f, "event {at} is missing: it was removed")
            }
            BreachKind::Missing { through } => {
                write!(f, "the events {at} to {through} are missing: they were removed")
            }
            BreachKind::BeyondHead => {
                write!(
                    f,
                    "event {at} stands beyond the end of the log: it was put in from outside"
                )
            }
            BreachKind::Unreadable(what) => write!(f, "event {at} cannot be read: damaged are its {what}"),
            BreachKind::LeafHash => write!(
                f,
                "event {at} is not what was recorded: it was changed, or another was put in its place"
            ),
            BreachKind::RecordedBefore => {
                write!(
                    f,
                    "event {at} claims to be recorded before the event in front of it"
                )
            }
            BreachKind::Personal { name } => write!(
                f,
                "the personal part {name:?} of event {at} was changed: it does not open under the person's key"
            ),
            BreachKind::TagMissing { tag } => write!(
                f,
                "event {at} is not found under its tag {tag}: the index of tags was changed"
            ),
            BreachKind::TagForeign { tag } => write!(
                f,
                "the index of tags lists event {at} under {tag}, which the event does not have"
            ),
            BreachKind::Receipt => write!(
                f,
                "the receipt of the command that recorded event {at} is missing or covers other events"
            ),
            BreachKind::NotInTree => write!(
                f,
                "event {at} is not the one that the tree was built over: it was changed together with its hash"
            ),
            BreachKind::Tile {
                level,
                index,
                through,
            } => write!(
                f,
                "the tile {level}/{index} of the tree, over the events {at} to {through}, is damaged or was changed"
            ),
            BreachKind::Head { fits } => write!(
                f,
                "the head that was signed over {at} events is not over these: one of the events {} to {at} was changed \
                 together with all hashes",
                fits.next()
            ),
            BreachKind::Note(reason) => {
                write!(f, "the stored head over {at} events does not count: {reason}")
            }
            BreachKind::CutOff { had } => write!(
                f,
                "the log ends before event {at}, but {had} events were in the tree or signed: its end was cut off, or it \
                 is an older copy"
            ),
            BreachKind::Outside => write!(
                f,
                "the head over {at} events that is kept outside the database is not over these events: the log was \
                 changed, or is another one"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(position: i64, kind: BreachKind) -> String {
        let position = Position::new(position);
        Breach { position, kind }.to_string()
    }

    #[test]
    fn a_breach_is_a_sentence_that_names_the_event() {
        let through = Position::new(9);
        let tag = || "thing:a".to_owned();
        let kinds = [
            BreachKind::Missing { through },
            BreachKind::BeyondHead,
            BreachKind::Unreadable("tags".to_owned()),
            BreachKind::LeafHash,
            BreachKind::RecordedBefore,
            BreachKind::Personal { name: tag() },
            BreachKind::TagMissing { tag: tag() },
            BreachKind::TagForeign { tag: tag() },
            BreachKind::Receipt,
            BreachKind::NotInTree,
            BreachKind::Tile {
                level: 0,
                index: 0,
                through,
            },
            BreachKind::Head {
                fits: Position::new(3),
            },
            BreachKind::Note(NoteError::BadSignature),
            BreachKind::CutOff { had: through },
            BreachKind::Outside,
        ];
        let mut codes: Vec<_> = kinds.iter().map(BreachKind::code).collect();
        for kind in &kinds {
            let text = sentence(7, kind.clone());
            assert!(text.contains('7'), "{text}");
            assert!(!text.contains("Breach") && !text.contains("Position("), "{text}");
        }
        codes.dedup();
        assert_eq!(codes.len(), kinds.len());
        let one = sentence(9, BreachKind::Missing { through });
        assert_eq!(one, "event 9 is missing: it was removed");
        let some = sentence(7, BreachKind::Missing { through });
        assert_eq!(some, "the events 7 to 9 are missing: they were removed");
        let between = sentence(
            7,
            BreachKind::Head {
                fits: Position::new(3),
            },
        );
        assert!(between.contains("one of the events 4 to 7"), "{between}");
    }
}
