//! Raising a warning on a declaration.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::decide::RaiseFlag;

use super::change::{DeclarationChangeResult, answer, target};
use super::enums::FlagCode;
use crate::context::request;
use crate::scalars::Position;

/// A warning as it is sent.
#[derive(InputObject)]
pub struct RaiseFlagInput {
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

/// Raising a warning on a declaration.
#[derive(Default)]
pub struct RaiseFlagMutation;

#[Object]
impl RaiseFlagMutation {
    /// Raises a warning on a declaration. It stops nothing.
    async fn raise_flag(&self, ctx: &Context<'_>, input: RaiseFlagInput) -> Result<DeclarationChangeResult> {
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
        let command = RaiseFlag {
            flag: input.flag.into(),
            reason: input.reason,
        };
        let outcome = request.app().raise_flag(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}
