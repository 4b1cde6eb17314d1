//! 文字化けを直す: how a message would read with another charset, and choosing one.

use app::CaseChange;
use app::inquiry::{ChangeInquiryError, ChooseCharset};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::staff::Permission;
use domain::{IncomingMailId, InquiryId};

use super::change::{ChangeInquiryResult, named, unreadable};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::declaration::values::{Withheld, withheld};
use crate::fault;
use crate::input::InvalidInput;
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
            Err(ChangeInquiryError::NotFound) => {
                Ok(CharsetPreviewResult::NotFound(NotFound { id: inquiry_id }))
            }
            Err(ChangeInquiryError::Invalid(problems)) => Ok(CharsetPreviewResult::Invalid(problems.into())),
            Err(ChangeInquiryError::Forbidden(refused)) => Err(fault::forbidden(refused)),
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
        let (id, change) = match named(&input.command_id, &input.id, input.expected_version) {
            Ok(named) => named,
            Err(refused) => return Ok(refused),
        };
        let Ok(message) = input.message_id.parse() else {
            return Ok(ChangeInquiryResult::Invalid(unreadable("messages")));
        };
        let choice = ChooseCharset {
            change,
            message,
            charset: input.charset,
        };
        let changed = request.app().choose_charset(op, &choice).await;
        ChangeInquiryResult::of(ctx, id, changed.map(|_| id)).await
    }
}
