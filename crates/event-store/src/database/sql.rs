//! SQL text that differs between the engines, side by side.

use super::connection::{Connection, Engine};

/// One statement in both dialects. Most statements are the same text; those use `Sql::same`.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL.
    pub postgres: &'static str,
}

impl Sql {
    /// A statement that reads the same on both engines.
    pub const fn same(text: &'static str) -> Self {
        Self {
            sqlite: text,
            postgres: text,
        }
    }

    /// The text for the engine of this connection.
    pub fn on(self, connection: &Connection) -> &'static str {
        self.for_engine(connection.engine())
    }

    /// The text for this engine.
    pub const fn for_engine(self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

/// Runs the same sqlx expression on whichever engine the connection is.
///
/// ```ignore
/// let row = each_engine!(tx, c => sqlx::query_as::<_, Row>(SQL).bind(id).fetch_optional(c).await)?;
/// ```
///
/// `tx` is a [`Connection`], a `&mut Connection` or a [`WriteTx`](crate::WriteTx); `c` becomes
/// `&mut SqliteConnection` or `&mut PgConnection` (write `&mut *c` to use it twice).
#[macro_export]
macro_rules! each_engine {
    ($connection:expr, $c:ident => $body:expr) => {
        match ($connection).engine_mut() {
            $crate::EngineMut::Sqlite($c) => $body,
            $crate::EngineMut::Postgres($c) => $body,
        }
    };
}
