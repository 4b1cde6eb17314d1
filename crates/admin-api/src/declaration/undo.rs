//! Taking a change back.

use app::declaration::UndoChange;
use async_graphql::{Context, ID, InputObject, Object, Result};

use super::change::{DeclarationChangeResult, answer, target};
use crate::context::request;
use crate::scalars::Position;

/// What is to be taken back.
#[derive(InputObject)]
pub struct UndoChangeInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// Of any entry of the change. All that was recorded by the same command is taken back.
    pub position: Position,
    /// Why, up to 1,000 characters; may be left out.
    pub reason: Option<String>,
}

/// Taking a change back.
#[derive(Default)]
pub struct UndoMutation;

#[Object]
impl UndoMutation {
    /// Takes a change back within ten minutes, where nothing later rests on it. Both stay in the history.
    async fn undo_change(
        &self,
        ctx: &Context<'_>,
        input: UndoChangeInput,
    ) -> Result<DeclarationChangeResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let change = match target(
            &input.command_id,
            &input.declaration_id,
            input.expected_version,
            None,
        ) {
            Ok(change) => change,
            Err(refused) => return Ok(refused),
        };
        let id = change.id;
        let command = UndoChange {
            position: input.position.0,
            reason: input.reason,
        };
        let outcome = request.app().undo_change(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}
