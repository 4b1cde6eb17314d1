//! Setting the office's hours.

use app::calendar::Standing;
use async_graphql::{ComplexObject, Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::calendar::{CalendarEvent, Hours};
use event_store::Position as LogPosition;

use super::outcome::{Expected, change, expected, not_expected};
use crate::context::request;
use crate::declaration::history::{Actor, actor_of};
use crate::input::InvalidInput;
use crate::scalars::{DateTime, Position};

/// The hours as typed.
#[derive(InputObject)]
pub struct SetOfficeHoursInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// From, `9:30`.
    pub opens: String,
    /// Until, `17:30`.
    pub closes: String,
    /// Whether the office is closed from 29 December to 3 January.
    pub closed_at_year_end: bool,
}

/// The outcome of setting the hours.
#[derive(Union)]
pub enum SetOfficeHoursResult {
    /// They hold.
    Set(OfficeHoursSet),
    /// Somebody was faster.
    Conflict(OfficeHoursConflict),
    /// What was typed has problems.
    Invalid(InvalidInput),
}

/// The hours hold from now on.
#[derive(SimpleObject)]
pub struct OfficeHoursSet {
    /// What the next change must name.
    pub version: Position,
}

/// Somebody was faster. Nothing was written.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct OfficeHoursConflict {
    /// What the next try must name.
    pub version: Position,
    /// When they changed them.
    pub at: Option<DateTime>,
    /// From, as they want it.
    pub opens: String,
    /// Until, as they want it.
    pub closes: String,
    /// The turn of the year, as they want it.
    pub closed_at_year_end: bool,
    #[graphql(skip)]
    by: Option<String>,
}

#[ComplexObject]
impl OfficeHoursConflict {
    /// Who was faster.
    async fn by(&self, ctx: &Context<'_>) -> Result<Option<Actor>> {
        match &self.by {
            Some(by) => Ok(Some(actor_of(ctx, by).await?)),
            None => Ok(None),
        }
    }
}

impl From<Option<Box<Standing>>> for OfficeHoursConflict {
    fn from(now: Option<Box<Standing>>) -> Self {
        let (hours, closed_at_year_end) = match now.as_ref().map(|now| &now.event) {
            Some(CalendarEvent::HoursSet {
                hours,
                closed_at_year_end,
            }) => (*hours, *closed_at_year_end),
            _ => (Hours::default(), true),
        };
        Self {
            version: Position(now.as_ref().map_or(LogPosition::START, |now| now.version)),
            at: now.as_ref().map(|now| DateTime(now.at)),
            opens: hours.opens.to_string(),
            closes: hours.closes.to_string(),
            closed_at_year_end,
            by: now.map(|now| now.by),
        }
    }
}

/// The mutation.
#[derive(Default)]
pub struct SetHoursMutation;

#[Object]
impl SetHoursMutation {
    /// Sets the hours of business days, and whether the office is closed at the turn of the year.
    async fn set_office_hours(
        &self,
        ctx: &Context<'_>,
        input: SetOfficeHoursInput,
    ) -> Result<SetOfficeHoursResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let change = match change(&input.command_id, input.expected_version) {
            Ok(change) => change,
            Err(invalid) => return Ok(SetOfficeHoursResult::Invalid(invalid)),
        };
        let hours = [input.opens.as_str(), input.closes.as_str()];
        let set = request
            .app()
            .set_office_hours(op, change, hours, input.closed_at_year_end);
        match set.await {
            Ok(changed) => Ok(SetOfficeHoursResult::Set(OfficeHoursSet {
                version: Position(changed.version),
            })),
            Err(error) => Ok(match expected(request, error)? {
                Expected::Stale(now) => SetOfficeHoursResult::Conflict(now.into()),
                Expected::Invalid(problems) => SetOfficeHoursResult::Invalid(problems),
                Expected::NotFound => SetOfficeHoursResult::Invalid(not_expected()),
            }),
        }
    }
}
