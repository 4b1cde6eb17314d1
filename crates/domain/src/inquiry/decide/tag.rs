//! What an inquiry is about.

use std::collections::BTreeSet;

use super::{Decided, there};
use crate::inquiry::event::{InquiryEvent, InquiryTag};
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::Inquiry;

/// It is about these things too, and not about those. What is so already is left out; what is on both sides goes.
pub fn tag(inquiry: &Inquiry, add: &[InquiryTag], remove: &[InquiryTag]) -> Decided {
    there(inquiry)?;
    let removed: BTreeSet<InquiryTag> = remove
        .iter()
        .copied()
        .filter(|tag| inquiry.tags.contains(tag))
        .collect();
    let added: BTreeSet<InquiryTag> = add
        .iter()
        .copied()
        .filter(|tag| !inquiry.tags.contains(tag) && !remove.contains(tag))
        .collect();
    if added.is_empty() && removed.is_empty() {
        return Err(InquiryRefusal::NoChange);
    }
    Ok(InquiryEvent::Tagged {
        inquiry_id: inquiry.id(),
        added: added.into_iter().collect(),
        removed: removed.into_iter().collect(),
    })
}
