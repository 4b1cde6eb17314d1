//! An answer that is being written, before colleagues.

use app::Guarded;
use app::inquiry::{DraftChange, DraftWords as Words};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, OneofObject, Result, SimpleObject, Union,
};
use domain::Personal;
use domain::inquiry::DraftReply;
use domain::staff::{Actor, Permission, StaffId};

use super::change::{ChangeInquiryResult, named, unreadable};
use crate::context::request;
use crate::declaration::values::{Forgotten, Withheld, forgotten, withheld};
use crate::fault;
use crate::loaders::Loaders;
use crate::scalars::{DateTime, Position};

/// Where an answer stands that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum InquiryDraftState {
    /// Somebody writes it.
    Open,
    /// A colleague is asked to look at it.
    ForReview,
    /// A colleague has agreed with it as it is.
    Agreed,
}

/// Its words, for whoever may see persons.
#[derive(Union)]
pub enum DraftWordsResult {
    /// Readable.
    Open(DraftWords),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
}

/// Its words as they were typed; each may be empty.
#[derive(SimpleObject)]
pub struct DraftWords {
    /// To which address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The message that it answers; null: the newest.
    pub answers_id: Option<ID>,
}

/// An answer that is being written.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct InquiryDraft {
    /// Whoever wrote on it last.
    pub by_id: ID,
    /// When.
    pub saved_at: DateTime,
    /// Where it stands.
    pub state: InquiryDraftState,
    /// Its words.
    pub words: DraftWordsResult,
    #[graphql(skip)]
    by: Option<StaffId>,
}

#[ComplexObject]
impl InquiryDraft {
    /// The name of whoever wrote on it last.
    async fn by(&self, ctx: &Context<'_>) -> Result<String> {
        let name = match self.by {
            Some(id) => ctx.data::<Loaders>()?.staff_name(id).await?,
            None => None,
        };
        Ok(name.unwrap_or_default())
    }
}

impl InquiryDraft {
    /// One as its reader sees it.
    pub fn new(draft: &DraftReply, words: Guarded<Words>) -> Self {
        let by = match &draft.by {
            Actor::Staff(id) => Some(*id),
            _ => None,
        };
        Self {
            by_id: ID(draft.by.to_string()),
            saved_at: DateTime(draft.at),
            state: match (&draft.agreed_by, draft.asks_review) {
                (Some(_), _) => InquiryDraftState::Agreed,
                (None, true) => InquiryDraftState::ForReview,
                (None, false) => InquiryDraftState::Open,
            },
            words: match words {
                Guarded::Open(words) => DraftWordsResult::Open(DraftWords {
                    to: words.to,
                    subject: words.subject,
                    text: words.text,
                    answers_id: words.answers.map(|id| ID(id.to_string())),
                }),
                Guarded::Withheld(permission) => DraftWordsResult::Withheld(withheld(permission)),
                Guarded::Forgotten(subject) => DraftWordsResult::Forgotten(forgotten(subject)),
            },
            by,
        }
    }
}

/// A change of what is being written, made on what its author saw.
#[derive(InputObject)]
pub struct ChangeInquiryDraftInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Of which inquiry.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// What becomes of it.
    pub change: InquiryDraftChangeInput,
}

/// What becomes of it: exactly one of these.
#[derive(OneofObject)]
pub enum InquiryDraftChangeInput {
    /// Its words are kept.
    Save(SaveInquiryDraftInput),
    /// It is dropped; the value says nothing.
    Discard(bool),
    /// A colleague agrees with it; the value says nothing.
    Agree(bool),
}

/// Words as they are typed; each may be empty.
#[derive(InputObject)]
pub struct SaveInquiryDraftInput {
    /// To which address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The message that it answers; null: the newest.
    pub answers_id: Option<ID>,
    /// Whether a colleague is asked to look at it.
    #[graphql(default)]
    pub ask_review: bool,
}

/// How answers are written here.
#[derive(SimpleObject)]
pub struct DeskSettings {
    /// Whether an answer goes only when a colleague has agreed with its words.
    pub four_eyes: bool,
    /// What stands below an answer; may be empty.
    pub signature: String,
}

/// The query.
#[derive(Default)]
pub struct DeskSettingsQuery;

#[Object]
impl DeskSettingsQuery {
    /// How answers are written here.
    async fn desk_settings(&self, ctx: &Context<'_>) -> Result<DeskSettings> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ReadInquiries).map_err(fault::forbidden)?;
        let app = request.app();
        Ok(DeskSettings {
            four_eyes: app.has_four_eyes(),
            signature: app.reply_signature(),
        })
    }
}

/// The mutation.
#[derive(Default)]
pub struct ChangeInquiryDraftMutation;

#[Object]
impl ChangeInquiryDraftMutation {
    /// Keeps the words of an answer that is being written, drops it, or agrees with it.
    async fn change_inquiry_draft(
        &self,
        ctx: &Context<'_>,
        input: ChangeInquiryDraftInput,
    ) -> Result<ChangeInquiryResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageInquiries)
            .map_err(fault::forbidden)?;
        let (id, change) = match named(&input.command_id, &input.id, input.expected_version) {
            Ok(named) => named,
            Err(refused) => return Ok(refused),
        };
        let what = match input.change {
            InquiryDraftChangeInput::Save(save) => {
                let answers = save.answers_id.map(|id| id.parse()).transpose();
                let Ok(answers) = answers else {
                    return Ok(ChangeInquiryResult::Invalid(unreadable("answers")));
                };
                DraftChange::Save {
                    words: Personal::new(Words {
                        to: save.to,
                        subject: save.subject,
                        text: save.text,
                        answers,
                    }),
                    asks_review: save.ask_review,
                }
            }
            InquiryDraftChangeInput::Discard(_) => DraftChange::Discard,
            InquiryDraftChangeInput::Agree(_) => DraftChange::Agree,
        };
        let changed = request.app().change_inquiry_draft(op, change, &what).await;
        ChangeInquiryResult::of(ctx, id, changed.map(|_| id)).await
    }
}
