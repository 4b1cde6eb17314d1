//! A message came in: it is put where it belongs, once.

use chrono::{DateTime, Utc};
use domain::inquiry::decide::{self, Arrival};
use domain::inquiry::{Candidate, InquiryStatus, Message, MessageKind, PART_MESSAGE, Place, due_at, place};
use domain::mailing::{Address, MessageId};
use domain::{DeclarationId, IncomingMailId, InquiryId, Personal};
use event_store::NewEvent;
use storage::inquiry::{self as rows, NamedMessage};
use uuid::Uuid;

use super::thread::{Happening, Thread, TooBusy, Wanted, Written};
use super::words::StoredMessage;
use crate::incoming_mail::MailContent;
use crate::random::derived_id;
use crate::{App, Internal, OpContext};

/// So often a message is placed anew when somebody else wrote to its inquiry meanwhile.
const TRIES: usize = 8;
/// Inquiries that a message names and that are looked at.
const CANDIDATES_MAX: usize = 10;

/// A message that was read, and waits for its place.
pub(crate) struct ReadMessage<'a> {
    /// Which.
    pub(crate) id: IncomingMailId,
    /// What it is.
    pub(crate) kind: MessageKind,
    /// When it was taken.
    pub(crate) taken_at: DateTime<Utc>,
    /// What it says; none: nothing could be read of it.
    pub(crate) content: Option<&'a MailContent>,
}

/// What a message names.
struct Named {
    /// Inquiries, the nearest first.
    candidates: Vec<Thread>,
    /// A message of ours to the same address, which belongs to no inquiry.
    ours: Option<OurMail>,
}

struct OurMail {
    id: Uuid,
    declaration_id: Option<DeclarationId>,
}

impl App {
    /// Puts a message where it belongs. The same message again finds that done.
    pub(crate) async fn receive_inquiry(
        &self,
        op: &OpContext,
        read: &ReadMessage<'_>,
    ) -> Result<(), Internal> {
        let command_id = derived_id(read.id.uuid(), "inquiry");
        let message = self.message_of(read);
        let words = read.content.map(StoredMessage::of);
        let calendar = self.calendar().await?;
        let due = due_at(read.taken_at, &calendar);
        for _ in 0..TRIES {
            if self.earlier(command_id).await?.is_some() {
                return Ok(());
            }
            let named = self.named_by(read, &message).await?;
            let candidates: Vec<Candidate> = named.candidates.iter().map(candidate).collect();
            let subject = read.content.map_or("", |it| it.subject.reveal());
            let correspondent = message.correspondent_hash.as_deref();
            let written = match place(correspondent, subject, read.taken_at, &candidates) {
                Place::Joins {
                    inquiry_id,
                    is_subject_changed,
                } => {
                    let thread = named.candidates.iter().find(|it| it.inquiry.id() == inquiry_id);
                    let thread = thread.ok_or_else(|| Internal::new(TooBusy))?;
                    let added =
                        decide::add_message(&thread.inquiry, message.clone(), is_subject_changed, due);
                    // A candidate is neither a part of another nor forgotten, and has not this message.
                    let event = added.map_err(Internal::new)?;
                    let wanted = Wanted::only(sealed(event, words.as_ref()));
                    self.write_thread(op, command_id, &[thread], wanted).await?
                }
                Place::Begins { suggested, refers_to } => {
                    let arrival = Arrival {
                        due_at: due,
                        answers_mail: named.ours.as_ref().map(|it| it.id),
                        declarations: named.ours.iter().filter_map(|it| it.declaration_id).collect(),
                        suggested,
                        refers_to,
                        acknowledgement: None,
                    };
                    let wanted = self
                        .beginning(op, (command_id, read), &message, arrival, words.as_ref())
                        .await?;
                    self.write_thread(op, command_id, &[], wanted).await?
                }
            };
            if matches!(written, Written::Done(_)) {
                return Ok(());
            }
        }
        Err(Internal::new(TooBusy))
    }

