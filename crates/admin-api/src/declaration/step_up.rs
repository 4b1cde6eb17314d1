//! From one star to two.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::decide::StepUp;

use super::change::{DeclarationChangeResult, answer, target};
use crate::context::request;
use crate::scalars::{Date, Position};

/// The step as it is sent.
#[derive(InputObject)]
pub struct StepUpInput {
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
    /// Why, up to 1,000 characters; may be left out.
    pub reason: Option<String>,
}

/// From one star to two.
#[derive(Default)]
pub struct StepUpMutation;

#[Object]
impl StepUpMutation {
    /// Steps a declaration up from one star to two, which needs a diagnosis and a policy. The number stays the same.
    async fn step_up(&self, ctx: &Context<'_>, input: StepUpInput) -> Result<DeclarationChangeResult> {
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
        let command = StepUp {
            on: input.on.map_or_else(|| op.today(), |date| date.0),
            reason: input.reason,
        };
        let outcome = request.app().step_up_declaration(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}
