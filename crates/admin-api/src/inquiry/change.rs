//! What is done with an inquiry beside answering it, one at a time.

use app::CaseChange;
use app::inquiry::{ChangeInquiryError, InquiryChange};
use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result, SimpleObject, Union};
use domain::staff::Permission;
use domain::{InquiryId, Personal};

use super::query::load;
use super::types::{Inquiry, InquiryResolution, InquiryTag};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::{DateTime, Position};
use crate::staff::accounts::staff_id;

/// A change of an inquiry, made on what its author saw.
#[derive(InputObject)]
pub struct ChangeInquiryInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which inquiry.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// What becomes of it.
    pub change: InquiryChangeInput,
}

/// What becomes of an inquiry: exactly one of these.
#[derive(OneofObject)]
pub enum InquiryChangeInput {
    /// Somebody takes care of it.
    Assign(AssignInquiryInput),
    /// Something for colleagues.
    Note(NoteInquiryInput),
    /// Whoever a note asks to look at it has; the value says nothing.
    SeeMention(bool),
    /// It is put off.
    Snooze(SnoozeInquiryInput),
    /// It comes back now; the value says nothing.
    Wake(bool),
    /// It is over.
    Close(CloseInquiryInput),
    /// It goes on; the value says nothing.
    Reopen(bool),
    /// What it is about.
    Tag(TagInquiryInput),
    /// Whether it is spam.
    Spam(bool),
    /// It is about the declaration with this id.
    LinkDeclaration(ID),
    /// It is not about the declaration with this id.
    UnlinkDeclaration(ID),
}

/// Whoever takes care of an inquiry.
#[derive(InputObject)]
pub struct AssignInquiryInput {
    /// Which member of staff; null: nobody any more.
    pub assignee_id: Option<ID>,
}

/// Something for colleagues.
#[derive(InputObject)]
pub struct NoteInquiryInput {
    /// 1 to 10,000 characters.
    pub text: String,
    /// Members of staff who are to look at it; 20 at most.
    #[graphql(default)]
    pub mentioned_ids: Vec<ID>,
}

/// A moment.
#[derive(InputObject)]
pub struct SnoozeInquiryInput {
    /// Until when; within a year.
    pub until: DateTime,
}

/// The end.
#[derive(InputObject)]
pub struct CloseInquiryInput {
    /// How it ended.
    pub resolution: InquiryResolution,
}

/// What an inquiry is about.
#[derive(InputObject)]
pub struct TagInquiryInput {
    /// Too, from here on.
    #[graphql(default)]
    pub add: Vec<InquiryTag>,
    /// No longer.
    #[graphql(default)]
    pub remove: Vec<InquiryTag>,
}

/// The outcome of changing an inquiry.
#[derive(Union)]
pub enum ChangeInquiryResult {
    /// It is done.
    Changed(Box<InquiryChanged>),
    /// The thread has moved since its author looked.
    Moved(Box<InquiryMoved>),
    /// What was typed has problems, or the inquiry does not stand where that could be done.
    Invalid(InvalidInput),
    /// There is no such inquiry.
    NotFound(NotFound),
}

/// It is done.
#[derive(SimpleObject)]
pub struct InquiryChanged {
    /// As it is now; of a merge the one that goes on, of a split the new one.
    pub inquiry: Inquiry,
}

/// The thread has moved. Nothing was written.
#[derive(SimpleObject)]
pub struct InquiryMoved {
    /// For people.
    pub message: String,
    /// As it is now.
    pub inquiry: Inquiry,
    /// The entries that its author has not seen.
    pub since: Vec<Position>,
}

impl ChangeInquiryResult {
    /// What became of a change of an inquiry; `changed`: which one to look at then.
    pub async fn of(
        ctx: &Context<'_>,
        id: InquiryId,
        changed: Result<InquiryId, ChangeInquiryError>,
    ) -> Result<Self> {
        match changed {
            Ok(changed) => Self::changed(ctx, changed).await,
            Err(ChangeInquiryError::NotFound) => Ok(Self::not_found(&ID(id.to_string()))),
            Err(ChangeInquiryError::Moved(since)) => Self::moved(ctx, id, since).await,
            Err(ChangeInquiryError::Invalid(problems)) => Ok(Self::Invalid(problems.into())),
            Err(ChangeInquiryError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ChangeInquiryError::Internal(error)) => {
                Err(fault::internal(request(ctx)?.request_id(), &error))
            }
        }
    }

