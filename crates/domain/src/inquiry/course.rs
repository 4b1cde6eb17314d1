//! How an inquiry went, for numbers: when it came before us, was closed, and came back.

use chrono::{DateTime, Utc};

use super::event::InquiryEvent;
use super::state::{Inquiry, InquiryStatus};
use crate::staff::Actor;

/// A moment at which something about an inquiry is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// When the log took it.
    pub at: DateTime<Utc>,
    /// 1: it came before us; −1: it left; 0: neither.
    pub change: i8,
    /// Whether it was closed.
    pub is_closing: bool,
    /// Of a closing: whether it came before us again after it.
    pub is_undone: bool,
    /// Whether it came before us again after it was closed.
    pub is_reopening: bool,
}

/// An inquiry with how it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// As it is now.
    pub inquiry: Inquiry,
    /// In order.
    pub steps: Vec<Step>,
}

impl Course {
    /// From the events of an inquiry in order, each with who did it and when; none without the first message.
    pub fn of<'a>(
        events: impl IntoIterator<Item = (&'a InquiryEvent, &'a Actor, DateTime<Utc>)>,
    ) -> Option<Self> {
        let mut course: Option<Self> = None;
        for (event, by, at) in events {
            if let Some(course) = &mut course {
                let before = course.inquiry.status;
                course.inquiry.apply(event, by, at);
                course.went(Some(before), at);
            } else if let InquiryEvent::Received(received) = event {
                let mut begun = Self {
                    inquiry: Inquiry::begun(received, at),
                    steps: Vec::new(),
                };
                begun.went(None, at);
                course = Some(begun);
            }
        }
        course
    }

    fn went(&mut self, before: Option<InquiryStatus>, at: DateTime<Utc>) {
        let waited = before.is_some_and(waits);
        let waits = waits(self.inquiry.status);
        let change = i8::from(waits) - i8::from(waited);
        let was_closed = before == Some(InquiryStatus::Closed);
        // What a program said is filed as closed when it comes in: nobody closed it.
        let is_closing = before.is_some() && !was_closed && self.inquiry.status == InquiryStatus::Closed;
        let mut is_reopening = false;
        if change > 0
            && let Some(closing) = self.steps.iter_mut().rfind(|step| step.is_closing)
            && !closing.is_undone
        {
            closing.is_undone = true;
            is_reopening = true;
        }
        if change != 0 || is_closing {
            self.steps.push(Step {
                at,
                change,
                is_closing,
                is_undone: false,
                is_reopening,
            });
        }
    }

    /// Whether it counts: somebody waited for us at some time, and it is neither spam nor a part of another, which counts for both.
    pub fn counts(&self) -> bool {
        !matches!(self.inquiry.status, InquiryStatus::Spam | InquiryStatus::Merged)
            && self.steps.iter().any(|step| step.change > 0)
    }

    /// When the first answer went out that was not called off.
    pub fn first_replied_at(&self) -> Option<DateTime<Utc>> {
        self.inquiry.replies.iter().map(|reply| reply.at).min()
    }
}

/// Whether somebody waits for us.
const fn waits(status: InquiryStatus) -> bool {
    matches!(status, InquiryStatus::Open | InquiryStatus::Snoozed)
}
