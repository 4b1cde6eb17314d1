//! One inquiry with everything that happened to it, and to what became a part of it.

use std::collections::HashMap;

use domain::inquiry::{Hazard, Inquiry, InquiryEvent, PART_TEXT, hazard};
use domain::mailing::Draft;
use domain::staff::Permission;
use domain::{IncomingMailId, InquiryId, Personal};
use event_store::Position;
use storage::mail::Mail;
use uuid::Uuid;

use super::draft::DraftWords;
use super::thread::{Thread, words_of};
use super::words::StoredMessage;
use crate::case_log::{CaseEntry, case_subject};
use crate::incoming_mail::AttachedFile;
use crate::mail::Unsendable;
use crate::{App, Forbidden, Guarded, Internal, OpContext};

/// Inquiries that are parts of one and are shown with it.
const PARTS_MAX: usize = 50;

/// A message that came in, as it reads now.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageWords {
    /// The name beside the address; may be empty.
    pub sender_name: String,
    /// The address; empty: it says none.
    pub sender_address: String,
    /// Where it wants its answer, when that is somewhere else.
    pub reply_to: Option<String>,
    /// One line; may be empty.
    pub subject: String,
    /// The text.
    pub text: String,
    /// Whether the text is longer: the raw message has the rest.
    pub is_cut: bool,
    /// Whether it came as HTML, too.
    pub has_html: bool,
    /// What is attached to it.
    pub files: Vec<AttachedFile>,
    /// When it says that it was written.
    pub written_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl std::fmt::Debug for MessageWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MessageWords(…)")
    }
}

impl From<StoredMessage> for MessageWords {
    fn from(stored: StoredMessage) -> Self {
        Self {
            sender_name: stored.name,
            sender_address: stored.address,
            reply_to: stored.reply_to,
            subject: stored.subject,
            text: stored.text,
            is_cut: stored.is_cut,
            has_html: stored.has_html,
            files: stored
                .files
                .into_iter()
                .map(|file| {
                    let known = file.hazard.as_deref().and_then(Hazard::from_code);
                    AttachedFile {
                        hazard: known.or_else(|| hazard(&file.name, &[])),
                        name: file.name,
                        media_type: file.media_type,
                        size: file.size,
                    }
                })
                .collect(),
            written_at: stored
                .written_at
                .and_then(chrono::DateTime::from_timestamp_micros),
        }
    }
}

/// What was written with something that happened.
#[derive(Debug, Clone)]
pub enum EntryWords {
    /// Nothing.
    None,
    /// A message came in; none: nothing could be read of it.
    Message(Option<Guarded<MessageWords>>),
    /// A note.
    Note(Guarded<String>),
    /// An answer, and where it stands.
    Reply(Box<ReplyWords>),
}

/// An answer.
#[derive(Debug, Clone)]
pub struct ReplyWords {
    /// What the ledger says of it.
    pub mail: Option<Mail>,
    /// Its words.
    pub draft: Guarded<Draft>,
}

/// Something that happened to an inquiry, or to one that is a part of it.
pub struct InquiryEntry {
    /// Where it stands, when, by whom, and what.
    pub entry: CaseEntry<InquiryEvent>,
    /// What was written with it.
    pub words: EntryWords,
}

/// An inquiry.
pub struct InquiryDetail {
    /// As its events make it.
    pub inquiry: Inquiry,
    /// Of its newest event: what a command is made against.
    pub version: Position,
    /// The words of the answer that is being written; none: nothing is.
    pub draft: Option<Guarded<DraftWords>>,
    /// What happened, the oldest first, with what became a part of it.
    pub entries: Vec<InquiryEntry>,
    /// Other inquiries of the same correspondents, the newest first.
    pub others: Vec<InquiryId>,
}

