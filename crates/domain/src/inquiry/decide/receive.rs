//! A message came in.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Decided, there};
use crate::ids::{DeclarationId, InquiryId};
use crate::inquiry::event::{InquiryEvent, Received};
use crate::inquiry::message::{Message, MessageKind};
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::Inquiry;
use crate::privacy_request::Channel;

/// What is known of a first message beside itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrival {
    /// Until when it is to be answered.
    pub due_at: Option<DateTime<Utc>>,
    /// The message of ours that it answers, which belonged to no inquiry.
    pub answers_mail: Option<Uuid>,
    /// Where its header says that it belongs, though somebody else wrote it.
    pub suggested: Option<InquiryId>,
    /// What it goes on from.
    pub refers_to: Option<InquiryId>,
    /// What it is about.
    pub declarations: Vec<DeclarationId>,
    /// The message of the ledger by which its receipt is acknowledged.
    pub acknowledgement: Option<Uuid>,
}

/// It begins an inquiry. Nobody waits for an answer to what a program says, and what went to a list is answered by whoever likes to.
pub fn receive(inquiry_id: InquiryId, message: Message, arrival: Arrival) -> InquiryEvent {
    let is_waited_for = awaits_answer(&message);
    InquiryEvent::Received(Received {
        inquiry_id,
        channel: Channel::Mail,
        due_at: arrival
            .due_at
            .filter(|_| is_waited_for)
            .map(|at| at.timestamp_micros()),
        answers_mail: arrival.answers_mail,
        suggested: arrival.suggested,
        refers_to: arrival.refers_to,
        declarations: arrival.declarations,
        acknowledgement: arrival.acknowledgement.filter(|_| message.may_be_answered),
        message,
    })
}

/// It belongs to an inquiry that is there.
pub fn add_message(
    inquiry: &Inquiry,
    message: Message,
    is_subject_changed: bool,
    due_at: Option<DateTime<Utc>>,
) -> Decided {
    there(inquiry)?;
    if inquiry.all_messages().any(|it| it.id == message.id) {
        return Err(InquiryRefusal::NoChange);
    }
    let is_waited_for = awaits_answer(&message);
    Ok(InquiryEvent::MessageAdded {
        inquiry_id: inquiry.id(),
        is_subject_changed,
        due_at: due_at.filter(|_| is_waited_for).map(|at| at.timestamp_micros()),
        message,
    })
}

const fn awaits_answer(message: &Message) -> bool {
    matches!(message.kind, MessageKind::Human | MessageKind::Unreadable)
}
