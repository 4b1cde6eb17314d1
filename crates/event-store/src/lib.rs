//! The log: append, read, follow, verify, on embedded SQLite and on PostgreSQL. It knows no domain.
//!
//! **What it is for.** Every change of the register is an event here, and nothing else is the truth. An event has *tags*
//! instead of a stream; consistency is a *guard*: "nothing that matches this query has come after the position that I
//! saw". Positions are gapless and in the order of commits, on both engines, from any number of processes.
//!
//! **What it must never do.** Change or remove an event; skip one on reading (a gap is an alarm, not a pause); let a
//! command that lost, or a bad one, fail its neighbours; answer twice for one command id; print, log or store in the
//! clear what is in a personal part; make a new key for a person who was forgotten; know what an event means.
//!
//! **How to use it.** Open the [`Database`], [migrate](Database::migrate) it, open the [`Keyring`] beside it, then the
//! [`EventStore`]:
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use event_store::{Database, EventStore, KeyEncryptionKey, Keyring, OpenOptions};
//!
//! let database = Database::open("sqlite:data/sengen.db").await?;
//! database.migrate().await?;
//! let kek = KeyEncryptionKey::load_or_create("data/kek".as_ref())?;
//! let keyring = Keyring::open_beside(&database, kek).await?;
//! let origin = "register.example.jp".to_owned();
//! let store = EventStore::open(OpenOptions { database, keyring, origin, inline: Vec::new() }).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A use case reads what its decision depends on, remembers the position, decides, and appends under a guard on the same
//! query. [`AppendError::Conflict`] tells which event came first. A retry with the same command id, for example after a
//! cut connection, gets the first answer again ([`Appended::Earlier`]).
//!
//! Other tables of the program live in the same database: they are read by [`Database::acquire_read`], written by
//! [`Database::begin_write`], with [`each_engine!`] around one sqlx expression and [`Sql`] where the text must differ.
//! On SQLite every writer of the process takes turns with the log, so hold a transaction briefly.
//!
//! **Where to look.** `append/decide.rs` is the whole decision, without I/O; `append/statements.rs` the SQL of an append;
//! `append/sequencer.rs` what is under way at once, `append/commit.rs` what happens when something breaks; `leaf.rs` and
//! `personal.rs` are formats that never change.

mod append;
mod bytes;
mod canonical;
mod database;
mod event;
#[cfg(not(feature = "fault-points"))]
mod fault;
#[cfg(feature = "fault-points")]
pub mod fault;
mod files;
mod keyring;
mod leaf;
mod personal;
mod query;
mod random;
mod read;
mod store;
pub mod transfer;
mod tree;
mod verify;
mod wake;

pub use append::{
    Append, AppendError, Appended, BoxFuture, Conflict, Found, InlineError, InlineEvent, InlineProjector,
    InvalidAppend, Receipt,
};
pub use database::{
    Capabilities, Capability, Connection, Database, DatabaseError, DatabaseOptions, DatabaseTrouble, Engine,
    EngineMut, MigrateError, PostgresDatabase, Sql, SqliteDatabase, TableToScrub, WriteTx, database_trouble,
    timed_out,
};
pub use event::{NewEvent, PartBody, PersonalPart, ReadPart, RecordedEvent, SubjectId};
pub use keyring::{
    KEYS_FILE, KekError, KeyEncryptionKey, KeyEncryptionKeys, Keyring, KeyringError, UnsealError,
    stage_next_key, switch_key_file,
};
pub use leaf::LoggedEntry;
pub use query::{Guard, Position, Query, QueryItem, Tag, TagError};
pub use read::{FollowError, Opener, Outline, ReadError, Sealed, SealedEvent};
pub use store::{EventStore, OpenError, OpenOptions};
pub use tree::{
    BadVerifierKey, Checkpoint, ConsistencyProof, Hash, HeadFile, HeadFileError, InclusionProof, Keeper,
    LogSigningKey, LogTree, LogTreeOptions, NoteError, Outside, Proof, ProofError, Proven, SigningKeyError,
    TreeError, TreeHead, VerifierKey, extends, includes, leaf_hash,
};
pub use verify::{Breach, BreachKind, VerifyOptions, VerifyReport};
