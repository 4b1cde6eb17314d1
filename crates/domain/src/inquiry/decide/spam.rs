//! Whether an inquiry is spam.

use super::{Decided, there, wanted};
use crate::inquiry::event::InquiryEvent;
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::{Inquiry, InquiryStatus};

/// It is spam.
pub fn mark_spam(inquiry: &Inquiry) -> Decided {
    match wanted(inquiry) {
        Err(InquiryRefusal::Spam) => return Err(InquiryRefusal::NoChange),
        other => other?,
    }
    Ok(InquiryEvent::SpamMarked {
        inquiry_id: inquiry.id(),
    })
}

/// It is none.
pub fn clear_spam(inquiry: &Inquiry) -> Decided {
    there(inquiry)?;
    if inquiry.status != InquiryStatus::Spam {
        return Err(InquiryRefusal::NoChange);
    }
    Ok(InquiryEvent::SpamCleared {
        inquiry_id: inquiry.id(),
    })
}
