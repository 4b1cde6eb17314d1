//! What happened to an inquiry, entry by entry.

use std::collections::BTreeMap;

use app::Guarded;
use app::incoming_mail::AttachedFile;
use app::inquiry::{EntryWords, FILE_MAX, InquiryEntry as Found, MessageWords};
use async_graphql::{ComplexObject, Context, Enum, ID, Result, SimpleObject, Union};
use domain::IncomingMailId;
use domain::inquiry::{InquiryEvent as Event, Message};
use domain::staff::StaffId;

use super::types::{InquiryMessageKind, InquiryResolution, InquiryTag};
use crate::declaration::enums::HistoryKind;
use crate::declaration::history::{Actor, actor_of, kind_of_type};
use crate::declaration::values::{Forgotten, TextResult, Withheld, forgotten, withheld};
use crate::loaders::Loaders;
use crate::mail::types::Mail;
use crate::privacy_request::types::text;
use crate::scalars::{DateTime, Position};

/// What kind of thing happened to an inquiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum InquiryEntryKind {
    /// A first message came in.
    Received,
    /// Another message came in.
    MessageAdded,
    /// Somebody takes care of it, or nobody any more.
    Assigned,
    /// Something for colleagues.
    Noted,
    /// Whoever was asked by a note to look at it has.
    MentionSeen,
    /// An answer was queued.
    Replied,
    /// An answer was called off before it went.
    ReplyWithdrawn,
    /// It was put off.
    Snoozed,
    /// It is not put off any more.
    Woken,
    /// It ended.
    Closed,
    /// It goes on.
    Reopened,
    /// It became a part of another.
    Merged,
    /// Another became a part of it.
    Absorbed,
    /// Some messages began an inquiry of their own.
    Split,
    /// It is about a declaration.
    Linked,
    /// It is not about that declaration.
    Unlinked,
    /// A change of the register rests on it.
    RecordChanged,
    /// What it is about was said.
    Tagged,
    /// It is spam.
    SpamMarked,
    /// It is no spam.
    SpamCleared,
    /// A message was read again with another charset.
    CharsetChosen,
    /// The words of an answer that is being written were kept.
    DraftSaved,
    /// What was being written is dropped.
    DraftDiscarded,
    /// A colleague has agreed with what was being written.
    DraftAgreed,
    /// It was kept for its time.
    Forgotten,
}

/// What a message says, for whoever may see persons.
#[derive(Union)]
pub enum InquiryWordsResult {
    /// Readable.
    Open(InquiryWords),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
}

/// What a message says.
#[derive(SimpleObject)]
pub struct InquiryWords {
    /// The name beside the address; may be empty.
    pub sender_name: String,
    /// The address; may be empty.
    pub sender_address: String,
    /// Where it wants its answer, when that is somewhere else.
    pub reply_to: Option<String>,
    /// One line; may be empty.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// Whether it came as HTML, too: `GET /inquiries/html/{message}`, for a frame.
    pub has_html: bool,
    /// Whether the text is longer than what is kept here.
    pub is_cut: bool,
    /// What is attached to it.
    pub files: Vec<InquiryFile>,
    /// When it says that it was written.
    pub written_at: Option<DateTime>,
}

/// What may be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum InquiryFileState {
    /// It can be saved.
    Available,
    /// It is a program or can run one: it is kept in quarantine.
    Quarantined,
    /// It is larger than what is handed out.
    TooLarge,
}

/// A file that is attached to a message.
#[derive(SimpleObject)]
pub struct InquiryFile {
    /// Its place among the files of its message: `GET /inquiries/files/{message}/{index}`.
    pub index: u32,
    /// What may be done with it.
    pub state: InquiryFileState,
    /// What it is called; may be empty.
    pub name: String,
    /// What it says that it is.
    pub media_type: String,
    /// How many bytes it has.
    pub size: u64,
}

/// A message that came in.
#[derive(SimpleObject)]
pub struct InquiryMessage {
    /// Which.
    pub id: ID,
    /// What it is.
    pub kind: InquiryMessageKind,
    /// When it came in.
    pub taken_at: DateTime,
    /// The charset that its text is read with.
    pub charset: String,
    /// How many files are attached to it.
    pub attachments: u32,
    /// Whether its subject is another than those before it.
    pub is_subject_changed: bool,
    /// What it says; null: nothing could be read of it.
    pub words: Option<InquiryWordsResult>,
}

