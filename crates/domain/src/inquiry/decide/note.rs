//! Something for colleagues.

use super::{Decided, there};
use crate::inquiry::event::InquiryEvent;
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::Inquiry;
use crate::staff::StaffId;

/// Somebody wrote something for colleagues; those who are mentioned once each, in the order in which they are.
pub fn note(inquiry: &Inquiry, mentioned: Vec<StaffId>) -> Decided {
    there(inquiry)?;
    let mut once: Vec<StaffId> = Vec::with_capacity(mentioned.len());
    for staff in mentioned {
        if !once.contains(&staff) {
            once.push(staff);
        }
    }
    Ok(InquiryEvent::Noted {
        inquiry_id: inquiry.id(),
        mentioned: once,
    })
}

/// Whoever a note asks to look at it has.
pub fn see_mention(inquiry: &Inquiry, by: Option<StaffId>) -> Decided {
    there(inquiry)?;
    if !by.is_some_and(|staff| inquiry.called.contains(&staff)) {
        return Err(InquiryRefusal::NoChange);
    }
    Ok(InquiryEvent::MentionSeen {
        inquiry_id: inquiry.id(),
    })
}
