//! Making a day the office's own.

use app::calendar::Standing;
use async_graphql::{ComplexObject, Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::calendar::CalendarEvent;
use event_store::Position as LogPosition;

use super::month::OfficeDayKind;
use super::outcome::{Expected, change, expected, not_expected};
use crate::context::request;
use crate::declaration::history::{Actor, actor_of};
use crate::input::InvalidInput;
use crate::scalars::{Date, DateTime, Position};

/// What the office makes of a day.
#[derive(InputObject)]
pub struct SetCalendarDayInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which day.
    pub date: Date,
    /// The version that its author saw.
    pub expected_version: Position,
    /// Closed or open.
    pub kind: OfficeDayKind,
    /// Why, 1 to 40 characters.
    pub name: String,
}

/// The outcome of changing a day.
#[derive(Union)]
pub enum ChangeCalendarDayResult {
    /// It is in the calendar.
    Changed(CalendarDayChanged),
    /// Somebody was faster.
    Conflict(CalendarDayConflict),
    /// What was typed has problems.
    Invalid(InvalidInput),
}

/// The day is as it was asked for.
#[derive(SimpleObject)]
pub struct CalendarDayChanged {
    /// Which day.
    pub date: Date,
    /// What the next change must name.
    pub version: Position,
}

/// Somebody was faster. Nothing was written.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CalendarDayConflict {
    /// What the next try must name.
    pub version: Position,
    /// When they changed it.
    pub at: Option<DateTime>,
    /// What they made of the day; null when it is an ordinary one again.
    pub kind: Option<OfficeDayKind>,
    /// What they call it.
    pub name: Option<String>,
    #[graphql(skip)]
    by: Option<String>,
}

#[ComplexObject]
impl CalendarDayConflict {
    /// Who was faster.
    async fn by(&self, ctx: &Context<'_>) -> Result<Option<Actor>> {
        match &self.by {
            Some(by) => Ok(Some(actor_of(ctx, by).await?)),
            None => Ok(None),
        }
    }
}

impl From<Option<Box<Standing>>> for CalendarDayConflict {
    fn from(now: Option<Box<Standing>>) -> Self {
        let own = match now.as_ref().map(|now| &now.event) {
            Some(CalendarEvent::DaySet { day, .. }) => Some(day.clone()),
            _ => None,
        };
        let (kind, name) = own.map(|own| (own.kind.into(), own.name)).unzip();
        Self {
            version: Position(now.as_ref().map_or(LogPosition::START, |now| now.version)),
            at: now.as_ref().map(|now| DateTime(now.at)),
            kind,
            name,
            by: now.map(|now| now.by),
        }
    }
}

/// The mutation.
#[derive(Default)]
pub struct SetDayMutation;

#[Object]
impl SetDayMutation {
    /// Closes or opens a day, whatever it would be otherwise.
    async fn set_calendar_day(
        &self,
        ctx: &Context<'_>,
        input: SetCalendarDayInput,
    ) -> Result<ChangeCalendarDayResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let change = match change(&input.command_id, input.expected_version) {
            Ok(change) => change,
            Err(invalid) => return Ok(ChangeCalendarDayResult::Invalid(invalid)),
        };
        let set = request
            .app()
            .set_calendar_day(op, change, input.date.0, input.kind.into(), &input.name);
        match set.await {
            Ok(changed) => Ok(ChangeCalendarDayResult::Changed(CalendarDayChanged {
                date: input.date,
                version: Position(changed.version),
            })),
            Err(error) => expected(request, error).map(ChangeCalendarDayResult::from),
        }
    }
}

impl From<Expected> for ChangeCalendarDayResult {
    fn from(outcome: Expected) -> Self {
        match outcome {
            Expected::Stale(now) => Self::Conflict(now.into()),
            Expected::Invalid(problems) => Self::Invalid(problems),
            Expected::NotFound => Self::Invalid(not_expected()),
        }
    }
}
