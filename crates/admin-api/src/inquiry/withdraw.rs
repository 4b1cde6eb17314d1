//! An answer is called off before it goes.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::staff::Permission;

use super::change::{ChangeInquiryResult, named, unreadable};
use crate::context::request;
use crate::fault;
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
        let (id, change) = match named(&input.command_id, &input.id, input.expected_version) {
            Ok(named) => named,
            Err(refused) => return Ok(refused),
        };
        let Ok(mail_id) = input.mail_id.parse() else {
            return Ok(ChangeInquiryResult::Invalid(unreadable("mailId")));
        };
        let changed = request.app().withdraw_reply(op, change, mail_id).await;
        ChangeInquiryResult::of(ctx, id, changed.map(|_| id)).await
    }
}
