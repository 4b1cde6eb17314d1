//! A template filled for an inquiry.

use app::reply_template::FillTemplateError;
use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};
use domain::staff::Permission;
use domain::{DeclarationId, InquiryId, ReplyTemplateId};

use super::types::{MergeField, TextLanguage};
use crate::context::request;
use crate::declaration::values::{Withheld, withheld};
use crate::fault;
use crate::input::InvalidInput;

/// The outcome of filling a template.
#[derive(Union)]
pub enum FilledTemplateResult {
    /// The text.
    Filled(FilledTemplate),
    /// It has no text in that language that can be used.
    Invalid(InvalidInput),
    /// Not for this reader: it would say who wrote.
    Withheld(Withheld),
}

/// A text for one inquiry.
#[derive(SimpleObject)]
pub struct FilledTemplate {
    /// What was filled.
    pub text: String,
    /// What has no value: it is in the text still, and an answer with that is not sent.
    pub missing: Vec<MergeField>,
}

/// The query.
#[derive(Default)]
pub struct FilledTemplateQuery;

#[Object]
impl FilledTemplateQuery {
    /// A template filled with what is known of an inquiry; null when one of them does not exist.
    #[graphql(complexity = "40 + child_complexity")]
    async fn filled_template(
        &self,
        ctx: &Context<'_>,
        template_id: ID,
        language: TextLanguage,
        inquiry_id: ID,
        #[graphql(desc = "Which declaration, where the inquiry is about several.")] declaration_id: Option<
            ID,
        >,
    ) -> Result<Option<FilledTemplateResult>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageInquiries)
            .map_err(fault::forbidden)?;
        let ids = (
            template_id.parse::<ReplyTemplateId>(),
            inquiry_id.parse::<InquiryId>(),
        );
        let declaration = declaration_id.map(|id| id.parse::<DeclarationId>()).transpose();
        let (Ok(template), Ok(inquiry), Ok(declaration)) = (ids.0, ids.1, declaration) else {
            return Ok(None);
        };
        let about = (inquiry, declaration);
        let filled = request
            .app()
            .fill_reply_template(op, template, language.into(), about)
            .await;
        match filled {
            Ok(filled) => Ok(Some(FilledTemplateResult::Filled(FilledTemplate {
                text: filled.text.into_revealed(),
                missing: filled.missing.into_iter().map(Into::into).collect(),
            }))),
            Err(FillTemplateError::NotFound) => Ok(None),
            Err(FillTemplateError::Invalid(problem)) => {
                Ok(Some(FilledTemplateResult::Invalid(vec![problem].into())))
            }
            Err(FillTemplateError::Forbidden(refused)) => {
                Ok(Some(FilledTemplateResult::Withheld(withheld(refused.permission))))
            }
            Err(FillTemplateError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
