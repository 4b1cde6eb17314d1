//! An answer: queued with the event that says so, and held when the thread, or a declaration behind it, has moved since its author began.

use chrono::{DateTime, TimeDelta, Utc};
use domain::inquiry::{Inquiry, InquiryEvent, InquiryRefusal, Resolution, decide};
use domain::mailing::{Address, Class, Draft, DraftInput, DraftProblem};
use domain::reply_template::field_left;
use domain::staff::Permission;
use domain::{DeclarationId, IncomingMailId, InquiryId, Personal, SubjectId};
use event_store::Position;
use uuid::Uuid;

use super::thread::{Happening, NoMailHere, NotWritten, Thread, Wanted};
use crate::case_log::CaseChange;
use crate::mail::About;
use crate::random::derived_id;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// The name of the message among those of its command.
const NAME: &str = "reply";

/// An answer as it was typed.
#[derive(Debug, Clone)]
pub struct ReplyToInquiry {
    /// Against which version of the thread.
    pub change: CaseChange,
    /// The key of the sender.
    pub sender: String,
    /// To which address; none: to whoever wrote the message that it answers.
    pub to: Option<Personal<String>>,
    /// One line.
    pub subject: Personal<String>,
    /// Plain text.
    pub text: Personal<String>,
    /// The message that it answers; none: the newest.
    pub answers: Option<IncomingMailId>,
    /// Close the inquiry with it.
    pub closes: bool,
    /// When it goes; none: in a moment, in which it can be called off.
    pub send_at: Option<DateTime<Utc>>,
    /// The declarations that its author looked at, and in which version.
    pub declarations: Vec<(DeclarationId, Position)>,
}

/// So long an answer waits in which it can be called off.
const REGRET: TimeDelta = TimeDelta::seconds(10);
/// The latest that an answer is put off to.
const LATEST: TimeDelta = TimeDelta::days(92);

/// What an answer is held for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldReply {
    /// What is new in the thread.
    pub events: Vec<Position>,
    /// The declarations that have another version now.
    pub declarations: Vec<DeclarationId>,
}

/// Why no answer was queued. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ReplyToInquiryError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such inquiry.
    #[error("there is no such inquiry")]
    NotFound,
    /// The thread, or a declaration behind it, has moved since its author began.
    #[error("the thread or a declaration behind it has moved since the answer was begun")]
    Held(HeldReply),
    /// What was typed has problems, or the inquiry does not stand where it could be answered.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Why an answer is refused.
enum Refused {
    Inquiry(InquiryRefusal),
    Draft(DraftProblem),
    NobodyToWriteTo,
    TooLate,
    /// As it is written.
    FieldLeft(String),
}

impl From<Refused> for InputProblem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Inquiry(refused) => refused.into(),
            Refused::Draft(problem) => Self::new(field(&problem), problem.code(), problem.japanese()),
            Refused::TooLate => Self::new(
                "sendAt",
                "too_late",
                "送信の予約は3か月以内の日時を入力してください。",
            ),
            Refused::FieldLeft(field) => Self::new(
                "text",
                "merge_field_left",
                format!(
                    "「{field}」がまだ埋まっていません。内容を入力するか、削除してから送信してください。"
                ),
            ),
            Refused::NobodyToWriteTo => Self::new(
                "to",
                "nobody_to_write_to",
                "返信先のメールアドレスを読み取れません。宛先を入力してください。",
            ),
        }
    }
}

fn field(problem: &DraftProblem) -> &'static str {
    use domain::mailing::DraftField;
    match problem.field {
        DraftField::Sender => "sender",
        DraftField::Address | DraftField::Name | DraftField::ReplyTo => "to",
        DraftField::Subject => "subject",
        DraftField::Text => "text",
    }
}

impl From<NotWritten<Refused>> for ReplyToInquiryError {
    fn from(error: NotWritten<Refused>) -> Self {
        match error {
            NotWritten::NotFound => Self::NotFound,
            NotWritten::Moved(events) => Self::Held(HeldReply {
                events,
                declarations: Vec::new(),
            }),
            NotWritten::MailGone => Internal::new(NoMailHere).into(),
            NotWritten::CommandReused => Self::Invalid(vec![InputProblem::command_reused()]),
            NotWritten::Refused(refused) => Self::Invalid(vec![refused.into()]),
            NotWritten::Internal(error) => error.into(),
        }
    }
}

impl App {
    /// Queues an answer, and says so in the thread; both or neither.
    pub async fn reply_to_inquiry(
        &self,
        op: &OpContext,
        reply: &ReplyToInquiry,
    ) -> Result<Position, ReplyToInquiryError> {
        op.require(Permission::ManageInquiries)?;
        let id = InquiryId::new(reply.change.id);
        if self.earlier(reply.change.command_id).await?.is_none() {
            let moved = self.moved_since(&reply.declarations).await?;
            if !moved.is_empty() {
                return Err(ReplyToInquiryError::Held(HeldReply {
                    events: Vec::new(),
                    declarations: moved,
                }));
            }
        }
        let key = SubjectId::new(self.inquiry_subject(id).await?.0);
        let written = self
            .change_thread(op, reply.change, |thread| {
                self.answer(thread, reply, key, op.now())
            })
            .await;
        Ok(written?)
    }

