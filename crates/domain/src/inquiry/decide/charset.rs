//! 文字化けを直す: a message is read with another charset.

use super::{Decided, there};
use crate::ids::IncomingMailId;
use crate::inquiry::event::InquiryEvent;
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::Inquiry;

/// One of its messages is read with a charset that a person chose; the caller knows that there is such a charset.
pub fn choose_charset(inquiry: &Inquiry, message: IncomingMailId, charset: &str) -> Decided {
    there(inquiry)?;
    let known = inquiry.messages.iter().find(|it| it.id == message);
    let known = known.ok_or(InquiryRefusal::OtherMessage)?;
    let current = inquiry.charsets.get(&message).unwrap_or(&known.charset);
    if current.eq_ignore_ascii_case(charset) {
        return Err(InquiryRefusal::NoChange);
    }
    Ok(InquiryEvent::CharsetChosen {
        inquiry_id: inquiry.id(),
        message,
        charset: charset.to_ascii_lowercase(),
    })
}
