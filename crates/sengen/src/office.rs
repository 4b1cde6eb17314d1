//! Opening the office: data folder, keys, database, log, projections; and closing it again.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::inquiry::Acknowledgement;
use app::staff::Notices;
use app::{App, Clock, SystemClock, SystemRandom};
use event_store::{
    Capabilities, Database, DatabaseError, DatabaseOptions, Engine, EventStore, KekError, KeyEncryptionKeys,
    Keyring, KeyringError, LogTree, MigrateError, OpenError, OpenOptions,
};
use mail::incoming::ReadLimits;
use scheduler::{RawReader, VirusScanner};

use crate::config::{Config, OFFICE};
use crate::exit::{Exit, Failure};
use crate::{output, provider, tree};

const DATABASE_FILE: &str = "sengen.db";
/// What one statement of a request may take; a whole request may take twice as long.
const READ_TIMEOUT: Duration = Duration::from_secs(5);

/// An open office.
pub struct Office {
    /// The use cases.
    pub app: Arc<App>,
    /// The tree over its log.
    pub tree: LogTree,
}

/// Whether the log is compared with the head that is kept outside the database. Only what writes nothing, or mends, may
/// go without.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OutsideHead {
    Compare,
    Ignore,
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

    /// Opens another register than that of the configuration, under the same key, for one command.
    pub async fn open_other(config: &Config, url: &str) -> Result<Self, Failure> {
        let clock = Arc::new(SystemClock);
        Self::open_database(config, url, clock, options_of_a_command(), OutsideHead::Ignore).await
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
        let url = database_url(config);
        Self::open_database(config, &url, clock, options_of_a_command(), outside).await
    }

    /// Opens everything for a server with many readers.
    pub async fn open_to_serve(config: &Config) -> Result<Self, Failure> {
        let options = DatabaseOptions {
            read_timeout: Some(READ_TIMEOUT),
            ..DatabaseOptions::default()
        };
        let (url, clock) = (database_url(config), Arc::new(SystemClock));
        Self::open_database(config, &url, clock, options, OutsideHead::Compare).await
    }

    async fn open_database(
        config: &Config,
        url: &str,
        clock: Arc<dyn Clock>,
        options: DatabaseOptions,
        outside: OutsideHead,
    ) -> Result<Self, Failure> {
        if let Some(path) = sqlite_file(url)
            && app::transfer::is_interrupted(path)
        {
            return Err(Failure::new(
                Exit::Storage,
                format!(
                    "a copy or restore to {} was interrupted; run it again, or remove the folder incoming beside it",
                    path.display()
                ),
            ));
        }
        let database = open_database(config, url, options).await?;
        database
            .migrate()
            .await
            .map_err(|error| migrate_failure(&error))?;
        let stored = EventStore::stored_origin(&database)
            .await
            .map_err(|error| database_failure(&error))?;
        let keys = keys(config, stored.is_none())?;
        let signing_key = tree::signing_key(config, &database).await?;
        let keyring = match &config.keys_url {
            Some(url) => Keyring::open(url, keys).await,
            None => Keyring::open_beside(&database, keys).await,
        };
        let keyring = keyring.map_err(|error| keyring_failure(config, &error))?;
        let store = open_log(config, &database, keyring, stored).await?;
        let tree = tree::over(config, store.clone(), signing_key, Arc::clone(&clock));
        if outside == OutsideHead::Compare {
            tree::refuse_other_key(config, &tree).await?;
            tree::refuse_other_history(&tree).await?;
        }
        let app = App::open(store, clock, Arc::new(SystemRandom))
            .await
            .map_err(|error| migrate_failure(&error))?;
        let origin = config.public_url(config.listen.port()).origin().to_owned();
        let app = app
            .with_tree(tree.clone())
            .with_staff_policy(config.staff.clone())
            .with_case_rules(config.cases)
            .with_bulk_rules(config.bulk)
            .with_review_rules(config.reviews)
            .with_export_rules(config.export)
            .with_letterhead(config.office.clone())
            .with_mail_contents(Arc::new(RawReader::new(ReadLimits::default())))
            .with_acknowledgement(acknowledgement(config))
            .with_four_eyes(config.inquiries.four_eyes)
            .with_public_site(config.public_site_url.as_ref().map(|url| url.origin().to_owned()))
            .with_passkeys(&origin)
            .with_single_sign_on(provider::open(config, &origin)?);
        let app = match &config.inquiries.clamd {
            Some(address) => app.with_file_scanner(Arc::new(VirusScanner::new(address.clone()))),
            None => app,
        };
        let notices = Notices {
            sender: OFFICE.to_owned(),
            origin,
        };
        Ok(Self {
            app: Arc::new(app.with_notices(notices)),
            tree,
        })
    }

    /// What the database engine is and can.
    pub fn capabilities(&self) -> &Capabilities {
        self.app.store().database().capabilities()
    }

    /// Waits until a failure of the disk has stopped all writing: the process should end then.
    pub async fn writing_stopped(&self) -> Failure {
        database_failure(&self.app.store().database().writing_stopped().await)
    }

    /// Gives the connections back; on SQLite this folds the write-ahead log into the file.
    pub async fn close(self) {
        self.app.close().await;
    }
}

