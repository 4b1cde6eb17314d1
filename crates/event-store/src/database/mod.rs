//! The two engines behind one door: opening, reading, writing in turn, migrating.

mod connection;
mod deadline;
mod error;
mod migrate;
mod open;
mod sql;
mod unchecked;

pub use connection::{Connection, Engine, EngineMut, WriteTx};
pub use error::{DatabaseError, MigrateError};
pub use open::{Database, DatabaseOptions, PostgresDatabase, SqliteDatabase};
pub use sql::Sql;
pub use unchecked::timed_out;

pub(crate) use unchecked::{connection_is_lost, explained, is_busy};
