//! Two inquiries become one.

use super::{going_on, wanted};
use crate::inquiry::event::InquiryEvent;
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::Inquiry;

/// What happens to either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// To the one that becomes a part of the other.
    pub merged: InquiryEvent,
    /// To the other, which goes on.
    pub absorbed: InquiryEvent,
}

/// One goes on as a part of another, which is not over.
pub fn merge(inquiry: &Inquiry, into: &Inquiry) -> Result<Joined, InquiryRefusal> {
    wanted(inquiry)?;
    if inquiry.id() == into.id() {
        return Err(InquiryRefusal::Itself);
    }
    going_on(into).map_err(|_| InquiryRefusal::OtherIsOver)?;
    Ok(Joined {
        merged: InquiryEvent::Merged {
            inquiry_id: inquiry.id(),
            into: into.id(),
        },
        absorbed: InquiryEvent::Absorbed {
            inquiry_id: into.id(),
            from: inquiry.id(),
            messages: inquiry.all_messages().cloned().collect(),
            due_at: inquiry.clock(),
        },
    })
}
