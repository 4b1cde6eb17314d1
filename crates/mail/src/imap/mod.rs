//! Mail out of mailboxes, by IMAP: raw messages, byte for byte as the server has them, newer than what was taken before.
//!
//! **What it does.** A [`Mailbox`] is settings that are good; [`Mailbox::open`] signs in and opens its folder for reading only, so nothing in
//! it changes: no message is marked, moved or deleted. [`Session::newer_than`] brings what came since a [`Cursor`], which the caller
//! keeps: it stores the messages, then the cursor that came with them. Who loses the cursor, or stops in between, gets messages
//! again and none too few. [`Session::wait`] waits until there is something new.
//!
//! **What it must never do.** Say a password in clear text where encryption is required; wait for ever; hold more than [`Caps`] say,
//! whatever the server sends; show a user, an address, a subject or the server's own words in an error.
//!
//! **Why no library.** async-imap 0.12 takes all memory up to 512 MiB that a server announces, parses an endless line anew with each
//! piece of it, ends a list of messages without a word when the server refuses it, takes the end of a connection for a wish to stop
//! waiting, panics when `IDLE` is refused without a text, and writes the password into the log at the level `trace`. What is
//! needed of IMAP (RFC 3501, RFC 2177) is small: eight commands and the answers to them.

mod batch;
mod conversation;
mod dial;
mod failure;
mod name;
mod response;
mod session;
mod settings;
mod value;
mod wire;

pub use batch::{Batch, Content, Cursor, Fetched};
pub use dial::Mailbox;
pub use failure::{Failure, Phase};
pub use session::{Session, Woken};
pub use settings::{Account, AccountError, Caps, Patience, Tls};
