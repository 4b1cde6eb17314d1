//! An inquiry as it stands, and writing what happens to it.

use chrono::NaiveDate;
use domain::inquiry::{Inquiry, InquiryEvent, PART_MESSAGE, TAG_INQUIRY};
use domain::{IncomingMailId, InquiryId, Readable};
use event_store::{
    Append, AppendError, Guard, NewEvent, PartBody, PersonalPart, Position, Query, Receipt, RecordedEvent,
    SubjectId, Tag,
};
use serde_json::Value;
use storage::mail_event::MailRefused;
use uuid::Uuid;

use super::words::StoredMessage;
use crate::case_log::{CaseChange, CaseEntry, CaseEvent as _, Sealed, case_subject};
use crate::{App, Internal, OpContext};

/// So often something is decided anew when somebody else was faster.
const TRIES: usize = 8;

/// An inquiry with everything that happened to it.
pub(crate) struct Thread {
    pub(crate) inquiry: Inquiry,
    pub(super) history: Vec<CaseEntry<InquiryEvent>>,
    pub(super) version: Position,
}

impl Thread {
    /// Of what happened to an inquiry, in order; none: nothing has.
    fn of(history: Vec<CaseEntry<InquiryEvent>>) -> Option<Self> {
        let version = history.last().map_or(Position::START, |entry| entry.position);
        let said = history.iter().map(|entry| (&entry.event, &entry.by, entry.at));
        let inquiry = Inquiry::of(said)?;
        Some(Self {
            inquiry,
            history,
            version,
        })
    }

    /// Of its newest event: what a change of it must name.
    pub(crate) const fn version(&self) -> Position {
        self.version
    }

    /// The words of its messages that can be read, the oldest first.
    pub(super) fn words(&self) -> impl Iterator<Item = (IncomingMailId, StoredMessage)> {
        self.history.iter().filter_map(words_of)
    }

    /// The name of whoever wrote the newest message; none: nothing can be read of it.
    pub(crate) fn newest_sender(&self) -> Option<String> {
        self.newest_written().map(|words| words.name)
    }

    /// The subject of the newest message.
    pub(super) fn newest_subject(&self) -> Option<String> {
        self.newest_written().map(|words| words.subject)
    }

    fn newest_written(&self) -> Option<StoredMessage> {
        self.words_of(super::reply::newest(&self.inquiry)?)
    }

    /// The words of one message.
    pub(super) fn words_of(&self, message: IncomingMailId) -> Option<StoredMessage> {
        // The newest: a message may have been read again.
        self.words()
            .filter(|(id, _)| *id == message)
            .last()
            .map(|it| it.1)
    }

    /// What happened after somebody looked, and holds what they want.
    pub(super) fn since(&self, version: Position, wanted: &[InquiryEvent]) -> Vec<Position> {
        self.history
            .iter()
            .filter(|entry| entry.position > version)
            .filter(|entry| wanted.iter().any(|it| it.is_held_by(&entry.event)))
            .map(|entry| entry.position)
            .collect()
    }
}

/// The words of a message, if an event brought any that can be read.
pub(super) fn words_of(entry: &CaseEntry<InquiryEvent>) -> Option<(IncomingMailId, StoredMessage)> {
    let id = match &entry.event {
        InquiryEvent::Received(received) => received.message.id,
        InquiryEvent::MessageAdded { message, .. } => message.id,
        InquiryEvent::CharsetChosen { message, .. } => *message,
        _ => return None,
    };
    match entry.sealed(PART_MESSAGE)? {
        Readable::Open(body) => Some((id, StoredMessage::from_sealed(body)?)),
        Readable::Forgotten => None,
    }
}

/// What happens to an inquiry, with the words that are sealed in it.
pub(super) struct Happening {
    pub(super) event: InquiryEvent,
    pub(super) sealed: Vec<Sealed>,
}

impl From<InquiryEvent> for Happening {
    fn from(event: InquiryEvent) -> Self {
        Self {
            event,
            sealed: Vec::new(),
        }
    }
}

/// What is to be written.
pub(super) struct Wanted {
    /// What happens to inquiries.
    pub(super) happenings: Vec<Happening>,
    /// What else happens by it.
    pub(super) along: Vec<NewEvent>,
    /// What must not have happened meanwhile.
    pub(super) guards: Vec<Guard>,
}

impl Wanted {
    /// Only this.
    pub(super) fn only(happening: Happening) -> Self {
        Self {
            happenings: vec![happening],
            along: Vec::new(),
            guards: Vec::new(),
        }
    }
}

/// What became of an append.
pub(super) enum Written {
    /// It is in the log, now or since earlier.
    Done(Receipt),
    /// Something happened to one of the threads meanwhile.
    Overtaken,
    /// The message that was to be called off does not wait any more.
    MailGone,
}

