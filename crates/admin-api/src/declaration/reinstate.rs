//! Bringing a stopped declaration back.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::decide::Reinstate;

use super::change::{DeclarationChangeResult, answer, target};
use crate::context::request;
use crate::scalars::{Date, Position};

/// A return as it is sent.
#[derive(InputObject)]
pub struct ReinstateDeclarationInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// From which day; today when left out.
    pub on: Option<Date>,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// Bringing a stopped declaration back.
#[derive(Default)]
pub struct ReinstateMutation;

#[Object]
impl ReinstateMutation {
    /// Brings a stopped declaration back, unless its organisation has another live one.
    async fn reinstate_declaration(
        &self,
        ctx: &Context<'_>,
        input: ReinstateDeclarationInput,
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
        let command = Reinstate {
            on: input.on.map_or_else(|| op.today(), |date| date.0),
            reason: input.reason,
            live: None,
        };
        let outcome = request.app().reinstate_declaration(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}
