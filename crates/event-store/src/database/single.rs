//! One statement that is a transaction by itself, on a connection of no pool: a pool asks after each statement whether the connection still
//! lives and has no open transaction. What recording reads costs by this is a goal of `cargo xtask bench audit`.

use std::sync::{Arc, Mutex, PoisonError};

use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use super::DatabaseError;
use super::open::{PostgresDatabase, SqliteDatabase};

/// The connection of the statement before.
#[derive(Clone, Debug, Default)]
pub(super) struct Single(Arc<Mutex<Option<SqliteConnection>>>);

impl Single {
    fn take(&self) -> Option<SqliteConnection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn keep(&self, connection: SqliteConnection) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
    }

    pub(super) async fn close(&self) {
        if let Some(connection) = self.take() {
            // It is gone in any case.
            drop(connection.close().await);
        }
    }
}

impl SqliteDatabase {
    /// What fails takes its connection along.
    pub(super) async fn write_single(
        &self,
        statement: &'static str,
        values: SqliteArguments,
    ) -> Result<(), DatabaseError> {
        let mut connection = match self.single.take() {
            Some(connection) => connection,
            None => SqliteConnection::connect_with(&self.writer.connect_options()).await?,
        };
        sqlx::query_with(statement, values)
            .execute(&mut connection)
            .await?;
        self.single.keep(connection);
        Ok(())
    }
}

impl PostgresDatabase {
    /// A connection that has died while nobody needed it is no reason to fail: the statement then goes over a new one.
    pub(super) async fn write_single(
        &self,
        statement: &'static str,
        values: impl Fn() -> Result<PgArguments, sqlx::error::BoxDynError> + Send + Sync,
    ) -> Result<(), DatabaseError> {
        let bound = values().map_err(sqlx::Error::Encode)?;
        match self.write_over(self.log.take().await?, statement, bound).await {
            Err(error) if error.is_transient() => {
                let connection = self.log.connect().await?;
                let bound = values().map_err(sqlx::Error::Encode)?;
                self.write_over(connection, statement, bound).await
            }
            done => done,
        }
    }

    async fn write_over(
        &self,
        mut connection: PgConnection,
        statement: &'static str,
        values: PgArguments,
    ) -> Result<(), DatabaseError> {
        let written = sqlx::query_with(statement, values).execute(&mut connection);
        tokio::time::timeout(self.log.patience, written)
            .await
            .unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        self.log.keep(connection);
        Ok(())
    }
}
