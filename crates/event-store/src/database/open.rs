//! Opening a database by its address, with the settings that the log depends on.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::SqliteArguments;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgConnection, PgPool, Sqlite, SqliteConnection, SqlitePool, Transaction};

use super::connection::{Connection, Engine, Handle, WriteTx};
use super::deadline::Deadline;
use super::health::Health;
use super::log_connections::LogConnections;
use super::log_thread::LogThread;
use super::single::Single;
use super::{Capabilities, DatabaseError, Sql, is_busy, probe};

/// Older ones can corrupt a WAL database that two connections write or checkpoint at once.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
const OLDEST_SQLITE_TEXT: &str = "3.51.3";

/// Begins a write on PostgreSQL, in one round trip.
pub(super) const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0";
/// The same, ended by the server where the process stands still in the middle.
const BEGIN_BRIEF: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; \
     SET LOCAL idle_in_transaction_session_timeout = '5s'";
/// A statement and not a parameter of the connection, which poolers refuse.
const READ_TIMEOUT: &str = "SELECT set_config('statement_timeout', $1, false)";
/// What a statement may keep in memory: which of millions of rows a common word has. With the server's own 4 MB it forgets the rows and
/// remembers only their pages, each of whose rows is then looked at.
const WORK_MEMORY: &str = "SET work_mem = '32MB'";

/// A database of either engine. Cloning shares it.
#[derive(Clone, Debug)]
pub enum Database {
    /// Embedded.
    Sqlite(SqliteDatabase),
    /// A server.
    Postgres(PostgresDatabase),
}

/// A SQLite file: one writing connection, for which writers queue in turn, and several read-only ones.
#[derive(Clone, Debug)]
pub struct SqliteDatabase {
    path: PathBuf,
    options: DatabaseOptions,
    readers: SqlitePool,
    pub(super) writer: SqlitePool,
    pub(super) single: Single,
    health: Health,
    capabilities: Arc<Capabilities>,
    log_thread: LogThread,
}

/// A PostgreSQL database: a pool for everybody but the log, which has connections of its own, so that readers cannot starve it.
#[derive(Clone, Debug)]
pub struct PostgresDatabase {
    pub(super) pool: PgPool,
    /// Used on the thread of the log only: a connection ends with the runtime that made it.
    pub(super) log: LogConnections,
    capabilities: Arc<Capabilities>,
    log_thread: LogThread,
}

/// How a database is used; the defaults suit a server process.
#[derive(Clone, Debug)]
pub struct DatabaseOptions {
    /// Connections for reading (SQLite) or for everything but the log (PostgreSQL).
    pub connections: u32,
    /// How long SQLite waits for another process, for each of `busy_tries`.
    pub busy_timeout: Duration,
    /// How often a write is begun before [`DatabaseError::Busy`].
    pub busy_tries: u32,
    /// How long to wait for a free connection or for one's turn to write, and for PostgreSQL to answer an append.
    pub acquire_timeout: Duration,
    /// Page cache of each SQLite connection, in KiB.
    pub page_cache: u32,
    /// How long one statement of a reader may take; none is as long as it needs. Writers are not cut off: what they do was
    /// decided by us.
    pub read_timeout: Option<Duration>,
    /// Go on with a server that is no PostgreSQL we have tested, or an old one.
    pub allow_untested_engine: bool,
}

impl Default for DatabaseOptions {
    fn default() -> Self {
        Self {
            connections: 8,
            busy_timeout: Duration::from_secs(5),
            busy_tries: 3,
            acquire_timeout: Duration::from_secs(30),
            page_cache: 16_384,
            read_timeout: None,
            allow_untested_engine: false,
        }
    }
}

impl Database {
    /// Opens `sqlite:PATH` (made when missing) or `postgres://…`, and refuses versions that cannot be trusted.
    pub async fn open(url: &str) -> Result<Self, DatabaseError> {
        Self::open_with(url, DatabaseOptions::default()).await
    }

