//! Mail that goes out: what a message is, and what becomes of it.
//!
//! **What it is for.** Refusing what no mail may hold before it is kept ([`Draft`], [`Address`], [`Addresses`]), and deciding
//! what an answer of the relay means for the ledger ([`after`], [`decide`], [`comes_back`]). Nothing here sends.
//!
//! **What holds always.** One recipient per message. One Message-ID per message, the same at every attempt. A message that
//! may have gone out is *in doubt* and is never sent again by itself.

mod address;
mod addresses;
mod delivery;
mod draft;
pub mod event;
mod message_id;
mod outcome;
mod reachability;
mod retry;

pub use address::{Address, AddressProblem};
pub use addresses::{Addresses, BadEntry, ListRefused};
pub use delivery::{
    Decision, Ending, Next, NotPossible, State, UnknownState, after, bounce_of, comes_back, decide,
    interrupted,
};
pub use draft::{
    Class, Draft, DraftField, DraftInput, DraftProblem, Problem, Recipient, SenderKey, UnknownClass,
};
pub use event::MailEvent;
pub use message_id::{BadMessageId, MessageId};
pub use outcome::{Cause, EnhancedCode, Outcome, Reply, Step};
pub use reachability::{Reachability, Returned};
pub use retry::{Attempt, Policy};
