//! What needs two persons: one asks with the exact content, another agrees or does not. One mechanism for everything that does.

mod decide;
mod event;
mod state;

pub use decide::{ApprovalRefusal, Person, approve, bypass, reject, withdraw};
pub use event::{
    About, ApprovalEvent, PART_CONTENT, PART_REASON, Requested, SCHEMA_VERSION, TAG_APPROVAL,
    UnreadableApproval, VoidReason,
};
pub use state::{Approval, Status, has_lapsed};
