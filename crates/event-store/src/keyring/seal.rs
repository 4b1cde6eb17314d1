//! Sealing what is no event but must open nothing when it is stolen: a few bytes under a subject's key, bound to what they
//! are for.
//!
//! The format, version 1: `1 ‖ key id ‖ 24-byte nonce ‖ XChaCha20-Poly1305(key, nonce, bytes)`. Authenticated beside it are
//! the label, the key id and the subject, so that nothing sealed opens in another place.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Keyring, KeyringError};
use crate::bytes::{Reader, Writer};
use crate::event::SubjectId;

const VERSION: u8 = 1;
const NONCE: usize = 24;

/// Why something sealed stays closed.
#[derive(Debug, thiserror::Error)]
pub enum UnsealError {
    /// The subject's key is not there any more: they were forgotten, or keys were left out of the backup.
    #[error("the key of subject {} is not there", .0.0)]
    KeyGone(SubjectId),
    /// It is not what was sealed for this purpose under this key.
    #[error("what was sealed under the key of subject {} is damaged or of another place", .0.0)]
    Damaged(SubjectId),
    /// The keyring does not answer.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
}

impl Keyring {
    /// Seals bytes under a subject's key, which is made if it is missing. `label` says what they are for.
    pub async fn seal(&self, subject: SubjectId, label: &str, bytes: &[u8]) -> Result<Vec<u8>, KeyringError> {
        let keys = self.sealing(&[subject]).await?;
        let key = keys.get(&subject).ok_or(KeyringError::Destroyed(subject))?;
        let mut nonce = [0; NONCE];
        crate::random::fill(&mut nonce);
        let aad = authenticated(label, key.id, subject);
        let payload = Payload {
            msg: bytes,
            aad: &aad,
        };
        let ciphertext = XChaCha20Poly1305::new(&(*key.bytes).into())
            .encrypt(&XNonce::from(nonce), payload)
            .expect("what is sealed here is far smaller than the cipher's limit of 256 GiB");
        let mut writer = Writer::new(1 + 16 + NONCE + ciphertext.len());
        writer.raw(&[VERSION]).id(key.id).raw(&nonce).raw(&ciphertext);
        Ok(writer.finish())
    }

    /// Opens what [`Keyring::seal`] sealed under the same subject and label.
    pub async fn unseal(
        &self,
        subject: SubjectId,
        label: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, UnsealError> {
        let (key_id, nonce, ciphertext) = parts(sealed).ok_or(UnsealError::Damaged(subject))?;
        let keys = self.opening(&[subject]).await?;
        let key = keys.get(&subject).filter(|key| key.id == key_id);
        let key = key.ok_or(UnsealError::KeyGone(subject))?;
        let aad = authenticated(label, key_id, subject);
        let payload = Payload {
            msg: ciphertext,
            aad: &aad,
        };
        XChaCha20Poly1305::new(&(*key.bytes).into())
            .decrypt(&XNonce::from(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| UnsealError::Damaged(subject))
    }
}

fn parts(sealed: &[u8]) -> Option<(Uuid, [u8; NONCE], &[u8])> {
    let mut reader = Reader::new(sealed);
    if reader.fixed::<1>()? != [VERSION] {
        return None;
    }
    let (key_id, nonce) = (reader.id()?, reader.fixed()?);
    Some((key_id, nonce, sealed.get(1 + 16 + NONCE..)?))
}

fn authenticated(label: &str, key_id: Uuid, subject: SubjectId) -> Vec<u8> {
    let mut writer = Writer::new(96);
    writer
        .text("sengen.sealed/1")
        .text(label)
        .id(key_id)
        .id(subject.0);
    writer.finish()
}