    /// Which declarations have another version than their reader saw.
    async fn moved_since(&self, seen: &[(DeclarationId, Position)]) -> Result<Vec<DeclarationId>, Internal> {
        let mut moved = Vec::new();
        for (id, version) in seen {
            let history = self.history(*id).await?;
            let current = history.map(|it| Position::new(it.timeline.current().version));
            if current != Some(*version) {
                moved.push(*id);
            }
        }
        Ok(moved)
    }

    fn answer(
        &self,
        thread: &Thread,
        reply: &ReplyToInquiry,
        key: SubjectId,
        now: DateTime<Utc>,
    ) -> Result<Wanted, NotWritten<Refused>> {
        let refused = |refusal| NotWritten::Refused(Refused::Inquiry(refusal));
        let inquiry = &thread.inquiry;
        let goes_at = reply.send_at.unwrap_or(now + REGRET).max(now);
        if goes_at - now > LATEST {
            return Err(NotWritten::Refused(Refused::TooLate));
        }
        for text in [&reply.subject, &reply.text] {
            if let Some(field) = field_left(text.reveal()) {
                return Err(NotWritten::Refused(Refused::FieldLeft(field.to_owned())));
            }
        }
        let answers = reply.answers.or_else(|| newest(inquiry));
        let words = answers.and_then(|id| thread.words_of(id));
        let written = words
            .as_ref()
            .map(|it| it.reply_to.as_ref().unwrap_or(&it.address));
        let to = reply.to.as_ref().map(Personal::reveal).or(written);
        let to = to.filter(|it| !it.trim().is_empty());
        let to = to.ok_or(NotWritten::Refused(Refused::NobodyToWriteTo))?;
        let references: Vec<String> = words
            .iter()
            .flat_map(|it| it.references.iter().chain(&it.message_id).cloned())
            .collect();
        let draft = Draft::new(&DraftInput {
            sender: &reply.sender,
            to,
            name: None,
            subject: reply.subject.reveal(),
            text: &self.signed(reply.text.reveal()),
            class: Class::Transactional,
            auto: false,
            reply_to: None,
            references: &references,
        });
        let draft = draft.map_err(|problem| NotWritten::Refused(Refused::Draft(problem)))?;
        if self.has_four_eyes() {
            decide::is_agreed(inquiry, is_as_drafted(thread, reply, to)).map_err(refused)?;
        }
        let command_id = reply.change.command_id;
        let mail_id = mail_id(command_id);
        let hash = self.hash_of(draft.to().address());
        let replied = decide::reply(inquiry, mail_id, answers, hash).map_err(refused)?;
        let mut happenings: Vec<Happening> = vec![replied.into()];
        if reply.closes {
            let closed = InquiryEvent::Closed {
                inquiry_id: inquiry.id(),
                resolution: Resolution::Answered,
            };
            happenings.push(closed.into());
        }
        let about = About {
            declaration_id: only(inquiry),
            not_before: Some(goes_at),
            ..About::default()
        };
        let mail = self.mail_event(command_id, NAME, key, &draft, about)?;
        Ok(Wanted {
            happenings,
            along: vec![mail],
            guards: Vec::new(),
        })
    }

    /// An answer with what stands below it, where the office has said who it is.
    fn signed(&self, text: &str) -> String {
        match self.reply_signature() {
            signature if signature.is_empty() => text.to_owned(),
            signature => format!("{}\n\n-- \n{signature}", text.trim_end()),
        }
    }

    fn hash_of(&self, address: &Address) -> String {
        self.address_hash(address).recipient
    }
}

/// Whether an answer is what was drafted, to the letter.
fn is_as_drafted(thread: &Thread, reply: &ReplyToInquiry, to: &str) -> bool {
    thread.draft().is_some_and(|draft| {
        [to.trim(), ""].contains(&draft.to.trim())
            && draft.subject.trim() == reply.subject.reveal().trim()
            && draft.text.trim() == reply.text.reveal().trim()
    })
}

/// The message of the ledger that a command queues.
fn mail_id(command_id: Uuid) -> Uuid {
    derived_id(command_id, &format!("mail {NAME}"))
}

/// The newest message that somebody wrote; of those that nobody did, the newest.
pub(super) fn newest(inquiry: &Inquiry) -> Option<IncomingMailId> {
    let of_people = inquiry
        .all_messages()
        .filter(|it| it.kind != domain::inquiry::MessageKind::AutoReply)
        .max_by_key(|it| it.taken_at);
    of_people
        .or_else(|| inquiry.all_messages().max_by_key(|it| it.taken_at))
        .map(|it| it.id)
}

/// The declaration that it is about, if it is about one.
fn only(inquiry: &Inquiry) -> Option<DeclarationId> {
    let mut declarations = inquiry.declarations.iter().copied();
    let first = declarations.next()?;
    declarations.next().is_none().then_some(first)
}
