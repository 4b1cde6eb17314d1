//! 文字化けを直す: how a message would read with another charset, and choosing one.

use app::CaseChange;
use app::inquiry::{ChooseCharset, ChooseCharsetError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::staff::Permission;
use domain::{IncomingMailId, InquiryId};

use super::change::{ChangeInquiryResult, unreadable};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::declaration::values::{Withheld, withheld};
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::Position;

/// A message is read with another charset.
#[derive(InputObject)]
pub struct ChooseCharsetInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// In which inquiry.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// Which message.
    pub message_id: ID,
    /// With which charset, such as `shift_jis`, `iso-2022-jp`, `euc-jp` or `utf-8`.
    pub charset: String,
}

/// How a message would read.
#[derive(Union)]
pub enum CharsetPreviewResult {
    /// So.
    Preview(CharsetPreview),
    /// Not for this reader.
    Withheld(Withheld),
    /// There is no such charset, or the message cannot be read again.
    Invalid(InvalidInput),
    /// There is no such inquiry.
    NotFound(NotFound),
}

/// How a message would read.
#[derive(SimpleObject)]
pub struct CharsetPreview {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// The query.
#[derive(Default)]
pub struct CharsetQuery;

#[Object]
impl CharsetQuery {
    /// How a message of an inquiry would read with another charset.
    #[graphql(complexity = "100 + child_complexity")]
    async fn preview_charset(
        &self,
        ctx: &Context<'_>,
        inquiry_id: ID,
        message_id: ID,
        charset: String,
    ) -> Result<CharsetPreviewResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageInquiries)
            .map_err(fault::forbidden)?;
        let (Ok(id), Ok(message)) = (
            inquiry_id.parse::<InquiryId>(),
            message_id.parse::<IncomingMailId>(),
        ) else {
            return Ok(CharsetPreviewResult::NotFound(NotFound { id: inquiry_id }));
        };
        let nothing = event_store::Position::START;
        let choice = ChooseCharset {
            change: CaseChange::new(uuid::Uuid::nil(), id.uuid(), nothing),
            message,
            charset,
        };
        if !op.may(Permission::ReadPersonal) {
            return Ok(CharsetPreviewResult::Withheld(withheld(Permission::ReadPersonal)));
        }
        match request.app().preview_charset(op, &choice).await {
            Ok((subject, text)) => Ok(CharsetPreviewResult::Preview(CharsetPreview {
                subject: subject.into_revealed(),
                text: text.into_revealed(),
            })),
            Err(ChooseCharsetError::NotFound) => {
                Ok(CharsetPreviewResult::NotFound(NotFound { id: inquiry_id }))
            }
            Err(ChooseCharsetError::Invalid(problem)) => {
                Ok(CharsetPreviewResult::Invalid(vec![problem].into()))
            }
            Err(ChooseCharsetError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(error) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

/// The mutation.
#[derive(Default)]
pub struct ChooseCharsetMutation;

#[Object]
impl ChooseCharsetMutation {
    /// Reads a message again with a charset, for everybody who looks at the thread from then on.
    async fn choose_charset(
        &self,
        ctx: &Context<'_>,
        input: ChooseCharsetInput,
    ) -> Result<ChangeInquiryResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageInquiries)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(ChangeInquiryResult::Invalid(invalid)),
        };
        let Ok(id) = input.id.parse::<InquiryId>() else {
            return Ok(ChangeInquiryResult::not_found(&input.id));
        };
        let Ok(message) = input.message_id.parse() else {
            return Ok(ChangeInquiryResult::Invalid(unreadable("messages")));
        };
        let choice = ChooseCharset {
            change: CaseChange::new(command_id, id.uuid(), input.expected_version.0),
            message,
            charset: input.charset,
        };
        match request.app().choose_charset(op, &choice).await {
            Ok(_) => ChangeInquiryResult::changed(ctx, id).await,
            Err(ChooseCharsetError::NotFound) => Ok(ChangeInquiryResult::not_found(&input.id)),
            Err(ChooseCharsetError::Moved(since)) => ChangeInquiryResult::moved(ctx, id, since).await,
            Err(ChooseCharsetError::Invalid(problem)) => {
                Ok(ChangeInquiryResult::Invalid(vec![problem].into()))
            }
            Err(ChooseCharsetError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ChooseCharsetError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
