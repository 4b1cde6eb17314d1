//! One file that holds a register. **Its form never changes**: another form is another version.
//!
//! It is a tar archive, so that it can be read without this program in twenty years:
//!
//! | member | what it holds |
//! |---|---|
//! | `sengen-backup` | the text `sengen-backup/1` and a sentence about the rest |
//! | `events/000001.jsonl.gz` and on | the events, sealed, one JSON object in a line, compressed with gzip |
//! | `receipts/…` | what each command got |
//! | `tables/NAME/…` | the operational tables that move |
//! | `keys/NAME/…` | the wrapped keys, unless they were left out; the key that wraps them is never here |
//! | `manifest.json` | counts, hashes, the Merkle root, and the list of all members with their hashes |
//!
//! After the two empty blocks that end a tar archive stands one more block of 512 bytes: `sengen-backup/1 sha256 `, the
//! hash of all bytes before it in hexadecimal, a line feed, and zero bytes. Tools for tar do not look at it; a file in
//! which any bit differs is refused by it before anything else is read.

mod manifest;
mod read;
mod write;

use std::io;
use std::path::{Path, PathBuf};

pub use manifest::Manifest;
pub use read::Archive;
pub(super) use write::Writer;

/// Name of the first member, and of the format.
const FORMAT: &str = "sengen-backup";
const VERSION: u32 = 1;
const MANIFEST: &str = "manifest.json";
const BLOCK: usize = 512;

/// Why an archive cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file that is to be made exists.
    #[error("{path} exists already; a backup is never written over: name another file")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("{path} cannot be used: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is something else, or its end is missing.
    #[error("{path} is no backup of Sengen, or its end is missing")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file has another version of the form.
    #[error(
        "{path} has version {found} of the form, this program reads version {VERSION}; use the program that made it"
    )]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: String,
    },
    /// The file is not what was written.
    #[error("{path} is damaged: {what}; use another backup")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

impl ArchiveError {
    fn file(path: &Path, source: io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            source,
        }
    }
}

/// The block at the end of a file whose other bytes have this hash.
fn last_block(sha256: &[u8]) -> [u8; BLOCK] {
    let text = format!("{FORMAT}/{VERSION} sha256 {}\n", hex::encode(sha256));
    let mut block = [0; BLOCK];
    block[..text.len()].copy_from_slice(text.as_bytes());
    block
}
