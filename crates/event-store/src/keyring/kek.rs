//! The key-encryption key: 32 bytes in a file that only the service can read.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
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
        match publish(path, key.as_ref()) {
            Ok(()) => Ok(Self(key)),
            // Another process was faster; its key counts.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Self::load(path),
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

/// Makes the file with its whole content or not at all, and durably: what it wraps must never outlive it.
fn publish(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut suffix = [0; 8];
    crate::random::fill(&mut suffix);
    let draft = path.with_extension(hex::encode(suffix));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    let linked = file
        .write_all(content)
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::hard_link(&draft, path));
    std::fs::remove_file(&draft)?;
    linked?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_for_its_owner_only_and_must_have_32_bytes() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("kek");
        let made = KeyEncryptionKey::load_or_create(&path).expect("made");
        let loaded = KeyEncryptionKey::load_or_create(&path).expect("loaded");
        assert_eq!(made.0, loaded.0);
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("the folder").count(),
            1,
            "no draft is left"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let rights = std::fs::metadata(&path).expect("its rights").permissions().mode();
            assert_eq!(rights & 0o777, 0o600);
        }
        std::fs::write(&path, b"short").expect("written");
        let error = KeyEncryptionKey::load(&path).expect_err("refused").to_string();
        assert!(error.contains("exactly 32 bytes, it holds 5"), "{error}");
        assert!(KeyEncryptionKey::load(&folder.path().join("none")).is_err());
    }
}
