//! What runs by itself: firing what is due, and working off the jobs that this starts.
//!
//! **What it is for.** [`Ticker`] looks for what is due, in one process at a time; [`Workers`] claim jobs and run them, in every
//! process. Both end in order when they are told to.
//!
//! **What it must never do.** Decide: what is due, what was missed and what becomes of a failed attempt is `domain`'s; what is
//! written is `app`'s. Nothing here has to be right for a job to be done once: rows that cannot be written twice, and terms
//! that are checked in the transaction, see to that.

mod mail_reader;
mod mailer;
mod postman;
mod ticker;
mod virus_scanner;
mod workers;

pub use mail_reader::{MailReader, RawReader, ReadCounts};
pub use mailer::{Mailer, MailerOptions};
pub use postman::{Pauses, Postman};
pub use ticker::{Ticker, TickerOptions};
pub use virus_scanner::{ClamdAddress, VirusScanner};
pub use workers::{WorkerOptions, Workers};
