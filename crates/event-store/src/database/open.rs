//! Opening a database by its address, with the settings that the log depends on.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgConnection, PgPool, Sqlite, SqliteConnection, SqlitePool, Transaction};

use super::connection::{Connection, Engine, Handle, WriteTx};
use super::deadline::Deadline;
use super::{DatabaseError, is_busy};

/// Older ones can corrupt a WAL database that two connections write or checkpoint at once.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
const OLDEST_SQLITE_TEXT: &str = "3.51.3";
const OLDEST_POSTGRES: i32 = 150_000;

/// Begins a write on PostgreSQL, in one round trip.
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0";
/// A statement and not a parameter of the connection, which poolers refuse.
const READ_TIMEOUT: &str = "SELECT set_config('statement_timeout', $1, false)";

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
    writer: SqlitePool,
}

/// A PostgreSQL database: one pool for everybody and a small one for the log, so that readers cannot starve it.
#[derive(Clone, Debug)]
pub struct PostgresDatabase {
    pub(super) pool: PgPool,
    log: PgPool,
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
    /// How long to wait for a free connection or for one's turn to write.
    pub acquire_timeout: Duration,
    /// Page cache of each SQLite connection, in KiB.
    pub page_cache: u32,
    /// How long one statement of a reader may take; none is as long as it needs. Writers are not cut off: what they do was
    /// decided by us.
    pub read_timeout: Option<Duration>,
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
            SqliteDatabase::open(Path::new(path.trim_start_matches("//")), options, false)
                .await
                .map(Self::Sqlite)
        } else {
            Err(DatabaseError::UnknownEngine)
        }
    }

    /// What is kept apart on SQLite: another file in the same folder, whose deleted rows are overwritten, with connections
    /// that hold `page_cache` KiB each. PostgreSQL keeps it in the same database.
    pub async fn open_beside(&self, file: &str, page_cache: u32) -> Result<Self, DatabaseError> {
        match self {
            Self::Sqlite(sqlite) => {
                let options = DatabaseOptions {
                    page_cache,
                    ..sqlite.options.clone()
                };
                SqliteDatabase::open(&sqlite.path.with_file_name(file), options, true)
                    .await
                    .map(Self::Sqlite)
            }
            Self::Postgres(_) => Ok(self.clone()),
        }
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

    /// Begins to write. On SQLite this waits in turn for the one writing connection: hold it briefly.
    pub async fn begin_write(&self) -> Result<WriteTx, DatabaseError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.begin().await,
            Self::Postgres(postgres) => {
                let transaction = postgres.pool.begin_with(BEGIN_WRITE).await?;
                Ok(WriteTx::new(Connection::Postgres(Handle::writing(transaction))))
            }
        }
    }

    /// Begins an append: `postgres` is the text that begins the transaction and takes the lock in one round trip.
    pub(crate) async fn begin_append(&self, postgres: &'static str) -> Result<WriteTx, DatabaseError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.begin().await,
            Self::Postgres(database) => {
                let transaction = database.log.begin_with(postgres).await?;
                Ok(WriteTx::new(Connection::Postgres(Handle::writing(transaction))))
            }
        }
    }

    /// Closes all connections; on SQLite this also folds the write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(sqlite) => {
                sqlite.readers.close().await;
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

    /// Opens the file, made when missing. With `secure_delete` what is deleted is overwritten.
    pub(crate) async fn open(
        path: &Path,
        options: DatabaseOptions,
        secure_delete: bool,
    ) -> Result<Self, DatabaseError> {
        // Before the file is touched: opening it may already write to it.
        check_sqlite_version(&sqlite_version().await?)?;
        let base = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(options.busy_timeout)
            .foreign_keys(true)
            .row_buffer_size(512)
            .pragma("mmap_size", "0")
            .pragma("cache_size", format!("-{}", options.page_cache));
        let writing = base
            .clone()
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
            .pragma("secure_delete", if secure_delete { "ON" } else { "OFF" });
        let file_error = |source| DatabaseError::File {
            path: path.display().to_string(),
            source,
        };
        // The queue for this one connection is fair: writers get their turn in the order of asking.
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .acquire_timeout(options.acquire_timeout)
            .connect_with(writing)
            .await
            .map_err(file_error)?;
        let readers = SqlitePoolOptions::new()
            .max_connections(options.connections)
            .test_before_acquire(false)
            .acquire_timeout(options.acquire_timeout)
            .connect_with(base.read_only(true))
            .await
            .map_err(file_error)?;
        Ok(Self {
            path: path.to_owned(),
            options,
            readers,
            writer,
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
        Ok(WriteTx::new(Connection::Sqlite(Handle::writing(
            self.begin_transaction().await?,
        ))))
    }

    pub(super) async fn begin_transaction(&self) -> Result<Transaction<'static, Sqlite>, DatabaseError> {
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
        let version: String = sqlx::query_scalar("SHOW server_version_num")
            .fetch_one(&mut first)
            .await?;
        first.close().await?;
        if version.parse::<i32>().unwrap_or(0) < OLDEST_POSTGRES {
            return Err(DatabaseError::PostgresTooOld { found: version });
        }
        // sqlx would send a ping before each use, which costs a third of a short statement's time.
        let pooled = PgPoolOptions::new()
            .test_before_acquire(false)
            .acquire_timeout(options.acquire_timeout);
        let pool = pooled
            .clone()
            // One more than asked for: it waits for notifications for ever.
            .max_connections(options.connections + 1)
            .after_connect(move |connection, _| Box::pin(limit_reads(connection, options.read_timeout)))
            .connect_with(connect.clone())
            .await?;
        let log = pooled.max_connections(2).connect_lazy_with(connect);
        Ok(Self { pool, log })
    }
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

async fn limit_reads(connection: &mut PgConnection, limit: Option<Duration>) -> Result<(), sqlx::Error> {
    if let Some(limit) = limit {
        let limit = format!("{}ms", limit.as_millis());
        sqlx::query(READ_TIMEOUT).bind(limit).execute(connection).await?;
    }
    Ok(())
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
}
