//! What keeps the files in order, outside any transaction.

use super::{Database, DatabaseError, Sql};

impl Database {
    /// Runs a statement that no transaction takes, such as VACUUM; on SQLite in turn with the writers.
    pub async fn maintain(&self, statement: Sql) -> Result<(), DatabaseError> {
        let text = statement.for_engine(self.engine());
        match self {
            Self::Sqlite(sqlite) => sqlx::query(text).execute(&sqlite.writer).await.map(drop)?,
            Self::Postgres(postgres) => sqlx::query(text).execute(&postgres.pool).await.map(drop)?,
        }
        Ok(())
    }

    /// Folds the write-ahead log of SQLite into the file and cuts it to nothing, so that no older page is left in it.
    /// `false`: a reader still needs it. PostgreSQL looks after its own: `true`.
    pub async fn fold_wal(&self) -> Result<bool, DatabaseError> {
        let Self::Sqlite(sqlite) = self else {
            return Ok(true);
        };
        let (busy, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&sqlite.writer)
            .await?;
        Ok(busy == 0)
    }
}
