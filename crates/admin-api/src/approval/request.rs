//! Asking for what needs a second person.

use std::collections::BTreeMap;

use app::OpContext;
use app::approval::{Act, RequestApproval, RequestApprovalError};
use async_graphql::{Context, Error, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::declaration::{Field, decide};
use domain::staff::Permission;
use domain::{BulkChangeId, DeclarationId, ImportId, JobId};
use uuid::Uuid;

use crate::context::{RequestContext, request};
use crate::declaration::correct::FieldInput;
use crate::declaration::detail::NotFound;
use crate::declaration::enums::{DeclarationField, IdentityCheck, MergeSide, PersonRole};
use crate::declaration::look_up_number::said;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::Position;
use crate::staff::accounts::staff_id;
use crate::staff::types::Role;

/// Other roles for somebody, among them some that need a second person.
#[derive(InputObject)]
pub struct RequestStaffRolesInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Whose account.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// All roles from then on.
    pub roles: Vec<Role>,
    /// Why.
    pub reason: String,
}

/// A person in one role of a declaration is to be forgotten for ever.
#[derive(InputObject)]
pub struct RequestForgettingInput {
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

/// Many declarations are to be changed at once, more than one person may change.
#[derive(InputObject)]
pub struct RequestBulkChangeInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which bulk change: it was tried out.
    pub id: ID,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// More rows of an old register are to be taken over than one person may take over.
#[derive(InputObject)]
pub struct RequestImportInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which import.
    pub id: ID,
    /// The job of the trial that its author looked at.
    pub trial_job_id: ID,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// Two declarations of one organisation are to become one.
#[derive(InputObject)]
pub struct RequestMergeInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// The one that goes on.
    pub survivor_id: ID,
    /// The version of it that its author saw.
    pub survivor_version: Position,
    /// The one that is merged into it.
    pub merged_id: ID,
    /// The version of it that its author saw.
    pub merged_version: Position,
    /// For each field that differs, whose value stays.
    pub choices: Vec<MergeChoiceInput>,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// Whose value stays in one field.
#[derive(InputObject)]
pub struct MergeChoiceInput {
    /// Which field.
    pub field: DeclarationField,
    /// Whose value.
    pub side: MergeSide,
}

/// A forgotten number is to go to another address than the registered one.
#[derive(InputObject)]
pub struct RequestNumberInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Of which declaration.
    pub declaration_id: ID,
    /// The version of it that its author saw.
    pub expected_version: Position,
    /// What whoever asks said, each field once: three at least must fit.
    pub asked: Vec<FieldInput>,
    /// How it was made sure who they are: by calling back, or by a document.
    pub checks: Vec<IdentityCheck>,
    /// Where the number is to go.
    pub to: String,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// The outcome of asking.
#[derive(Union)]
pub enum RequestApprovalResult {
    /// It waits for a second person.
    Requested(ApprovalRequested),
    /// What it is about was changed since it was seen.
    Stale(RequestStale),
    /// What was typed has problems, or it cannot be done.
    Invalid(InvalidInput),
    /// There is no such account, declaration, bulk change or import.
    NotFound(NotFound),
}

/// It waits for a second person.
#[derive(SimpleObject)]
pub struct ApprovalRequested {
    /// Which request.
    pub id: ID,
}

/// What it is about was changed since it was seen: look again.
#[derive(SimpleObject)]
pub struct RequestStale {
    /// For people.
    pub message: String,
}

/// The mutation.
#[derive(Default)]
pub struct RequestApprovalMutation;

#[Object]
impl RequestApprovalMutation {
    /// Asks for other roles that need a second person.
    async fn request_staff_roles(
        &self,
        ctx: &Context<'_>,
        input: RequestStaffRolesInput,
    ) -> Result<RequestApprovalResult> {
        let asking = match Asking::begin(ctx, Permission::ManageStaff, &input.command_id)? {
            Ok(asking) => asking,
            Err(invalid) => return Ok(RequestApprovalResult::Invalid(invalid)),
        };
        let Some(id) = staff_id(&input.id) else {
            return Ok(RequestApprovalResult::NotFound(NotFound { id: input.id }));
        };
        let roles: Vec<_> = input.roles.into_iter().map(Into::into).collect();
        let act = Act::change_roles(id, input.expected_version.0.get(), &roles);
        asking.ask(act, input.reason).await
    }

    /// Asks that a person in one role of a declaration is forgotten for ever: on every day, in every view, in history and search.
    async fn request_forgetting(
        &self,
        ctx: &Context<'_>,
        input: RequestForgettingInput,
    ) -> Result<RequestApprovalResult> {
        let asking = match Asking::begin(ctx, Permission::ForgetPerson, &input.command_id)? {
            Ok(asking) => asking,
            Err(invalid) => return Ok(RequestApprovalResult::Invalid(invalid)),
        };
        let Ok(declaration_id) = input.declaration_id.parse::<DeclarationId>() else {
            return Ok(RequestApprovalResult::NotFound(NotFound {
                id: input.declaration_id,
            }));
        };
        let act = Act::ForgetPerson {
            declaration_id,
            expected_version: input.expected_version.0.get(),
            person: input.person.into(),
            reason: input.reason.clone(),
        };
        asking.ask(act, input.reason).await
    }