    /// As [`Database::open`], with other settings.
    pub async fn open_with(url: &str, options: DatabaseOptions) -> Result<Self, DatabaseError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            PostgresDatabase::open(url, options).await.map(Self::Postgres)
        } else if let Some(path) = url.strip_prefix("sqlite:") {
            SqliteDatabase::open(Path::new(path.trim_start_matches("//")), options)
                .await
                .map(Self::Sqlite)
        } else {
            Err(DatabaseError::UnknownEngine)
        }
    }

    /// What is kept apart on SQLite: another file in the same folder, with connections that hold
    /// `page_cache` KiB each. PostgreSQL keeps it in the same database.
    pub async fn open_beside(&self, file: &str, page_cache: u32) -> Result<Self, DatabaseError> {
        match self {
            Self::Sqlite(sqlite) => {
                let options = DatabaseOptions {
                    page_cache,
                    ..sqlite.options.clone()
                };
                let beside = SqliteDatabase::open(&sqlite.path.with_file_name(file), options).await?;
                Ok(Self::Sqlite(beside.sharing_health_with(sqlite)))
            }
            Self::Postgres(_) => Ok(self.clone()),
        }
    }

    /// Makes a SQLite file that is filled in one go and thrown away if that fails: nothing in it survives a crash until it
    /// is closed and opened as usual.
    pub async fn open_to_fill(path: &Path) -> Result<Self, DatabaseError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .row_buffer_size(512)
            .pragma("mmap_size", "0")
            .pragma("cache_size", "-131072");
        SqliteDatabase::with_writer(path, DatabaseOptions::default(), options)
            .await
            .map(Self::Sqlite)
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// A connection for reading. On SQLite it cannot write.
    pub async fn acquire_read(&self) -> Result<Connection, DatabaseError> {
        self.acquire(None).await
    }

    /// The same for a walk through many rows in one transaction: it takes as long as it needs, and each statement of it is
    /// short. PostgreSQL measures each statement by itself.
    pub async fn acquire_long_read(&self) -> Result<Connection, DatabaseError> {
        self.acquire(Some(Duration::MAX)).await
    }

    /// `limit`: on SQLite instead of the configured one, if there is one.
    async fn acquire(&self, limit: Option<Duration>) -> Result<Connection, DatabaseError> {
        Ok(match self {
            Self::Sqlite(sqlite) => Connection::Sqlite(sqlite.acquire_read(limit).await?),
            Self::Postgres(postgres) => {
                Connection::Postgres(Handle::reading(postgres.pool.acquire().await?, None))
            }
        })
    }

    /// A connection that sees the database as it is at its first statement, until it is dropped; others go on writing.
    ///
    /// On SQLite the write-ahead log cannot be folded into the file meanwhile: do not hold it longer than needed.
    pub async fn begin_snapshot(&self) -> Result<Connection, DatabaseError> {
        Ok(match self {
            Self::Sqlite(sqlite) => Connection::Sqlite(Handle::writing(
                sqlite.readers.begin_with("BEGIN DEFERRED").await?,
            )),
            Self::Postgres(postgres) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
                Connection::Postgres(Handle::writing(postgres.pool.begin_with(begin).await?))
            }
        })
    }

    /// Begins to write. On SQLite this waits in turn for the one writing connection: hold it briefly.
    pub async fn begin_write(&self) -> Result<WriteTx, DatabaseError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.begin().await,
            Self::Postgres(postgres) => {
                let transaction = postgres.pool.begin_with(BEGIN_WRITE).await?;
                Ok(WriteTx::of_postgres(Handle::writing(transaction), None))
            }
        }
    }

    /// As [`Database::begin_write`], for a few statements between which nothing is waited for. A process that stands still in the
    /// middle would hold up every other that wants the same rows, so PostgreSQL ends it after five seconds.
    pub async fn begin_brief(&self) -> Result<WriteTx, DatabaseError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.begin().await,
            Self::Postgres(postgres) => {
                let transaction = postgres.pool.begin_with(BEGIN_BRIEF).await?;
                Ok(WriteTx::of_postgres(Handle::writing(transaction), None))
            }
        }
    }

    /// Runs one statement, with what the engine's closure binds, that is a transaction by itself: what it wrote is on disk when this
    /// answers, and no word to begin and another to commit went to the database for it. When the connection was lost it is run once
    /// more, so it may be carried out twice.
    pub async fn write_single(
        &self,
        statement: Sql,
        sqlite_values: impl FnOnce() -> Result<SqliteArguments, sqlx::error::BoxDynError> + Send,
        postgres_values: impl Fn() -> Result<PgArguments, sqlx::error::BoxDynError> + Send + Sync,
    ) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite(sqlite) => {
                sqlite.health.check()?;
                let values = sqlite_values().map_err(sqlx::Error::Encode)?;
                sqlite
                    .write_single(statement.sqlite, values)
                    .await
                    .inspect_err(|error| sqlite.health.heed(error))
            }
            Self::Postgres(postgres) => postgres.write_single(statement.postgres, postgres_values).await,
        }
    }

    /// Runs a task on the thread of the log.
    pub(crate) fn spawn_on_log(&self, task: impl Future<Output = ()> + Send + 'static) {
        match self {
            Self::Sqlite(sqlite) => sqlite.log_thread.spawn(task),
            Self::Postgres(postgres) => postgres.log_thread.spawn(task),
        }
    }

    /// Begins an append: `postgres` is the text that begins the transaction and takes the lock in one round trip.
    pub(crate) async fn begin_append(&self, postgres: &'static str) -> Result<WriteTx, DatabaseError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.begin().await,
            Self::Postgres(database) => {
                let connection = database.log.take().await?;
                let handle = Handle::begin(connection, postgres).await?;
                Ok(WriteTx::of_postgres(handle, Some(database.log.clone())))
            }
        }
    }

    /// The same beside the log, to look only: it does not wait for those who append.
    pub(crate) async fn begin_look(&self, postgres: &'static str) -> Result<WriteTx, DatabaseError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.begin().await,
            Self::Postgres(database) => {
                let transaction = database.pool.begin_with(postgres).await?;
                Ok(WriteTx::of_postgres(Handle::writing(transaction), None))
            }
        }
    }

    /// What the engine is and can, as found when it was opened.
    pub fn capabilities(&self) -> &Capabilities {
        match self {
            Self::Sqlite(sqlite) => &sqlite.capabilities,
            Self::Postgres(postgres) => &postgres.capabilities,
        }
    }

    /// Waits until a failure of the disk has stopped all writing, and says why: then the process should end, because
    /// only a new start finds out what the disk has kept. A PostgreSQL server does that for itself.
    pub async fn writing_stopped(&self) -> DatabaseError {
        match self {
            Self::Sqlite(sqlite) => sqlite.health.stopped().await,
            Self::Postgres(_) => std::future::pending().await,
        }
    }

    /// Closes all connections; on SQLite this also folds the write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(sqlite) => {
                sqlite.readers.close().await;
                sqlite.single.close().await;
                sqlite.writer.close().await;
            }
            Self::Postgres(postgres) => {
                postgres.pool.close().await;
                postgres.log.close().await;
            }
        }
    }
}