/// Why nothing was written.
pub(super) enum NotWritten<E> {
    /// There is no such inquiry.
    NotFound,
    /// The thread has moved since its author looked: these events are new.
    Moved(Vec<Position>),
    /// The command id was used before for something else.
    CommandReused,
    /// The message that was to be called off does not wait any more.
    MailGone,
    /// It is refused.
    Refused(E),
    /// A fault of ours.
    Internal(Internal),
}

impl<E> From<Internal> for NotWritten<E> {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl App {
    /// An inquiry; none when there is none.
    pub(crate) async fn thread(&self, id: InquiryId) -> Result<Option<Thread>, Internal> {
        Ok(Thread::of(self.case_history(id.uuid()).await?))
    }

    /// An inquiry as it was before a command; none: it did not exist.
    pub(super) async fn thread_before(
        &self,
        id: InquiryId,
        receipt: &Receipt,
    ) -> Result<Option<Thread>, Internal> {
        let mut history = self.case_history(id.uuid()).await?;
        history.retain(|entry| entry.position < receipt.first);
        Ok(Thread::of(history))
    }

    /// Makes one change of an inquiry. What happened around it since its author looked does not matter; what moved the thread does.
    /// Answers with its version from then on.
    pub(super) async fn change_thread<E>(
        &self,
        op: &OpContext,
        change: CaseChange,
        decide: impl Fn(&Thread) -> Result<Wanted, NotWritten<E>>,
    ) -> Result<Position, NotWritten<E>> {
        let id = InquiryId::new(change.id);
        for _ in 0..TRIES {
            if let Some(receipt) = self.earlier(change.command_id).await? {
                return self.repeated(id, receipt, decide).await;
            }
            let thread = self.thread(id).await?.ok_or(NotWritten::NotFound)?;
            let wanted = match decide(&thread) {
                Ok(wanted) => wanted,
                // What is refused now may be so because of what its author has not seen.
                Err(NotWritten::Refused(refused)) => {
                    let moved = thread.history.iter().filter(|entry| {
                        entry.position > change.expected_version && entry.event.moves_the_thread()
                    });
                    let moved: Vec<Position> = moved.map(|entry| entry.position).collect();
                    return Err(if moved.is_empty() {
                        NotWritten::Refused(refused)
                    } else {
                        NotWritten::Moved(moved)
                    });
                }
                Err(other) => return Err(other),
            };
            let events: Vec<InquiryEvent> = wanted.happenings.iter().map(|it| it.event.clone()).collect();
            let moved = thread.since(change.expected_version, &events);
            if !moved.is_empty() {
                return Err(NotWritten::Moved(moved));
            }
            match self
                .write_thread(op, change.command_id, &[&thread], wanted)
                .await?
            {
                Written::Done(receipt) => return self.version_of(id, receipt).await.map_err(Into::into),
                // Somebody was faster: it is looked at anew.
                Written::Overtaken => {}
                Written::MailGone => return Err(NotWritten::MailGone),
            }
        }
        Err(Internal::new(TooBusy).into())
    }

    /// What a command did before; none: it is new.
    pub(super) async fn earlier(&self, command_id: Uuid) -> Result<Option<Receipt>, Internal> {
        self.store.receipt(command_id).await.map_err(Internal::new)
    }

    /// A retry is judged on what its first try saw: the same command has the same result, and its id with another request is an error.
    async fn repeated<E>(
        &self,
        id: InquiryId,
        receipt: Receipt,
        decide: impl Fn(&Thread) -> Result<Wanted, NotWritten<E>>,
    ) -> Result<Position, NotWritten<E>> {
        let before = self.thread_before(id, &receipt).await?;
        let wanted = decide(&before.ok_or(NotWritten::CommandReused)?)?;
        if self.is_written(&receipt, &wanted).await? {
            Ok(self.version_of(id, receipt).await?)
        } else {
            Err(NotWritten::CommandReused)
        }
    }

    /// Whether a command wrote just this. What else happened by it is compared by what is said in it: when an answer goes is counted from
    /// the moment at which it is asked for. What is forgotten cannot be compared any more.
    pub(super) async fn is_written(&self, receipt: &Receipt, wanted: &Wanted) -> Result<bool, Internal> {
        let positions = (receipt.first.get()..=receipt.last.get()).map(Position::new);
        let positions: Vec<Position> = positions.collect();
        let recorded = self.store.at(&positions).await.map_err(Internal::new)?;
        let (happenings, along) = (&wanted.happenings, &wanted.along);
        if recorded.len() != happenings.len() + along.len() {
            return Ok(false);
        }
        let (happened, beside) = recorded.split_at(happenings.len());
        let is_same = happened.iter().zip(happenings).all(|(recorded, wanted)| {
            let sealed = wanted.sealed.iter().map(|(name, body)| (*name, body));
            recorded.event_type == wanted.event.event_type()
                && recorded.data == wanted.event.data()
                && says(recorded, sealed)
        });
        let is_same_beside = beside.iter().zip(along).all(|(recorded, wanted)| {
            let sealed = wanted
                .personal
                .iter()
                .map(|part| (part.name.as_str(), &part.body));
            recorded.event_type == wanted.event_type && says(recorded, sealed)
        });
        Ok(is_same && is_same_beside)
    }

