//! An inquiry was kept for its time.

use chrono::{DateTime, Months, Utc};

use super::Decided;
use crate::ids::SubjectId;
use crate::inquiry::event::InquiryEvent;
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::{Inquiry, InquiryStatus};

/// Until when an inquiry that is over is kept; none: it is not over.
pub fn kept_until(inquiry: &Inquiry, years: u32) -> Option<DateTime<Utc>> {
    let over = match inquiry.status {
        InquiryStatus::Open | InquiryStatus::Waiting | InquiryStatus::Snoozed => return None,
        InquiryStatus::Closed => inquiry.closed_at?,
        InquiryStatus::Spam | InquiryStatus::Merged => inquiry.last_message_at(),
    };
    over.checked_add_months(Months::new(years.saturating_mul(12)))
}

/// It is forgotten: its own key, and those of the messages that came in for it.
pub fn forget(
    inquiry: &Inquiry,
    subject: SubjectId,
    kept_until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Decided {
    if inquiry.is_forgotten {
        return Err(InquiryRefusal::NoChange);
    }
    if kept_until.is_none_or(|until| now < until) {
        return Err(InquiryRefusal::StillKept);
    }
    let messages = inquiry.messages.iter().map(|it| SubjectId::new(it.id.uuid()));
    Ok(InquiryEvent::Forgotten {
        inquiry_id: inquiry.id(),
        subjects: std::iter::once(subject).chain(messages).collect(),
    })
}