/// Something that happened. What does not belong to its kind is null or empty.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct InquiryEntry {
    /// Where it stands in the log.
    pub position: Position,
    /// When.
    pub at: DateTime,
    /// What.
    pub kind: InquiryEntryKind,
    /// To which inquiry: this one, or one that is a part of it.
    pub inquiry_id: ID,
    /// The message that came in.
    pub message: Option<InquiryMessage>,
    /// What was written for colleagues.
    pub note: Option<TextResult>,
    /// The answer, and where it stands.
    pub reply: Option<Mail>,
    /// The messages that it is about: that was answered, that went, that was read again.
    pub message_ids: Vec<ID>,
    /// Until when it was put off.
    pub until: Option<DateTime>,
    /// How it ended.
    pub resolution: Option<InquiryResolution>,
    /// What it is about from then on, too.
    pub added: Vec<InquiryTag>,
    /// What it is not about from then on.
    pub removed: Vec<InquiryTag>,
    /// The declaration.
    pub declaration_id: Option<ID>,
    /// What was changed there.
    pub record_change: Option<HistoryKind>,
    /// The other inquiry.
    pub other_id: Option<ID>,
    /// With which charset it was read again.
    pub charset: Option<String>,
    #[graphql(skip)]
    by: String,
    #[graphql(skip)]
    staff: Vec<StaffId>,
}

#[ComplexObject]
impl InquiryEntry {
    /// Who did it.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }

    /// Whoever takes care of it from then on, or was asked to look at it: their names.
    async fn staff(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let loaders = ctx.data::<Loaders>()?;
        loaders.expect_staff(self.staff.clone()).await?;
        let mut names = Vec::with_capacity(self.staff.len());
        for id in &self.staff {
            names.extend(loaders.staff_name(*id).await?);
        }
        Ok(names)
    }
}

impl InquiryEntry {
    /// What happened as its reader sees it.
    pub fn new(found: Found, charsets: &BTreeMap<IncomingMailId, String>) -> Self {
        let entry = found.entry;
        let mut shown = Self {
            position: Position(entry.position),
            at: DateTime(entry.at),
            kind: InquiryEntryKind::Received,
            inquiry_id: ID(entry.event.inquiry_id().to_string()),
            message: None,
            note: None,
            reply: None,
            message_ids: Vec::new(),
            until: None,
            resolution: None,
            added: Vec::new(),
            removed: Vec::new(),
            declaration_id: None,
            record_change: None,
            other_id: None,
            charset: None,
            by: entry.by.to_string(),
            staff: Vec::new(),
        };
        let words = match found.words {
            EntryWords::Message(words) => words,
            EntryWords::Note(note) => {
                shown.note = Some(text(note));
                None
            }
            EntryWords::Reply(reply) => {
                shown.reply = reply.mail.map(Into::into);
                None
            }
            EntryWords::None => None,
        };
        match &entry.event {
            Event::Received(received) => {
                shown.message = Some(message(&received.message, charsets, false, words));
            }
            Event::MessageAdded {
                message: came,
                is_subject_changed,
                ..
            } => shown.message = Some(message(came, charsets, *is_subject_changed, words)),
            _ => {}
        }
        shown.kind = shown.fill(entry.event);
        shown
    }

