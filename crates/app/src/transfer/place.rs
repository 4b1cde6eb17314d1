//! Where a new SQLite register is made: in a folder `incoming` beside its place, moved there when all is checked.
//!
//! Until then there is nothing that could be mistaken for a register: an interrupted copy or restore leaves the folder,
//! and a register without its file but with that folder refuses to open.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use event_store::KEYS_FILE;
use storage::read_record::READS_FILE;

const INCOMING: &str = "incoming";
const LOCK: &str = "lock";
/// Written when everything is checked, before anything is moved.
const COMPLETE: &str = "complete";

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// There is a file already.
    #[error("{path} exists already; name a folder without a register")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Keys were to stay, and there are none.
    #[error("{path} is missing; put the keyring there, or restore an archive with its keys")]
    NoKeys {
        /// Where the keys should be.
        path: PathBuf,
    },
    /// Another process is at it.
    #[error("another copy or restore is filling {folder}")]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The system refused.
    #[error("{path} cannot be written: {source}")]
    File {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Whether a copy or restore to this SQLite file was interrupted.
pub fn is_interrupted(database: &Path) -> bool {
    !database.exists() && incoming(database).exists()
}

fn incoming(database: &Path) -> PathBuf {
    database.with_file_name(INCOMING)
}

/// What becomes of the keyring of a new register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlaceKeys {
    /// It is made with the register.
    Made,
    /// It is beside the register already, and stays.
    Kept,
    /// It is in a database of its own.
    Elsewhere,
}

/// A place for a new SQLite file, held against other processes.
pub(super) struct Place {
    database: PathBuf,
    keys: PlaceKeys,
    _lock: File,
}

impl Place {
    /// Takes the place, and throws away what an interrupted attempt has left.
    pub(super) fn take(database: &Path, keys: PlaceKeys) -> Result<Self, PlaceError> {
        let exists = |path: &Path| PlaceError::Exists {
            path: path.to_owned(),
        };
        if database.exists() {
            return Err(exists(database));
        }
        let folder = incoming(database);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        on(&folder, builder.create(&folder))?;
        let path = folder.join(LOCK);
        let lock = on(&path, File::create(&path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(PlaceError::Busy { folder }),
            Err(TryLockError::Error(source)) => return Err(PlaceError::File { path, source }),
        }
        let place = Self {
            database: database.to_owned(),
            keys,
            _lock: lock,
        };
        // An attempt that had moved some of its files and not yet the log: they are its own, not somebody's.
        if folder.join(COMPLETE).exists() {
            for name in place.made_beside() {
                let path = database.with_file_name(name);
                if !folder.join(name).exists() && path.exists() {
                    on(&path, fs::remove_file(&path))?;
                }
            }
        }
        place.clear()?;
        for name in place.made_beside() {
            let path = database.with_file_name(name);
            if path.exists() {
                return Err(exists(&path));
            }
        }
        let path = database.with_file_name(KEYS_FILE);
        if keys == PlaceKeys::Kept && !path.exists() {
            return Err(PlaceError::NoKeys { path });
        }
        Ok(place)
    }

    /// The files that are made beside the database.
    fn made_beside(&self) -> impl Iterator<Item = &'static str> {
        let keys = (self.keys == PlaceKeys::Made).then_some(KEYS_FILE);
        std::iter::once(READS_FILE).chain(keys)
    }

    /// Where the database is filled.
    pub(super) fn filled(&self) -> PathBuf {
        let name = self.database.file_name().unwrap_or_default();
        incoming(&self.database).join(name)
    }

    /// The keyring's file: beside the database that is filled, or the one that stays.
    pub(super) fn keys(&self) -> PathBuf {
        match self.keys {
            PlaceKeys::Made => incoming(&self.database).join(KEYS_FILE),
            PlaceKeys::Kept | PlaceKeys::Elsewhere => self.database.with_file_name(KEYS_FILE),
        }
    }

    /// The file of the records of reads, where it is filled.
    pub(super) fn reads(&self) -> PathBuf {
        incoming(&self.database).join(READS_FILE)
    }

    /// Moves the closed files to their place, durably; the database last, because without it there is no register.
    pub(super) fn settle(self) -> Result<(), PlaceError> {
        let folder = incoming(&self.database);
        let filled = self.filled();
        sync(&filled)?;
        for name in self.made_beside() {
            closed(&folder.join(name))?;
            sync(&folder.join(name))?;
        }
        let complete = folder.join(COMPLETE);
        on(&complete, fs::write(&complete, b"")).and_then(|()| sync(&complete))?;
        sync(&folder)?;
        for name in self.made_beside() {
            let path = folder.join(name);
            on(&path, fs::rename(&path, self.database.with_file_name(name)))?;
        }
        sync_parent(&self.database)?;
        on(&filled, fs::rename(&filled, &self.database))?;
        sync_parent(&self.database)
    }

    fn clear(&self) -> Result<(), PlaceError> {
        let folder = incoming(&self.database);
        for entry in on(&folder, fs::read_dir(&folder))? {
            let path = on(&folder, entry)?.path();
            if path.file_name().is_some_and(|name| name != LOCK) {
                on(&path, fs::remove_file(&path))?;
            }
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Only swept: what stays of it is thrown away by the next attempt.
        fs::remove_dir_all(incoming(&self.database)).ok();
    }
}

fn on<T>(path: &Path, result: io::Result<T>) -> Result<T, PlaceError> {
    result.map_err(|source| PlaceError::File {
        path: path.to_owned(),
        source,
    })
}

/// A file whose write-ahead log was not folded in is not whole.
fn closed(path: &Path) -> Result<(), PlaceError> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let log = PathBuf::from(log);
    if log.exists() {
        let source = io::Error::other("its write-ahead log is still in use");
        return Err(PlaceError::File { path: log, source });
    }
    Ok(())
}

fn sync(path: &Path) -> Result<(), PlaceError> {
    on(path, File::open(path).and_then(|file| file.sync_all()))
}

fn sync_parent(path: &Path) -> Result<(), PlaceError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    sync(folder)
}
