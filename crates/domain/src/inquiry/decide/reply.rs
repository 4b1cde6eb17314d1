//! An answer goes out, or is called off before it does.

use uuid::Uuid;

use super::{Decided, wanted};
use crate::ids::IncomingMailId;
use crate::inquiry::event::InquiryEvent;
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::Inquiry;

/// An answer is queued, to one of its messages or to none. Also to an inquiry that is closed: it waits for them then.
pub fn reply(
    inquiry: &Inquiry,
    mail_id: Uuid,
    answers: Option<IncomingMailId>,
    correspondent_hash: String,
) -> Decided {
    wanted(inquiry)?;
    if answers.is_some_and(|id| inquiry.all_messages().all(|message| message.id != id)) {
        return Err(InquiryRefusal::OtherMessage);
    }
    Ok(InquiryEvent::Replied {
        inquiry_id: inquiry.id(),
        mail_id,
        answers,
        correspondent_hash,
    })
}

/// An answer that has not gone yet is called off; whether it has is for the ledger to say.
pub fn withdraw_reply(inquiry: &Inquiry, mail_id: Uuid) -> Decided {
    wanted(inquiry)?;
    if inquiry.replies.iter().all(|reply| reply.mail_id != mail_id) {
        return Err(InquiryRefusal::OtherMessage);
    }
    Ok(InquiryEvent::ReplyWithdrawn {
        inquiry_id: inquiry.id(),
        mail_id,
    })
}
