//! Some messages begin an inquiry of their own.

use super::{Decided, wanted};
use crate::ids::{IncomingMailId, InquiryId};
use crate::inquiry::event::InquiryEvent;
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::Inquiry;

/// Some of its own messages go, in the order in which they came; one at least stays.
pub fn split(inquiry: &Inquiry, messages: &[IncomingMailId], into: InquiryId) -> Decided {
    wanted(inquiry)?;
    if messages.is_empty() {
        return Err(InquiryRefusal::NoMessage);
    }
    if messages
        .iter()
        .any(|id| inquiry.messages.iter().all(|it| it.id != *id))
    {
        return Err(InquiryRefusal::OtherMessage);
    }
    let own = inquiry.messages.iter().map(|it| it.id);
    let (gone, left): (Vec<_>, Vec<_>) = own.partition(|id| messages.contains(id));
    if left.is_empty() {
        return Err(InquiryRefusal::AllMessages);
    }
    Ok(InquiryEvent::Split {
        inquiry_id: inquiry.id(),
        messages: gone,
        into,
    })
}
