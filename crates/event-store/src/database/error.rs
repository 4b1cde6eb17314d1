//! What can go wrong with a database as such.

use super::Capabilities;

/// Why a database could not be opened or used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address is not one of ours.
    #[error(
        "the database address must begin with sqlite: or postgres://, for example sqlite:./data/sengen.db"
    )]
    UnknownEngine,
    /// The address begins well but cannot be read.
    #[error("the database address cannot be read: {reason}")]
    Address {
        /// What sqlx says about it, without the password.
        reason: String,
    },
    /// The SQLite file cannot be opened or made.
    #[error("the database file {path} cannot be opened; the folder must exist and be writable ({source})")]
    File {
        /// The file.
        path: String,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// The SQLite library can corrupt a database that two connections use (its WAL-reset error).
    #[error(
        "SQLite {found} is too old; {needed} or newer is needed, since older ones can corrupt the database"
    )]
    SqliteTooOld {
        /// The version of the linked library.
        found: String,
        /// The oldest that is accepted.
        needed: &'static str,
    },
    /// The PostgreSQL server is too old.
    #[error("PostgreSQL {found} is too old; version 15 or newer is needed")]
    PostgresTooOld {
        /// The server's version.
        found: String,
    },
    /// The server is no PostgreSQL that this program was tested on.
    #[error("{reason}; use PostgreSQL 15 or newer, or go on at your own risk with --allow-untested-engine")]
    UntestedEngine {
        /// What was found, for a table.
        capabilities: Box<Capabilities>,
        /// What is wrong with it.
        reason: String,
    },
    /// The server takes no writes.
    #[error("the database server takes no writes ({reason}); give the address of the one that does")]
    ReadOnly {
        /// How that shows.
        reason: &'static str,
    },
    /// The database does not keep its texts in UTF-8.
    #[error("the database has the encoding {found}; make it with ENCODING 'UTF8' TEMPLATE template0")]
    Encoding {
        /// Its encoding.
        found: String,
    },
    /// The PostgreSQL server answers, but not to this user or for this database.
    #[error(
        "the database server refuses the connection: {reason}; correct user, password or database in the address"
    )]
    Refused {
        /// What the server said.
        reason: String,
    },
    /// Another process kept writing to the SQLite file for longer than we wait.
    #[error("another process is writing to the database; try again when it has finished")]
    Busy,
    /// The disk of the database is full; nothing was written.
    #[error(
        "the disk of the database is full; nothing was written, and writing goes on when there is space ({0})"
    )]
    Full(#[source] sqlx::Error),
    /// The disk of the database failed.
    #[error("the disk of the database failed ({0})")]
    Disk(#[source] sqlx::Error),
    /// The disk failed while writing, some time ago. What it kept of that is only known after a new start.
    #[error(
        "writing has stopped since the disk of the database failed ({reason}); look at the disk and start again"
    )]
    Stopped {
        /// What the disk's failure was.
        reason: String,
    },
    /// The server or the file does not answer.
    #[error("the database does not answer: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The database refused a statement.
    #[error("the database refused a statement: {0}")]
    Statement(#[source] sqlx::Error),
}

impl DatabaseError {
    /// Whether nothing is wrong with what was asked, only with the way to the database.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Busy | Self::Full(_) | Self::Disk(_) | Self::Stopped { .. } | Self::Unavailable(_)
        )
    }

    /// Whether trying again within seconds may help.
    pub(crate) fn may_heal_soon(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        if super::is_busy(&error) {
            Self::Busy
        } else if super::is_full(&error) {
            Self::Full(error)
        } else if super::is_disk_failure(&error) {
            Self::Disk(error)
        } else if super::connection_is_lost(&error) {
            Self::Unavailable(error)
        } else {
            Self::Statement(error)
        }
    }
}

/// Why a database could not be brought to the schema of this binary.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer binary has been here.
    #[error(
        "the database has schema {found}, this program knows up to {known}; use a newer version of the program"
    )]
    SchemaIsNewer {
        /// Version of the newest migration in the database.
        found: i64,
        /// Version of the newest migration in this binary.
        known: i64,
    },
    /// A migration of the database is not among ours, or its text differs.
    #[error("the database was changed by migration {version}, which this program does not know in that form")]
    Foreign {
        /// Version of the migration.
        version: i64,
    },
    /// A migration failed; nothing of it stays.
    #[error("the database could not be migrated: {0}")]
    Failed(#[source] sqlx::migrate::MigrateError),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}
