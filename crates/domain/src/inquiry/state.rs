//! An inquiry as its events make it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::event::{InquiryEvent, InquiryTag, Received, Resolution};
use super::message::{Message, MessageKind};
use crate::ids::{DeclarationId, IncomingMailId, InquiryId};
use crate::privacy_request::Channel;
use crate::staff::{Actor, StaffId};
use crate::wire::wire_enum;

wire_enum! {
    /// Where an inquiry stands.
    InquiryStatus {
        /// Somebody waits for us.
        Open = "open",
        /// It was answered; we wait for them.
        Waiting = "waiting",
        /// It is put off.
        Snoozed = "snoozed",
        /// It is over.
        Closed = "closed",
        /// It is spam.
        Spam = "spam",
        /// It goes on as a part of another.
        Merged = "merged",
    }
}

/// An answer of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The message of the ledger.
    pub mail_id: Uuid,
    /// The message that it answers.
    pub answers: Option<IncomingMailId>,
    /// Who wrote it.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// Until when the inquiry was to be answered before it: from then on again, when it is called off.
    pub due_before: Option<i64>,
}

/// An answer that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftReply {
    /// Who wrote on it last.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether a colleague is asked to look at it.
    pub asks_review: bool,
    /// Who has agreed with it as it is.
    pub agreed_by: Option<Actor>,
}

/// An inquiry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// As it began.
    pub received: Received,
    /// When the log took that.
    pub at: DateTime<Utc>,
    /// Where it stands.
    pub status: InquiryStatus,
    /// What came in and belongs to it, in order.
    pub messages: Vec<Message>,
    /// What came in for inquiries that became a part of it.
    pub absorbed_messages: Vec<Message>,
    /// What went out.
    pub replies: Vec<Reply>,
    /// What is being written.
    pub draft: Option<DraftReply>,
    /// Who takes care of it.
    pub assignee: Option<StaffId>,
    /// Until when it is to be answered, in microseconds; none: nobody waits. See [`Inquiry::clock`].
    pub due_at: Option<i64>,
    /// Until when it is put off, in microseconds.
    pub snoozed_until: Option<i64>,
    /// What it is about.
    pub tags: BTreeSet<InquiryTag>,
    /// The records that it is about.
    pub declarations: BTreeSet<DeclarationId>,
    /// How it ended.
    pub resolution: Option<Resolution>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// What it is a part of.
    pub merged_into: Option<InquiryId>,
    /// What is a part of it.
    pub absorbed: Vec<InquiryId>,
    /// Whether the newest message has another subject than those before it.
    pub is_subject_changed: bool,
    /// With which charset messages are read, where a person chose one.
    pub charsets: BTreeMap<IncomingMailId, String>,
    /// How many notes there are.
    pub notes: u32,
    /// Whom a note asks to look at it, and who has done nothing here since.
    pub called: BTreeSet<StaffId>,
    /// Whether its key is destroyed.
    pub is_forgotten: bool,
}

