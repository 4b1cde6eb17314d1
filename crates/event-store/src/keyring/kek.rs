//! The key-encryption key: 32 bytes in a file that only the service can read.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::KekError;
use crate::files::{publish, sync_folder};

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
    pub fn fingerprint(&self) -> String {
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

/// The wrapping keys that a process can use: one, and while a rotation runs also the next, from the file beside it.
/// Cloning shares them.
#[derive(Clone)]
pub struct KeyEncryptionKeys(Arc<Known>);

struct Known {
    keys: RwLock<Vec<KeyEncryptionKey>>,
    file: Option<PathBuf>,
}

impl std::fmt::Debug for KeyEncryptionKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("KeyEncryptionKeys(..)")
    }
}

impl From<KeyEncryptionKey> for KeyEncryptionKeys {
    fn from(key: KeyEncryptionKey) -> Self {
        Self::of(vec![key], None)
    }
}

impl KeyEncryptionKeys {
    /// Reads the key file, and the next key where a rotation has put one. A running process looks again when it meets a
    /// key that was wrapped by one it does not know.
    pub fn load(path: &Path) -> Result<Self, KekError> {
        Ok(Self::of(files(path)?, Some(path.to_owned())))
    }

    /// As [`KeyEncryptionKeys::load`], but makes the key file when there is none.
    pub fn load_or_create(path: &Path) -> Result<Self, KekError> {
        KeyEncryptionKey::load_or_create(path)?;
        Self::load(path)
    }

    fn of(keys: Vec<KeyEncryptionKey>, file: Option<PathBuf>) -> Self {
        Self(Arc::new(Known {
            keys: RwLock::new(keys),
            file,
        }))
    }

    /// The key that new keyrings are made with.
    pub(super) fn first(&self) -> Option<KeyEncryptionKey> {
        self.0
            .keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .first()
            .cloned()
    }

    /// One more key, for a rotation in this process.
    pub(super) fn learn(&self, key: &KeyEncryptionKey) {
        let mut keys = self.0.keys.write().unwrap_or_else(PoisonError::into_inner);
        if keys.iter().all(|known| known.fingerprint() != key.fingerprint()) {
            keys.push(key.clone());
        }
    }

    /// The key of this fingerprint; asks the files when it is not at hand.
    pub(super) fn named(&self, fingerprint: &str) -> Option<KeyEncryptionKey> {
        if let Some(key) = self.at_hand(fingerprint) {
            return Some(key);
        }
        // An unreadable file now is a missing key now; what was read before stays good.
        for key in files(self.0.file.as_deref()?).ok()? {
            self.learn(&key);
        }
        self.at_hand(fingerprint)
    }

    fn at_hand(&self, fingerprint: &str) -> Option<KeyEncryptionKey> {
        let keys = self.0.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.iter().find(|key| key.fingerprint() == fingerprint).cloned()
    }
}

fn files(path: &Path) -> Result<Vec<KeyEncryptionKey>, KekError> {
    // The next key first: when a rotation ends between the two readings, its file has become the key file.
    let next = match KeyEncryptionKey::load(&beside(path, "next")) {
        Err(KekError::File { source, .. }) if source.kind() == ErrorKind::NotFound => None,
        next => Some(next?),
    };
    let mut keys = vec![KeyEncryptionKey::load(path)?];
    keys.extend(next);
    Ok(keys)
}

/// `key-encryption.key.next`: the name of the file with another word behind it.
fn beside(path: &Path, word: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(word);
    name.into()
}

/// Lays the next key beside the key file, where every process finds it. Nothing happens when it lies there already. Refused
/// when another rotation has not ended, or its old key was not put away: no key is ever written over.
pub fn stage_next_key(key_file: &Path, next: &KeyEncryptionKey) -> Result<PathBuf, KekError> {
    check_previous(key_file)?;
    let path = beside(key_file, "next");
    let file_error = |source| KekError::File {
        path: path.clone(),
        source,
    };
    match publish(&path, next.0.as_ref()) {
        Ok(()) => Ok(path),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            if KeyEncryptionKey::load(&path)?.fingerprint() == next.fingerprint() {
                Ok(path)
            } else {
                Err(KekError::OtherRotation { path })
            }
        }
        Err(error) => Err(file_error(error)),
    }
}

fn check_previous(key_file: &Path) -> Result<(), KekError> {
    let previous = beside(key_file, "previous");
    if previous.exists()
        && KeyEncryptionKey::load(&previous)?.fingerprint() != KeyEncryptionKey::load(key_file)?.fingerprint()
    {
        return Err(KekError::PreviousInTheWay { path: previous });
    }
    Ok(())
}

/// Ends a rotation: the next key becomes the key file in one step, the old one stays as `….previous` until it is removed by
/// hand. Call it only when nothing is wrapped by the old key any more; calling it again does nothing.
pub fn switch_key_file(key_file: &Path) -> Result<PathBuf, KekError> {
    let (next, previous) = (beside(key_file, "next"), beside(key_file, "previous"));
    let file_error = |source| KekError::File {
        path: key_file.to_owned(),
        source,
    };
    if !next.exists() {
        return Ok(previous);
    }
    match std::fs::hard_link(key_file, &previous) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => check_previous(key_file)?,
        linked => linked.map_err(file_error)?,
    }
    std::fs::rename(&next, key_file).map_err(file_error)?;
    sync_folder(key_file).map_err(file_error)?;
    Ok(previous)
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

    #[test]
    fn a_next_key_is_found_by_who_runs_and_switched_to_in_one_step() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("kek");
        let running = KeyEncryptionKeys::load_or_create(&path).expect("made");
        let old = running.first().expect("a key").fingerprint();
        let next = KeyEncryptionKey::from_bytes([2; 32]);
        assert!(running.named(&next.fingerprint()).is_none());
        for _ in 0..2 {
            stage_next_key(&path, &next).expect("also twice");
        }
        let other = KeyEncryptionKey::from_bytes([3; 32]);
        let refused = stage_next_key(&path, &other).expect_err("one rotation at a time");
        assert!(matches!(refused, KekError::OtherRotation { .. }), "{refused}");
        assert!(running.named(&next.fingerprint()).is_some(), "without a restart");
        let previous = switch_key_file(&path).expect("switched");
        switch_key_file(&path).expect("also twice");
        let loaded = |path| KeyEncryptionKey::load(path).expect("a key").fingerprint();
        assert_eq!((loaded(&path), loaded(&previous)), (next.fingerprint(), old));
        let started = KeyEncryptionKeys::load(&path).expect("loaded");
        assert_eq!(started.first().expect("a key").fingerprint(), next.fingerprint());
        let kept = stage_next_key(&path, &other).expect_err("a key is never written over");
        assert!(matches!(kept, KekError::PreviousInTheWay { .. }), "{kept}");
        std::fs::remove_file(&previous).expect("put away");
        stage_next_key(&path, &other).expect("the next rotation");
    }
}