fn options_of_a_command() -> DatabaseOptions {
    // Each connection has a page cache of its own, and one command does not read many things at a time.
    DatabaseOptions {
        connections: 2,
        page_cache: 8_192,
        ..DatabaseOptions::default()
    }
}

/// The database of a register that exists, with this version's schema and without its keys: what moves rows as they are
/// needs no more.
pub async fn existing_database(url: &str) -> Result<Database, Failure> {
    if let Some(path) = sqlite_file(url)
        && !path.exists()
    {
        let message = format!("there is no register at {}", path.display());
        return Err(Failure::new(Exit::Storage, message));
    }
    let database = Database::open(url)
        .await
        .map_err(|error| database_failure(&error))?;
    let migrated = database.migrate().await;
    migrated.map_err(|error| migrate_failure(&error))?;
    Ok(database)
}

/// The file of a SQLite address.
fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    Some(Path::new(path.trim_start_matches("//")))
}

/// The keys that wrap those of a register that exists.
pub fn existing_keys(config: &Config) -> Result<KeyEncryptionKeys, Failure> {
    keys(config, false)
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
    let url = database_url(config);
    let database = open_database(config, &url, DatabaseOptions::default()).await?;
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
async fn open_database(config: &Config, url: &str, options: DatabaseOptions) -> Result<Database, Failure> {
    let options = DatabaseOptions {
        allow_untested_engine: config.allow_untested_engine,
        ..options
    };
    let is_file = sqlite_file(url).is_some();
    if is_file {
        prepare_folder(&config.data_dir)?;
    }
    let database = Database::open_with(url, options)
        .await
        .map_err(|error| database_failure(&error))?;
    if !is_file {
        prepare_folder(&config.data_dir)?;
    }
    Ok(database)
}

/// Where the register of the configuration is.
pub fn database_url(config: &Config) -> String {
    config
        .database_url
        .clone()
        .unwrap_or_else(|| format!("sqlite:{}", config.data_dir.join(DATABASE_FILE).display()))
}

/// Makes the data folder, for its owner only, and tries whether it can be written.
pub fn prepare_folder(folder: &Path) -> Result<(), Failure> {
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
fn keys(config: &Config, may_make: bool) -> Result<KeyEncryptionKeys, Failure> {
    let keys = if may_make {
        KeyEncryptionKeys::load_or_create(&config.key_file)
    } else {
        KeyEncryptionKeys::load(&config.key_file)
    };
    keys.map_err(|error| match &error {
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

/// The sentence and exit code for a database that does not answer.
pub fn database_failure(error: &DatabaseError) -> Failure {
    let exit = match error {
        DatabaseError::UnknownEngine | DatabaseError::Address { .. } => Exit::Usage,
        DatabaseError::SqliteTooOld { .. }
        | DatabaseError::PostgresTooOld { .. }
        | DatabaseError::UntestedEngine { .. } => Exit::Engine,
        _ => Exit::Storage,
    };
    if let DatabaseError::UntestedEngine { capabilities, .. } = error {
        output::note(&capabilities.to_string());
    }
    let hint = match error {
        DatabaseError::Unavailable(_) => "; check that the server runs and that --database-url is right",
        _ => "",
    };
    Failure::new(exit, format!("{error}{hint}"))
}

/// The sentence and exit code for a schema that cannot be made.
pub fn migrate_failure(error: &MigrateError) -> Failure {
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

/// What goes out by itself to whoever writes, when the office wants that.
fn acknowledgement(config: &Config) -> Option<Acknowledgement> {
    config.inquiries.acknowledge.then(|| Acknowledgement {
        sender: OFFICE.to_owned(),
        signature: config.office.lines(),
    })
}
