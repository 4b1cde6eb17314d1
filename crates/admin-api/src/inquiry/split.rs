//! Some messages begin an inquiry of their own.

use app::CaseChange;
use app::inquiry::{SplitInquiry, SplitInquiryError};
use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::InquiryId;
use domain::staff::Permission;

use super::change::{ChangeInquiryResult, unreadable};
use crate::context::request;
use crate::fault;
use crate::input::read_command_id;
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
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(ChangeInquiryResult::Invalid(invalid)),
        };
        let Ok(id) = input.id.parse::<InquiryId>() else {
            return Ok(ChangeInquiryResult::not_found(&input.id));
        };
        let messages = input.message_ids.iter().map(|id| id.parse());
        let Ok(messages) = messages.collect::<Result<Vec<_>, _>>() else {
            return Ok(ChangeInquiryResult::Invalid(unreadable("messages")));
        };
        let split = SplitInquiry {
            change: CaseChange::new(command_id, id.uuid(), input.expected_version.0),
            messages,
        };
        match request.app().split_inquiry(op, &split).await {
            Ok(new) => ChangeInquiryResult::changed(ctx, new).await,
            Err(SplitInquiryError::NotFound) => Ok(ChangeInquiryResult::not_found(&input.id)),
            Err(SplitInquiryError::Moved(since)) => ChangeInquiryResult::moved(ctx, id, since).await,
            Err(SplitInquiryError::Invalid(problem)) => {
                Ok(ChangeInquiryResult::Invalid(vec![problem].into()))
            }
            Err(SplitInquiryError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(SplitInquiryError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
