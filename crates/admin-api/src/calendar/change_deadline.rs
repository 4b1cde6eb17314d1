//! Changing a deadline.

use app::calendar::Standing;
use async_graphql::{ComplexObject, Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::calendar::{CalendarEvent, DeadlineId, TypedDeadline};
use event_store::Position as LogPosition;

use super::deadline::DeadlineText;
use super::outcome::{Expected, change, expected};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::declaration::history::{Actor, actor_of};
use crate::input::InvalidInput;
use crate::scalars::{DateTime, Position};

/// A deadline as it should be.
#[derive(InputObject)]
pub struct ChangeDeadlineInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which deadline.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
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

/// The outcome of changing a deadline.
#[derive(Union)]
pub enum ChangeDeadlineResult {
    /// It is as it was asked for.
    Changed(DeadlineChanged),
    /// Somebody was faster.
    Conflict(DeadlineConflict),
    /// What was typed has problems.
    Invalid(InvalidInput),
    /// There is no such deadline, or it was removed.
    NotFound(NotFound),
}

/// The deadline is as it was asked for.
#[derive(SimpleObject)]
pub struct DeadlineChanged {
    /// Which.
    pub id: ID,
    /// What the next change must name.
    pub version: Position,
}

/// Somebody was faster. Nothing was written.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct DeadlineConflict {
    /// What the next try must name.
    pub version: Position,
    /// When they changed it.
    pub at: Option<DateTime>,
    /// As it is now.
    pub theirs: Option<DeadlineText>,
    #[graphql(skip)]
    by: Option<String>,
}

#[ComplexObject]
impl DeadlineConflict {
    /// Who was faster.
    async fn by(&self, ctx: &Context<'_>) -> Result<Option<Actor>> {
        match &self.by {
            Some(by) => Ok(Some(actor_of(ctx, by).await?)),
            None => Ok(None),
        }
    }
}

impl From<Option<Box<Standing>>> for DeadlineConflict {
    fn from(now: Option<Box<Standing>>) -> Self {
        let theirs = match now.as_ref().map(|now| &now.event) {
            Some(CalendarEvent::DeadlineAdded(deadline) | CalendarEvent::DeadlineChanged(deadline)) => {
                Some(DeadlineText::from(deadline))
            }
            _ => None,
        };
        Self {
            version: Position(now.as_ref().map_or(LogPosition::START, |now| now.version)),
            at: now.as_ref().map(|now| DateTime(now.at)),
            theirs,
            by: now.map(|now| now.by),
        }
    }
}

/// The mutation.
#[derive(Default)]
pub struct ChangeDeadlineMutation;

#[Object]
impl ChangeDeadlineMutation {
    /// Changes a deadline into what was typed.
    async fn change_deadline(
        &self,
        ctx: &Context<'_>,
        input: ChangeDeadlineInput,
    ) -> Result<ChangeDeadlineResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let change = match change(&input.command_id, input.expected_version) {
            Ok(change) => change,
            Err(invalid) => return Ok(ChangeDeadlineResult::Invalid(invalid)),
        };
        let Ok(id) = input.id.parse().map(DeadlineId) else {
            return Ok(ChangeDeadlineResult::NotFound(NotFound { id: input.id }));
        };
        let typed = TypedDeadline {
            day: input.date,
            time: input.time,
            name: input.name,
            source: input.source,
            note: input.note,
        };
        match request.app().change_deadline(op, change, id, &typed).await {
            Ok(changed) => Ok(ChangeDeadlineResult::Changed(DeadlineChanged {
                id: input.id,
                version: Position(changed.version),
            })),
            Err(error) => Ok(match expected(request, error)? {
                Expected::Stale(now) => ChangeDeadlineResult::Conflict(now.into()),
                Expected::Invalid(problems) => ChangeDeadlineResult::Invalid(problems),
                Expected::NotFound => ChangeDeadlineResult::NotFound(NotFound { id: input.id }),
            }),
        }
    }
}
