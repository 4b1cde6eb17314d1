//! Some messages begin an inquiry of their own.

use domain::inquiry::decide::{self, Arrival};
use domain::inquiry::{InquiryEvent, InquiryRefusal, Message, PART_MESSAGE};
use domain::staff::Permission;
use domain::{IncomingMailId, InquiryId};

use super::change::ChangeInquiryError;
use super::thread::{Happening, NotWritten, Thread, Wanted};
use crate::case_log::CaseChange;
use crate::random::derived_id;
use crate::{App, OpContext};

/// These messages go.
#[derive(Debug, Clone)]
pub struct SplitInquiry {
    /// Of which inquiry, against which version.
    pub change: CaseChange,
    /// Which messages.
    pub messages: Vec<IncomingMailId>,
}

impl App {
    /// Begins an inquiry with some messages of another; answers with the new one.
    pub async fn split_inquiry(
        &self,
        op: &OpContext,
        split: &SplitInquiry,
    ) -> Result<InquiryId, ChangeInquiryError> {
        op.require(Permission::ManageInquiries)?;
        let into = InquiryId::new(derived_id(split.change.command_id, "inquiry"));
        self.change_thread(op, split.change, |thread| {
            taken_apart(thread, &split.messages, into)
        })
        .await?;
        Ok(into)
    }
}

/// The words go with their messages: they are sealed under the key of the new one, so that either can be forgotten alone.
fn taken_apart(
    thread: &Thread,
    messages: &[IncomingMailId],
    into: InquiryId,
) -> Result<Wanted, NotWritten<InquiryRefusal>> {
    let inquiry = &thread.inquiry;
    let split = decide::split(inquiry, messages, into).map_err(NotWritten::Refused)?;
    let gone = inquiry.messages.iter().filter(|it| messages.contains(&it.id));
    let mut happenings: Vec<Happening> = vec![split.into()];
    for message in gone {
        let event = if happenings.len() == 1 {
            begun(thread, message, into)
        } else {
            InquiryEvent::MessageAdded {
                inquiry_id: into,
                message: message.clone(),
                is_subject_changed: false,
                due_at: None,
            }
        };
        let words = thread.words_of(message.id);
        happenings.push(Happening {
            event,
            sealed: words.map(|it| (PART_MESSAGE, it.sealed())).into_iter().collect(),
        });
    }
    Ok(Wanted {
        happenings,
        along: Vec::new(),
        guards: Vec::new(),
    })
}

/// Who waits goes on waiting since they wrote.
fn begun(thread: &Thread, first: &Message, into: InquiryId) -> InquiryEvent {
    let inquiry = &thread.inquiry;
    let arrival = Arrival {
        due_at: inquiry.clock().and_then(chrono::DateTime::from_timestamp_micros),
        refers_to: Some(inquiry.id()),
        declarations: inquiry.declarations.iter().copied().collect(),
        ..Arrival::default()
    };
    decide::receive(into, first.clone(), arrival)
}
