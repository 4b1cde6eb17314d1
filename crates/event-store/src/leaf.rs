//! Leaf hashes: what an event commits to, for ever. **Never change this format**; add a new version beside it.
//!
//! `leaf hash = SHA-256(0x00 ‖ entry)`, as RFC 6962 §2.1 has it; the leaf index is `position − 1`.
//!
//! The entry, version 1, is the concatenation of these fields. `text` is a u32 length and UTF-8 bytes; all numbers are
//! big-endian; an id is the 16 bytes of the UUID.
//!
//! | field | form |
//! |---|---|
//! | format | text `sengen.event/1` |
//! | origin of the log | text |
//! | position | i64 |
//! | event id | id |
//! | event type | text |
//! | schema version | i64 |
//! | recorded at | i64, microseconds since 1970-01-01T00:00:00Z |
//! | effective at | text, `YYYY-MM-DD` |
//! | actor | text |
//! | command id | id |
//! | correlation id | id |
//! | tags | u32 count, then each a text; sorted by bytes, none twice |
//! | data | 32 bytes, SHA-256 of the canonical JSON (RFC 8785) |
//! | personal parts | u32 count, then each: name text, subject id, 32-byte commitment; sorted by name |
//!
//! A commitment is `SHA-256(salt ‖ canonical JSON of the part)`; the 32 random bytes of salt lie sealed beside the part,
//! so that a destroyed key leaves a number that nobody can guess from, and every proof still holds.
//!
//! `tests/vectors/leaf.py` computes the same from this text alone; `tests/vectors/leaf.json` holds what it got.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::bytes::Writer;

/// The fields of an entry, already in the order and form that they are written in.
pub(crate) struct Entry<'e> {
    pub origin: &'e str,
    pub position: i64,
    pub event_id: Uuid,
    pub event_type: &'e str,
    pub schema_version: i64,
    pub recorded_at: i64,
    pub effective_at: &'e str,
    pub actor: &'e str,
    pub command_id: Uuid,
    pub correlation_id: Uuid,
    /// Sorted, none twice.
    pub tags: &'e [&'e str],
    pub data_hash: [u8; 32],
    /// Sorted by name: name, subject, commitment.
    pub personal: &'e [(&'e str, Uuid, [u8; 32])],
}

impl Entry<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new(512);
        writer
            .text("sengen.event/1")
            .text(self.origin)
            .number(self.position)
            .id(self.event_id)
            .text(self.event_type)
            .number(self.schema_version)
            .number(self.recorded_at)
            .text(self.effective_at)
            .text(self.actor)
            .id(self.command_id)
            .id(self.correlation_id)
            .count(self.tags.len());
        for tag in self.tags {
            writer.text(tag);
        }
        writer.raw(&self.data_hash).count(self.personal.len());
        for (name, subject, commitment) in self.personal {
            writer.text(name).id(*subject).raw(commitment);
        }
        writer.finish()
    }

    pub(crate) fn leaf_hash(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(self.bytes());
        hasher.finalize().into()
    }
}

/// SHA-256 of the canonical text of an event's data.
pub(crate) fn data_hash(data: &str) -> [u8; 32] {
    Sha256::digest(data.as_bytes()).into()
}

/// What a leaf says about a personal part.
pub(crate) fn commitment(salt: &[u8], plain: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(plain);
    hasher.finalize().into()
}
