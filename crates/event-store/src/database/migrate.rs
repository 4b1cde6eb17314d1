//! Bringing a database to the schema of this binary, safely when two processes start at once.

use sqlx::migrate::{MigrateError as SqlxMigrateError, Migrator};

use super::open::{BEGIN_WRITE, PostgresDatabase, SqliteDatabase};
use super::{Database, DatabaseError, Engine, MigrateError};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");
static READS_SQLITE: Migrator = sqlx::migrate!("../../migrations/reads/sqlite");
static READS_POSTGRES: Migrator = sqlx::migrate!("../../migrations/reads/postgres");
static KEYS_SQLITE: Migrator = sqlx::migrate!("../../migrations/keys/sqlite");
static KEYS_POSTGRES: Migrator = sqlx::migrate!("../../migrations/keys/postgres");

/// Two processes that make the lock table at the same moment: one of them fails and looks again.
const LOCK_TABLE_TRIES: u32 = 5;

/// How PostgreSQL says to one of the two that the table, its row type or its catalogue entry is there:
/// `duplicate_table`, `duplicate_object`, `unique_violation`. Which of them depends on how far the other was.
const MADE_BY_ANOTHER: [&str; 3] = ["42P07", "42710", "23505"];

impl Database {
    /// Applies the migrations that are missing, all or none; refuses a database that a newer binary has migrated.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        self.migrate_with(match self.engine() {
            Engine::Sqlite => without_locking(&SQLITE),
            Engine::Postgres => without_locking(&POSTGRES),
        })
        .await
    }

    /// The same for the records of reads, which SQLite keeps in a file of their own.
    pub async fn migrate_read_records(&self) -> Result<(), MigrateError> {
        self.migrate_with(match self.engine() {
            Engine::Sqlite => without_locking(&READS_SQLITE),
            Engine::Postgres => {
                let mut migrator = without_locking(&READS_POSTGRES);
                migrator.dangerous_set_table_name("_sqlx_migrations_reads");
                migrator
            }
        })
        .await
    }

    /// The same for the tables of the keyring.
    pub(crate) async fn migrate_keys(&self) -> Result<(), MigrateError> {
        self.migrate_with(match self.engine() {
            Engine::Sqlite => without_locking(&KEYS_SQLITE),
            Engine::Postgres => {
                let mut migrator = without_locking(&KEYS_POSTGRES);
                migrator.create_schema("sengen_keys");
                migrator.dangerous_set_table_name("sengen_keys._sqlx_migrations");
                migrator
            }
        })
        .await
    }

    async fn migrate_with(&self, migrator: Migrator) -> Result<(), MigrateError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.migrate_with(&migrator).await,
            Self::Postgres(postgres) => postgres.migrate_with(&migrator).await,
        }
        .map_err(|error| typed(error, &migrator))
    }
}

enum Failure {
    Migration(SqlxMigrateError),
    Database(DatabaseError),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl SqliteDatabase {
    async fn migrate_with(&self, migrator: &Migrator) -> Result<(), Failure> {
        // BEGIN IMMEDIATE is the lock; each migration becomes a savepoint in it.
        let mut transaction = self.begin_transaction().await.map_err(Failure::Database)?;
        migrator
            .run_direct(None, &mut *transaction, false)
            .await
            .map_err(Failure::Migration)?;
        Ok(transaction.commit().await?)
    }
}

impl PostgresDatabase {
    async fn migrate_with(&self, migrator: &Migrator) -> Result<(), Failure> {
        self.make_lock_row().await?;
        // An index of millions of rows takes longer than a reader may.
        let mut transaction = self.pool.begin_with(BEGIN_WRITE).await?;
        sqlx::query("SELECT only_row FROM migration_lock FOR UPDATE")
            .execute(&mut *transaction)
            .await?;
        migrator
            .run_direct(None, &mut *transaction, false)
            .await
            .map_err(Failure::Migration)?;
        Ok(transaction.commit().await?)
    }

    // sqlx's own lock is an advisory one, which breaks behind a pooler that works by transaction.
    async fn make_lock_row(&self) -> Result<(), Failure> {
        let mut tries = 1;
        loop {
            match sqlx::query(
                "CREATE TABLE IF NOT EXISTS migration_lock (only_row BIGINT PRIMARY KEY CHECK (only_row = 1))",
            )
            .execute(&self.pool)
            .await
            {
                Ok(_) => break,
                Err(sqlx::Error::Database(error))
                    if tries < LOCK_TABLE_TRIES
                        && error.code().is_some_and(|code| MADE_BY_ANOTHER.contains(&&*code)) =>
                {
                    tries += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
        sqlx::query("INSERT INTO migration_lock (only_row) VALUES (1) ON CONFLICT DO NOTHING")
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

fn without_locking(migrator: &Migrator) -> Migrator {
    Migrator {
        migrations: migrator.migrations.clone(),
        table_name: migrator.table_name.clone(),
        locking: false,
        ..Migrator::DEFAULT
    }
}

fn typed(failure: Failure, migrator: &Migrator) -> MigrateError {
    let known = migrator
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0);
    match failure {
        Failure::Database(error) => MigrateError::Database(error),
        Failure::Migration(SqlxMigrateError::VersionMissing(found)) if found > known => {
            MigrateError::SchemaIsNewer { found, known }
        }
        Failure::Migration(
            SqlxMigrateError::VersionMissing(version) | SqlxMigrateError::VersionMismatch(version),
        ) => MigrateError::Foreign { version },
        Failure::Migration(error) => MigrateError::Failed(error),
    }
}
