//! From two stars to one.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::decide::StepDown;

use super::change::{DeclarationChangeResult, answer, target};
use crate::context::request;
use crate::scalars::{Date, Position};

/// The step as it is sent.
#[derive(InputObject)]
pub struct StepDownInput {
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
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// From two stars to one.
#[derive(Default)]
pub struct StepDownMutation;

#[Object]
impl StepDownMutation {
    /// Steps a declaration down from two stars to one. Diagnosis and policy stay on record.
    async fn step_down(&self, ctx: &Context<'_>, input: StepDownInput) -> Result<DeclarationChangeResult> {
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
        let command = StepDown {
            on: input.on.map_or_else(|| op.today(), |date| date.0),
            reason: input.reason,
        };
        let outcome = request.app().step_down_declaration(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}
