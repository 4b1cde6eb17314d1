//! Changing who is to be written to about a declaration.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::decide::ChangeContact;

use super::change::{DeclarationChangeResult, answer, target};
use super::correct::{FieldInput, fields};
use crate::context::request;
use crate::scalars::{Date, Position};

/// New contact data as it is sent.
#[derive(InputObject)]
pub struct ChangeContactInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// Contact fields, each once. An empty value clears the field.
    pub changes: Vec<FieldInput>,
    /// Since when; today when left out.
    pub since: Option<Date>,
    /// Why, up to 1,000 characters; may be left out.
    pub reason: Option<String>,
}

/// Changing who is to be written to about a declaration.
#[derive(Default)]
pub struct ChangeContactMutation;

#[Object]
impl ChangeContactMutation {
    /// Changes who is to be written to. Fields that are not named stay as they are.
    async fn change_contact(
        &self,
        ctx: &Context<'_>,
        input: ChangeContactInput,
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
        let changes = fields(&input.changes);
        let command = ChangeContact {
            changes: changes.clone(),
            since: input.since.map(|date| date.0),
            reason: input.reason,
        };
        let outcome = request.app().change_contact(op, change, command).await;
        answer(ctx, id, outcome, &changes).await
    }
}
