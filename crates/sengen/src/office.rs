//! Opening the office: data folder, keys, database, log, projections; and closing it again.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::{App, Clock, SystemClock, SystemRandom};
use event_store::{
    Database, DatabaseError, DatabaseOptions, Engine, EventStore, KekError, KeyEncryptionKey, Keyring,
    KeyringError, MigrateError, OpenError, OpenOptions,
};

use crate::config::Config;
use crate::exit::{Exit, Failure};

/// The name of the log, for ever: it enters every leaf hash.
const ORIGIN: &str = "sengen/register";
const DATABASE_FILE: &str = "sengen.db";
/// What one statement of a request may take; a whole request may take twice as long.
const READ_TIMEOUT: Duration = Duration::from_secs(5);

/// An open office.
pub struct Office {
    /// The use cases.
    pub app: Arc<App>,
}

impl Office {
    /// Whether there may be a register: a server's database, or a file in the data folder.
    pub fn is_there(config: &Config) -> bool {
        config.database_url.is_some() || config.data_dir.join(DATABASE_FILE).exists()
    }

    /// Opens everything for one command, made when missing, with the machine's clock.
    pub async fn open(config: &Config) -> Result<Self, Failure> {
        Self::open_with(config, Arc::new(SystemClock)).await
    }

    /// Opens everything for one command, with another clock.
    pub async fn open_with(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        // Each connection has a page cache of its own, and one command does not read many things at a time.
        let options = DatabaseOptions {
            connections: 2,
            page_cache: 8_192,
            ..DatabaseOptions::default()
        };
        Self::open_database(config, clock, options).await
    }

    /// Opens everything for a server with many readers.
    pub async fn open_to_serve(config: &Config) -> Result<Self, Failure> {
        let options = DatabaseOptions {
            read_timeout: Some(READ_TIMEOUT),
            ..DatabaseOptions::default()
        };
        Self::open_database(config, Arc::new(SystemClock), options).await
    }

    async fn open_database(
        config: &Config,
        clock: Arc<dyn Clock>,
        options: DatabaseOptions,
    ) -> Result<Self, Failure> {
        let database = open_database(config, options).await?;
        database
            .migrate()
            .await
            .map_err(|error| migrate_failure(&error))?;
        let exists = EventStore::exists(&database)
            .await
            .map_err(|error| database_failure(&error))?;
        let key = key(config, !exists)?;
        let keyring = Keyring::open_beside(&database, key)
            .await
            .map_err(|error| keyring_failure(config, &error))?;
        let options = OpenOptions {
            database,
            keyring,
            origin: ORIGIN.to_owned(),
            inline: storage::inline_projectors(),
        };
        let store = EventStore::open(options)
            .await
            .map_err(|error| open_failure(&error))?;
        let app = App::open(store, clock, Arc::new(SystemRandom))
            .await
            .map_err(|error| migrate_failure(&error))?;
        Ok(Self { app: Arc::new(app) })
    }

    /// Gives the connections back; on SQLite this folds the write-ahead log into the file.
    pub async fn close(self) {
        self.app.close().await;
    }
}

/// Brings the database to this version's schema, and nothing else.
pub async fn migrate(config: &Config) -> Result<(), Failure> {
    let database = open_database(config, DatabaseOptions::default()).await?;
    let migrated = migrate_all(&database)
        .await
        .map_err(|error| migrate_failure(&error));
    database.close().await;
    migrated
}

async fn migrate_all(database: &Database) -> Result<(), MigrateError> {
    database.migrate().await?;
    let reads = storage::read_record::open_beside(database).await?;
    if reads.engine() == Engine::Sqlite {
        reads.close().await;
    }
    Ok(())
}

/// Opens the database and makes the data folder. A database server comes first: an address that is wrong makes no folder.
async fn open_database(config: &Config, options: DatabaseOptions) -> Result<Database, Failure> {
    if config.database_url.is_none() {
        prepare_folder(&config.data_dir)?;
    }
    let database = Database::open_with(&database_url(config), options)
        .await
        .map_err(|error| database_failure(&error))?;
    if config.database_url.is_some() {
        prepare_folder(&config.data_dir)?;
    }
    Ok(database)
}

fn database_url(config: &Config) -> String {
    config
        .database_url
        .clone()
        .unwrap_or_else(|| format!("sqlite:{}", config.data_dir.join(DATABASE_FILE).display()))
}

/// Makes the data folder, for its owner only, and tries whether it can be written.
fn prepare_folder(folder: &Path) -> Result<(), Failure> {
    let unusable = |error: &std::io::Error| {
        Failure::new(
            Exit::Storage,
            format!(
                "the data folder {} cannot be used ({error}); give a folder that this user can write with --data-dir",
                folder.display()
            ),
        )
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| unusable(&error))?;
    tempfile::tempfile_in(folder)
        .map(drop)
        .map_err(|error| unusable(&error))
}

/// The key is made together with the log, never for a log that exists: what is sealed there has another one.
fn key(config: &Config, may_make: bool) -> Result<KeyEncryptionKey, Failure> {
    let key = if may_make {
        KeyEncryptionKey::load_or_create(&config.key_file)
    } else {
        KeyEncryptionKey::load(&config.key_file)
    };
    key.map_err(|error| match &error {
        KekError::File { source, .. } if !may_make && source.kind() == std::io::ErrorKind::NotFound => {
            Failure::new(
                Exit::Storage,
                format!(
                    "the key file {} is missing, and without it nothing personal in this register can be read; \
                     put it back from its backup, or name it with --key-file",
                    config.key_file.display()
                ),
            )
        }
        _ => Failure::from_error(Exit::Storage, &error),
    })
}

fn database_failure(error: &DatabaseError) -> Failure {
    let exit = match error {
        DatabaseError::UnknownEngine | DatabaseError::Address { .. } => Exit::Usage,
        DatabaseError::SqliteTooOld { .. } | DatabaseError::PostgresTooOld { .. } => Exit::Engine,
        _ => Exit::Storage,
    };
    let hint = match error {
        DatabaseError::Unavailable(_) => "; check that the server runs and that --database-url is right",
        _ => "",
    };
    Failure::new(exit, format!("{error}{hint}"))
}

fn migrate_failure(error: &MigrateError) -> Failure {
    match error {
        MigrateError::SchemaIsNewer { .. } => Failure::new(Exit::NewerSchema, error.to_string()),
        MigrateError::Database(error) => database_failure(error),
        _ => Failure::from_error(Exit::Storage, error),
    }
}

fn keyring_failure(config: &Config, error: &KeyringError) -> Failure {
    match error {
        KeyringError::WrongKek => Failure::new(
            Exit::Storage,
            format!(
                "the key file {} is not the one that this register was made with; name the right one with --key-file",
                config.key_file.display()
            ),
        ),
        KeyringError::Migrate(error) => migrate_failure(error),
        KeyringError::Database(error) => database_failure(error),
        _ => Failure::from_error(Exit::Storage, error),
    }
}

fn open_failure(error: &OpenError) -> Failure {
    match error {
        OpenError::Database(error) => database_failure(error),
        _ => Failure::from_error(Exit::Storage, error),
    }
}
