//! Mail as it goes on the wire, and the transports that carry it. No SQL, no ledger: what was sent is written down elsewhere.
//!
//! **What it is for.** [`build`] makes the bytes of a message from a [`domain::mailing::Draft`]; a [`Transport`] carries them
//! and reports a [`domain::mailing::Outcome`]; [`Rates`] says when the next may go. [`imap`] brings mail out of
//! mailboxes, and [`incoming`] says what a raw message means.
//!
//! **What it must never do.** Send in clear text where encryption is required; send again by itself what may have been sent;
//! show an address, a name, a subject or a text in an error or a log; change anything in a mailbox.

mod credentials;
mod folder;
pub mod imap;
pub mod incoming;
mod message;
mod net;
mod rates;
mod smtp;
mod transport;

pub use credentials::{Credentials, CredentialsError};
pub use folder::{Folder, FolderError};
pub use message::{BuildError, Message, Sender, build};
pub use net::TrustError;
pub use rates::{Go, Rate, Rates};
pub use smtp::{Limits, Patience, Pool, Relay, RelayError, Tls};
pub use transport::Transport;
