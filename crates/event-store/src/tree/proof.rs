//! Proofs as files that stand for themselves: inclusion (C2SP tlog-proof) and consistency. Checked without a database.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::checkpoint::{Checkpoint, decimal, hash_of_text, text_of_hash};
use super::hash::{Hash, extends, includes, leaf_hash};
use super::note::{NoteError, VerifierKey};
use crate::leaf::LoggedEntry;

/// First line of a proof of inclusion.
const INCLUSION: &str = "c2sp.org/tlog-proof@v1";
/// First line of a proof of consistency, for which C2SP has no file of its own.
const CONSISTENCY: &str = "sengen/consistency-proof@v1";

/// That an event stands in the log at its position, under a signed checkpoint.
///
/// Its extra data is the entry, so the file alone is enough to compute the leaf. Of personal parts the entry has
/// commitments only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// The entry that the leaf hash is made of.
    pub entry: Vec<u8>,
    /// The leaf: position − 1.
    pub index: u64,
    /// From the leaf to the root.
    pub path: Vec<Hash>,
    /// The signed head.
    pub checkpoint: Checkpoint,
}

/// That the log only grew between two sizes: the older is the beginning of the newer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// The older size.
    pub old_size: u64,
    /// The root that it had.
    pub old_root: Hash,
    /// The hashes between.
    pub path: Vec<Hash>,
    /// The newer head, signed.
    pub checkpoint: Checkpoint,
}

/// Either proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// See [`InclusionProof`].
    Inclusion(InclusionProof),
    /// See [`ConsistencyProof`].
    Consistency(ConsistencyProof),
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The file is not a proof.
    #[error("the file is not a proof of inclusion or consistency, or was cut or changed")]
    Malformed,
    /// The signature.
    #[error("the checkpoint in it does not count: {0}")]
    Checkpoint(#[from] NoteError),
    /// The entry names another log or position than the proof.
    #[error("the event in it is of another log or another position than the proof")]
    OtherEntry,
    /// The hashes do not lead to the signed root.
    #[error(
        "its hashes do not lead to the signed root: the event is not in this log, or the file was changed"
    )]
    Path,
}

impl InclusionProof {
    /// The file, C2SP tlog-proof.
    pub fn text(&self) -> String {
        let extra = BASE64_STANDARD.encode(&self.entry);
        let path = lines(&self.path);
        format!(
            "{INCLUSION}\nextra {extra}\nindex {}\n{path}\n{}",
            self.index, self.checkpoint.note
        )
    }

    /// Checks everything but the signature; what the event says of itself.
    fn check(&self) -> Result<LoggedEntry, ProofError> {
        let head = &self.checkpoint.head;
        let entry = LoggedEntry::parse(&self.entry).ok_or(ProofError::Malformed)?;
        let index = entry
            .position
            .checked_sub(1)
            .and_then(|it| u64::try_from(it).ok());
        if entry.origin != head.origin || index != Some(self.index) {
            return Err(ProofError::OtherEntry);
        }
        let leaf = leaf_hash(&self.entry);
        if !includes(&head.root, head.size, self.index, &leaf, &self.path) {
            return Err(ProofError::Path);
        }
        Ok(entry)
    }
}

impl ConsistencyProof {
    /// The file: the older size and root, the hashes, an empty line, the newer checkpoint.
    pub fn text(&self) -> String {
        let root = text_of_hash(&self.old_root);
        let path = lines(&self.path);
        format!(
            "{CONSISTENCY}\nold {} {root}\n{path}\n{}",
            self.old_size, self.checkpoint.note
        )
    }

    fn check(&self) -> Result<(), ProofError> {
        let head = &self.checkpoint.head;
        if extends(
            (self.old_size, &self.old_root),
            (head.size, &head.root),
            &self.path,
        ) {
            Ok(())
        } else {
            Err(ProofError::Path)
        }
    }
}

/// What a proof proves once it has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proven {
    /// This event stands in the log.
    Event(Box<LoggedEntry>),
    /// The log of the newer size begins with that of the older.
    Growth,
}

impl Proof {
    /// Reads a file.
    pub fn parse(text: &str) -> Result<Self, ProofError> {
        Self::read(text).ok_or(ProofError::Malformed)
    }

    fn read(text: &str) -> Option<Self> {
        let (body, note) = text.split_once("\n\n")?;
        let checkpoint = Checkpoint::unchecked(note).ok()?;
        let mut lines = body.split('\n');
        let first = lines.next()?;
        let second = lines.next()?;
        if first == CONSISTENCY {
            let (size, root) = second.strip_prefix("old ")?.split_once(' ')?;
            return Some(Self::Consistency(ConsistencyProof {
                old_size: decimal(size)?,
                old_root: hash_of_text(root)?,
                path: lines.map(hash_of_text).collect::<Option<_>>()?,
                checkpoint,
            }));
        }
        if first != INCLUSION {
            return None;
        }
        let entry = BASE64_STANDARD.decode(second.strip_prefix("extra ")?).ok()?;
        let index = decimal(lines.next()?.strip_prefix("index ")?)?;
        Some(Self::Inclusion(InclusionProof {
            entry,
            index,
            path: lines.map(hash_of_text).collect::<Option<_>>()?,
            checkpoint,
        }))
    }

    /// The signed head in it.
    pub fn checkpoint(&self) -> &Checkpoint {
        match self {
            Self::Inclusion(proof) => &proof.checkpoint,
            Self::Consistency(proof) => &proof.checkpoint,
        }
    }

    /// Checks signature and hashes.
    pub fn verify(&self, key: &VerifierKey) -> Result<Proven, ProofError> {
        let proven = self.verify_unsigned()?;
        Checkpoint::open(&self.checkpoint().note, key)?;
        Ok(proven)
    }

    /// Checks the hashes only: anybody can make a file that passes.
    pub fn verify_unsigned(&self) -> Result<Proven, ProofError> {
        match self {
            Self::Inclusion(proof) => Ok(Proven::Event(Box::new(proof.check()?))),
            Self::Consistency(proof) => proof.check().map(|()| Proven::Growth),
        }
    }
}

fn lines(path: &[Hash]) -> String {
    let lines: Vec<_> = path
        .iter()
        .map(|hash| format!("{}\n", text_of_hash(hash)))
        .collect();
    lines.concat()
}