impl SqliteDatabase {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// When the disk fails under one of the files, nothing is written to the others either.
    #[must_use]
    fn sharing_health_with(mut self, other: &Self) -> Self {
        self.health = other.health.clone();
        self
    }

    /// Opens the file, made when missing.
    pub(crate) async fn open(path: &Path, options: DatabaseOptions) -> Result<Self, DatabaseError> {
        let writing = connect_options(path, &options)
            .create_if_missing(true)
            // Of a new file. An event is half a page of the usual 4 KiB and would have one to itself.
            .page_size(8_192)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL may take back commits that were acknowledged when the power fails.
            .synchronous(SqliteSynchronous::Full)
            .pragma("fullfsync", "ON")
            .pragma("checkpoint_fullfsync", "ON")
            // REPLACE INTO deletes rows without their trigger otherwise.
            .pragma("recursive_triggers", "ON")
            // What is deleted is overwritten: destroyed keys, and names in lists of persons who were forgotten.
            .pragma("secure_delete", "ON");
        Self::with_writer(path, options, writing).await
    }

    async fn with_writer(
        path: &Path,
        options: DatabaseOptions,
        writing: SqliteConnectOptions,
    ) -> Result<Self, DatabaseError> {
        // Before the file is touched: opening it may already write to it.
        let version = sqlite_version().await?;
        check_sqlite_version(&version)?;
        let file_error = |source| DatabaseError::File {
            path: path.display().to_string(),
            source,
        };
        // The queue for this one connection is fair: writers get their turn in the order of asking.
        let writer = without_upkeep(SqlitePoolOptions::new())
            .max_connections(1)
            .min_connections(1)
            .test_before_acquire(false)
            .acquire_timeout(options.acquire_timeout)
            .after_release(|connection, _| Box::pin(has_no_open_transaction(connection)))
            .connect_with(writing)
            .await
            .map_err(file_error)?;
        // What a process that died left in the write-ahead log may never have been synced. It is written and synced
        // anew before anybody is told that it is there.
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
            .execute(&writer)
            .await
            .map_err(file_error)?;
        let readers = without_upkeep(SqlitePoolOptions::new())
            .max_connections(options.connections)
            .test_before_acquire(false)
            .acquire_timeout(options.acquire_timeout)
            .connect_with(connect_options(path, &options).read_only(true))
            .await
            .map_err(file_error)?;
        Ok(Self {
            path: path.to_owned(),
            options,
            readers,
            writer,
            single: Single::default(),
            health: Health::good(),
            capabilities: Arc::new(probe::of_sqlite(&version)),
            log_thread: LogThread::default(),
        })
    }