    /// It is done.
    pub async fn changed(ctx: &Context<'_>, id: InquiryId) -> Result<Self> {
        Ok(match load(ctx, id).await? {
            Some(inquiry) => Self::Changed(Box::new(InquiryChanged { inquiry })),
            None => Self::not_found(&ID(id.to_string())),
        })
    }

    /// The thread has moved.
    pub async fn moved(ctx: &Context<'_>, id: InquiryId, since: Vec<event_store::Position>) -> Result<Self> {
        Ok(match load(ctx, id).await? {
            Some(inquiry) => Self::Moved(Box::new(InquiryMoved {
                message: MOVED.to_owned(),
                inquiry,
                since: since.into_iter().map(Position).collect(),
            })),
            None => Self::not_found(&ID(id.to_string())),
        })
    }

    /// There is no such inquiry.
    pub fn not_found(id: &ID) -> Self {
        Self::NotFound(NotFound { id: id.clone() })
    }
}

/// What whoever writes is told when the thread has moved.
pub const MOVED: &str =
    "表示した後に、この問い合わせに新しい動きがありました。内容を確かめてから、もう一度操作してください。";

/// The mutation.
#[derive(Default)]
pub struct ChangeInquiryMutation;

#[Object]
impl ChangeInquiryMutation {
    /// Makes one change of an inquiry.
    async fn change_inquiry(
        &self,
        ctx: &Context<'_>,
        input: ChangeInquiryInput,
    ) -> Result<ChangeInquiryResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageInquiries)
            .map_err(fault::forbidden)?;
        let (id, change) = match named(&input.command_id, &input.id, input.expected_version) {
            Ok(named) => named,
            Err(refused) => return Ok(refused),
        };
        let what = match read(input.change) {
            Ok(what) => what,
            Err(invalid) => return Ok(ChangeInquiryResult::Invalid(invalid)),
        };
        let changed = request.app().change_inquiry(op, change, &what).await;
        ChangeInquiryResult::of(ctx, id, changed.map(|_| id)).await
    }
}

/// Which inquiry a mutation names, and against which version it changes it.
pub fn named(
    command_id: &ID,
    id: &ID,
    expected_version: Position,
) -> Result<(InquiryId, CaseChange), ChangeInquiryResult> {
    let command_id = read_command_id(command_id).map_err(ChangeInquiryResult::Invalid)?;
    let inquiry_id: InquiryId = id.parse().map_err(|_| ChangeInquiryResult::not_found(id))?;
    let change = CaseChange::new(command_id, inquiry_id.uuid(), expected_version.0);
    Ok((inquiry_id, change))
}

fn read(change: InquiryChangeInput) -> Result<InquiryChange, InvalidInput> {
    Ok(match change {
        InquiryChangeInput::Assign(it) => InquiryChange::Assign {
            assignee: match &it.assignee_id {
                Some(id) => Some(staff_id(id).ok_or_else(|| unreadable("assignee"))?),
                None => None,
            },
        },
        InquiryChangeInput::Note(it) => {
            let mentioned = it.mentioned_ids.iter().map(staff_id).collect::<Option<_>>();
            InquiryChange::Note {
                text: Personal::new(it.text),
                mentioned: mentioned.ok_or_else(|| unreadable("mentioned"))?,
            }
        }
        InquiryChangeInput::SeeMention(_) => InquiryChange::SeeMention,
        InquiryChangeInput::Snooze(it) => InquiryChange::Snooze { until: it.until.0 },
        InquiryChangeInput::Wake(_) => InquiryChange::Wake,
        InquiryChangeInput::Close(it) => InquiryChange::Close {
            resolution: it.resolution.into(),
        },
        InquiryChangeInput::Reopen(_) => InquiryChange::Reopen,
        InquiryChangeInput::Tag(it) => InquiryChange::Tag {
            add: it.add.into_iter().map(Into::into).collect(),
            remove: it.remove.into_iter().map(Into::into).collect(),
        },
        InquiryChangeInput::Spam(true) => InquiryChange::MarkSpam,
        InquiryChangeInput::Spam(false) => InquiryChange::ClearSpam,
        InquiryChangeInput::LinkDeclaration(id) => InquiryChange::Link {
            declaration_id: id.parse().map_err(|_| unreadable("declarationId"))?,
        },
        InquiryChangeInput::UnlinkDeclaration(id) => InquiryChange::Unlink {
            declaration_id: id.parse().map_err(|_| unreadable("declarationId"))?,
        },
    })
}

/// An id that is none.
pub fn unreadable(field: &str) -> InvalidInput {
    let text = "番号の形式が正しくありません。画面を開き直してください。";
    InvalidInput::one(field, "shape", text)
}