    async fn beginning(
        &self,
        op: &OpContext,
        (command_id, read): (Uuid, &ReadMessage<'_>),
        message: &Message,
        mut arrival: Arrival,
        words: Option<&StoredMessage>,
    ) -> Result<Wanted, Internal> {
        let id = InquiryId::new(derived_id(read.id.uuid(), "inquiry"));
        let acknowledged = self.acknowledgement(op, command_id, id, message, words).await?;
        let (along, guards): (Vec<NewEvent>, Vec<_>) = match acknowledged {
            Some(acknowledged) => {
                arrival.acknowledgement = Some(acknowledged.mail_id);
                (vec![acknowledged.event], vec![acknowledged.guard])
            }
            None => (Vec::new(), Vec::new()),
        };
        let event = decide::receive(id, message.clone(), arrival);
        Ok(Wanted {
            happenings: vec![sealed(event, words)],
            along,
            guards,
        })
    }

    fn message_of(&self, read: &ReadMessage<'_>) -> Message {
        let content = read.content;
        let message_id = content.and_then(|it| it.message_id.as_ref());
        let address = content.and_then(sender_address);
        Message {
            id: read.id,
            kind: read.kind,
            taken_at: read.taken_at.timestamp_micros(),
            message_hash: message_id.map(|id| self.message_hash(id.reveal())),
            correspondent_hash: address.map(|address| self.address_hash(&address).recipient),
            attachments: content.map_or(0, |it| u32::try_from(it.attachments.len()).unwrap_or(u32::MAX)),
            charset: content.map_or_else(String::new, |it| it.charset.to_ascii_lowercase()),
            may_be_answered: content.is_some_and(|it| it.may_be_answered),
        }
    }

    /// A Message-ID of somebody else as the log knows it.
    fn message_hash(&self, id: &str) -> String {
        let keyring = self.store.keyring();
        hex::encode(keyring.keyed_hash("message-id", id.as_bytes()))
    }

    /// What the header names, the nearest first.
    async fn named_by(&self, read: &ReadMessage<'_>, message: &Message) -> Result<Named, Internal> {
        let answers = read.content.map_or(&[][..], |it| &it.answers);
        let ids: Vec<(String, Option<Uuid>)> = answers
            .iter()
            .map(|id| (self.message_hash(id.reveal()), row_of_ours(id)))
            .collect();
        let hashes: Vec<String> = ids.iter().map(|(hash, _)| hash.clone()).collect();
        let mails: Vec<Uuid> = ids.iter().filter_map(|(_, mail)| *mail).collect();
        let known = rows::named(self.store.database(), &hashes, &mails).await;
        let known = known.map_err(Internal::new)?;
        let is_named = |it: &&NamedMessage, (hash, mail): &(String, Option<Uuid>)| {
            it.message_hash.as_ref() == Some(hash) || Some(it.id) == *mail
        };
        let mut inquiries: Vec<InquiryId> = Vec::new();
        for id in &ids {
            for named in known.iter().filter(|it| is_named(it, id)) {
                if !inquiries.contains(&named.inquiry_id) {
                    inquiries.push(named.inquiry_id);
                }
            }
        }
        let mut candidates = Vec::new();
        for id in inquiries.into_iter().take(CANDIDATES_MAX) {
            let thread = self.thread(id).await?;
            candidates.extend(thread.filter(|it| goes_on(it, read.id)));
        }
        let strange = mails.iter().find(|mail| known.iter().all(|it| it.id != **mail));
        let ours = match strange {
            Some(mail) if candidates.is_empty() => self.our_mail(*mail, message).await?,
            _ => None,
        };
        Ok(Named { candidates, ours })
    }

    /// A message of the ledger to whoever writes now: of a mass mail, the one that went to them.
    async fn our_mail(&self, id: Uuid, message: &Message) -> Result<Option<OurMail>, Internal> {
        let mail = storage::mail::load(self.store.database(), id).await;
        let Some(mail) = mail.map_err(Internal::new)? else {
            return Ok(None);
        };
        let is_theirs = message.correspondent_hash.as_deref() == Some(&hex::encode(&mail.recipient_hash));
        Ok(is_theirs.then_some(OurMail {
            id,
            declaration_id: mail.declaration_id.map(DeclarationId::new),
        }))
    }
}

/// Nothing is added to what is a part of another or forgotten, and no message twice.
fn goes_on(thread: &Thread, message: IncomingMailId) -> bool {
    let inquiry = &thread.inquiry;
    !inquiry.is_forgotten
        && inquiry.status != InquiryStatus::Merged
        && inquiry.all_messages().all(|it| it.id != message)
}

fn candidate(thread: &Thread) -> Candidate {
    let inquiry = &thread.inquiry;
    let mut correspondents: Vec<String> = inquiry
        .all_messages()
        .filter_map(|it| it.correspondent_hash.clone())
        .collect();
    correspondents.extend(thread.history.iter().filter_map(|entry| match &entry.event {
        domain::inquiry::InquiryEvent::Replied {
            correspondent_hash, ..
        } => Some(correspondent_hash.clone()),
        _ => None,
    }));
    Candidate {
        inquiry_id: inquiry.id(),
        correspondents,
        status: inquiry.status,
        closed_at: inquiry.closed_at,
        subjects: thread.words().map(|(_, words)| words.subject).collect(),
    }
}

fn sealed(event: domain::inquiry::InquiryEvent, words: Option<&StoredMessage>) -> Happening {
    Happening {
        event,
        sealed: words
            .map(|words| (PART_MESSAGE, words.sealed()))
            .into_iter()
            .collect(),
    }
}

/// The address that a message is from, if mail can be sent to it.
fn sender_address(content: &MailContent) -> Option<Address> {
    let sender = content.sender.as_ref()?;
    Address::parse(&sender.reveal().address).ok()
}

/// The row of the ledger that made this id, if it is one of ours.
fn row_of_ours(id: &Personal<String>) -> Option<Uuid> {
    let id = MessageId::parse(&format!("<{}>", id.reveal())).ok()?;
    Some(id.row())
}
