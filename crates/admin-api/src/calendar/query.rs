//! What can be asked of the calendar.

use std::sync::Arc;

use app::InputProblem;
use app::calendar::ReadCalendarError;
use async_graphql::{Context, Enum, Error, ID, Object, Result, SimpleObject, Union};
use domain::calendar::{Calendar as Loaded, CountError, DeadlineId, MOST_BUSINESS_DAYS, Opening};

use super::deadline::{Deadline, DeadlineConnection, DeadlineScope, DeadlinesResult};
use super::month::{CalendarMonth, CalendarMonthResult};
use crate::context::request;
use crate::declaration::history::{Actor, actor_of};
use crate::declaration::list::PageInfo;
use crate::fault;
use crate::input::InvalidInput;
use crate::scalars::{Date, DateTime, Position};

/// The calendar as of the head of the log.
pub struct Calendar {
    loaded: Arc<Loaded>,
}

/// When the office works.
#[derive(SimpleObject)]
pub struct OfficeHours {
    /// On business days from, `09:30`.
    pub opens: String,
    /// Until, `17:30`.
    pub closes: String,
    /// Whether it is closed from 29 December to 3 January.
    pub closed_at_year_end: bool,
    /// What a change must name as its `expectedVersion`; 0 while they are as by default.
    pub version: Position,
    /// When they were set last.
    pub changed_at: Option<DateTime>,
    /// Who set them last.
    pub changed_by: Option<Actor>,
}

/// Whether the office is open.
#[derive(SimpleObject)]
pub struct OfficeOpening {
    /// Now.
    pub open: bool,
    /// While it is open: until when today.
    pub until: Option<DateTime>,
    /// While it is closed: when it opens next; null when it does not within a year.
    pub next: Option<DateTime>,
}

/// In which direction business days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Direction {
    /// Towards the past.
    Before,
    /// Towards the future.
    After,
}

/// The outcome of counting business days.
#[derive(Union)]
pub enum BusinessDayResult {
    /// Found.
    Day(BusinessDay),
    /// Not countable.
    Invalid(InvalidInput),
}

/// A business day.
#[derive(SimpleObject)]
pub struct BusinessDay {
    /// Which.
    pub date: Date,
}

/// Queries about the calendar.
#[derive(Default)]
pub struct CalendarQuery;

#[Object]
impl CalendarQuery {
    /// The office's days and hours, deadlines, and what follows from them.
    async fn calendar(&self, ctx: &Context<'_>) -> Result<Calendar> {
        let request = request(ctx)?;
        let loaded = request.app().read_calendar(request.operation()?).await;
        loaded
            .map(|loaded| Calendar { loaded })
            .map_err(|error| refusal(ctx, error))
    }
}

#[Object]
impl Calendar {
    /// The month that a day lies in.
    #[graphql(complexity = "50 + 31 * child_complexity")]
    async fn month(&self, ctx: &Context<'_>, day: Date) -> Result<CalendarMonthResult> {
        let request = request(ctx)?;
        match request.app().calendar_month(request.operation()?, day.0).await {
            Ok(month) => Ok(CalendarMonthResult::Month(CalendarMonth::from(month))),
            Err(error) => invalid(ctx, error).map(CalendarMonthResult::Invalid),
        }
    }

    /// When the office works.
    async fn hours(&self, ctx: &Context<'_>) -> Result<OfficeHours> {
        let request = request(ctx)?;
        let hours = request.app().office_hours(request.operation()?).await;
        let hours = hours.map_err(|error| refusal(ctx, error))?;
        let (changed_at, changed_by) = match hours.changed {
            Some((at, by)) => (Some(DateTime(at)), Some(actor_of(ctx, &by).await?)),
            None => (None, None),
        };
        Ok(OfficeHours {
            opens: hours.hours.opens.to_string(),
            closes: hours.hours.closes.to_string(),
            closed_at_year_end: hours.closed_at_year_end,
            version: Position(hours.version),
            changed_at,
            changed_by,
        })
    }

