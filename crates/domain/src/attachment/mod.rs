//! Files that belong to a change: what they are by their bytes, what they are called, and what the log says of them.

mod kind;
mod name;

use crate::{
    ids::AttachmentId,
    personal::{Personal, Readable},
};

pub use kind::{AttachmentKind, FileProblem, kind_of};
pub use name::{download_name, read_name};

/// The most bytes of one file.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// The most files of one change.
pub const MOST: usize = 10;

/// A file as the log knows it: what may stand in the clear, and what is about persons apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Under which it is fetched.
    pub id: AttachmentId,
    /// What its bytes are.
    pub kind: AttachmentKind,
    /// How many bytes it has.
    pub size: u64,
    /// SHA-256 of the sealed bytes as they are stored, in hexadecimal: they can be checked without a key.
    pub sealed_sha256: String,
    /// Sealed under the key of the free text of the record.
    pub label: Readable<Personal<Label>>,
}

/// What a file says about persons by itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Label {
    /// Its name where it came from.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal: whoever has the file can show that it is the one.
    pub sha256: String,
}
