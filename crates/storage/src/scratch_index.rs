//! An index of declarations in a file that is thrown away: what an import must know of the rows before, and the register's
//! own index does not hold. In a file, so that the import of a large register takes no more memory than that of a small one.

use event_store::{Database, DatabaseError, DatabaseOptions, MigrateError};
use tempfile::TempDir;

use crate::register_index::{self, Indexed};
use crate::sql::StorageError;

/// It is read a few hundred rows at a time: a small page cache does, in KiB.
const PAGE_CACHE: u32 = 2_048;

/// Why there is no scratch index.
#[derive(Debug, thiserror::Error)]
pub enum ScratchError {
    /// No temporary folder can be made.
    #[error(
        "no temporary folder can be made; check that the disk has space and TMPDIR names a folder that can be written"
    )]
    Folder(#[from] std::io::Error),
    /// The file cannot be opened.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Its tables cannot be made.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
}

/// The index, and the folder that goes with it.
#[derive(Debug)]
pub struct ScratchIndex {
    // Before the folder: what is open is closed first.
    database: Database,
    _folder: TempDir,
}

impl ScratchIndex {
    /// Makes an empty one in the system's folder for temporary files.
    pub async fn open() -> Result<Self, ScratchError> {
        let folder = TempDir::new()?;
        let url = format!("sqlite:{}", folder.path().join("scratch.db").display());
        let options = DatabaseOptions {
            connections: 1,
            page_cache: PAGE_CACHE,
            ..DatabaseOptions::default()
        };
        let database = Database::open_with(&url, options).await?;
        database.migrate().await?;
        Ok(Self {
            database,
            _folder: folder,
        })
    }

    /// For the look-ups of [`register_index`].
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// Adds declarations.
    pub async fn add(&self, rows: &[Indexed]) -> Result<(), StorageError> {
        let mut tx = self.database.begin_write().await?;
        register_index::write(&mut tx, rows).await?;
        Ok(tx.commit().await?)
    }
}
