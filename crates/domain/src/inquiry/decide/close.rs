//! An inquiry ends, and goes on.

use chrono::{DateTime, Utc};

use super::{Decided, going_on, wanted};
use crate::inquiry::event::{InquiryEvent, Resolution};
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::{Inquiry, InquiryStatus};
use crate::inquiry::thread::REOPENS_WITHIN;

/// It is over. Answered is only what has an answer.
pub fn close(inquiry: &Inquiry, resolution: Resolution) -> Decided {
    going_on(inquiry)?;
    if resolution == Resolution::Answered && inquiry.replies.is_empty() && inquiry.absorbed.is_empty() {
        return Err(InquiryRefusal::NotAnswered);
    }
    Ok(InquiryEvent::Closed {
        inquiry_id: inquiry.id(),
        resolution,
    })
}

/// It goes on, unless it was closed too long ago.
pub fn reopen(inquiry: &Inquiry, now: DateTime<Utc>) -> Decided {
    wanted(inquiry)?;
    if inquiry.status != InquiryStatus::Closed {
        return Err(InquiryRefusal::NotClosed);
    }
    if inquiry.closed_at.is_some_and(|at| now - at > REOPENS_WITHIN) {
        return Err(InquiryRefusal::ClosedForLong);
    }
    Ok(InquiryEvent::Reopened {
        inquiry_id: inquiry.id(),
    })
}
