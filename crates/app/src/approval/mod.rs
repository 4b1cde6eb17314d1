//! What needs two persons. One way in for every act that does:
//!
//! 1. a variant of [`Act`] with its kind, the right that asking needs, who gains by it, and what it is about;
//! 2. its line in `carry_out`, which calls the use case with the consent that was given.
//!
//! A request holds the exact content; whoever agrees names its hash. It is done in the name of whoever asked, with the rights that
//! they have at that moment, and under a command id that follows from the request, so once.

mod act;
mod carry_out;
mod decide;
mod list;
mod request;
mod watch;

pub use act::Act;
pub(crate) use act::Consent;
pub use decide::{Decide, DecideApprovalError};
pub(crate) use list::may_see;
pub use list::{ApprovalDetail, ApprovalEntry, ReadApprovalsError};
pub(crate) use request::Prepared;
pub use request::{RequestApproval, RequestApprovalError};
pub use watch::ApprovalsChanged;
