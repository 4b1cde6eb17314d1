//! A connection of either engine, and a write transaction on it.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, SqlStr, Sqlite, SqliteConnection, Transaction};
use sqlx_core::transaction::TransactionManager as _;

use super::DatabaseError;
use super::deadline::Deadline;
use super::health::Health;
use super::log_connections::LogConnections;

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Embedded SQLite.
    Sqlite,
    /// PostgreSQL 15 or newer.
    Postgres,
}

/// A connection to either engine; use it through [`each_engine!`](crate::each_engine).
#[derive(Debug)]
pub enum Connection {
    /// A connection to the SQLite file.
    Sqlite(Handle<Sqlite>),
    /// A connection to PostgreSQL.
    Postgres(Handle<Postgres>),
}

/// What a [`Connection`] lends to sqlx.
pub enum EngineMut<'c> {
    /// SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'c mut PgConnection),
}

/// A connection on loan from a pool, with or without an open transaction.
pub struct Handle<D: sqlx::Database> {
    // Before the loan, so that what still runs is ended before somebody else gets the connection.
    deadline: Option<Deadline>,
    loan: Loan<D>,
}

enum Loan<D: sqlx::Database> {
    Reading(PoolConnection<D>),
    Writing(Transaction<'static, D>),
    /// In a transaction, but of no pool.
    Kept(D::Connection),
}

impl<D: sqlx::Database> std::fmt::Debug for Handle<D> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self.loan {
            Loan::Reading(_) => "Handle(reading)",
            Loan::Writing(_) | Loan::Kept(_) => "Handle(writing)",
        })
    }
}

impl<D: sqlx::Database> Handle<D> {
    /// `deadline`: for an engine that does not itself end a statement of a reader that takes too long.
    pub(super) fn reading(connection: PoolConnection<D>, deadline: Option<Deadline>) -> Self {
        Self {
            deadline,
            loan: Loan::Reading(connection),
        }
    }

    pub(super) fn writing(transaction: Transaction<'static, D>) -> Self {
        Self {
            deadline: None,
            loan: Loan::Writing(transaction),
        }
    }

    /// Begins a transaction on a connection of no pool. Dropped before its end it is closed, which gives the transaction up.
    pub(super) async fn begin(
        mut connection: D::Connection,
        statement: &'static str,
    ) -> Result<Self, sqlx::Error> {
        D::TransactionManager::begin(&mut connection, Some(SqlStr::from_static(statement))).await?;
        Ok(Self {
            deadline: None,
            loan: Loan::Kept(connection),
        })
    }

    fn connection(&mut self) -> &mut D::Connection {
        // The connection is lent for one statement at a time.
        if let Some(deadline) = &self.deadline {
            deadline.next_statement();
        }
        match &mut self.loan {
            Loan::Reading(connection) => connection,
            Loan::Writing(transaction) => transaction,
            Loan::Kept(connection) => connection,
        }
    }

    /// Answers the connection if it is of no pool.
    async fn commit(self) -> Result<Option<D::Connection>, sqlx::Error> {
        match self.loan {
            Loan::Reading(_) => Ok(None),
            Loan::Writing(transaction) => transaction.commit().await.map(|()| None),
            Loan::Kept(mut connection) => {
                D::TransactionManager::commit(&mut connection).await?;
                Ok(Some(connection))
            }
        }
    }

    /// The same.
    async fn rollback(self) -> Result<Option<D::Connection>, sqlx::Error> {
        match self.loan {
            Loan::Reading(_) => Ok(None),
            Loan::Writing(transaction) => transaction.rollback().await.map(|()| None),
            Loan::Kept(mut connection) => {
                D::TransactionManager::rollback(&mut connection).await?;
                Ok(Some(connection))
            }
        }
    }
}

impl Connection {
    /// Which engine it speaks to.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The sqlx connection inside.
    pub fn engine_mut(&mut self) -> EngineMut<'_> {
        match self {
            Self::Sqlite(handle) => EngineMut::Sqlite(handle.connection()),
            Self::Postgres(handle) => EngineMut::Postgres(handle.connection()),
        }
    }
}

/// An open write transaction: it is the process's turn to write (SQLite), or a transaction of its own (PostgreSQL).
///
/// It derefs to [`Connection`]. Dropped without [`WriteTx::commit`] it is rolled back.
#[derive(Debug)]
pub struct WriteTx {
    connection: Connection,
    /// Of the SQLite file.
    health: Option<Health>,
    /// Where the connection goes when it is of no pool.
    log: Option<LogConnections>,
}

impl WriteTx {
    pub(super) fn of_sqlite(handle: Handle<Sqlite>, health: Health) -> Self {
        Self {
            connection: Connection::Sqlite(handle),
            health: Some(health),
            log: None,
        }
    }

    pub(super) fn of_postgres(handle: Handle<Postgres>, log: Option<LogConnections>) -> Self {
        Self {
            connection: Connection::Postgres(handle),
            health: None,
            log,
        }
    }

    /// Takes note of an error that a statement of this transaction ended in.
    pub(crate) fn heed(&self, error: &DatabaseError) {
        if let Some(health) = &self.health {
            health.heed(error);
        }
    }

    /// Commits. After a lost connection or a failure of the disk the outcome is unknown.
    pub async fn commit(self) -> Result<(), DatabaseError> {
        match self.connection {
            Connection::Sqlite(handle) => handle.commit().await.map(drop),
            Connection::Postgres(handle) => handle.commit().await.map(|kept| keep(self.log, kept)),
        }
        .map_err(DatabaseError::from)
        .inspect_err(|error| {
            if let Some(health) = &self.health {
                health.heed(error);
            }
        })
    }

    /// Gives everything up that was done in it.
    pub async fn rollback(self) -> Result<(), DatabaseError> {
        match self.connection {
            Connection::Sqlite(handle) => handle.rollback().await.map(drop),
            Connection::Postgres(handle) => handle.rollback().await.map(|kept| keep(self.log, kept)),
        }
        .map_err(DatabaseError::from)
    }
}

fn keep(log: Option<LogConnections>, connection: Option<PgConnection>) {
    if let (Some(log), Some(connection)) = (log, connection) {
        log.keep(connection);
    }
}

impl Deref for WriteTx {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}
