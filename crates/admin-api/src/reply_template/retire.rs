//! A template is not offered any more, or is again.

use app::CaseChange;
use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::ReplyTemplateId;
use domain::staff::Permission;

use super::save::ReplyTemplateResult;
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::read_command_id;
use crate::scalars::Position;

/// Whether a template is offered, changed on what its author saw.
#[derive(InputObject)]
pub struct ChangeReplyTemplateInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which template.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// True: it is not offered any more; false: it is again.
    pub retire: bool,
}

/// The mutation.
#[derive(Default)]
pub struct ChangeReplyTemplateMutation;

#[Object]
impl ChangeReplyTemplateMutation {
    /// Retires a template, or brings it back.
    async fn change_reply_template(
        &self,
        ctx: &Context<'_>,
        input: ChangeReplyTemplateInput,
    ) -> Result<ReplyTemplateResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageInquiries)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(ReplyTemplateResult::Invalid(invalid)),
        };
        let Ok(id) = input.id.parse::<ReplyTemplateId>() else {
            return Ok(ReplyTemplateResult::NotFound(NotFound { id: input.id }));
        };
        let change = CaseChange::new(command_id, id.uuid(), input.expected_version.0);
        let written = request
            .app()
            .retire_reply_template(op, change, input.retire)
            .await;
        ReplyTemplateResult::of(ctx, input.id, written)
    }
}
