//! The key-encryption key: 32 bytes in a file that only the service can read.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use zeroize::Zeroizing;

use super::KekError;

/// The key that wraps all others. Without it every personal part reads as lost, so it has its own backup.
#[derive(Clone)]
pub struct KeyEncryptionKey(pub(super) Zeroizing<[u8; 32]>);

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
}
