//! The one place that looks behind sqlx's types: statements put together at run time, and driver error codes.

use sqlx::{SqlSafeStr, SqlStr};

use super::{Engine, Sql};

/// The statement with the engine's word for "show the plan" before it.
#[expect(
    clippy::disallowed_methods,
    reason = "constants of ours, put together at run time: nobody's input is in it"
)]
pub(crate) fn explained(statement: Sql, engine: Engine) -> SqlStr {
    let words = match engine {
        Engine::Sqlite => "EXPLAIN QUERY PLAN ",
        Engine::Postgres => "EXPLAIN (COSTS OFF) ",
    };
    let text = [words, statement.for_engine(engine)].concat();
    sqlx::AssertSqlSafe(text).into_sql_str()
}

/// Whether SQLite gave up because another process holds the file (`SQLITE_BUSY`, `SQLITE_LOCKED` and their kin).
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    let Some(database) = error.as_database_error() else {
        return false;
    };
    if database.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_none() {
        return false;
    }
    // Extended codes carry the primary code in their low byte.
    let code = database
        .code()
        .and_then(|code| code.parse::<u32>().ok())
        .unwrap_or(0);
    matches!(code & 0xff, 5 | 6)
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
        // PostgreSQL classes 08 (connection), 57P (shutdown, crash) and 53 (out of resources, full disk).
        sqlx::Error::Database(database) => database
            .code()
            .is_some_and(|code| code.starts_with("08") || code.starts_with("57P") || code.starts_with("53")),
        _ => false,
    }
}
