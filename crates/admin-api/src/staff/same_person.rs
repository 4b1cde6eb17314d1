//! Which accounts are one person's, where addresses do not tell.

use app::staff::LinkPersonError;
use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};
use domain::staff::Permission;

use super::accounts::staff_id;
use super::second_factor::{FreshSignInNeeded, not_fresh};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// The outcome.
#[derive(Union)]
pub enum LinkPersonResult {
    /// It is so now.
    Linked(PersonLinked),
    /// Whoever asks has to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// It cannot be done.
    Invalid(InvalidInput),
    /// There is no such account.
    NotFound(NotFound),
}

/// It is so now.
#[derive(SimpleObject)]
pub struct PersonLinked {
    /// Whose account.
    pub staff_id: ID,
    /// The other account of the same person; null: there is none.
    pub same_as: Option<ID>,
}

/// The mutation.
#[derive(Default)]
pub struct LinkPersonMutation;

#[Object]
impl LinkPersonMutation {
    /// Says of which other account the same person is, so that neither agrees to what the other asks for; null: of none after all.
    async fn link_person(
        &self,
        ctx: &Context<'_>,
        command_id: ID,
        staff_id: ID,
        same_as: Option<ID>,
    ) -> Result<LinkPersonResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageStaff).map_err(fault::forbidden)?;
        let command = match read_command_id(&command_id) {
            Ok(command) => command,
            Err(invalid) => return Ok(LinkPersonResult::Invalid(invalid)),
        };
        let not_found = |id: &ID| Ok(LinkPersonResult::NotFound(NotFound { id: id.clone() }));
        let Some(id) = self::staff_id(&staff_id) else {
            return not_found(&staff_id);
        };
        let other = match &same_as {
            None => None,
            Some(text) => match self::staff_id(text) {
                Some(other) => Some(other),
                None => return not_found(text),
            },
        };
        match request.app().link_person(op, command, id, other).await {
            Ok(()) => Ok(LinkPersonResult::Linked(PersonLinked { staff_id, same_as })),
            Err(LinkPersonError::NotFresh) => Ok(LinkPersonResult::NotFresh(not_fresh())),
            Err(LinkPersonError::NotFound(id)) => not_found(&ID(id.to_string())),
            Err(LinkPersonError::Refused(why)) => Ok(LinkPersonResult::Invalid(InvalidInput::one(
                "sameAs",
                why.code(),
                why.japanese(),
            ))),
            Err(LinkPersonError::CommandReused) => {
                Ok(LinkPersonResult::Invalid(InvalidInput::command_reused()))
            }
            Err(LinkPersonError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(LinkPersonError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
