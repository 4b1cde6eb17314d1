//! Signed notes (C2SP signed-note) with Ed25519, and the keys that sign and check them.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// The type byte of an Ed25519 signature.
const ED25519: u8 = 1;
/// A note is small; more is an attack on whoever reads it.
const LONGEST: usize = 64 * 1024;

/// Why a note is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It has not the form of a signed note, or not that of a checkpoint.
    #[error("it is not a signed checkpoint")]
    Malformed,
    /// No signature is of the key that was asked for.
    #[error("it is not signed by this key")]
    OtherKey,
    /// A signature claims to be of the key and is not.
    #[error("its signature is wrong: it was changed, or made by somebody else")]
    BadSignature,
}

/// What checks a log's signatures: `NAME+ID+KEY` in text. Public; whoever is to check proofs has to get it once, on a
/// way that he trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

/// A text that is not the key of a verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a verifier key is NAME+ID+KEY, as `sengen proof --verifier-key` prints it")]
pub struct BadVerifierKey;

impl VerifierKey {
    /// Its name: the origin of the log.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> [u8; 4] {
        key_id(&self.name, &self.key)
    }

    /// Checks the signature of this key on a note and returns the text that was signed. Signatures of other keys do not
    /// count for or against.
    pub fn open<'n>(&self, note: &'n str) -> Result<&'n str, NoteError> {
        let (text, signatures) = split(note).ok_or(NoteError::Malformed)?;
        let mut found = false;
        for line in signatures.lines() {
            let (name, signature) = signature_line(line).ok_or(NoteError::Malformed)?;
            let Some(signature) = signature.strip_prefix(&self.id()) else {
                continue;
            };
            if name != self.name {
                continue;
            }
            let signature = Signature::from_slice(signature).map_err(|_| NoteError::BadSignature)?;
            self.key
                .verify_strict(text.as_bytes(), &signature)
                .map_err(|_| NoteError::BadSignature)?;
            found = true;
        }
        if found { Ok(text) } else { Err(NoteError::OtherKey) }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let typed = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        let id = hex::encode(self.id());
        write!(formatter, "{}+{id}+{}", self.name, BASE64_STANDARD.encode(typed))
    }
}

impl std::str::FromStr for VerifierKey {
    type Err = BadVerifierKey;

    fn from_str(text: &str) -> Result<Self, BadVerifierKey> {
        // Base 64 has a plus of its own, a name has none.
        let mut parts = text.trim().splitn(3, '+');
        let mut part = || parts.next().ok_or(BadVerifierKey);
        let (name, id, typed) = (part()?, part()?, part()?);
        let typed = BASE64_STANDARD.decode(typed).map_err(|_| BadVerifierKey)?;
        let key = typed.strip_prefix(&[ED25519]).ok_or(BadVerifierKey)?;
        let key: [u8; 32] = key.try_into().map_err(|_| BadVerifierKey)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| BadVerifierKey)?;
        if !is_key_name(name) || id != hex::encode(key_id(name, &key)) {
            return Err(BadVerifierKey);
        }
        let name = name.to_owned();
        Ok(Self { name, key })
    }
}

/// The public half of a key under the name of its log.
pub(super) fn verifier(name: &str, key: &SigningKey) -> VerifierKey {
    VerifierKey {
        name: name.to_owned(),
        key: key.verifying_key(),
    }
}

/// Whether a log of this origin can sign: the name of a key has neither spaces nor `+`.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty()
        && !name
            .chars()
            .any(|it| it.is_whitespace() || it.is_control() || it == '+')
}

/// Signs a text, which ends with a newline, as a note.
pub(super) fn sign(text: &str, name: &str, key: &SigningKey) -> String {
    let signature = key.sign(text.as_bytes()).to_bytes();
    let identified = [
        key_id(name, &key.verifying_key()).as_slice(),
        signature.as_slice(),
    ]
    .concat();
    format!("{text}\n— {name} {}\n", BASE64_STANDARD.encode(identified))
}

/// The text of a note, with its last newline and without its signatures; nothing is said about who signed it.
pub(super) fn unchecked_text(note: &str) -> Option<&str> {
    let (text, signatures) = split(note)?;
    let signed = signatures.lines().all(|line| signature_line(line).is_some());
    signed.then_some(text)
}

fn split(note: &str) -> Option<(&str, &str)> {
    let control = |it: char| it < ' ' && it != '\n';
    if note.len() > LONGEST || note.contains(control) || !note.ends_with('\n') {
        return None;
    }
    let blank = note.rfind("\n\n")?;
    let (text, signatures) = (&note[..=blank], &note[blank + 2..]);
    (!signatures.is_empty()).then_some((text, signatures))
}

/// Name, and the bytes of id and signature.
fn signature_line(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
    let signature = BASE64_STANDARD.decode(signature).ok()?;
    (is_key_name(name) && signature.len() > 4).then_some((name, signature))
}

fn key_id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let mut hasher = Sha256::new();
    hasher.update(name);
    hasher.update([b'\n', ED25519]);
    hasher.update(key.as_bytes());
    let hash: [u8; 32] = hasher.finalize().into();
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests {
    use super::*;

    const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const NOTE: &str = "This is an example message.\n\n\
        — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    #[test]
    fn the_example_of_the_specification_verifies_and_every_changed_byte_is_refused() {
        let key: VerifierKey = VKEY.parse().expect("a key");
        assert_eq!(key.to_string(), VKEY);
        assert_eq!(key.open(NOTE), Ok("This is an example message.\n"));
        for at in 0..NOTE.len() {
            for bit in 0..8 {
                let mut bytes = NOTE.as_bytes().to_vec();
                bytes[at] ^= 1 << bit;
                if let Ok(changed) = String::from_utf8(bytes) {
                    assert!(key.open(&changed).is_err(), "byte {at} bit {bit}");
                }
            }
        }
    }

    #[test]
    fn a_verifier_key_with_any_other_character_is_refused() {
        for at in 0..VKEY.len() {
            let mut bytes = VKEY.as_bytes().to_vec();
            bytes[at] ^= 1;
            let text = String::from_utf8(bytes).expect("ASCII");
            // The last character of base 64 has bits that are not used; a strict decoder refuses them.
            assert_eq!(text.parse::<VerifierKey>(), Err(BadVerifierKey), "{text}");
        }
        for text in [
            "",
            "a",
            "a+b",
            "a+b+c",
            "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        ] {
            assert_eq!(text.parse::<VerifierKey>(), Err(BadVerifierKey), "{text}");
        }
    }

    #[test]
    fn signatures_of_others_beside_ours_do_not_matter() {
        let key: VerifierKey = VKEY.parse().expect("a key");
        let witness = SigningKey::from_bytes(&[3; 32]);
        let theirs = sign("This is an example message.\n", "witness.example", &witness);
        let both = format!("{NOTE}{}", theirs.split("\n\n").nth(1).expect("a signature"));
        assert_eq!(key.open(&both), Ok("This is an example message.\n"));
        assert_eq!(key.open(&theirs), Err(NoteError::OtherKey));
    }
}