    /// The newest event of an inquiry among those of a command.
    async fn version_of(&self, id: InquiryId, receipt: Receipt) -> Result<Position, Internal> {
        let history = self.case_history::<InquiryEvent>(id.uuid()).await?;
        let of_command = history.iter().rev().map(|entry| entry.position);
        let version = of_command
            .into_iter()
            .find(|position| (receipt.first..=receipt.last).contains(position));
        Ok(version.unwrap_or(Position::START))
    }

    /// Appends what happens to these threads, unless something happened to one of them meanwhile.
    pub(super) async fn write_thread(
        &self,
        op: &OpContext,
        command_id: Uuid,
        threads: &[&Thread],
        wanted: Wanted,
    ) -> Result<Written, Internal> {
        let mut guards = wanted.guards;
        for thread in threads {
            guards.push(Guard {
                query: Query::tagged(inquiry_tag(thread.inquiry.id())?),
                after: thread.version,
            });
        }
        let mut events = Vec::with_capacity(wanted.happenings.len() + wanted.along.len());
        for happening in wanted.happenings {
            events.push(self.inquiry_event(op.today(), happening).await?);
        }
        events.extend(wanted.along);
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events,
            guards,
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(appended) => Ok(Written::Done(*appended.receipt())),
            // Somebody was faster, or it is the same command from another process: what is there then is looked at.
            Err(AppendError::Conflict(_) | AppendError::CommandReused { .. }) => Ok(Written::Overtaken),
            Err(AppendError::Inline { source, .. }) if source.is::<MailRefused>() => Ok(Written::MailGone),
            Err(error) => Err(Internal::new(error)),
        }
    }

    pub(super) async fn inquiry_event(
        &self,
        today: NaiveDate,
        happening: Happening,
    ) -> Result<NewEvent, Internal> {
        let id = happening.event.inquiry_id();
        let subject = case_subject(id.uuid());
        if !happening.sealed.is_empty() {
            let ensured = self.store.keyring().ensure(&[subject]).await;
            ensured.map_err(Internal::new)?;
        }
        let personal = happening.sealed.into_iter().map(|(name, body)| PersonalPart {
            subject,
            name: name.to_owned(),
            body,
        });
        Ok(NewEvent {
            id: self.new_id().map_err(Internal::new)?,
            event_type: happening.event.event_type().to_owned(),
            schema_version: InquiryEvent::VERSION,
            tags: vec![inquiry_tag(id)?],
            effective_at: today,
            data: happening.event.data(),
            personal: personal.collect(),
        })
    }

    /// Whose key seals what is said in an inquiry, its answers included; the key is there.
    pub(super) async fn inquiry_subject(&self, id: InquiryId) -> Result<SubjectId, Internal> {
        let subject = case_subject(id.uuid());
        let ensured = self.store.keyring().ensure(&[subject]).await;
        ensured.map_err(Internal::new)?;
        Ok(subject)
    }
}

/// Whether these words are sealed in an event, as far as they can be read.
fn says<'a>(recorded: &RecordedEvent, sealed: impl Iterator<Item = (&'a str, &'a Value)>) -> bool {
    let sealed: Vec<_> = sealed.collect();
    recorded.personal.len() == sealed.len()
        && recorded
            .personal
            .iter()
            .zip(sealed)
            .all(|(part, (name, wanted))| {
                part.name == name
                    && match &part.body {
                        PartBody::Open(body) => body == wanted,
                        PartBody::Redacted => true,
                    }
            })
}

/// The tag of an inquiry.
pub(super) fn inquiry_tag(id: InquiryId) -> Result<Tag, Internal> {
    Tag::new(TAG_INQUIRY, id).map_err(Internal::new)
}

/// Others wrote again and again.
#[derive(Debug, thiserror::Error)]
#[error("others wrote to the same inquiry again and again")]
pub(super) struct TooBusy;

/// Nothing was said about a message, and yet it was refused.
#[derive(Debug, thiserror::Error)]
#[error("the ledger refused something that was not asked of it")]
pub(super) struct NoMailHere;
