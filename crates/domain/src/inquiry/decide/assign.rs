//! Somebody takes care of an inquiry.

use super::{Decided, going_on};
use crate::inquiry::event::InquiryEvent;
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::Inquiry;
use crate::staff::StaffId;

/// Somebody takes care of it, or nobody any more.
pub fn assign(inquiry: &Inquiry, assignee: Option<StaffId>) -> Decided {
    going_on(inquiry)?;
    if inquiry.assignee == assignee {
        return Err(InquiryRefusal::NoChange);
    }
    Ok(InquiryEvent::Assigned {
        inquiry_id: inquiry.id(),
        assignee,
    })
}