    fn fill(&mut self, event: Event) -> InquiryEntryKind {
        match event {
            Event::Received(_) => InquiryEntryKind::Received,
            Event::MessageAdded { .. } => InquiryEntryKind::MessageAdded,
            Event::Assigned { assignee, .. } => {
                self.staff = assignee.into_iter().collect();
                InquiryEntryKind::Assigned
            }
            Event::Noted { mentioned, .. } => {
                self.staff = mentioned;
                InquiryEntryKind::Noted
            }
            Event::MentionSeen { .. } => InquiryEntryKind::MentionSeen,
            Event::Replied { answers, .. } => {
                self.message_ids = answers.iter().map(id_of_message).collect();
                InquiryEntryKind::Replied
            }
            Event::ReplyWithdrawn { .. } => InquiryEntryKind::ReplyWithdrawn,
            Event::Snoozed { until, .. } => {
                self.until = chrono::DateTime::from_timestamp_micros(until).map(DateTime);
                InquiryEntryKind::Snoozed
            }
            Event::Woken { .. } => InquiryEntryKind::Woken,
            Event::Closed { resolution, .. } => {
                self.resolution = Some(resolution.into());
                InquiryEntryKind::Closed
            }
            Event::Reopened { .. } => InquiryEntryKind::Reopened,
            Event::Merged { into, .. } => {
                self.other_id = Some(ID(into.to_string()));
                InquiryEntryKind::Merged
            }
            Event::Absorbed { from, .. } => {
                self.other_id = Some(ID(from.to_string()));
                InquiryEntryKind::Absorbed
            }
            Event::Split { messages, into, .. } => {
                self.message_ids = messages.iter().map(id_of_message).collect();
                self.other_id = Some(ID(into.to_string()));
                InquiryEntryKind::Split
            }
            Event::Linked { declaration_id, .. } => {
                self.declaration_id = Some(ID(declaration_id.to_string()));
                InquiryEntryKind::Linked
            }
            Event::Unlinked { declaration_id, .. } => {
                self.declaration_id = Some(ID(declaration_id.to_string()));
                InquiryEntryKind::Unlinked
            }
            Event::RecordChanged {
                declaration_id,
                change,
                ..
            } => {
                self.declaration_id = Some(ID(declaration_id.to_string()));
                self.record_change = kind_of_type(&change);
                InquiryEntryKind::RecordChanged
            }
            Event::Tagged { added, removed, .. } => {
                self.added = added.into_iter().map(Into::into).collect();
                self.removed = removed.into_iter().map(Into::into).collect();
                InquiryEntryKind::Tagged
            }
            Event::SpamMarked { .. } => InquiryEntryKind::SpamMarked,
            Event::SpamCleared { .. } => InquiryEntryKind::SpamCleared,
            Event::CharsetChosen { message, charset, .. } => {
                self.message_ids = vec![id_of_message(&message)];
                self.charset = Some(charset);
                InquiryEntryKind::CharsetChosen
            }
            Event::DraftSaved { .. } => InquiryEntryKind::DraftSaved,
            Event::DraftDiscarded { .. } => InquiryEntryKind::DraftDiscarded,
            Event::DraftAgreed { .. } => InquiryEntryKind::DraftAgreed,
            Event::Forgotten { .. } => InquiryEntryKind::Forgotten,
        }
    }
}

fn id_of_message(id: &IncomingMailId) -> ID {
    ID(id.to_string())
}

fn message(
    message: &Message,
    charsets: &BTreeMap<IncomingMailId, String>,
    is_subject_changed: bool,
    words: Option<Guarded<MessageWords>>,
) -> InquiryMessage {
    InquiryMessage {
        id: id_of_message(&message.id),
        kind: message.kind.into(),
        taken_at: DateTime(message.taken_at()),
        charset: charsets.get(&message.id).unwrap_or(&message.charset).clone(),
        attachments: message.attachments,
        is_subject_changed,
        words: words.map(Into::into),
    }
}

impl From<Guarded<MessageWords>> for InquiryWordsResult {
    fn from(words: Guarded<MessageWords>) -> Self {
        match words {
            Guarded::Open(words) => Self::Open(words.into()),
            Guarded::Withheld(permission) => Self::Withheld(withheld(permission)),
            Guarded::Forgotten(subject) => Self::Forgotten(forgotten(subject)),
        }
    }
}

impl From<MessageWords> for InquiryWords {
    fn from(words: MessageWords) -> Self {
        Self {
            sender_name: words.sender_name,
            sender_address: words.sender_address,
            reply_to: words.reply_to,
            subject: words.subject,
            text: words.text,
            has_html: words.has_html,
            is_cut: words.is_cut,
            files: (0..).zip(words.files).map(Into::into).collect(),
            written_at: words.written_at.map(DateTime),
        }
    }
}

impl From<(u32, AttachedFile)> for InquiryFile {
    fn from((index, file): (u32, AttachedFile)) -> Self {
        let state = match file.hazard {
            Some(_) => InquiryFileState::Quarantined,
            None if file.size > FILE_MAX => InquiryFileState::TooLarge,
            None => InquiryFileState::Available,
        };
        Self {
            index,
            state,
            name: file.name,
            media_type: file.media_type,
            size: file.size,
        }
    }
}
