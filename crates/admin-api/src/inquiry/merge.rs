//! Two inquiries become one.

use app::inquiry::{MergeInquiries, MergeInquiriesError};
use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::InquiryId;
use domain::staff::Permission;

use super::change::ChangeInquiryResult;
use crate::context::request;
use crate::fault;
use crate::input::read_command_id;
use crate::scalars::Position;

/// One becomes a part of another.
#[derive(InputObject)]
pub struct MergeInquiriesInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which one becomes a part.
    pub id: ID,
    /// The version of it that its author saw.
    pub expected_version: Position,
    /// Of which one.
    pub into_id: ID,
    /// The version of that one that its author saw.
    pub into_version: Position,
}

/// The mutation.
#[derive(Default)]
pub struct MergeInquiriesMutation;

#[Object]
impl MergeInquiriesMutation {
    /// Makes one inquiry a part of another, which goes on with the messages of both.
    async fn merge_inquiries(
        &self,
        ctx: &Context<'_>,
        input: MergeInquiriesInput,
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
        let Ok(into) = input.into_id.parse::<InquiryId>() else {
            return Ok(ChangeInquiryResult::not_found(&input.into_id));
        };
        let merge = MergeInquiries {
            command_id,
            id,
            expected_version: input.expected_version.0,
            into,
            into_version: input.into_version.0,
        };
        match request.app().merge_inquiries(op, &merge).await {
            Ok(_) => ChangeInquiryResult::changed(ctx, into).await,
            Err(MergeInquiriesError::NotFound) => Ok(ChangeInquiryResult::not_found(&input.id)),
            Err(MergeInquiriesError::Moved(moved)) => {
                ChangeInquiryResult::moved(ctx, moved, Vec::new()).await
            }
            Err(MergeInquiriesError::Invalid(problem)) => {
                Ok(ChangeInquiryResult::Invalid(vec![problem].into()))
            }
            Err(MergeInquiriesError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(MergeInquiriesError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
