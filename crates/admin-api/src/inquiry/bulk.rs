//! One change of many inquiries.

use app::inquiry::{ChangeInquiriesError, ChangeOutcome, InquiriesChange, TemplateReply};
use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject, Result, SimpleObject, Union};
use domain::staff::Permission;
use domain::{InquiryId, ReplyTemplateId};

use super::change::{AssignInquiryInput, CloseInquiryInput, TagInquiryInput, unreadable};
use super::reply::chosen_sender;
use crate::context::{RequestContext, request};
use crate::fault;
use crate::input::{InputProblem, InvalidInput, read_command_id};
use crate::reply_template::types::{MergeField, TextLanguage};
use crate::scalars::Position;
use crate::staff::accounts::staff_id;

/// One change of many inquiries, made on what its author saw of each.
#[derive(InputObject)]
pub struct ChangeInquiriesInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// 1 to 100 inquiries, each once.
    pub items: Vec<InquiryItemInput>,
    /// What becomes of each.
    pub change: InquiriesChangeInput,
}

/// An inquiry as its reader saw it.
#[derive(InputObject)]
pub struct InquiryItemInput {
    /// Which.
    pub id: ID,
    /// Its version.
    pub expected_version: Position,
}

/// What becomes of each inquiry: exactly one of these.
#[derive(OneofObject)]
pub enum InquiriesChangeInput {
    /// Somebody takes care of it.
    Assign(AssignInquiryInput),
    /// What it is about.
    Tag(TagInquiryInput),
    /// It is over.
    Close(CloseInquiryInput),
    /// Whether it is spam.
    Spam(bool),
    /// It is answered with a template, filled for each; who lacks a value gets no answer.
    Reply(TemplateReplyInput),
}

/// An answer to each.
#[derive(InputObject)]
pub struct TemplateReplyInput {
    /// Which template.
    pub template_id: ID,
    /// In which language.
    pub language: TextLanguage,
    /// The key of the sender; null: the usual one.
    pub sender: Option<String>,
    /// Whether each is closed with it.
    #[graphql(default)]
    pub close: bool,
}

/// The outcome of changing many inquiries.
#[derive(Union)]
pub enum ChangeInquiriesResult {
    /// What became of each.
    Changed(InquiriesChanged),
    /// What was asked has problems; none was changed.
    Invalid(InvalidInput),
}

/// What became of each.
#[derive(SimpleObject)]
pub struct InquiriesChanged {
    /// In the order in which they were named.
    pub outcomes: Vec<InquiryChangeOutcome>,
}

/// What became of one.
#[derive(SimpleObject)]
pub struct InquiryChangeOutcome {
    /// Which.
    pub id: ID,
    /// What.
    pub outcome: InquiryOutcomeKind,
    /// Why it stays as it is.
    pub problems: Vec<InputProblem>,
    /// The fields of the template without a value.
    pub missing: Vec<MergeField>,
}

/// What became of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum InquiryOutcomeKind {
    /// It is done.
    Done,
    /// The thread has moved since its author looked.
    Moved,
    /// It stays as it is.
    Refused,
    /// There is no such inquiry.
    NotFound,
    /// A field of the template has no value: it got no answer.
    MissingField,
}

/// The mutation.
#[derive(Default)]
pub struct ChangeInquiriesMutation;

#[Object]
impl ChangeInquiriesMutation {
    /// Makes one change of many inquiries, each by itself: what cannot be done with one holds up none of the others.
    async fn change_inquiries(
        &self,
        ctx: &Context<'_>,
        input: ChangeInquiriesInput,
    ) -> Result<ChangeInquiriesResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageInquiries)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(ChangeInquiriesResult::Invalid(invalid)),
        };
        let items = input.items.iter().map(|item| {
            let id = item.id.parse::<InquiryId>().ok()?;
            Some((id, item.expected_version.0))
        });
        let Some(items) = items.collect::<Option<Vec<_>>>() else {
            return Ok(ChangeInquiriesResult::Invalid(unreadable("items")));
        };
        let change = match read(request, input.change) {
            Ok(change) => change,
            Err(invalid) => return Ok(ChangeInquiriesResult::Invalid(invalid)),
        };
        match request
            .app()
            .change_inquiries(op, command_id, &items, &change)
            .await
        {
            Ok(outcomes) => Ok(ChangeInquiriesResult::Changed(InquiriesChanged {
                outcomes: outcomes.into_iter().map(|(id, it)| outcome(id, it)).collect(),
            })),
            Err(ChangeInquiriesError::Invalid(problem)) => {
                Ok(ChangeInquiriesResult::Invalid(vec![problem].into()))
            }
            Err(ChangeInquiriesError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ChangeInquiriesError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

fn read(request: &RequestContext, change: InquiriesChangeInput) -> Result<InquiriesChange, InvalidInput> {
    Ok(match change {
        InquiriesChangeInput::Assign(it) => InquiriesChange::Assign {
            assignee: match &it.assignee_id {
                Some(id) => Some(staff_id(id).ok_or_else(|| unreadable("assignee"))?),
                None => None,
            },
        },
        InquiriesChangeInput::Tag(it) => InquiriesChange::Tag {
            add: it.add.into_iter().map(Into::into).collect(),
            remove: it.remove.into_iter().map(Into::into).collect(),
        },
        InquiriesChangeInput::Close(it) => InquiriesChange::Close {
            resolution: it.resolution.into(),
        },
        InquiriesChangeInput::Spam(is_spam) => InquiriesChange::Spam(is_spam),
        InquiriesChangeInput::Reply(it) => {
            let template = it.template_id.parse::<ReplyTemplateId>();
            InquiriesChange::Reply(TemplateReply {
                template: template.map_err(|_| unreadable("templateId"))?,
                language: it.language.into(),
                sender: chosen_sender(request, it.sender.as_deref())?,
                closes: it.close,
            })
        }
    })
}

fn outcome(id: InquiryId, outcome: ChangeOutcome) -> InquiryChangeOutcome {
    let mut shown = InquiryChangeOutcome {
        id: ID(id.to_string()),
        outcome: InquiryOutcomeKind::Done,
        problems: Vec::new(),
        missing: Vec::new(),
    };
    shown.outcome = match outcome {
        ChangeOutcome::Done => InquiryOutcomeKind::Done,
        ChangeOutcome::Moved => InquiryOutcomeKind::Moved,
        ChangeOutcome::NotFound => InquiryOutcomeKind::NotFound,
        ChangeOutcome::Refused(problems) => {
            shown.problems = InvalidInput::from(problems).problems;
            InquiryOutcomeKind::Refused
        }
        ChangeOutcome::Missing(missing) => {
            shown.missing = missing.into_iter().map(Into::into).collect();
            InquiryOutcomeKind::MissingField
        }
    };
    shown
}
