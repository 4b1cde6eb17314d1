//! The key that signs the log: 32 bytes in a file that only its owner can read.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use super::note::{self, VerifierKey};

/// Signs checkpoints. Whoever has it can sign another history in this log's name, so it lies apart from the database.
#[derive(Clone)]
pub struct LogSigningKey(SigningKey);

/// Why a signing key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    /// The file cannot be read or made.
    #[error("the signing key {path} cannot be used")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not a key.
    #[error("the signing key {path} must have exactly 32 bytes, it holds {found}")]
    Length {
        /// The file.
        path: PathBuf,
        /// Its length.
        found: usize,
    },
    /// Others than its owner may read or change the file.
    #[error(
        "the signing key {path} can be read or changed by others (its rights are {rights:o}); run chmod 600 {path}"
    )]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its rights, as chmod writes them.
        rights: u32,
    },
}

impl std::fmt::Debug for LogSigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LogSigningKey(..)")
    }
}

impl LogSigningKey {
    /// The key with these bytes (a test's, or one from a secret store).
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(bytes))
    }

    /// Reads the key; refuses a file that others may read or change.
    pub fn load(path: &Path) -> Result<Self, SigningKeyError> {
        let file_error = |source| SigningKeyError::File {
            path: path.to_owned(),
            source,
        };
        refuse_open_rights(path)?;
        let bytes = Zeroizing::new(std::fs::read(path).map_err(file_error)?);
        let key =
            Zeroizing::new(
                <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| SigningKeyError::Length {
                    path: path.to_owned(),
                    found: bytes.len(),
                })?,
            );
        Ok(Self::from_bytes(&key))
    }

    /// Reads the key, or makes a random one when there is no file (readable by its owner only).
    pub fn load_or_create(path: &Path) -> Result<Self, SigningKeyError> {
        if path.exists() {
            return Self::load(path);
        }
        let mut key = Zeroizing::new([0_u8; 32]);
        crate::random::fill(key.as_mut());
        match crate::files::publish(path, key.as_ref()) {
            Ok(()) => Ok(Self::from_bytes(&key)),
            // Another process was faster; its key counts.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Self::load(path),
            Err(source) => Err(SigningKeyError::File {
                path: path.to_owned(),
                source,
            }),
        }
    }

    /// The public half, for the log of this origin.
    pub fn verifier(&self, origin: &str) -> VerifierKey {
        note::verifier(origin, &self.0)
    }

    pub(super) fn sign(&self, origin: &str, text: &str) -> String {
        note::sign(text, origin, &self.0)
    }
}

#[cfg(unix)]
fn refuse_open_rights(path: &Path) -> Result<(), SigningKeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = std::fs::metadata(path).map_err(|source| SigningKeyError::File {
        path: path.to_owned(),
        source,
    })?;
    // Nothing for the group or for others: the lower six bits.
    let rights = metadata.permissions().mode() & 0o777;
    if rights.trailing_zeros() >= 6 {
        return Ok(());
    }
    Err(SigningKeyError::TooOpen {
        path: path.to_owned(),
        rights,
    })
}

#[cfg(not(unix))]
fn refuse_open_rights(_path: &Path) -> Result<(), SigningKeyError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signing_key_is_made_once_and_refused_when_others_may_read_it() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("log-signing.key");
        let made = LogSigningKey::load_or_create(&path).expect("made");
        let loaded = LogSigningKey::load_or_create(&path).expect("loaded");
        assert_eq!(made.verifier("a"), loaded.verifier("a"));
        assert_eq!(format!("{made:?}"), "LogSigningKey(..)");
        #[cfg(unix)]
        for rights in [0o640, 0o604, 0o620, 0o601, 0o777] {
            use std::os::unix::fs::PermissionsExt as _;
            let open = std::fs::Permissions::from_mode(rights);
            std::fs::set_permissions(&path, open).expect("rights");
            let error = LogSigningKey::load(&path).expect_err("refused").to_string();
            assert!(
                error.contains(&format!("{rights:o}")) && error.contains("chmod 600"),
                "{error}"
            );
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("rights");
        }
        std::fs::write(&path, b"short").expect("written");
        let error = LogSigningKey::load(&path).expect_err("refused").to_string();
        assert!(error.contains("exactly 32 bytes, it holds 5"), "{error}");
        assert!(LogSigningKey::load(&folder.path().join("none")).is_err());
    }
}
