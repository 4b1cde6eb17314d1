//! What the secretariat changes in the register because somebody asked for it.

use super::{Decided, wanted};
use crate::ids::DeclarationId;
use crate::inquiry::event::InquiryEvent;
use crate::inquiry::state::Inquiry;

/// A change of a declaration rests on it, also when it is over. `change`: the wire type of its first event.
pub fn cite(inquiry: &Inquiry, declaration_id: DeclarationId, change: &str) -> Decided {
    wanted(inquiry)?;
    Ok(InquiryEvent::RecordChanged {
        inquiry_id: inquiry.id(),
        declaration_id,
        change: change.to_owned(),
    })
}
