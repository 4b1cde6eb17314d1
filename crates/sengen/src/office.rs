//! Opening the office: data folder, keys, database, log, projections; and closing it again.

use std::path::Path;
use std::sync::Arc;

use app::{App, Clock, SystemClock, SystemRandom};
use event_store::{
    Database, DatabaseError, DatabaseOptions, EventStore, KekError, KeyEncryptionKey, Keyring, KeyringError,
    LogTree, MigrateError, OpenError, OpenOptions,
};

use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::tree;

const DATABASE_FILE: &str = "sengen.db";

/// An open office.
pub struct Office {
    /// The use cases.
    pub app: Arc<App>,
    /// The tree over its log.
    pub tree: LogTree,
    database: Database,
}

/// Whether the log is compared with the head that is kept outside the database. Only what writes nothing, or mends, may
/// go without.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OutsideHead {
    Compare,
    Ignore,
}

impl Office {
    /// Opens everything for one command, made when missing, with the machine's clock.
    pub async fn open(config: &Config) -> Result<Self, Failure> {
        Self::open_with(config, Arc::new(SystemClock)).await
    }

    /// Opens everything for one command, with another clock.
    pub async fn open_with(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        Self::open_for_a_command(config, clock, OutsideHead::Compare).await
    }

    /// Opens everything for a command that looks for what is wrong, or puts it right.
    pub async fn open_unchecked(config: &Config) -> Result<Self, Failure> {
        Self::open_for_a_command(config, Arc::new(SystemClock), OutsideHead::Ignore).await
    }

    async fn open_for_a_command(
        config: &Config,
        clock: Arc<dyn Clock>,
        outside: OutsideHead,
    ) -> Result<Self, Failure> {
        // Each connection has a page cache of its own, and one command does not read many things at a time.
        let options = DatabaseOptions {
            connections: 2,
            ..DatabaseOptions::default()
        };
        Self::open_database(config, clock, options, outside).await
    }

    /// Opens everything for a server with many readers.
    pub async fn open_to_serve(config: &Config) -> Result<Self, Failure> {
        let options = DatabaseOptions::default();
        Self::open_database(config, Arc::new(SystemClock), options, OutsideHead::Compare).await
    }

    async fn open_database(
        config: &Config,
        clock: Arc<dyn Clock>,
        options: DatabaseOptions,
        outside: OutsideHead,
    ) -> Result<Self, Failure> {
        prepare_folder(&config.data_dir)?;
        let database = Database::open_with(&database_url(config), options)
            .await
            .map_err(|error| database_failure(&error))?;
        database
            .migrate()
            .await
            .map_err(|error| migrate_failure(&error))?;
        let stored = EventStore::stored_origin(&database)
            .await
            .map_err(|error| database_failure(&error))?;
        let key = key(config, stored.is_none())?;
        let signing_key = tree::signing_key(config, &database).await?;
        let keyring = Keyring::open_beside(&database, key)
            .await
            .map_err(|error| keyring_failure(config, &error))?;
        let store = open_log(config, &database, keyring, stored).await?;
        let tree = tree::over(config, store.clone(), signing_key, Arc::clone(&clock));
        if outside == OutsideHead::Compare {
            tree::refuse_other_key(config, &tree).await?;
            tree::refuse_other_history(&tree).await?;
        }
        let app = App::new(store, clock, Arc::new(SystemRandom)).with_tree(tree.clone());
        Ok(Self {
            app: Arc::new(app),
            tree,
            database,
        })
    }

    /// Gives the connections back; on SQLite this folds the write-ahead log into the file.
    pub async fn close(self) {
        self.app.stop_projections().await;
        self.database.close().await;
    }
}

/// Opens the log under its own name. A log that is made gets the configured one, or one that nobody else has.
async fn open_log(
    config: &Config,
    database: &Database,
    keyring: Keyring,
    stored: Option<String>,
) -> Result<EventStore, Failure> {
    let wanted = config.log_origin.clone().or(stored);
    let options = |origin| OpenOptions {
        database: database.clone(),
        keyring: keyring.clone(),
        origin,
        inline: storage::inline_projectors(),
    };
    let origin = wanted.unwrap_or_else(|| tree::new_origin(config));
    match EventStore::open(options(origin)).await {
        // Another process made the log between our looking and our opening, under another name.
        Err(OpenError::OtherOrigin { found, .. }) if config.log_origin.is_none() => {
            EventStore::open(options(found)).await
        }
        opened => opened,
    }
    .map_err(|error| open_failure(&error))
}

/// Brings the database to this version's schema, and nothing else.
pub async fn migrate(config: &Config) -> Result<(), Failure> {
    prepare_folder(&config.data_dir)?;
    let database = Database::open(&database_url(config))
        .await
        .map_err(|error| database_failure(&error))?;
    let migrated = database.migrate().await.map_err(|error| migrate_failure(&error));
    database.close().await;
    migrated
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
        OpenError::BadOrigin => Failure::new(Exit::Usage, format!("log_origin cannot be used: {error}")),
        OpenError::OtherOrigin { .. } => Failure::from_error(Exit::Storage, error),
    }
}
