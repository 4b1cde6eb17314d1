//! Personal parts: sealed one by one under their subject's key, framed into one column.
//!
//! The frame, version 1: one byte `1`, then for each part, sorted by name, with texts and byte strings as u32 length and
//! bytes: name text, subject id, key id, 32-byte commitment, sealed byte string. No parts: no bytes at all.
//!
//! Sealed is `24-byte nonce ‖ XChaCha20-Poly1305(key, nonce, salt ‖ canonical JSON)`. Authenticated beside it are the
//! fields of [`Context`], the key id, the subject and the name, so that no part can be moved to another place unseen.

use std::collections::HashMap;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use serde_json::Value;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::bytes::{Reader, Writer};
use crate::event::{PartBody, ReadPart, SubjectId};
use crate::keyring::SubjectKey;
use crate::leaf;

const VERSION: u8 = 1;
const SALT: usize = 32;
const NONCE: usize = 24;

/// The event that a part belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub origin: &'c str,
    pub event_id: Uuid,
    pub event_type: &'c str,
    pub schema_version: i64,
}

impl Context<'_> {
    fn authenticated(self, key_id: Uuid, subject: SubjectId, name: &str) -> Vec<u8> {
        let mut writer = Writer::new(160);
        writer
            .text("sengen.personal/1")
            .text(self.origin)
            .id(self.event_id)
            .text(self.event_type)
            .number(self.schema_version)
            .id(key_id)
            .id(subject.0)
            .text(name);
        writer.finish()
    }
}

/// A part as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SealedPart {
    pub name: String,
    pub subject: SubjectId,
    pub key_id: Uuid,
    pub commitment: [u8; 32],
    pub sealed: Vec<u8>,
}

/// A part that its key does not open, or that is not what the leaf says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tampered;

impl SealedPart {
    /// Seals the canonical text of a part.
    pub(crate) fn seal(
        context: Context<'_>,
        name: &str,
        subject: SubjectId,
        plain: &str,
        key: &SubjectKey,
    ) -> Self {
        let mut random = [0; SALT + NONCE];
        crate::random::fill(&mut random);
        let (salt, nonce) = random.split_at(SALT);
        let mut message = Zeroizing::new(Vec::with_capacity(SALT + plain.len()));
        message.extend_from_slice(salt);
        message.extend_from_slice(plain.as_bytes());
        let nonce: [u8; NONCE] = nonce.try_into().expect("the buffer is a salt and a nonce long");
        let aad = context.authenticated(key.id, subject, name);
        let ciphertext = XChaCha20Poly1305::new(&(*key.bytes).into())
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: &message,
                    aad: &aad,
                },
            )
            .expect("a part is far smaller than the cipher's limit of 256 GiB");
        let mut sealed = Vec::with_capacity(NONCE + ciphertext.len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        let commitment = leaf::commitment(salt, plain.as_bytes());
        Self {
            name: name.to_owned(),
            subject,
            key_id: key.id,
            commitment,
            sealed,
        }
    }

    /// Opens the part; redacted when its key is not there any more.
    pub(crate) fn open(&self, context: Context<'_>, keys: &Keys) -> Result<PartBody, Tampered> {
        let Some(key) = keys.get(&self.subject).filter(|key| key.id == self.key_id) else {
            return Ok(PartBody::Redacted);
        };
        let (nonce, ciphertext) = self.sealed.split_first_chunk::<NONCE>().ok_or(Tampered)?;
        let aad = context.authenticated(self.key_id, self.subject, &self.name);
        let message = XChaCha20Poly1305::new(&(*key.bytes).into())
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: ciphertext,
                    aad: &aad,
                },
            )
            .map_err(|_| Tampered)?;
        let message = Zeroizing::new(message);
        let (salt, plain) = message.split_at_checked(SALT).ok_or(Tampered)?;
        if leaf::commitment(salt, plain) != self.commitment {
            return Err(Tampered);
        }
        serde_json::from_slice::<Value>(plain)
            .map(PartBody::Open)
            .map_err(|_| Tampered)
    }

    /// Opens the part for a reader.
    pub(crate) fn read(self, context: Context<'_>, keys: &Keys) -> Result<ReadPart, Tampered> {
        let body = self.open(context, keys)?;
        Ok(ReadPart {
            subject: self.subject,
            name: self.name,
            body,
        })
    }
}

/// Keys at hand, by subject.
pub(crate) type Keys = HashMap<SubjectId, Arc<SubjectKey>>;

