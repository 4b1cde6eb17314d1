//! Clearing a warning of a declaration.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::decide::ClearFlag;

use super::change::{DeclarationChangeResult, answer, target};
use super::enums::FlagCode;
use crate::context::request;
use crate::scalars::Position;

/// A warning as it is sent.
#[derive(InputObject)]
pub struct ClearFlagInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// Which warning.
    pub flag: FlagCode,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// Clearing a warning of a declaration.
#[derive(Default)]
pub struct ClearFlagMutation;

#[Object]
impl ClearFlagMutation {
    /// Clears a warning that staff have looked at.
    async fn clear_flag(&self, ctx: &Context<'_>, input: ClearFlagInput) -> Result<DeclarationChangeResult> {
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
        let command = ClearFlag {
            flag: input.flag.into(),
            reason: input.reason,
        };
        let outcome = request.app().clear_flag(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}
