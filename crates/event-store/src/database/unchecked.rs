//! The one place that looks behind sqlx's types: statements put together at run time, and driver error codes.

use sqlx::{SqlSafeStr, SqlStr};

use super::Engine;

/// The statement with the engine's word for "show the plan" before it.
#[expect(
    clippy::disallowed_methods,
    reason = "constants of ours, put together at run time: nobody's input is in it"
)]
pub(crate) fn explained(engine: Engine, statement: &str) -> SqlStr {
    let words = match engine {
        Engine::Sqlite => "EXPLAIN QUERY PLAN ",
        Engine::Postgres => "EXPLAIN (COSTS OFF) ",
    };
    let text = [words, statement].concat();
    sqlx::AssertSqlSafe(text).into_sql_str()
}

/// Whether SQLite gave up because another process holds the file (`SQLITE_BUSY`, `SQLITE_LOCKED` and their kin).
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    sqlite_code(error).is_some_and(|code| matches!(code & 0xff, 5 | 6))
}

/// Whether there was no space: `SQLITE_FULL`, the index of the write-ahead log that could not grow, or `disk_full`.
pub(crate) fn is_full(error: &sqlx::Error) -> bool {
    match sqlite_code(error) {
        Some(code) => matches!(code, SQLITE_FULL | SQLITE_IOERR_SHMSIZE),
        None => postgres_code(error).is_some_and(|code| code == "53100"),
    }
}

/// Whether reading or writing a file failed: `SQLITE_IOERR` and its kin, or `io_error`.
pub(crate) fn is_disk_failure(error: &sqlx::Error) -> bool {
    match sqlite_code(error) {
        Some(code) => code & 0xff == SQLITE_IOERR,
        None => postgres_code(error).is_some_and(|code| code == "58030"),
    }
}

/// Whether SQLite could not write or sync. The system may have thrown away what it could not write and call the next
/// sync a success, so nothing may be written on top of it.
pub(crate) fn ends_writing(error: &sqlx::Error) -> bool {
    sqlite_code(error).is_some_and(|code| {
        matches!(
            code,
            SQLITE_IOERR
                | SQLITE_IOERR_WRITE
                | SQLITE_IOERR_FSYNC
                | SQLITE_IOERR_DIR_FSYNC
                | SQLITE_IOERR_TRUNCATE
                | SQLITE_IOERR_CORRUPTFS
        )
    })
}

const SQLITE_IOERR: u32 = 10;
const SQLITE_FULL: u32 = 13;
// Extended codes carry the primary code in their low byte.
const SQLITE_IOERR_WRITE: u32 = SQLITE_IOERR | (3 << 8);
const SQLITE_IOERR_FSYNC: u32 = SQLITE_IOERR | (4 << 8);
const SQLITE_IOERR_DIR_FSYNC: u32 = SQLITE_IOERR | (5 << 8);
const SQLITE_IOERR_TRUNCATE: u32 = SQLITE_IOERR | (6 << 8);
const SQLITE_IOERR_SHMSIZE: u32 = SQLITE_IOERR | (19 << 8);
const SQLITE_IOERR_CORRUPTFS: u32 = SQLITE_IOERR | (33 << 8);

fn sqlite_code(error: &sqlx::Error) -> Option<u32> {
    let error = error.as_database_error()?;
    error.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
    error.code()?.parse().ok()
}

fn postgres_code(error: &sqlx::Error) -> Option<String> {
    let error = error.as_database_error()?;
    error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>()?;
    Some(error.code()?.into_owned())
}

/// Whether a statement was ended because it took longer than [`DatabaseOptions::read_timeout`] allows, looking along the
/// whole chain of causes.
///
/// [`DatabaseOptions::read_timeout`]: crate::DatabaseOptions::read_timeout
pub fn timed_out(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|cause| {
        let database = cause
            .downcast_ref::<sqlx::Error>()
            .and_then(sqlx::Error::as_database_error);
        database.is_some_and(|error| {
            let of_sqlite = error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some();
            // SQLITE_INTERRUPT, query_canceled.
            error.code().as_deref() == Some(if of_sqlite { "9" } else { "57014" })
        })
    })
}

/// Whether the way to the database broke, so that nothing is known to be wrong with the statement.
pub(crate) fn connection_is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_)
        | sqlx::Error::BeginFailed => true,
        // PostgreSQL classes 08 (connection), 57P (shutdown, crash) and 53 (out of resources), and the session that it ended
        // because we stood still in a transaction.
        sqlx::Error::Database(database) => database.code().is_some_and(|code| {
            ["08", "57P", "53", "25P03"]
                .iter()
                .any(|lost| code.starts_with(lost))
        }),
        _ => false,
    }
}
