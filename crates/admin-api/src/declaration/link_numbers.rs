//! Linking an old number to the new one that takes its place.

use app::declaration::LinkNumbers;
use async_graphql::{Context, ID, InputObject, Object, Result};

use super::change::{DeclarationChangeResult, answer, target};
use crate::context::request;
use crate::scalars::{Date, Position};

/// Two declarations, of which the newer one took the older one's place.
#[derive(InputObject)]
pub struct LinkNumbersInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Either of the two.
    pub declaration_id: ID,
    /// The version of it that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// The number of the other one, as typed. One of the two begins with 4, the other with 5.
    pub other_number: String,
    /// From which day; today without one.
    pub on: Option<Date>,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// Linking numbers.
#[derive(Default)]
pub struct LinkNumbersMutation;

#[Object]
impl LinkNumbersMutation {
    /// Says that the declaration with the newer number took the place of the one with the older number. The older one is live no more, and
    /// its number leads to the newer one for ever. Both histories tell it.
    async fn link_numbers(
        &self,
        ctx: &Context<'_>,
        input: LinkNumbersInput,
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
        let command = LinkNumbers {
            other: input.other_number,
            on: input.on.map(|date| date.0),
            reason: input.reason,
        };
        let outcome = request.app().link_numbers(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}
