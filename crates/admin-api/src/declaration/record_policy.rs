//! Recording a basic security policy, or another one in its place.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::Field;
use domain::declaration::decide::{FieldInput, RecordPolicy};

use super::change::{DeclarationChangeResult, answer, target};
use super::enums::PolicyMedium;
use crate::context::request;
use crate::scalars::{Date, Position};

/// A policy as it is sent.
#[derive(InputObject)]
pub struct RecordPolicyInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// Where it can be read.
    pub medium: PolicyMedium,
    /// Its address on the web; of another medium the place, which may be left out where the medium says enough.
    pub place: Option<String>,
    /// Since when it is public, as typed; may be left out.
    pub published_on: Option<String>,
    /// From when the register says so; today when left out.
    pub on: Option<Date>,
    /// Why, up to 1,000 characters; may be left out.
    pub reason: Option<String>,
}

/// Recording a basic security policy, or another one in its place.
#[derive(Default)]
pub struct RecordPolicyMutation;

#[Object]
impl RecordPolicyMutation {
    /// Records a policy, or one in the place of the one before.
    async fn record_policy(
        &self,
        ctx: &Context<'_>,
        input: RecordPolicyInput,
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
        let medium = domain::value::PolicyMedium::from(input.medium);
        let (place, published_on) = (
            input.place.unwrap_or_default(),
            input.published_on.unwrap_or_default(),
        );
        let mine = [
            FieldInput {
                field: Field::PolicyUrl,
                typed: medium.text(&place),
            },
            FieldInput {
                field: Field::PolicyPublishedOn,
                typed: published_on.clone(),
            },
        ];
        let command = RecordPolicy {
            medium,
            place,
            published_on,
            on: input.on.map_or_else(|| op.today(), |date| date.0),
            reason: input.reason,
        };
        let outcome = request.app().record_policy(op, change, command).await;
        answer(ctx, id, outcome, &mine).await
    }
}
