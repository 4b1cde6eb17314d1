//! An answer is called off before it goes.

use app::CaseChange;
use app::inquiry::WithdrawReplyError;
use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::InquiryId;
use domain::staff::Permission;

use super::change::{ChangeInquiryResult, unreadable};
use crate::context::request;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::Position;

/// An answer to be called off.
#[derive(InputObject)]
pub struct WithdrawReplyInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Of which inquiry.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// Which mail.
    pub mail_id: ID,
}

/// The mutation.
#[derive(Default)]
pub struct WithdrawReplyMutation;

#[Object]
impl WithdrawReplyMutation {
    /// Calls an answer off that has not gone yet; the inquiry waits for us again.
    async fn withdraw_reply(
        &self,
        ctx: &Context<'_>,
        input: WithdrawReplyInput,
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
        let Ok(mail_id) = input.mail_id.parse() else {
            return Ok(ChangeInquiryResult::Invalid(unreadable("mailId")));
        };
        let change = CaseChange::new(command_id, id.uuid(), input.expected_version.0);
        match request.app().withdraw_reply(op, change, mail_id).await {
            Ok(_) => ChangeInquiryResult::changed(ctx, id).await,
            Err(WithdrawReplyError::NotFound) => Ok(ChangeInquiryResult::not_found(&input.id)),
            Err(WithdrawReplyError::Moved(since)) => ChangeInquiryResult::moved(ctx, id, since).await,
            Err(WithdrawReplyError::Gone) => Ok(ChangeInquiryResult::Invalid(InvalidInput::one(
                "mailId",
                "reply_has_gone",
                "このメールはすでに送信されたか、送信中のため、取り消せません。",
            ))),
            Err(WithdrawReplyError::Invalid(problem)) => {
                Ok(ChangeInquiryResult::Invalid(vec![problem].into()))
            }
            Err(WithdrawReplyError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(WithdrawReplyError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
