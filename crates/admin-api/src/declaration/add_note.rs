//! Writing a note on a declaration.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::decide::AddNote;

use super::change::{DeclarationChangeResult, answer, target};
use crate::context::request;
use crate::scalars::Position;

/// A note as it is sent.
#[derive(InputObject)]
pub struct AddNoteInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// What is to be kept in mind, 1 to 10,000 characters.
    pub text: String,
}

/// Writing a note on a declaration.
#[derive(Default)]
pub struct AddNoteMutation;

#[Object]
impl AddNoteMutation {
    /// Writes a note on a declaration. It changes no fact.
    async fn add_note(&self, ctx: &Context<'_>, input: AddNoteInput) -> Result<DeclarationChangeResult> {
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
        let command = AddNote { text: input.text };
        let outcome = request.app().add_note(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}
