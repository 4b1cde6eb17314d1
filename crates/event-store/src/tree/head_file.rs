//! The last signed head outside the database and its backups: what a restored older copy is noticed by.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::checkpoint::Checkpoint;
use super::note::{NoteError, VerifierKey};
use crate::files;

/// The file. It holds the checkpoint as it was signed, and nothing else.
#[derive(Clone, Debug)]
pub struct HeadFile {
    path: PathBuf,
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HeadFileError {
    /// It cannot be read or written.
    #[error("the signed head {path} cannot be used")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It holds something else than a head of this log.
    #[error("the signed head {path} does not count: {reason}")]
    Note {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: NoteError,
    },
}

impl HeadFile {
    /// The file at this path, whether it exists or not.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn failed(&self, source: std::io::Error) -> HeadFileError {
        let path = self.path.clone();
        HeadFileError::File { path, source }
    }

    fn text(&self) -> Result<Option<String>, HeadFileError> {
        match std::fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// The head, when there is one; only one that is signed with this key is believed.
    pub fn read(&self, key: &VerifierKey) -> Result<Option<Checkpoint>, HeadFileError> {
        let Some(text) = self.text()? else {
            return Ok(None);
        };
        let checkpoint = Checkpoint::open(&text, key).map_err(|reason| HeadFileError::Note {
            path: self.path.clone(),
            reason,
        })?;
        Ok(Some(checkpoint))
    }

    /// Writes a newer head over an older one, durably. One that is not newer changes nothing: several processes of one
    /// machine may keep the same file.
    pub fn keep(&self, checkpoint: &Checkpoint) -> Result<(), HeadFileError> {
        let kept = self.text()?.and_then(|text| Checkpoint::unchecked(&text).ok());
        if kept.is_some_and(|kept| kept.head.size >= checkpoint.head.size) {
            return Ok(());
        }
        files::replace(&self.path, checkpoint.note.as_bytes()).map_err(|error| self.failed(error))
    }

    /// Puts the file aside, as evidence, under a name that says over how many events it is; returns where.
    pub fn set_aside(&self, size: u64) -> Result<PathBuf, HeadFileError> {
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{size}.set-aside"));
        let aside = PathBuf::from(name);
        std::fs::rename(&self.path, &aside).map_err(|error| self.failed(error))?;
        Ok(aside)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LogSigningKey, TreeHead};
    use super::*;

    fn checkpoint(size: u64) -> Checkpoint {
        let origin = "test.example.jp/log".to_owned();
        let root = [u8::try_from(size).expect("small"); 32];
        TreeHead { origin, size, root }.sign(&LogSigningKey::from_bytes(&[9; 32]))
    }

    #[test]
    fn only_a_newer_head_replaces_the_one_that_is_kept() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let file = HeadFile::at(folder.path().join("signed-head"));
        let key = LogSigningKey::from_bytes(&[9; 32]).verifier("test.example.jp/log");
        assert_eq!(file.read(&key).expect("nothing"), None);
        for (size, kept) in [(3, 3), (2, 3), (3, 3), (7, 7)] {
            file.keep(&checkpoint(size)).expect("kept");
            assert_eq!(file.read(&key).expect("a head"), Some(checkpoint(kept)));
        }
        let files = || std::fs::read_dir(folder.path()).expect("the folder").count();
        assert_eq!(files(), 1, "no draft is left");
        let aside = file.set_aside(7).expect("put aside");
        assert!(aside.ends_with("signed-head.7.set-aside"), "{}", aside.display());
        assert_eq!((file.read(&key).expect("nothing"), files()), (None, 1));
    }

    #[test]
    fn a_head_of_another_key_or_log_or_a_damaged_one_is_refused() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let file = HeadFile::at(folder.path().join("signed-head"));
        file.keep(&checkpoint(3)).expect("kept");
        let key = |byte, origin| LogSigningKey::from_bytes(&[byte; 32]).verifier(origin);
        for key in [key(8, "test.example.jp/log"), key(9, "other.example.jp/log")] {
            let error = file.read(&key).expect_err("refused").to_string();
            assert!(error.contains("not signed by this key"), "{error}");
        }
        let text = std::fs::read_to_string(file.path()).expect("text");
        std::fs::write(file.path(), text.replace("\n3\n", "\n2\n")).expect("written");
        let error = file
            .read(&key(9, "test.example.jp/log"))
            .expect_err("refused")
            .to_string();
        assert!(error.contains("signature is wrong"), "{error}");
        std::fs::write(file.path(), "").expect("written");
        assert!(file.read(&key(9, "test.example.jp/log")).is_err());
    }
}
