//! Checkpoints (C2SP tlog-checkpoint): the head of the tree at a size, signed.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::hash::Hash;
use super::key::LogSigningKey;
use super::note::{self, NoteError, VerifierKey};

/// A tree at a size. It stands for all events up to the position of that number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// The name of the log.
    pub origin: String,
    /// How many events.
    pub size: u64,
    /// The hash over all of them.
    pub root: Hash,
}

/// A signed head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// What was signed.
    pub head: TreeHead,
    /// The signed note, as it is given out.
    pub note: String,
}

impl TreeHead {
    fn text(&self) -> String {
        let root = text_of_hash(&self.root);
        format!("{}\n{}\n{root}\n", self.origin, self.size)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        // We sign no extension lines; what somebody else puts there we could not vouch for.
        if origin.is_empty() || lines.next().is_some() {
            return None;
        }
        Some(Self {
            origin: origin.to_owned(),
            size: decimal(size)?,
            root: hash_of_text(root)?,
        })
    }

    /// Signs it.
    pub(crate) fn sign(self, key: &LogSigningKey) -> Checkpoint {
        let note = key.sign(&self.origin, &self.text());
        Checkpoint { head: self, note }
    }
}

impl Checkpoint {
    /// The checkpoint in this note, when it is signed by this key and of the log that the key is of.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, NoteError> {
        let head = TreeHead::parse(key.open(note)?).ok_or(NoteError::Malformed)?;
        if head.origin != key.name() {
            return Err(NoteError::OtherKey);
        }
        let note = note.to_owned();
        Ok(Self { head, note })
    }

    /// What the note says; nothing is known about who signed it.
    pub fn unchecked(note: &str) -> Result<Self, NoteError> {
        let text = note::unchecked_text(note).ok_or(NoteError::Malformed)?;
        let head = TreeHead::parse(text).ok_or(NoteError::Malformed)?;
        let note = note.to_owned();
        Ok(Self { head, note })
    }
}

/// A decimal number as it must be written: no sign, no leading zero.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// 32 bytes in base 64.
pub(super) fn hash_of_text(text: &str) -> Option<Hash> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok()
}

/// The other way round.
pub(super) fn text_of_hash(hash: &Hash) -> String {
    BASE64_STANDARD.encode(hash)
}
