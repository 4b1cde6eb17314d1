//! Showing a declaration in the public search.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::decide::Publish;

use super::change::{DeclarationChangeResult, answer, target};
use crate::context::request;
use crate::scalars::Position;

/// As it is sent.
#[derive(InputObject)]
pub struct PublishDeclarationInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// Why, up to 1,000 characters; may be left out.
    pub reason: Option<String>,
}

/// Showing a declaration in the public search.
#[derive(Default)]
pub struct PublishMutation;

#[Object]
impl PublishMutation {
    /// Shows a declaration in the public search from today, if the declarer agreed.
    async fn publish_declaration(
        &self,
        ctx: &Context<'_>,
        input: PublishDeclarationInput,
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
        let command = Publish { reason: input.reason };
        let outcome = request.app().publish_declaration(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}
