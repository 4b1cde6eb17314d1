//! Mail that goes out: queueing it with what causes it, sending it once, and what people and other machines say of it later.
//!
//! A message is an event with its words sealed, and a row in the ledger, written in one append with the decision that wants it
//! sent. Use cases take the event from [`App::mail_event`](crate::App::mail_event) and append it beside their own.

mod bounce;
mod decide;
mod hash;
mod list;
mod outbox;
mod queue;
mod suppress;
mod turn;

pub use bounce::{BounceError, CameBackFor, report_id};
pub use decide::DecideMailError;
pub use list::{ListMails, MailDeed, MailDetail, MailPage, ReadMailError};
pub use outbox::{KnownSender, Outbox, Rendered, test_message};
pub use queue::{About, QueueMailError, QueuedMail};
pub use suppress::{SuppressError, SuppressedAddress, SuppressionPage};
pub use turn::{Outgoing, Turn, Unsendable};