    /// Deadlines, page by page: `first` is 1 to 200.
    #[graphql(complexity = "(first.max(0) as usize).min(200) * child_complexity / 4 + 50")]
    async fn deadlines(
        &self,
        ctx: &Context<'_>,
        scope: DeadlineScope,
        first: i32,
        after: Option<String>,
    ) -> Result<DeadlinesResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = u32::try_from(first).unwrap_or(0);
        match request
            .app()
            .deadlines(op, scope.into(), first, after.as_deref())
            .await
        {
            Ok(page) => Ok(DeadlinesResult::Page(DeadlineConnection {
                nodes: page.rows.into_iter().map(Deadline::from).collect(),
                page_info: PageInfo {
                    has_next_page: page.next.is_some(),
                    end_cursor: page.next,
                },
                total: page.total,
            })),
            Err(error) => invalid(ctx, error).map(DeadlinesResult::Invalid),
        }
    }

    /// One deadline; null when there is no such, or no longer.
    async fn deadline(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Deadline>> {
        match id.parse() {
            Ok(id) => one(ctx, DeadlineId(id)).await,
            Err(_) => Ok(None),
        }
    }

    /// Whether the office is open now, until when, and when it opens next.
    async fn opening(&self, ctx: &Context<'_>) -> Result<OfficeOpening> {
        let now = request(ctx)?.operation()?.now();
        let (until, next) = match self.loaded.opening(now) {
            Opening::Open { until } => (Some(DateTime(until)), None),
            Opening::Closed { next } => (None, next.map(DateTime)),
        };
        Ok(OfficeOpening {
            open: until.is_some(),
            until,
            next,
        })
    }

    /// The nearest deadline that has not passed.
    async fn next_deadline(&self, ctx: &Context<'_>) -> Result<Option<Deadline>> {
        let now = request(ctx)?.operation()?.now();
        match self.loaded.next_deadline(now) {
            Some(next) => one(ctx, next.id).await,
            None => Ok(None),
        }
    }

    /// The business day that lies `count` business days before or after a day, which itself does not count. With 0 the day itself,
    /// or the nearest business day in that direction.
    async fn business_day(&self, day: Date, count: i32, direction: Direction) -> BusinessDayResult {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let found = match direction {
            Direction::Before => self.loaded.business_days_before(day.0, count),
            Direction::After => self.loaded.business_days_after(day.0, count),
        };
        match found {
            Ok(date) => BusinessDayResult::Day(BusinessDay { date: Date(date) }),
            Err(error) => BusinessDayResult::Invalid(uncountable(error)),
        }
    }
}

fn uncountable(error: CountError) -> InvalidInput {
    match error {
        CountError::TooMany => InvalidInput::one(
            "count",
            "too_many_days",
            format!("営業日は0から{MOST_BUSINESS_DAYS}までで指定してください。"),
        ),
        CountError::OutOfRange => InvalidInput::one(
            "day",
            "day_out_of_range",
            "1955年から2099年までの日付を指定してください。",
        ),
        CountError::NotFound => InvalidInput::one(
            "count",
            "no_business_day",
            "4年以内にそれだけの営業日がありません。事務局の休業日を確認してください。",
        ),
    }
}

async fn one(ctx: &Context<'_>, id: DeadlineId) -> Result<Option<Deadline>> {
    let request = request(ctx)?;
    let found = request.app().deadline(request.operation()?, id).await;
    Ok(found.map_err(|error| refusal(ctx, error))?.map(Deadline::from))
}

/// What was asked amiss, as data; everything else is a fault.
fn invalid(ctx: &Context<'_>, error: ReadCalendarError) -> Result<InvalidInput> {
    match error {
        ReadCalendarError::Invalid(problem) => Ok(vec![problem].into()),
        other => Err(refusal(ctx, other)),
    }
}

fn refusal(ctx: &Context<'_>, error: ReadCalendarError) -> Error {
    match (error, request(ctx)) {
        (ReadCalendarError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadCalendarError::Invalid(InputProblem { message, .. }), _) => {
            fault::fault(fault::Code::BadRequest, message)
        }
        (ReadCalendarError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (_, Err(fault)) => fault,
    }
}
