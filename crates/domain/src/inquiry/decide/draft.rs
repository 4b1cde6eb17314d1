//! An answer that is being written, before colleagues.

use super::{Decided, wanted};
use crate::inquiry::event::InquiryEvent;
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::{DraftReply, Inquiry};
use crate::staff::Actor;

/// Its words are kept. Whoever had agreed with other words has not agreed with these.
pub fn save_draft(inquiry: &Inquiry, asks_review: bool) -> Decided {
    wanted(inquiry)?;
    Ok(InquiryEvent::DraftSaved {
        inquiry_id: inquiry.id(),
        asks_review,
    })
}

/// It is dropped.
pub fn discard_draft(inquiry: &Inquiry) -> Decided {
    draft_of(inquiry)?;
    Ok(InquiryEvent::DraftDiscarded {
        inquiry_id: inquiry.id(),
    })
}

/// A colleague agrees with it.
pub fn agree_with_draft(inquiry: &Inquiry, by: &Actor) -> Decided {
    let draft = draft_of(inquiry)?;
    if draft.by == *by {
        return Err(InquiryRefusal::OwnDraft);
    }
    if draft.agreed_by.is_some() {
        return Err(InquiryRefusal::NoChange);
    }
    Ok(InquiryEvent::DraftAgreed {
        inquiry_id: inquiry.id(),
    })
}

/// Where an answer goes only when a colleague has agreed with it: whether one has. `is_as_drafted`: its words are those of the draft.
pub fn is_agreed(inquiry: &Inquiry, is_as_drafted: bool) -> Result<(), InquiryRefusal> {
    let has_agreed = inquiry
        .draft
        .as_ref()
        .is_some_and(|draft| draft.agreed_by.is_some());
    if has_agreed && is_as_drafted {
        Ok(())
    } else {
        Err(InquiryRefusal::NotAgreed)
    }
}

fn draft_of(inquiry: &Inquiry) -> Result<&DraftReply, InquiryRefusal> {
    wanted(inquiry)?;
    inquiry.draft.as_ref().ok_or(InquiryRefusal::NoDraft)
}
