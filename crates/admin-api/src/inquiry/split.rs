//! Some messages begin an inquiry of their own.

use app::inquiry::SplitInquiry;
use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::staff::Permission;

use super::change::{ChangeInquiryResult, named, unreadable};
use crate::context::request;
use crate::fault;
use crate::scalars::Position;

/// These messages go.
#[derive(InputObject)]
pub struct SplitInquiryInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Of which inquiry.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// Which messages; one at least stays.
    pub message_ids: Vec<ID>,
}

/// The mutation.
#[derive(Default)]
pub struct SplitInquiryMutation;

#[Object]
impl SplitInquiryMutation {
    /// Begins an inquiry with some messages of another; answers with the new one.
    async fn split_inquiry(
        &self,
        ctx: &Context<'_>,
        input: SplitInquiryInput,
    ) -> Result<ChangeInquiryResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageInquiries)
            .map_err(fault::forbidden)?;
        let (id, change) = match named(&input.command_id, &input.id, input.expected_version) {
            Ok(named) => named,
            Err(refused) => return Ok(refused),
        };
        let messages = input.message_ids.iter().map(|id| id.parse());
        let Ok(messages) = messages.collect::<Result<Vec<_>, _>>() else {
            return Ok(ChangeInquiryResult::Invalid(unreadable("messages")));
        };
        let split = SplitInquiry { change, messages };
        let changed = request.app().split_inquiry(op, &split).await;
        ChangeInquiryResult::of(ctx, id, changed).await
    }
}
