//! A whole register's log and keys on the move: read row by row in one snapshot, checked, and written into an empty
//! database with the same positions, bytes and hashes.
//!
//! [`read`] gives the rows of a database as they are stored, [`Loader`] takes them, [`LogCheck`] recomputes on
//! the way what a log promises: contiguous positions, leaf hashes, one receipt for each command, the Merkle root. What
//! is moved never leaves its sealed form; only [`Loader::opened`] opens it, for what is projected in the same transaction.
//!
//! As JSON the rows stand in backups, so **their form never changes**.

mod check;
mod load;
mod load_rows;
pub mod read;
mod root;
mod rows;
pub(crate) mod text;

pub use check::{Broken, LogCheck};
pub use load::{LoadError, Loader};
pub use root::TreeRoot;
pub use rows::{LogHead, StoredEvent, StoredKey, StoredReceipt, StoredSecret};
