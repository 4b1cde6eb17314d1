//! Which declarations an inquiry is about.

use super::{Decided, there};
use crate::ids::DeclarationId;
use crate::inquiry::event::InquiryEvent;
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::Inquiry;

/// Declarations that one inquiry can be about.
const MOST: usize = 50;

/// It is about a declaration.
pub fn link(inquiry: &Inquiry, declaration_id: DeclarationId) -> Decided {
    there(inquiry)?;
    if inquiry.declarations.contains(&declaration_id) {
        return Err(InquiryRefusal::NoChange);
    }
    if inquiry.declarations.len() >= MOST {
        return Err(InquiryRefusal::TooManyDeclarations);
    }
    Ok(InquiryEvent::Linked {
        inquiry_id: inquiry.id(),
        declaration_id,
    })
}

/// It is not about that declaration.
pub fn unlink(inquiry: &Inquiry, declaration_id: DeclarationId) -> Decided {
    there(inquiry)?;
    if !inquiry.declarations.contains(&declaration_id) {
        return Err(InquiryRefusal::NoChange);
    }
    Ok(InquiryEvent::Unlinked {
        inquiry_id: inquiry.id(),
        declaration_id,
    })
}
