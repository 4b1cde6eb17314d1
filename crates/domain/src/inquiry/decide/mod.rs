//! Decisions about an inquiry: state and command in, what happens out.

mod assign;
mod charset;
mod cite;
mod close;
mod draft;
mod forget;
mod link;
mod merge;
mod note;
mod receive;
mod reply;
mod snooze;
mod spam;
mod split;
mod tag;

pub use assign::assign;
pub use charset::choose_charset;
pub use cite::cite;
pub use close::{close, reopen};
pub use draft::{agree_with_draft, discard_draft, is_agreed, save_draft};
pub use forget::{forget, kept_until};
pub use link::{link, unlink};
pub use merge::{Joined, merge};
pub use note::{note, see_mention};
pub use receive::{Arrival, add_message, receive};
pub use reply::{reply, withdraw_reply};
pub use snooze::{snooze, wake};
pub use spam::{clear_spam, mark_spam};
pub use split::split;
pub use tag::tag;

use super::event::InquiryEvent;
use super::refusal::InquiryRefusal;
use super::state::{Inquiry, InquiryStatus};

/// What happens, or why nothing does.
pub(super) type Decided = Result<InquiryEvent, InquiryRefusal>;

/// Something can be written about it.
fn there(inquiry: &Inquiry) -> Result<(), InquiryRefusal> {
    if inquiry.is_forgotten {
        return Err(InquiryRefusal::Forgotten);
    }
    match inquiry.status {
        InquiryStatus::Merged => Err(InquiryRefusal::Merged),
        _ => Ok(()),
    }
}

/// It is no spam.
fn wanted(inquiry: &Inquiry) -> Result<(), InquiryRefusal> {
    there(inquiry)?;
    match inquiry.status {
        InquiryStatus::Spam => Err(InquiryRefusal::Spam),
        _ => Ok(()),
    }
}

/// It is not over.
fn going_on(inquiry: &Inquiry) -> Result<(), InquiryRefusal> {
    wanted(inquiry)?;
    match inquiry.status {
        InquiryStatus::Closed => Err(InquiryRefusal::Closed),
        _ => Ok(()),
    }
}
