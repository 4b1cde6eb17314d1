//! A template is written, or written anew.

use app::reply_template::{KnownTemplate, SaveTemplate, WriteTemplateError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::ReplyTemplateId;
use domain::reply_template::TemplateDraft;
use domain::staff::Permission;

use super::types::ReplyTemplate;
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::inquiry::types::InquiryTag;
use crate::scalars::Position;

/// A template as it was typed: all of it.
#[derive(InputObject)]
pub struct SaveReplyTemplateInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which template; null: a new one.
    pub id: Option<ID>,
    /// The version that its author saw; null with a new one.
    pub expected_version: Option<Position>,
    /// What colleagues call it: 1 to 60 characters.
    pub name: String,
    /// For inquiries about these.
    #[graphql(default)]
    pub tags: Vec<InquiryTag>,
    /// In Japanese: 1 to 10,000 characters, with merge fields as {{相手}}.
    pub ja: String,
    /// In English, where there is one.
    pub en: Option<String>,
}

/// The outcome of writing a template.
#[derive(Union)]
pub enum ReplyTemplateResult {
    /// It is written.
    Saved(ReplyTemplateSaved),
    /// Somebody was faster.
    Conflict(ReplyTemplateConflict),
    /// What was typed has problems, or the template does not stand where that could be done.
    Invalid(InvalidInput),
    /// There is no such template.
    NotFound(NotFound),
}

/// The template is written.
#[derive(SimpleObject)]
pub struct ReplyTemplateSaved {
    /// As it is now.
    pub template: ReplyTemplate,
}

/// Somebody was faster. Nothing was written.
#[derive(SimpleObject)]
pub struct ReplyTemplateConflict {
    /// For people.
    pub message: String,
    /// As it is now.
    pub current: ReplyTemplate,
}

impl ReplyTemplateResult {
    /// What a use case answered, told apart into outcomes and faults.
    pub fn of(ctx: &Context<'_>, id: ID, written: Result<KnownTemplate, WriteTemplateError>) -> Result<Self> {
        match written {
            Ok(known) => Ok(Self::Saved(ReplyTemplateSaved {
                template: known.into(),
            })),
            Err(WriteTemplateError::Stale(known)) => Ok(Self::Conflict(ReplyTemplateConflict {
                message: "ほかの職員がこのテンプレートを変更しました。今の内容を確かめてから、もう一度保存してください。"
                    .to_owned(),
                current: (*known).into(),
            })),
            Err(WriteTemplateError::Invalid(problems)) => Ok(Self::Invalid(problems.into())),
            Err(WriteTemplateError::NotFound) => Ok(Self::NotFound(NotFound { id })),
            Err(WriteTemplateError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(WriteTemplateError::Internal(error)) => {
                Err(fault::internal(request(ctx)?.request_id(), &error))
            }
        }
    }
}

/// The mutation.
#[derive(Default)]
pub struct SaveReplyTemplateMutation;

#[Object]
impl SaveReplyTemplateMutation {
    /// Writes a template, or writes it anew.
    async fn save_reply_template(
        &self,
        ctx: &Context<'_>,
        input: SaveReplyTemplateInput,
    ) -> Result<ReplyTemplateResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageInquiries)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(ReplyTemplateResult::Invalid(invalid)),
        };
        let change_of = match &input.id {
            None => None,
            Some(id) => match id.parse::<ReplyTemplateId>() {
                Ok(known) => {
                    let seen = input.expected_version.map(|version| version.0);
                    Some((known, seen.unwrap_or(event_store::Position::START)))
                }
                Err(_) => return Ok(ReplyTemplateResult::NotFound(NotFound { id: id.clone() })),
            },
        };
        let command = SaveTemplate {
            command_id,
            change_of,
            draft: TemplateDraft {
                name: input.name,
                tags: input.tags.into_iter().map(Into::into).collect(),
                ja: input.ja,
                en: input.en,
            },
        };
        let written = request.app().save_reply_template(op, command).await;
        ReplyTemplateResult::of(ctx, input.id.unwrap_or_else(|| ID(String::new())), written)
    }
}
