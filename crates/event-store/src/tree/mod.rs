//! The Merkle tree over the log, its signed heads, and proofs.
//!
//! **What it is for.** Somebody outside can hold a few hundred bytes, and with them check later that an event stands in
//! the log where we say it does, and that nothing before it was changed, removed or put in. The tree is that of RFC 6962
//! over the leaf hashes of the events: leaf index = position − 1, so a tree of size N is exactly "all events up to N".
//!
//! **How it is kept.** As tiles of 256 hashes (C2SP tlog-tiles), computed from the log like any projection: tiles and
//! size move in one transaction and only from the size that the builder saw, so one process builds and others wait; a
//! tree that is lost is built again and is the same, hash by hash. A head is signed as a checkpoint (C2SP tlog-checkpoint)
//! at most once a second while the log grows, and when a proof needs one. Every note that was ever given out is kept: the
//! closer they are, the closer a change is found.
//!
//! **What it must never do.** Sign a head that does not continue the last one: [`TreeError::Contradicts`] instead.
//!
//! The last head is also kept [outside the database](HeadFile). A database that was put back from an older copy is
//! noticed by it at the next start, before positions are given out a second time.

mod build;
mod checkpoint;
mod hash;
mod head_file;
mod keep;
mod key;
mod note;
mod proof;
mod rows;
#[cfg(test)]
mod tests;
mod tile;

pub use build::{LogTree, LogTreeOptions, Outside};
pub use checkpoint::{Checkpoint, TreeHead};
pub use hash::{Hash, extends, includes, leaf_hash};
pub use head_file::{HeadFile, HeadFileError};
pub use keep::Keeper;
pub use key::{LogSigningKey, SigningKeyError};
pub use note::{BadVerifierKey, NoteError, VerifierKey};
pub use proof::{ConsistencyProof, InclusionProof, Proof, ProofError, Proven};

pub(crate) use note::is_key_name;
pub(crate) use rows::{latest_note, notes, size, tiles};
pub(crate) use tile::{Edge, Tile, TileId, Tiles, WIDTH};

use crate::database::DatabaseError;

/// Why the tree could not be built, read or signed.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// An event that the tree needs is not there, or not what it was.
    #[error(
        "ALARM: the event at position {position} is missing or not the one that was logged; run sengen verify"
    )]
    Leaf {
        /// Its position.
        position: u64,
    },
    /// A stored tile is missing or not what a tile is.
    #[error("the tile {level}/{index} of the tree is damaged; run sengen verify, then sengen rebuild tree")]
    Tile {
        /// Its level.
        level: u8,
        /// Its place in the level.
        index: u64,
    },
    /// The tree is not a continuation of a head that was signed: the log was changed behind the program's back.
    #[error(
        "ALARM: the log does not continue the head over {size} events that was signed; nothing is signed any more, run sengen verify"
    )]
    Contradicts {
        /// The size of that head.
        size: u64,
    },
    /// The stored head is not of the key at hand.
    #[error("the head over {size} events is not signed with the key at hand: {reason}")]
    OtherKey {
        /// Its size.
        size: u64,
        /// Why it is not taken.
        reason: NoteError,
    },
    /// A position or size that the log does not have, or an older size that is none.
    #[error("the log has {head} events")]
    Beyond {
        /// What it has.
        head: u64,
    },
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl TreeError {
    fn damaged(id: TileId) -> Self {
        Self::Tile {
            level: id.level,
            index: id.index,
        }
    }
}

impl From<sqlx::Error> for TreeError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}
