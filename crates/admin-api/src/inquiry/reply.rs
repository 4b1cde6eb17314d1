//! An answer, held when the thread or a declaration behind it has moved since it was begun.

use app::CaseChange;
use app::inquiry::{HeldReply, ReplyToInquiry, ReplyToInquiryError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::staff::Permission;
use domain::{DeclarationId, IncomingMailId, InquiryId, Personal};

use super::change::{MOVED, unreadable};
use super::query::load;
use super::types::Inquiry;
use crate::context::{RequestContext, request};
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::{DateTime, Position};

/// An answer as it was typed.
#[derive(InputObject)]
pub struct ReplyToInquiryInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// To which inquiry.
    pub id: ID,
    /// The version that its author saw when they began.
    pub expected_version: Position,
    /// The key of the sender; null: the usual one.
    pub sender: Option<String>,
    /// To which address; null: to whoever wrote the message that it answers.
    pub to: Option<String>,
    /// One line of 1 to 200 characters.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The message that it answers; null: the newest.
    pub answers_id: Option<ID>,
    /// Whether the inquiry is closed with it.
    #[graphql(default)]
    pub closes: bool,
    /// When it goes, within three months; null: in ten seconds, in which it can be called off.
    pub send_at: Option<DateTime>,
    /// The declarations that its author looked at: the answer is held when one of them has changed.
    #[graphql(default)]
    pub declarations: Vec<SeenDeclarationInput>,
}

/// A declaration as its reader saw it.
#[derive(InputObject)]
pub struct SeenDeclarationInput {
    /// Which.
    pub id: ID,
    /// Its version.
    pub version: Position,
}

/// The outcome of answering.
#[derive(Union)]
pub enum ReplyToInquiryResult {
    /// It is queued.
    Replied(Box<InquiryReplied>),
    /// It is held: look at what is new.
    Held(Box<ReplyHeld>),
    /// What was typed has problems, or the inquiry does not stand where it could be answered.
    Invalid(InvalidInput),
    /// There is no such inquiry.
    NotFound(NotFound),
}

/// The answer is queued.
#[derive(SimpleObject)]
pub struct InquiryReplied {
    /// As it is now.
    pub inquiry: Inquiry,
}

/// The answer is held. Nothing was written.
#[derive(SimpleObject)]
pub struct ReplyHeld {
    /// For people.
    pub message: String,
    /// As it is now.
    pub inquiry: Inquiry,
    /// The entries that its author has not seen.
    pub since: Vec<Position>,
    /// The declarations that have another version now.
    pub declaration_ids: Vec<ID>,
}

/// The mutation.
#[derive(Default)]
pub struct ReplyToInquiryMutation;

#[Object]
impl ReplyToInquiryMutation {
    /// Queues an answer, and says so in the thread.
    async fn reply_to_inquiry(
        &self,
        ctx: &Context<'_>,
        input: ReplyToInquiryInput,
    ) -> Result<ReplyToInquiryResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageInquiries)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(ReplyToInquiryResult::Invalid(invalid)),
        };
        let not_found = ReplyToInquiryResult::NotFound(NotFound { id: input.id.clone() });
        let Ok(id) = input.id.parse::<InquiryId>() else {
            return Ok(not_found);
        };
        let change = CaseChange::new(command_id, id.uuid(), input.expected_version.0);
        let sender = match chosen_sender(request, input.sender.as_deref()) {
            Ok(sender) => sender,
            Err(invalid) => return Ok(ReplyToInquiryResult::Invalid(invalid)),
        };
        let reply = match read(input, change, sender) {
            Ok(reply) => reply,
            Err(invalid) => return Ok(ReplyToInquiryResult::Invalid(invalid)),
        };
        match request.app().reply_to_inquiry(op, &reply).await {
            Ok(_) => Ok(match load(ctx, id).await? {
                Some(inquiry) => ReplyToInquiryResult::Replied(Box::new(InquiryReplied { inquiry })),
                None => not_found,
            }),
            Err(ReplyToInquiryError::Held(held)) => Ok(match load(ctx, id).await? {
                Some(inquiry) => ReplyToInquiryResult::Held(Box::new(why(held, inquiry))),
                None => not_found,
            }),
            Err(ReplyToInquiryError::NotFound) => Ok(not_found),
            Err(ReplyToInquiryError::Invalid(problems)) => Ok(ReplyToInquiryResult::Invalid(problems.into())),
            Err(ReplyToInquiryError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ReplyToInquiryError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

/// The sender with that key; without one, the usual one.
pub fn chosen_sender(request: &RequestContext, key: Option<&str>) -> Result<String, InvalidInput> {
    let mut senders = request.operations().outbox.senders().into_iter();
    let sender = match key {
        Some(key) => senders.find(|sender| sender.key == key),
        None => senders.next(),
    };
    sender.map(|sender| sender.key).ok_or_else(|| {
        let text = "この差出人は設定されていません。一覧から選んでください。";
        InvalidInput::one("sender", "unknown", text)
    })
}

fn why(held: HeldReply, inquiry: Inquiry) -> ReplyHeld {
    const RECORD: &str =
        "返信を書き始めた後に、関連する宣言が変更されました。内容を確かめてから、もう一度送信してください。";
    let message = if held.declarations.is_empty() {
        MOVED
    } else {
        RECORD
    };
    ReplyHeld {
        message: message.to_owned(),
        inquiry,
        since: held.events.into_iter().map(Position).collect(),
        declaration_ids: held
            .declarations
            .into_iter()
            .map(|id| ID(id.to_string()))
            .collect(),
    }
}

fn read(
    input: ReplyToInquiryInput,
    change: CaseChange,
    sender: String,
) -> Result<ReplyToInquiry, InvalidInput> {
    let answers = input
        .answers_id
        .map(|id| id.parse::<IncomingMailId>())
        .transpose();
    let declarations = input
        .declarations
        .into_iter()
        .map(|seen| Some((seen.id.parse::<DeclarationId>().ok()?, seen.version.0)));
    Ok(ReplyToInquiry {
        change,
        sender,
        to: input.to.map(Personal::new),
        subject: Personal::new(input.subject),
        text: Personal::new(input.text),
        answers: answers.map_err(|_| unreadable("answers"))?,
        closes: input.closes,
        send_at: input.send_at.map(|at| at.0),
        declarations: declarations
            .collect::<Option<_>>()
            .ok_or_else(|| unreadable("declarations"))?,
    })
}
