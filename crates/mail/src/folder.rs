//! The transport of an office without a relay: each message is a file that any mail program opens.
//!
//! A file is there whole or not at all: it is written beside, synced, renamed, and the folder is synced. Its name comes from
//! the message's date and id, so the same message again replaces its own file.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::mailing::{Cause, Outcome};
use domain::reason::{Reason, ReasonCode};

use crate::Message;

/// A full disk is looked at again after this long.
const LOOK_AGAIN: Duration = Duration::from_mins(1);

/// A folder of `.eml` files.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// The folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the folder for outgoing mail {} cannot be made ({source}): make it, or check the owner and rights of what is above it", folder.display())]
pub struct FolderError {
    /// Which.
    pub folder: PathBuf,
    /// What the system says.
    pub source: io::Error,
}

impl Folder {
    /// Takes a folder, and makes it where there is none.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, FolderError> {
        let folder = folder.into();
        match std::fs::create_dir_all(&folder) {
            Ok(()) => Ok(Self(folder)),
            Err(source) => Err(FolderError { folder, source }),
        }
    }

    /// Where the files are.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The file of a message.
    pub fn file_of(&self, message: &Message) -> PathBuf {
        let time = message.date().format("%Y%m%dT%H%M%SZ");
        self.0.join(format!("{time}-{}.eml", message.id().row()))
    }

    pub(crate) async fn send(&self, message: &Message) -> Outcome {
        let (folder, file, bytes) = (self.0.clone(), self.file_of(message), message.bytes().to_vec());
        let written = tokio::task::spawn_blocking(move || write(&folder, &file, &bytes)).await;
        match written {
            Ok(Ok(())) => Outcome::Accepted { reply: None },
            Ok(Err(error)) => Outcome::Deferred {
                cause: Cause::Here(self.explain(&error)),
                retry_in: Some(LOOK_AGAIN),
            },
            Err(_) => Outcome::Panicked,
        }
    }

    fn explain(&self, error: &io::Error) -> Reason {
        let folder = self.0.display();
        let text = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                format!("the disk with the folder for outgoing mail {folder} is full: free some space")
            }
            // It is not made again: where a disk is not mounted, the files would go to the wrong one.
            io::ErrorKind::NotFound => {
                format!("the folder for outgoing mail {folder} is gone: mount its disk, or make it again")
            }
            _ => format!(
                "the folder for outgoing mail {folder} cannot be written to ({error}): check its disk, its owner and its rights"
            ),
        };
        Reason::new(ReasonCode::FolderUnwritable, text)
    }
}

/// What is left beside after a crash is named `.….part`, and is nobody's message.
fn write(folder: &Path, file: &Path, bytes: &[u8]) -> io::Result<()> {
    // Readable for its owner only, as tempfile makes it.
    let mut beside = tempfile::Builder::new()
        .prefix(".")
        .suffix(".part")
        .tempfile_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.persist(file).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}