/// The column of these parts, which are sorted by name.
pub(crate) fn frame(parts: &[SealedPart]) -> Vec<u8> {
    if parts.is_empty() {
        return Vec::new();
    }
    let mut writer = Writer::new(1 + parts.iter().map(|part| part.sealed.len() + 128).sum::<usize>());
    writer.raw(&[VERSION]);
    for part in parts {
        writer
            .text(&part.name)
            .id(part.subject.0)
            .id(part.key_id)
            .raw(&part.commitment)
            .bytes(&part.sealed);
    }
    writer.finish()
}

/// The parts of a column; `None` when it is not one.
pub(crate) fn unframe(column: &[u8]) -> Option<Vec<SealedPart>> {
    let mut reader = framed(column)?;
    let mut parts = Vec::new();
    while !reader.is_empty() {
        parts.push(next(&mut reader)?.to_part());
    }
    Some(parts)
}

/// The part of this name of a column; `None` when it is not a column.
#[expect(
    clippy::option_option,
    reason = "what cannot be read and what is not there are two things"
)]
pub(crate) fn find<'c>(column: &'c [u8], name: &str) -> Option<Option<FramedPart<'c>>> {
    let mut reader = framed(column)?;
    while !reader.is_empty() {
        let part = next(&mut reader)?;
        if part.name == name {
            return Some(Some(part));
        }
    }
    Some(None)
}

/// A part where it lies in its column.
pub(crate) struct FramedPart<'c> {
    name: &'c str,
    subject: SubjectId,
    key_id: Uuid,
    commitment: [u8; 32],
    sealed: &'c [u8],
}

impl FramedPart<'_> {
    /// The same in memory of its own.
    pub(crate) fn to_part(&self) -> SealedPart {
        SealedPart {
            name: self.name.to_owned(),
            subject: self.subject,
            key_id: self.key_id,
            commitment: self.commitment,
            sealed: self.sealed.to_vec(),
        }
    }
}

/// A reader on the first part.
fn framed(column: &[u8]) -> Option<Reader<'_>> {
    let mut reader = Reader::new(column);
    (reader.is_empty() || reader.fixed::<1>()? == [VERSION]).then_some(reader)
}

fn next<'c>(reader: &mut Reader<'c>) -> Option<FramedPart<'c>> {
    Some(FramedPart {
        name: reader.text()?,
        subject: SubjectId(reader.id()?),
        key_id: reader.id()?,
        commitment: reader.fixed()?,
        sealed: reader.bytes()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sealed() -> (SealedPart, Keys) {
        let subject = SubjectId(Uuid::from_u128(1));
        let key = SubjectKey {
            id: Uuid::from_u128(2),
            bytes: Zeroizing::new([3; 32]),
        };
        let part = SealedPart::seal(context(9), "name", subject, r#"{"a":1}"#, &key);
        (part, HashMap::from([(subject, Arc::new(key))]))
    }

    fn context(event: u128) -> Context<'static> {
        Context {
            origin: "o",
            event_id: Uuid::from_u128(event),
            event_type: "t",
            schema_version: 1,
        }
    }

    #[test]
    fn what_is_sealed_and_framed_opens_again() {
        let (part, keys) = sealed();
        let column = frame(std::slice::from_ref(&part));
        assert_eq!(unframe(&column), Some(vec![part.clone()]));
        assert_eq!(part.open(context(9), &keys), Ok(PartBody::Open(json!({"a": 1}))));
        assert_eq!(part.open(context(9), &Keys::new()), Ok(PartBody::Redacted));
    }

    #[test]
    fn a_part_that_was_moved_renamed_or_changed_does_not_open() {
        let (part, keys) = sealed();
        assert_eq!(part.open(context(8), &keys), Err(Tampered), "in another event");
        let renamed = SealedPart {
            name: "other".to_owned(),
            ..part.clone()
        };
        assert_eq!(renamed.open(context(9), &keys), Err(Tampered));
        let recommitted = SealedPart {
            commitment: [0; 32],
            ..part.clone()
        };
        assert_eq!(recommitted.open(context(9), &keys), Err(Tampered));
        for byte in 0..part.sealed.len() {
            let mut flipped = part.clone();
            flipped.sealed[byte] ^= 1;
            assert_eq!(flipped.open(context(9), &keys), Err(Tampered), "byte {byte}");
        }
    }

    #[test]
    fn a_cut_column_is_not_read() {
        let column = frame(&[sealed().0]);
        for length in 1..column.len() {
            let read = unframe(&column[..length]);
            assert!(read.is_none() || length == 1, "cut at {length}");
        }
        assert_eq!(unframe(&[2, 0]), None, "another version");
    }
}