    async fn acquire_read(&self, limit: Option<Duration>) -> Result<Handle<Sqlite>, DatabaseError> {
        let mut reader = self.readers.acquire().await?;
        // All loans of a pool are watched or none: what a loan leaves behind on its connection ends every statement.
        let deadline = match self.options.read_timeout {
            Some(usual) => Some(Deadline::watch(&mut reader, limit.unwrap_or(usual)).await?),
            None => None,
        };
        Ok(Handle::reading(reader, deadline))
    }

    async fn begin(&self) -> Result<WriteTx, DatabaseError> {
        let transaction = self.begin_transaction().await?;
        Ok(WriteTx::of_sqlite(
            Handle::writing(transaction),
            self.health.clone(),
        ))
    }

    pub(super) async fn begin_transaction(&self) -> Result<Transaction<'static, Sqlite>, DatabaseError> {
        self.health.check()?;
        let mut tries = 1;
        loop {
            // IMMEDIATE: a transaction that reads first and writes later would fail at once when another wrote between.
            match self.writer.begin_with("BEGIN IMMEDIATE").await {
                Ok(transaction) => return Ok(transaction),
                Err(error) if is_busy(&error) && tries < self.options.busy_tries => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl PostgresDatabase {
    /// How long it may take to answer an append; after that the connection counts as lost.
    pub(crate) fn patience(&self) -> Duration {
        self.log.patience
    }

    /// A connection of the log for a statement that is a transaction by itself.
    pub(crate) async fn take_log(&self) -> Result<PgConnection, DatabaseError> {
        self.log.take().await
    }

    /// Takes it back; one on which something failed is dropped instead.
    pub(crate) fn keep_log(&self, connection: PgConnection) {
        self.log.keep(connection);
    }

    /// The pool that everybody but the log uses.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    async fn open(url: &str, options: DatabaseOptions) -> Result<Self, DatabaseError> {
        let connect = PgConnectOptions::from_str(url)
            .map_err(|error| DatabaseError::Address {
                reason: error.to_string(),
            })?
            .application_name("sengen");
        // By itself, because a pool tries again for as long as somebody may wait for a connection: an address that is
        // wrong is said at once.
        let mut first = PgConnection::connect_with(&connect).await.map_err(refused)?;
        let capabilities = probe::of_postgres(&mut first, options.allow_untested_engine).await?;
        first.close().await?;
        // sqlx would send a ping before each use, which costs a third of a short statement's time.
        let pool = without_upkeep(PgPoolOptions::new())
            .test_before_acquire(false)
            .acquire_timeout(options.acquire_timeout)
            // One more than asked for: it waits for notifications for ever.
            .max_connections(options.connections + 1)
            .before_acquire(|_, connection| {
                let is_fresh = is_fresh(connection.age, connection.idle_for);
                Box::pin(std::future::ready(Ok(is_fresh)))
            })
            .after_connect(move |connection, _| Box::pin(set_up(connection, options.read_timeout)))
            .connect_with(connect.clone())
            .await?;
        let log = LogConnections::new(connect, options.acquire_timeout);
        Ok(Self {
            pool,
            log,
            capabilities: Arc::new(capabilities),
            log_thread: LogThread::default(),
        })
    }
}

/// A pool that looks after its connections only when one is asked for. What sqlx 0.9.0 does beside that counts those that are idle, and now
/// and then (seen after forty minutes of one import) counts below zero: from then on it goes through 2^64 of them and keeps a thread for
/// itself, also when the process wants to end (launchbadge/sqlx#3645; ADR 54).
fn without_upkeep<DB: sqlx::Database>(options: sqlx::pool::PoolOptions<DB>) -> sqlx::pool::PoolOptions<DB> {
    options.idle_timeout(None).max_lifetime(None)
}

/// Whether a connection is used again: a server keeps what it has read for each, and what stands between may forget one that is silent.
fn is_fresh(age: Duration, idle_for: Duration) -> bool {
    const OLDEST: Duration = Duration::from_mins(30);
    const IDLEST: Duration = Duration::from_mins(10);
    age < OLDEST && idle_for < IDLEST
}

/// Tells an address that is wrong from a server that is away.
fn refused(error: sqlx::Error) -> DatabaseError {
    // Invalid authorisation, invalid password, no such database, no right to connect.
    const OF_THE_ADDRESS: [&str; 4] = ["28000", "28P01", "3D000", "42501"];
    match &error {
        sqlx::Error::Database(said) if said.code().is_some_and(|code| OF_THE_ADDRESS.contains(&&*code)) => {
            DatabaseError::Refused {
                reason: said.message().to_owned(),
            }
        }
        _ => error.into(),
    }
}

async fn set_up(connection: &mut PgConnection, limit: Option<Duration>) -> Result<(), sqlx::Error> {
    sqlx::query(WORK_MEMORY).execute(&mut *connection).await?;
    if let Some(limit) = limit {
        let limit = format!("{}ms", limit.as_millis());
        sqlx::query(READ_TIMEOUT).bind(limit).execute(connection).await?;
    }
    Ok(())
}

/// What readers and the writer of a file have in common.
fn connect_options(path: &Path, options: &DatabaseOptions) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(options.busy_timeout)
        .foreign_keys(true)
        .row_buffer_size(512)
        .pragma("mmap_size", "0")
        .pragma("cache_size", format!("-{}", options.page_cache))
}

/// SQLite ends a transaction by itself when the disk is full or fails. sqlx still counts it as open and would refuse
/// to begin another one on this connection for ever, so the connection is given up.
async fn has_no_open_transaction(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // A rollback that was begun by dropping the transaction comes before this.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

/// The version of the library that is linked in.
async fn sqlite_version() -> Result<String, DatabaseError> {
    let mut memory = SqliteConnection::connect("sqlite::memory:").await?;
    let version = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(&mut memory)
        .await?;
    memory.close().await?;
    Ok(version)
}

/// Refuses the versions of SQLite that can corrupt a database in WAL mode.
fn check_sqlite_version(found: &str) -> Result<(), DatabaseError> {
    let mut numbers = found.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    let version = (next(), next(), next());
    if version < OLDEST_SQLITE {
        return Err(DatabaseError::SqliteTooOld {
            found: found.to_owned(),
            needed: OLDEST_SQLITE_TEXT,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_sqlite_is_refused_with_both_versions() {
        for old in ["3.51.2", "3.50.9", "3.7.0", "2.8.17", "nonsense"] {
            let error = check_sqlite_version(old).expect_err("too old");
            assert!(
                error.to_string().contains(old) && error.to_string().contains("3.51.3"),
                "{error}"
            );
        }
        for new in ["3.51.3", "3.52.0", "4.0.0"] {
            check_sqlite_version(new).expect("new enough");
        }
    }
    #[test]
    fn no_pool_goes_through_its_idle_connections_by_itself() {
        fn ages<DB: sqlx::Database>() -> [Option<Duration>; 2] {
            let options = without_upkeep(sqlx::pool::PoolOptions::<DB>::new());
            [options.get_idle_timeout(), options.get_max_lifetime()]
        }
        assert_eq!(ages::<sqlx::Postgres>(), [None, None]);
        assert_eq!(ages::<Sqlite>(), [None, None]);
    }

    #[test]
    fn a_connection_that_is_old_or_was_silent_for_long_is_not_used_again() {
        let minutes = Duration::from_mins;
        assert!(is_fresh(minutes(29), minutes(9)));
        assert!(!is_fresh(minutes(30), minutes(0)));
        assert!(!is_fresh(minutes(11), minutes(10)));
    }
}
