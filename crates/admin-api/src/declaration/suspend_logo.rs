//! Suspending the right to use the logo.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::decide::SuspendLogo;

use super::change::{DeclarationChangeResult, answer, target};
use crate::context::request;
use crate::scalars::Position;

/// As it is sent.
#[derive(InputObject)]
pub struct SuspendLogoInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// Suspending the right to use the logo.
#[derive(Default)]
pub struct SuspendLogoMutation;

#[Object]
impl SuspendLogoMutation {
    /// Suspends the right to use the logo from today.
    async fn suspend_logo(
        &self,
        ctx: &Context<'_>,
        input: SuspendLogoInput,
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
        let command = SuspendLogo { reason: input.reason };
        let outcome = request.app().suspend_logo(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}
