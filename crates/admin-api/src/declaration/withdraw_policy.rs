//! Recording that a policy is no longer there.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::decide::WithdrawPolicy;

use super::change::{DeclarationChangeResult, answer, target};
use crate::context::request;
use crate::scalars::{Date, Position};

/// As it is sent.
#[derive(InputObject)]
pub struct WithdrawPolicyInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// From when it holds; today when left out.
    pub on: Option<Date>,
    /// Two stars become one with it: they need a policy. Not looked at otherwise.
    #[graphql(default)]
    pub step_down: bool,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// Recording that a policy is no longer there.
#[derive(Default)]
pub struct WithdrawPolicyMutation;

#[Object]
impl WithdrawPolicyMutation {
    /// Records that a policy is no longer there.
    async fn withdraw_policy(
        &self,
        ctx: &Context<'_>,
        input: WithdrawPolicyInput,
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
        let command = WithdrawPolicy {
            on: input.on.map_or_else(|| op.today(), |date| date.0),
            step_down: input.step_down,
            reason: input.reason,
        };
        let outcome = request.app().withdraw_policy(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}
