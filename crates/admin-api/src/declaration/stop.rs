//! Stopping a declaration.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::decide::StopDeclaration;

use super::change::{DeclarationChangeResult, answer, target};
use super::enums::StopKind;
use crate::context::request;
use crate::input::InvalidInput;
use crate::scalars::{Date, Position};

/// A stop as it is sent.
#[derive(InputObject)]
pub struct StopDeclarationInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// In which way.
    pub kind: StopKind,
    /// On which day.
    pub on: Option<Date>,
    /// Nobody knows the day: it then counts as stopped on every day. Only looked at when there is none.
    #[graphql(default)]
    pub day_unknown: bool,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// Stopping a declaration.
#[derive(Default)]
pub struct StopMutation;

#[Object]
impl StopMutation {
    /// Stops a declaration. Its history stays.
    async fn stop_declaration(
        &self,
        ctx: &Context<'_>,
        input: StopDeclarationInput,
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
        if input.on.is_none() && !input.day_unknown {
            return Ok(DeclarationChangeResult::Invalid(InvalidInput::one(
                "on",
                "required",
                "停止の日を入力するか、「日付不明」を選んでください。",
            )));
        }
        let command = StopDeclaration {
            kind: input.kind.into(),
            on: input.on.map(|date| date.0),
            reason: input.reason,
        };
        let outcome = request.app().stop_declaration(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}