    /// Asks that a bulk change is begun that changes more records than one person may change.
    async fn request_bulk_change(
        &self,
        ctx: &Context<'_>,
        input: RequestBulkChangeInput,
    ) -> Result<RequestApprovalResult> {
        let asking = match Asking::begin(ctx, Permission::ChangeMany, &input.command_id)? {
            Ok(asking) => asking,
            Err(invalid) => return Ok(RequestApprovalResult::Invalid(invalid)),
        };
        let act = match input.id.parse::<BulkChangeId>() {
            Ok(id) => asking.request.app().bulk_change_act(id).await,
            Err(_) => Ok(None),
        };
        let act = act.map_err(|error| fault::internal(asking.request.request_id(), &error))?;
        let Some(act) = act else {
            return Ok(RequestApprovalResult::NotFound(NotFound { id: input.id }));
        };
        asking.ask(act, input.reason).await
    }

    /// Asks that an import is begun that takes over more rows than one person may take over.
    async fn request_import(
        &self,
        ctx: &Context<'_>,
        input: RequestImportInput,
    ) -> Result<RequestApprovalResult> {
        let asking = match Asking::begin(ctx, Permission::ImportDeclarations, &input.command_id)? {
            Ok(asking) => asking,
            Err(invalid) => return Ok(RequestApprovalResult::Invalid(invalid)),
        };
        let act = match (input.id.parse::<ImportId>(), input.trial_job_id.parse::<JobId>()) {
            (Ok(id), Ok(trial)) => {
                let app = asking.request.app();
                app.import_act(id, trial, input.reason.clone()).await
            }
            _ => Ok(None),
        };
        let act = act.map_err(|error| fault::internal(asking.request.request_id(), &error))?;
        let Some(act) = act else {
            return Ok(RequestApprovalResult::NotFound(NotFound { id: input.id }));
        };
        asking.ask(act, input.reason).await
    }

    /// Asks that a forgotten number goes to another address than the registered one.
    async fn request_number(
        &self,
        ctx: &Context<'_>,
        input: RequestNumberInput,
    ) -> Result<RequestApprovalResult> {
        let asking = match Asking::begin(ctx, Permission::LookUpNumber, &input.command_id)? {
            Ok(asking) => asking,
            Err(invalid) => return Ok(RequestApprovalResult::Invalid(invalid)),
        };
        let Ok(declaration_id) = input.declaration_id.parse::<DeclarationId>() else {
            return Ok(RequestApprovalResult::NotFound(NotFound {
                id: input.declaration_id,
            }));
        };
        let act = Act::SendNumber {
            declaration_id,
            expected_version: input.expected_version.0.get(),
            asked: said(&input.asked),
            checks: input.checks.into_iter().map(Into::into).collect(),
            to: input.to,
        };
        asking.ask(act, input.reason).await
    }

    /// Asks that a declaration is merged into another one of the same organisation. Its number leads to the other one from then on.
    async fn request_merge(
        &self,
        ctx: &Context<'_>,
        input: RequestMergeInput,
    ) -> Result<RequestApprovalResult> {
        let asking = match Asking::begin(ctx, Permission::MergeDeclarations, &input.command_id)? {
            Ok(asking) => asking,
            Err(invalid) => return Ok(RequestApprovalResult::Invalid(invalid)),
        };
        let Ok(survivor) = input.survivor_id.parse::<DeclarationId>() else {
            return Ok(RequestApprovalResult::NotFound(NotFound {
                id: input.survivor_id,
            }));
        };
        let Ok(merged) = input.merged_id.parse::<DeclarationId>() else {
            return Ok(RequestApprovalResult::NotFound(NotFound { id: input.merged_id }));
        };
        let choices = input.choices.iter();
        let choices: BTreeMap<Field, decide::MergeSide> = choices
            .map(|choice| (choice.field.into(), choice.side.into()))
            .collect();
        if choices.len() < input.choices.len() {
            let twice = InvalidInput::one("choices", "repeated", "同じ項目が二度あります。");
            return Ok(RequestApprovalResult::Invalid(twice));
        }
        let act = Act::MergeDeclarations {
            survivor,
            survivor_version: input.survivor_version.0.get(),
            merged,
            merged_version: input.merged_version.0.get(),
            choices,
            reason: input.reason.clone(),
        };
        asking.ask(act, input.reason).await
    }
}

/// Somebody who may ask for something of this kind.
struct Asking<'c> {
    request: &'c RequestContext,
    op: &'c OpContext,
    command_id: Uuid,
}

impl<'c> Asking<'c> {
    fn begin(ctx: &'c Context<'_>, right: Permission, command_id: &ID) -> Result<Result<Self, InvalidInput>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(right).map_err(fault::forbidden)?;
        Ok(read_command_id(command_id).map(|command_id| Self {
            request,
            op,
            command_id,
        }))
    }

    async fn ask(self, act: Act, reason: String) -> Result<RequestApprovalResult> {
        let command = RequestApproval {
            command_id: self.command_id,
            act,
            reason,
        };
        let asked = self.request.app().request_approval(self.op, &command).await;
        answer(self.request, asked)
    }
}

fn answer(
    request: &RequestContext,
    outcome: Result<domain::ApprovalId, RequestApprovalError>,
) -> Result<RequestApprovalResult, Error> {
    match outcome {
        Ok(id) => Ok(RequestApprovalResult::Requested(ApprovalRequested {
            id: ID(id.to_string()),
        })),
        Err(RequestApprovalError::Stale) => Ok(RequestApprovalResult::Stale(RequestStale {
            message: "表示した後に変更されています。最新の内容を確かめてから、もう一度申請してください。"
                .to_owned(),
        })),
        Err(RequestApprovalError::Invalid(problems)) => Ok(RequestApprovalResult::Invalid(problems.into())),
        Err(RequestApprovalError::CommandReused) => {
            Ok(RequestApprovalResult::Invalid(InvalidInput::command_reused()))
        }
        Err(RequestApprovalError::Forbidden(refused)) => Err(fault::forbidden(refused)),
        Err(RequestApprovalError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
    }
}
