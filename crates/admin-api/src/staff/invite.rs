//! Inviting members of staff by mail, and taking an invitation back.

use app::staff::{InviteByMail, InviteError};
use async_graphql::{Context, Error, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::staff::Permission;

use super::accounts::staff_id;
use super::second_factor::{FreshSignInNeeded, not_fresh};
use super::types::Role;
use crate::context::request;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// Whom to invite.
#[derive(InputObject)]
pub struct InviteStaffInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// The address as typed.
    pub mail: String,
    /// What they are given to do.
    pub roles: Vec<Role>,
}

/// The outcome of inviting somebody.
#[derive(Union)]
pub enum InviteStaffResult {
    /// A link is on its way.
    Invited(StaffInvited),
    /// Prove first who you are.
    NotFresh(FreshSignInNeeded),
    /// What was typed has problems.
    Invalid(InvalidInput),
}

/// A link is on its way.
#[derive(SimpleObject)]
pub struct StaffInvited {
    /// Whose account it will be.
    pub staff_id: ID,
}

/// The mutations.
#[derive(Default)]
pub struct InviteStaffMutation;

#[Object]
impl InviteStaffMutation {
    /// Sends somebody a one-time link by which they make their account.
    async fn invite_staff(&self, ctx: &Context<'_>, input: InviteStaffInput) -> Result<InviteStaffResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageStaff).map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(InviteStaffResult::Invalid(invalid)),
        };
        let command = InviteByMail {
            command_id,
            mail: input.mail,
            roles: input.roles.into_iter().map(Into::into).collect(),
        };
        match request.app().invite_by_mail(op, &command).await {
            Ok(invited) => Ok(InviteStaffResult::Invited(StaffInvited {
                staff_id: ID(invited.staff_id.to_string()),
            })),
            Err(InviteError::NotFresh) => Ok(InviteStaffResult::NotFresh(not_fresh())),
            Err(error) => invalid(ctx, error).map(InviteStaffResult::Invalid),
        }
    }

    /// Takes an invitation back; false: it was used, taken back, or never made.
    async fn revoke_staff_invitation(&self, ctx: &Context<'_>, command_id: ID, staff_id: ID) -> Result<bool> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageStaff).map_err(fault::forbidden)?;
        let (Ok(command_id), Some(id)) = (read_command_id(&command_id), self::staff_id(&staff_id)) else {
            return Ok(false);
        };
        let revoked = request.app().revoke_invitation(op, command_id, id).await;
        revoked.map_err(|error| match error {
            InviteError::Forbidden(refused) => fault::forbidden(refused),
            error => fault::internal(request.request_id(), &error),
        })
    }
}

fn invalid(ctx: &Context<'_>, error: InviteError) -> Result<InvalidInput, Error> {
    let request = request(ctx)?;
    match error {
        InviteError::Invalid(problems) => Ok(problems.into()),
        InviteError::CommandReused => Ok(InvalidInput::command_reused()),
        InviteError::Forbidden(refused) => Err(fault::forbidden(refused)),
        error => Err(fault::internal(request.request_id(), &error)),
    }
}