impl Inquiry {
    /// From its events in order, each with who did it and when; none without the first message.
    pub fn of<'a>(
        events: impl IntoIterator<Item = (&'a InquiryEvent, &'a Actor, DateTime<Utc>)>,
    ) -> Option<Self> {
        let mut inquiry: Option<Self> = None;
        for (event, by, at) in events {
            match (&mut inquiry, event) {
                (None, InquiryEvent::Received(received)) => inquiry = Some(Self::begun(received, at)),
                (Some(inquiry), event) => inquiry.apply(event, by, at),
                (None, _) => {}
            }
        }
        inquiry
    }

    pub(super) fn begun(received: &Received, at: DateTime<Utc>) -> Self {
        // Nobody waits for an answer to what a program says: it is kept where it is found, and no more.
        let is_filed = received.message.kind == MessageKind::AutoReply;
        Self {
            at,
            status: if is_filed {
                InquiryStatus::Closed
            } else {
                InquiryStatus::Open
            },
            messages: vec![received.message.clone()],
            absorbed_messages: Vec::new(),
            replies: Vec::new(),
            draft: None,
            assignee: None,
            due_at: received.due_at.filter(|_| !is_filed),
            snoozed_until: None,
            tags: BTreeSet::new(),
            declarations: received.declarations.iter().copied().collect(),
            resolution: is_filed.then_some(Resolution::NoAnswerNeeded),
            closed_at: is_filed.then_some(at),
            merged_into: None,
            absorbed: Vec::new(),
            is_subject_changed: false,
            charsets: BTreeMap::new(),
            notes: 0,
            called: BTreeSet::new(),
            is_forgotten: false,
            received: received.clone(),
        }
    }

    pub(super) fn apply(&mut self, event: &InquiryEvent, by: &Actor, at: DateTime<Utc>) {
        if let Actor::Staff(staff) = by {
            // Whatever they do here, they have looked.
            self.called.remove(staff);
        }
        match event {
            InquiryEvent::Received(_) | InquiryEvent::MentionSeen { .. } => {}
            InquiryEvent::MessageAdded {
                message,
                is_subject_changed,
                due_at,
                ..
            } => self.add(message, *is_subject_changed, *due_at),
            InquiryEvent::Assigned { assignee, .. } => self.assignee = *assignee,
            InquiryEvent::Noted { mentioned, .. } => {
                self.notes += 1;
                let others = mentioned.iter().filter(|staff| *by != Actor::Staff(**staff));
                self.called.extend(others);
            }
            InquiryEvent::Replied { mail_id, answers, .. } => {
                self.replies.push(Reply {
                    mail_id: *mail_id,
                    answers: *answers,
                    by: by.clone(),
                    at,
                    due_before: self.due_at,
                });
                self.stands(InquiryStatus::Waiting);
                self.due_at = None;
                self.draft = None;
            }
            InquiryEvent::ReplyWithdrawn { mail_id, .. } => self.withdraw(*mail_id),
            InquiryEvent::Snoozed { until, .. } => {
                self.stands(InquiryStatus::Snoozed);
                self.snoozed_until = Some(*until);
            }
            InquiryEvent::Woken { .. } | InquiryEvent::Reopened { .. } | InquiryEvent::SpamCleared { .. } => {
                self.stands(InquiryStatus::Open);
            }
            InquiryEvent::Closed { resolution, .. } => {
                self.stands(InquiryStatus::Closed);
                self.resolution = Some(*resolution);
                self.closed_at = Some(at);
                self.due_at = None;
            }
            InquiryEvent::Merged { into, .. } => {
                self.stands(InquiryStatus::Merged);
                self.merged_into = Some(*into);
                self.due_at = None;
            }
            InquiryEvent::Absorbed {
                from,
                messages,
                due_at,
                ..
            } => self.absorb(*from, messages, *due_at),
            InquiryEvent::Split { messages, .. } => {
                self.messages.retain(|message| !messages.contains(&message.id));
            }
            InquiryEvent::Linked { declaration_id, .. }
            | InquiryEvent::RecordChanged { declaration_id, .. } => {
                self.declarations.insert(*declaration_id);
            }
            InquiryEvent::Unlinked { declaration_id, .. } => {
                self.declarations.remove(declaration_id);
            }
            InquiryEvent::Tagged { added, removed, .. } => {
                self.tags.extend(added);
                self.tags.retain(|tag| !removed.contains(tag));
            }
            InquiryEvent::SpamMarked { .. } => {
                // Its clock stands still, and goes on if it is none.
                self.stands(InquiryStatus::Spam);
            }
            InquiryEvent::CharsetChosen { message, charset, .. } => {
                self.charsets.insert(*message, charset.clone());
            }
            InquiryEvent::DraftSaved { asks_review, .. } => {
                self.draft = Some(DraftReply {
                    by: by.clone(),
                    at,
                    asks_review: *asks_review,
                    agreed_by: None,
                });
            }
            InquiryEvent::DraftDiscarded { .. } => self.draft = None,
            InquiryEvent::DraftAgreed { .. } => {
                if let Some(draft) = &mut self.draft {
                    draft.agreed_by = Some(by.clone());
                }
            }
            InquiryEvent::Forgotten { .. } => {
                self.is_forgotten = true;
                self.draft = None;
                self.called.clear();
            }
        }
    }

    /// What somebody wrote brings it back before us; what a program says changes nothing, and spam stays spam.
    fn add(&mut self, message: &Message, is_subject_changed: bool, due_at: Option<i64>) {
        self.messages.push(message.clone());
        self.is_subject_changed = is_subject_changed;
        if message.kind == MessageKind::AutoReply || self.status == InquiryStatus::Spam {
            return;
        }
        self.stands(InquiryStatus::Open);
        // Who waits already waits since then.
        self.due_at = self.due_at.or(due_at);
    }

    /// It waits for us again, since then, unless something else was sent.
    fn withdraw(&mut self, mail_id: Uuid) {
        let is_last = self.replies.last().is_some_and(|reply| reply.mail_id == mail_id);
        let place = self.replies.iter().position(|reply| reply.mail_id == mail_id);
        let Some(reply) = place.map(|place| self.replies.remove(place)) else {
            return;
        };
        if is_last && matches!(self.status, InquiryStatus::Waiting | InquiryStatus::Closed) {
            self.stands(InquiryStatus::Open);
            self.due_at = reply.due_before;
        }
    }

    fn absorb(&mut self, from: InquiryId, messages: &[Message], due_at: Option<i64>) {
        self.absorbed.push(from);
        self.absorbed_messages.extend_from_slice(messages);
        self.due_at = match (self.due_at, due_at) {
            (Some(mine), Some(theirs)) => Some(mine.min(theirs)),
            (mine, theirs) => mine.or(theirs),
        };
        if due_at.is_some() {
            self.stands(InquiryStatus::Open);
        }
    }

    /// What belongs to another status ends with it.
    fn stands(&mut self, status: InquiryStatus) {
        self.status = status;
        self.snoozed_until = None;
        self.resolution = None;
        self.closed_at = None;
        if !matches!(
            status,
            InquiryStatus::Open | InquiryStatus::Waiting | InquiryStatus::Snoozed
        ) {
            self.called.clear();
        }
    }

    /// Which one it is.
    pub const fn id(&self) -> InquiryId {
        self.received.inquiry_id
    }

    /// The way it came in.
    pub const fn channel(&self) -> Channel {
        self.received.channel
    }

    /// Until when it is to be answered, in microseconds, while somebody waits for it.
    pub fn clock(&self) -> Option<i64> {
        let runs = matches!(self.status, InquiryStatus::Open | InquiryStatus::Snoozed);
        self.due_at.filter(|_| runs)
    }

    /// What came in for it, its own and of what became a part of it.
    pub fn all_messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().chain(&self.absorbed_messages)
    }

    /// When the newest message came in or the newest answer went out.
    pub fn last_message_at(&self) -> DateTime<Utc> {
        let came = self.all_messages().map(Message::taken_at);
        let went = self.replies.iter().map(|reply| reply.at);
        came.chain(went).max().unwrap_or(self.at)
    }
}
