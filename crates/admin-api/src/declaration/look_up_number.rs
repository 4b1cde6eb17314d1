//! Telling a declarer their forgotten number: what fits of what they say, and sending it to the registered address.

use std::collections::BTreeMap;

use app::declaration::{LookUpNumber, ReadAnswersError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::DeclarationId;
use domain::declaration::Field;

use super::change::{DeclarationChangeResult, answer, target};
use super::correct::{FieldInput, fields};
use super::enums::{DeclarationField, IdentityCheck};
use crate::context::request;
use crate::fault;
use crate::scalars::Position;

/// A forgotten number that is to be sent.
#[derive(InputObject)]
pub struct LookUpNumberInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Of which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// What whoever asks said, each field once: two at least must fit.
    pub asked: Vec<FieldInput>,
    /// How it was made sure who they are.
    pub checks: Vec<IdentityCheck>,
}

/// What fits of what somebody said.
#[derive(SimpleObject)]
pub struct NumberMatches {
    /// The fields whose answers fit what is registered.
    pub fitting: Vec<DeclarationField>,
    /// Whether an address is registered that mail can be sent to.
    pub has_address: bool,
}

/// Comparing.
#[derive(Default)]
pub struct LookUpNumberQuery;

#[Object]
impl LookUpNumberQuery {
    /// What fits of what somebody said who asks for a number; null without such a declaration. It counts as a read of what is personal.
    #[graphql(complexity = "200 + child_complexity")]
    async fn number_matches(
        &self,
        ctx: &Context<'_>,
        declaration_id: ID,
        asked: Vec<FieldInput>,
    ) -> Result<Option<NumberMatches>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = declaration_id.parse::<DeclarationId>() else {
            return Ok(None);
        };
        match request.app().match_answers(op, id, &fields(&asked)).await {
            Ok(found) => Ok(found.map(|found| NumberMatches {
                fitting: found.fitting.into_iter().map(Into::into).collect(),
                has_address: found.has_address,
            })),
            Err(ReadAnswersError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ReadAnswersError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

/// Sending.
#[derive(Default)]
pub struct LookUpNumberMutation;

#[Object]
impl LookUpNumberMutation {
    /// Sends a forgotten number to the address that is registered. What was asked stays with the record.
    async fn look_up_number(
        &self,
        ctx: &Context<'_>,
        input: LookUpNumberInput,
    ) -> Result<DeclarationChangeResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let change = match target(
            &input.command_id,
            &input.declaration_id,
            input.expected_version,
            input.inquiry_id.as_ref(),
        ) {
            Ok(change) => change,
            Err(refused) => return Ok(refused),
        };
        let id = change.id;
        let command = LookUpNumber {
            asked: said(&input.asked),
            checks: input.checks.into_iter().map(Into::into).collect(),
            elsewhere: None,
        };
        let outcome = request.app().look_up_number(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}

/// What somebody said, by field; what is empty was not said.
pub fn said(asked: &[FieldInput]) -> BTreeMap<Field, String> {
    let asked = fields(asked).into_iter();
    let given = asked.filter(|input| !input.typed.trim().is_empty());
    given.map(|input| (input.field, input.typed)).collect()
}
