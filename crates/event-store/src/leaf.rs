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

use crate::bytes::{Reader, Writer};
use crate::tree::leaf_hash;

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

const FORMAT: &str = "sengen.event/1";

impl Entry<'_> {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new(512);
        writer
            .text(FORMAT)
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
        leaf_hash(&self.bytes())
    }
}

/// An entry as somebody reads it who has nothing but its bytes: what an event commits to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedEntry {
    /// The name of the log.
    pub origin: String,
    /// Where the event stands, from 1.
    pub position: i64,
    /// The event's id.
    pub event_id: Uuid,
    /// What happened.
    pub event_type: String,
    /// Of its data.
    pub schema_version: i64,
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub recorded_at: i64,
    /// `YYYY-MM-DD`.
    pub effective_at: String,
    /// Who.
    pub actor: String,
    /// The command that it belongs to.
    pub command_id: Uuid,
    /// The operation that it belongs to.
    pub correlation_id: Uuid,
    /// What it is about.
    pub tags: Vec<String>,
    /// SHA-256 of the canonical JSON of its data.
    pub data_hash: [u8; 32],
    /// Personal parts: name, subject, commitment.
    pub personal: Vec<(String, Uuid, [u8; 32])>,
}

impl LoggedEntry {
    /// Reads an entry; `None` when the bytes are not exactly one.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        if reader.text()? != FORMAT {
            return None;
        }
        let entry = Self {
            origin: reader.text()?.to_owned(),
            position: reader.number()?,
            event_id: reader.id()?,
            event_type: reader.text()?.to_owned(),
            schema_version: reader.number()?,
            recorded_at: reader.number()?,
            effective_at: reader.text()?.to_owned(),
            actor: reader.text()?.to_owned(),
            command_id: reader.id()?,
            correlation_id: reader.id()?,
            tags: reader.list(|reader| Some(reader.text()?.to_owned()))?,
            data_hash: reader.fixed()?,
            personal: reader
                .list(|reader| Some((reader.text()?.to_owned(), reader.id()?, reader.fixed()?)))?,
        };
        reader.is_empty().then_some(entry)
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

#[cfg(test)]
mod tests {
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use serde_json::Value;

    use super::*;

    const VECTORS: &str = include_str!("../tests/vectors/leaf.json");

    fn vectors() -> Value {
        serde_json::from_str(VECTORS).expect("leaf.json is JSON")
    }

    fn text<'v>(value: &'v Value, field: &str) -> &'v str {
        value[field].as_str().expect(field)
    }

    fn id(value: &Value, field: &str) -> Uuid {
        Uuid::parse_str(text(value, field)).expect(field)
    }

    fn list(value: &Value) -> &[Value] {
        value.as_array().expect("a list")
    }

    /// Entry and leaf hash of a vector, by our own code.
    fn ours(event: &Value) -> (Vec<u8>, [u8; 32]) {
        let mut tags: Vec<_> = list(&event["tags"]).iter().filter_map(Value::as_str).collect();
        tags.sort_unstable();
        tags.dedup();
        let mut personal: Vec<_> = list(&event["personal"])
            .iter()
            .map(|part| {
                let salt = hex::decode(text(part, "salt")).expect("salt");
                (
                    text(part, "name"),
                    id(part, "subject"),
                    commitment(&salt, text(part, "plain").as_bytes()),
                )
            })
            .collect();
        personal.sort_unstable();
        let entry = Entry {
            origin: text(event, "origin"),
            position: event["position"].as_i64().expect("position"),
            event_id: id(event, "event_id"),
            event_type: text(event, "event_type"),
            schema_version: event["schema_version"].as_i64().expect("schema_version"),
            recorded_at: event["recorded_at"].as_i64().expect("recorded_at"),
            effective_at: text(event, "effective_at"),
            actor: text(event, "actor"),
            command_id: id(event, "command_id"),
            correlation_id: id(event, "correlation_id"),
            tags: &tags,
            data_hash: data_hash(text(event, "data")),
            personal: &personal,
        };
        (entry.bytes(), entry.leaf_hash())
    }

    #[test]
    fn entries_and_leaf_hashes_are_those_of_the_independent_implementation() {
        let vectors = vectors();
        for vector in list(&vectors["events"]) {
            let (entry, hash) = ours(&vector["event"]);
            assert_eq!(hex::encode(&entry), text(vector, "entry"));
            assert_eq!(hex::encode(hash), text(vector, "leaf_hash"));
            let read = LoggedEntry::parse(&entry).expect("an entry");
            assert_eq!(Some(read.position), vector["event"]["position"].as_i64());
            assert_eq!(read.event_type, text(&vector["event"], "event_type"));
            assert_eq!(read.personal.len(), list(&vector["event"]["personal"]).len());
            assert_eq!(LoggedEntry::parse(&entry[1..]), None);
            assert_eq!(LoggedEntry::parse(&entry[..entry.len() - 1]), None);
            assert_eq!(LoggedEntry::parse(&[entry, vec![0]].concat()), None);
        }
        assert_eq!(list(&vectors["events"]).len(), 7);
    }

    #[test]
    fn a_tree_over_the_entries_has_the_same_root_in_a_published_crate() {
        let vectors = vectors();
        let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let roots = list(&vectors["roots"]);
        assert_eq!(
            hex::encode(tree.root().as_bytes()),
            roots[0].as_str().expect("a root")
        );
        for (vector, root) in list(&vectors["events"]).iter().zip(&roots[1..]) {
            tree.push(ours(&vector["event"]).0);
            assert_eq!(
                hex::encode(tree.root().as_bytes()),
                root.as_str().expect("a root")
            );
        }
    }

    #[test]
    fn the_independent_implementation_has_the_well_known_roots_of_certificate_transparency() {
        let vectors = vectors();
        let roots: Vec<_> = list(&vectors["rfc6962"]["roots"])
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let known = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        assert_eq!(roots, known);
    }
}
