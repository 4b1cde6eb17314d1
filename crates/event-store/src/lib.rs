//! The log: append, read, follow, verify, on embedded SQLite and on PostgreSQL. It knows no domain.

mod append;
mod bytes;
mod canonical;
mod database;
mod event;
mod keyring;
mod leaf;
mod personal;
mod query;
mod random;
mod read;
mod store;
mod verify;
mod wake;

pub use append::{
    Append, AppendError, Appended, BoxFuture, Conflict, Found, InlineError, InlineEvent, InlineProjector,
    InvalidAppend, Receipt,
};
pub use database::{
    Connection, Database, DatabaseError, DatabaseOptions, Engine, EngineMut, MigrateError, PostgresDatabase,
    Sql, SqliteDatabase, WriteTx,
};
pub use event::{NewEvent, PartBody, PersonalPart, ReadPart, RecordedEvent, SubjectId};
pub use keyring::{KekError, KeyEncryptionKey, Keyring, KeyringError};
pub use query::{Guard, Position, Query, QueryItem, Tag, TagError};
pub use read::{FollowError, ReadError};
pub use store::{EventStore, OpenError, OpenOptions};
pub use verify::{Breach, BreachKind, VerifyReport};
