//! The connections of the log on PostgreSQL, and of the record of reads.
//!
//! They are no part of a pool: a pool of sqlx asks each connection that comes back whether it still lives, and that round
//! trip would cost as much as a small batch. For one that has fallen silent it would wait as long as the system does, and two of
//! them would be the whole pool. A broken one is closed instead of kept; the append that met it finds out from its receipt
//! what has become of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use super::DatabaseError;

/// One batch is committed while the next is inserted; with a third all wait for the same pages (ADR 20).
pub(crate) const LANES: usize = 2;

/// Cloning shares them.
#[derive(Clone, Debug)]
pub(super) struct LogConnections {
    options: Arc<PgConnectOptions>,
    /// How long connecting and an append may take.
    pub(super) patience: Duration,
    idle: Arc<Mutex<Vec<PgConnection>>>,
}

impl LogConnections {
    pub(super) fn new(options: PgConnectOptions, patience: Duration) -> Self {
        Self {
            options: Arc::new(options),
            patience,
            idle: Arc::default(),
        }
    }

    /// One that was kept, or a new one.
    pub(super) async fn take(&self) -> Result<PgConnection, DatabaseError> {
        if let Some(kept) = self.pop() {
            return Ok(kept);
        }
        self.connect().await
    }

    /// A new one.
    pub(super) async fn connect(&self) -> Result<PgConnection, DatabaseError> {
        let connect = PgConnection::connect_with(&self.options);
        tokio::time::timeout(self.patience, connect)
            .await
            .unwrap_or(Err(sqlx::Error::PoolTimedOut))
            .map_err(DatabaseError::from)
    }

    /// Keeps one that is good for another statement.
    pub(super) fn keep(&self, connection: PgConnection) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
    }

    pub(super) async fn close(&self) {
        while let Some(connection) = self.pop() {
            // It is gone in any case.
            drop(connection.close().await);
        }
    }

    fn pop(&self) -> Option<PgConnection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}
