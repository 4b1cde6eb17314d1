//! What keeps the files in order, outside any transaction.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection, PgPool};

use super::{Database, DatabaseError};

/// How often the files of a table are looked at until nobody needs its deleted rows any more, and the time in between.
const TRIES: u32 = 50;
const BETWEEN: Duration = Duration::from_millis(100);

/// A table whose deleted rows must leave its files. Make it with [`table_to_scrub!`](crate::table_to_scrub).
#[derive(Clone, Copy, Debug)]
pub struct TableToScrub {
    /// Its name.
    pub name: &'static str,
    /// Gives the space of deleted rows back.
    pub vacuum: &'static str,
    /// The same, and sees how its values are spread.
    pub vacuum_analyze: &'static str,
    /// Writes the table anew, with its indexes.
    pub vacuum_full: &'static str,
}

/// The statements of a [`TableToScrub`](crate::TableToScrub).
#[macro_export]
macro_rules! table_to_scrub {
    ($name:literal) => {
        $crate::TableToScrub {
            name: $name,
            vacuum: concat!("VACUUM ", $name),
            vacuum_analyze: concat!("VACUUM (ANALYZE) ", $name),
            vacuum_full: concat!("VACUUM (FULL) ", $name),
        }
    };
}

impl Database {
    /// Gives the space of deleted rows back for new ones; their bytes stay until it is used. SQLite overwrites what is deleted
    /// at once and needs none of it.
    pub async fn vacuum(&self, tables: &[TableToScrub]) -> Result<(), DatabaseError> {
        let Self::Postgres(postgres) = self else {
            return Ok(());
        };
        let mut connection = without_limit(&postgres.pool).await?;
        for table in tables {
            sqlx::query(table.vacuum).execute(&mut connection).await?;
        }
        Ok(connection.close().await?)
    }

    /// To be called after many rows were written: notes that everybody may see them, so that what stands in an index is not looked up in
    /// its row as well, and how their values are spread. PostgreSQL would do it by itself, but minutes later.
    pub async fn settle(&self, table: &TableToScrub) -> Result<(), DatabaseError> {
        let Self::Postgres(postgres) = self else {
            return Ok(());
        };
        let mut connection = without_limit(&postgres.pool).await?;
        sqlx::query(table.vacuum_analyze).execute(&mut connection).await?;
        Ok(connection.close().await?)
    }

    /// Writes tables anew, so that nothing of deleted rows is left in their files; meanwhile nobody else can read them.
    /// `false`: somebody may still see such a row, a reader or a connection that is only just coming up; try again. SQLite
    /// overwrites what is deleted at once and needs none of it.
    pub async fn write_anew(&self, tables: &[TableToScrub]) -> Result<bool, DatabaseError> {
        let Self::Postgres(postgres) = self else {
            return Ok(true);
        };
        let mut connection = without_limit(&postgres.pool).await?;
        for table in tables {
            let mut tries = 0;
            // What somebody may still see is written over to the new file.
            while seen_by_somebody(&mut connection, table).await? {
                tries += 1;
                if tries == TRIES {
                    connection.close().await?;
                    return Ok(false);
                }
                tokio::time::sleep(BETWEEN).await;
            }
            sqlx::query(table.vacuum_full).execute(&mut connection).await?;
        }
        connection.close().await?;
        Ok(true)
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

/// A connection on which statements may take as long as they need, for a while: it is not one of the pool's, whose readers are cut off.
async fn without_limit(pool: &PgPool) -> Result<PgConnection, sqlx::Error> {
    let mut connection = pool.acquire().await?.detach();
    sqlx::query("SET statement_timeout = 0")
        .execute(&mut connection)
        .await?;
    Ok(connection)
}

/// Whether a deleted row is left that a VACUUM may not take away.
async fn seen_by_somebody(connection: &mut PgConnection, table: &TableToScrub) -> Result<bool, sqlx::Error> {
    sqlx::query(table.vacuum).execute(&mut *connection).await?;
    let left: i64 = sqlx::query_scalar("SELECT pg_stat_get_dead_tuples(CAST($1 AS regclass))")
        .bind(table.name)
        .fetch_one(connection)
        .await?;
    Ok(left > 0)
}
