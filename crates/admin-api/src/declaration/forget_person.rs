//! Forgetting a person in one role, for ever.

use app::declaration::{Change, Conflict as Found, ForgetPerson, ForgetPersonError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::DeclarationId;
use event_store::Position as LogPosition;
use uuid::Uuid;

use super::correct::{Conflict, conflict};
use super::detail::NotFound;
use super::enums::PersonRole;
use crate::context::request;
use crate::fault;
use crate::input::InvalidInput;
use crate::scalars::Position;

/// Who is to be forgotten, and why.
#[derive(InputObject)]
pub struct ForgetPersonInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// In which declaration.
    pub declaration_id: ID,
    /// The version that its author saw: a new contact must not be forgotten for the old one.
    pub expected_version: Position,
    /// In which role.
    pub person: PersonRole,
    /// Why, 1 to 1,000 characters. It stays, so it must not name the person.
    pub reason: String,
}

/// The outcome of forgetting.
#[derive(Union)]
pub enum ForgetPersonResult {
    /// Nobody can read the person any more.
    Forgotten(PersonForgotten),
    /// Nothing is kept about anybody in that role, or it is forgotten already.
    NothingKept(NothingKept),
    /// Somebody was faster.
    Conflict(Conflict),
    /// What was typed has problems.
    Invalid(InvalidInput),
    /// There is no such declaration.
    NotFound(NotFound),
}

/// The key is destroyed and no list holds the person. The database's files are cleared in the background.
#[derive(SimpleObject)]
pub struct PersonForgotten {
    /// Of the last event.
    pub position: Position,
    /// What the next change must name.
    pub version: Position,
    /// Which declaration.
    pub declaration_id: ID,
    /// In which role.
    pub person: PersonRole,
}

/// Nothing is kept about anybody in that role, or it is forgotten already.
#[derive(SimpleObject)]
pub struct NothingKept {
    /// In which role.
    pub person: PersonRole,
}

/// The mutation.
#[derive(Default)]
pub struct ForgetPersonMutation;

#[Object]
impl ForgetPersonMutation {
    /// Forgets a person in one role of a declaration, for ever: on every day, in every view, in history and search.
    async fn forget_person(&self, ctx: &Context<'_>, input: ForgetPersonInput) -> Result<ForgetPersonResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let not_found = || {
            ForgetPersonResult::NotFound(NotFound {
                id: input.declaration_id.clone(),
            })
        };
        let Ok(id) = input.declaration_id.parse::<DeclarationId>() else {
            return Ok(not_found());
        };
        let Ok(command_id) = input.command_id.parse::<Uuid>() else {
            return Ok(ForgetPersonResult::Invalid(InvalidInput::one(
                "commandId",
                "shape",
                "操作の番号の形式が正しくありません。画面を開き直してください。",
            )));
        };
        let command = ForgetPerson {
            change: Change {
                command_id,
                id,
                expected_version: LogPosition::new(input.expected_version.0.get()),
            },
            role: input.person.into(),
            reason: input.reason.clone(),
        };
        match request.app().forget_person(op, command).await {
            Ok(changed) => Ok(ForgetPersonResult::Forgotten(PersonForgotten {
                position: Position(changed.position),
                version: Position(changed.version),
                declaration_id: input.declaration_id,
                person: input.person,
            })),
            Err(ForgetPersonError::NothingKept) => Ok(ForgetPersonResult::NothingKept(NothingKept {
                person: input.person,
            })),
            Err(ForgetPersonError::Invalid(problems)) => Ok(ForgetPersonResult::Invalid(problems.into())),
            Err(ForgetPersonError::NotFound(_)) => Ok(not_found()),
            Err(ForgetPersonError::Stale(stale)) => Ok(ForgetPersonResult::Conflict(
                conflict(ctx, id, &Found::of(*stale, &[])).await?,
            )),
            Err(ForgetPersonError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ForgetPersonError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}
