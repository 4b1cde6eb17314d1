//! The two engines behind one door: opening, reading, writing in turn, migrating.

mod connection;
mod deadline;
mod error;
mod health;
mod log_connections;
mod log_thread;
mod migrate;
mod open;
mod probe;
mod single;
mod sql;
mod trouble;
mod unchecked;
mod upkeep;

pub use connection::{Connection, Engine, EngineMut, WriteTx};
pub use error::{DatabaseError, MigrateError};
pub use open::{Database, DatabaseOptions, PostgresDatabase, SqliteDatabase};
pub use probe::{Capabilities, Capability};
pub use sql::Sql;
pub use trouble::{DatabaseTrouble, database_trouble};
pub use unchecked::timed_out;
pub use upkeep::TableToScrub;

pub(crate) use log_connections::LANES;
pub(crate) use unchecked::{connection_is_lost, ends_writing, explained, is_busy, is_disk_failure, is_full};