/// Why inquiries cannot be seen.
#[derive(Debug, thiserror::Error)]
pub enum ReadInquiryError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// One inquiry; none when there is none. Every word is withheld from whoever may not see persons; the reading is recorded.
    pub async fn inquiry(
        &self,
        op: &OpContext,
        id: InquiryId,
    ) -> Result<Option<InquiryDetail>, ReadInquiryError> {
        op.require(Permission::ReadInquiries)?;
        let Some(thread) = self.thread(id).await? else {
            return Ok(None);
        };
        let others = self.other_inquiries(&thread).await?;
        let mut threads = vec![thread];
        let mut next = 0;
        // What is a part of it can have parts of its own.
        while let Some(thread) = threads.get(next) {
            next += 1;
            for part in thread.inquiry.absorbed.clone() {
                if threads.len() <= PARTS_MAX && threads.iter().all(|it| it.inquiry.id() != part) {
                    threads.extend(self.thread(part).await?);
                }
            }
        }
        let mails = self.replies_of(&threads).await?;
        let mut entries = Vec::new();
        for thread in &threads {
            let texts: HashMap<IncomingMailId, StoredMessage> = thread.words().collect();
            for entry in &thread.history {
                entries.push(InquiryEntry {
                    words: words(op, entry, &texts, &mails),
                    entry: entry.clone(),
                });
            }
        }
        entries.sort_by_key(|it| it.entry.position);
        let thread = threads.swap_remove(0);
        let draft = thread.inquiry.draft.as_ref().map(|_| {
            op.reveal_inquiry(id.uuid(), || match thread.draft() {
                Some(words) => Guarded::Open(words),
                None => Guarded::Forgotten(case_subject(id.uuid()).0),
            })
        });
        Ok(Some(InquiryDetail {
            draft,
            inquiry: thread.inquiry,
            version: thread.version,
            entries,
            others,
        }))
    }

    async fn other_inquiries(&self, thread: &Thread) -> Result<Vec<InquiryId>, Internal> {
        const MOST: u32 = 20;
        let mut others = Vec::new();
        let mut asked: Vec<&str> = Vec::new();
        for message in thread.inquiry.all_messages() {
            let Some(hash) = message
                .correspondent_hash
                .as_deref()
                .filter(|it| !asked.contains(it))
            else {
                continue;
            };
            asked.push(hash);
            let found = storage::inquiry::correspondence(self.store.database(), hash, MOST).await;
            for id in found.map_err(Internal::new)? {
                if id != thread.inquiry.id() && !others.contains(&id) {
                    others.push(id);
                }
            }
        }
        Ok(others)
    }

    /// What the ledger says of the answers, and their words.
    async fn replies_of(&self, threads: &[Thread]) -> Result<Replies, Internal> {
        let ids: Vec<Uuid> = threads
            .iter()
            .flat_map(|thread| thread.inquiry.replies.iter().map(|it| it.mail_id))
            .collect();
        let mut mails = HashMap::with_capacity(ids.len());
        for id in ids {
            let mail = storage::mail::load(self.store.database(), id).await;
            mails.extend(mail.map_err(Internal::new)?.map(|mail| (id, mail)));
        }
        let positions: Vec<Position> = mails.values().map(|mail| mail.position).collect();
        let drafts = self.drafts(&positions).await?;
        Ok(Replies { mails, drafts })
    }
}

struct Replies {
    mails: HashMap<Uuid, Mail>,
    drafts: HashMap<Position, Result<Draft, Unsendable>>,
}

fn words(
    op: &OpContext,
    entry: &CaseEntry<InquiryEvent>,
    texts: &HashMap<IncomingMailId, StoredMessage>,
    replies: &Replies,
) -> EntryWords {
    let id = entry.event.inquiry_id().uuid();
    let subject = case_subject(id).0;
    match &entry.event {
        InquiryEvent::Received(_) | InquiryEvent::MessageAdded { .. } => {
            let is_sealed = entry.sealed(domain::inquiry::PART_MESSAGE).is_some();
            EntryWords::Message(is_sealed.then(|| {
                op.reveal_inquiry(id, || match words_of(entry) {
                    // As it reads now: somebody may have chosen another charset since.
                    Some((message, first)) => {
                        Guarded::Open(texts.get(&message).cloned().unwrap_or(first).into())
                    }
                    None => Guarded::Forgotten(subject),
                })
            }))
        }
        InquiryEvent::Noted { .. } => match entry.text(PART_TEXT) {
            Some(text) => EntryWords::Note(op.reveal_inquiry(id, || {
                crate::privacy_request::guarded(text, subject, Personal::into_revealed)
            })),
            None => EntryWords::None,
        },
        InquiryEvent::Replied { mail_id, .. } => {
            let mail = replies.mails.get(mail_id).cloned();
            let draft = mail.as_ref().and_then(|mail| replies.drafts.get(&mail.position));
            let draft = draft.cloned();
            EntryWords::Reply(Box::new(ReplyWords {
                mail,
                draft: op.reveal_inquiry(id, || match draft {
                    Some(Ok(draft)) => Guarded::Open(draft),
                    _ => Guarded::Forgotten(subject),
                }),
            }))
        }
        _ => EntryWords::None,
    }
}
