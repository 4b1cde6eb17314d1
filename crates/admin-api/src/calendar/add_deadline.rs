//! Adding a deadline.

use app::calendar::AddDeadline;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::calendar::TypedDeadline;

use super::outcome::{Expected, expected, not_expected};
use crate::context::request;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::Position;

/// A deadline as typed.
#[derive(InputObject)]
pub struct AddDeadlineInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// A day as people type it.
    pub date: String,
    /// A time of day; empty means the end of the day.
    pub time: String,
    /// Of what, 1 to 200 characters.
    pub name: String,
    /// Where it is announced, 1 to 500 characters: an `https://` address, or words.
    pub source: String,
    /// What else to know, up to 1,000 characters.
    pub note: String,
}

/// The outcome of adding a deadline.
#[derive(Union)]
pub enum AddDeadlineResult {
    /// It is in the calendar.
    Added(DeadlineAdded),
    /// What was typed has problems.
    Invalid(InvalidInput),
}

/// The deadline is in the calendar.
#[derive(SimpleObject)]
pub struct DeadlineAdded {
    /// Its id.
    pub id: ID,
    /// What its next change must name.
    pub version: Position,
}

/// The mutation.
#[derive(Default)]
pub struct AddDeadlineMutation;

#[Object]
impl AddDeadlineMutation {
    /// Adds a deadline.
    async fn add_deadline(&self, ctx: &Context<'_>, input: AddDeadlineInput) -> Result<AddDeadlineResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(AddDeadlineResult::Invalid(invalid)),
        };
        let typed = TypedDeadline {
            day: input.date,
            time: input.time,
            name: input.name,
            source: input.source,
            note: input.note,
        };
        match request
            .app()
            .add_deadline(op, AddDeadline { command_id, typed })
            .await
        {
            Ok(added) => Ok(AddDeadlineResult::Added(DeadlineAdded {
                id: ID(added.id.to_string()),
                version: Position(added.version),
            })),
            Err(error) => Ok(AddDeadlineResult::Invalid(match expected(request, error)? {
                Expected::Invalid(problems) => problems,
                // The id is a fresh one.
                Expected::Stale(_) | Expected::NotFound => not_expected(),
            })),
        }
    }
}
