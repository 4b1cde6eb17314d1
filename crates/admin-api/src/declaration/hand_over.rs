//! Handing a declaration over to a successor.

use app::declaration::HandOver;
use async_graphql::{Context, ID, InputObject, Object, Result};

use super::change::{DeclarationChangeResult, answer, target};
use super::correct::{FieldInput, fields};
use super::enums::HandOverKind;
use super::evidence::given;
use crate::context::request;
use crate::scalars::{Date, Position};

/// A succession as it is sent.
#[derive(InputObject)]
pub struct HandOverInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// How it came about.
    pub kind: HandOverKind,
    /// Since when.
    pub on: Date,
    /// Who stands behind it now: corporate number, names, representative, address, contact. What says the same as before is left out.
    pub changes: Vec<FieldInput>,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
    /// Documents that were uploaded for this declaration; there is one, or `noDocument`.
    pub attachments: Option<Vec<ID>>,
    /// Why there is no document.
    pub no_document: Option<String>,
}

/// Handing over.
#[derive(Default)]
pub struct HandOverMutation;

#[Object]
impl HandOverMutation {
    /// Hands a declaration over. Number and star stay; until that day it was somebody else's.
    async fn hand_over(&self, ctx: &Context<'_>, input: HandOverInput) -> Result<DeclarationChangeResult> {
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
        let evidence = match given(input.attachments.as_deref(), input.no_document.as_deref()) {
            Ok(evidence) => evidence,
            Err(invalid) => return Ok(DeclarationChangeResult::Invalid(invalid)),
        };
        let id = change.id;
        let mine = fields(&input.changes);
        let command = HandOver {
            kind: input.kind.into(),
            on: input.on.0,
            fields: mine.clone(),
            reason: input.reason,
            evidence,
        };
        let outcome = request.app().hand_over(op, change, command).await;
        answer(ctx, id, outcome, &mine).await
    }
}
