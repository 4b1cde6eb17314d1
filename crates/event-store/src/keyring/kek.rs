//! The key-encryption key: 32 bytes in a file that only the service can read.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::KekError;

const NONCE: usize = 24;

/// The key that wraps all others. Without it every personal part reads as lost, so it has its own backup.
#[derive(Clone)]
pub struct KeyEncryptionKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for KeyEncryptionKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("KeyEncryptionKey(..)")
    }
}

impl KeyEncryptionKey {
    /// The key with these bytes (a test's, or one from a secret store).
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads the key from a file of exactly 32 bytes.
    pub fn load(path: &Path) -> Result<Self, KekError> {
        let bytes = std::fs::read(path).map_err(|source| KekError::File {
            path: path.to_owned(),
            source,
        })?;
        let bytes = Zeroizing::new(bytes);
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KekError::Length {
            path: path.to_owned(),
            found: bytes.len(),
        })?;
        Ok(Self::from_bytes(key))
    }

    /// Reads the key, or makes a random one when there is no file (readable by its owner only).
    pub fn load_or_create(path: &Path) -> Result<Self, KekError> {
        if path.exists() {
            return Self::load(path);
        }
        let mut key = Zeroizing::new([0_u8; 32]);
        crate::random::fill(key.as_mut());
        let file_error = |source| KekError::File {
            path: path.to_owned(),
            source,
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => {
                file.write_all(key.as_ref())
                    .and_then(|()| file.sync_all())
                    .map_err(file_error)?;
                Ok(Self(key))
            }
            // Another process was faster; its key counts.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Self::load(path),
            Err(error) => Err(file_error(error)),
        }
    }

    /// Names the key without telling it: it stands beside what it wrapped, so that a rotation knows what is left.
    pub(super) fn fingerprint(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(b"sengen.kek/1");
        hasher.update(self.0.as_ref());
        hex::encode(&hasher.finalize()[..8])
    }

    /// `24-byte nonce ‖ XChaCha20-Poly1305`, bound to what the key belongs to.
    pub(super) fn wrap(&self, belonging: &[u8], key: &[u8; 32]) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        crate::random::fill(&mut nonce);
        let ciphertext = self
            .cipher()
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: key,
                    aad: belonging,
                },
            )
            .expect("a key is far smaller than the cipher's limit");
        [nonce.as_slice(), &ciphertext].concat()
    }

    /// `None` when this is not the key that wrapped it, or when it was changed.
    pub(super) fn unwrap(&self, belonging: &[u8], wrapped: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
        let (nonce, ciphertext) = wrapped.split_first_chunk::<NONCE>()?;
        let payload = Payload {
            msg: ciphertext,
            aad: belonging,
        };
        let key = Zeroizing::new(self.cipher().decrypt(&XNonce::from(*nonce), payload).ok()?);
        <[u8; 32]>::try_from(key.as_slice()).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.0).into())
    }
}
