//! One month: of each day whether the office works, why, and what stands on it.

use app::calendar::CalendarMonth as Month;
use async_graphql::{ComplexObject, Context, Enum, Result, SimpleObject, Union};
use domain::calendar::{DayKind, Reason, Source};
use event_store::Position as LogPosition;
use storage::calendar::DayRow;

use super::deadline::Deadline;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::input::InvalidInput;
use crate::scalars::{Date, DateTime, Position};

mirrored! {
    /// What the office makes of a day.
    OfficeDayKind = domain::calendar::DayKind {
        /// 休業.
        Closed,
        /// 営業.
        Open,
    }
}

mirrored! {
    /// What an answer about holidays rests on.
    HolidaySource = domain::calendar::Source {
        /// The list of the Cabinet Office.
        DataSet,
        /// The law's rules: no list has that year yet.
        Computed,
    }
}

/// Why a day is a business day or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum DayReason {
    /// 平日.
    Weekday,
    /// 土曜 or 日曜.
    Weekend,
    /// 祝日・休日.
    Holiday,
    /// 年末年始.
    YearEnd,
    /// The office closes.
    OfficeClosed,
    /// The office opens.
    OfficeOpen,
}

/// The outcome of asking for a month.
#[derive(Union)]
pub enum CalendarMonthResult {
    /// Here it is.
    Month(CalendarMonth),
    /// Nothing is known of such a month.
    Invalid(InvalidInput),
}

/// One month.
#[derive(SimpleObject)]
pub struct CalendarMonth {
    /// Its days in order.
    pub days: Vec<CalendarDay>,
}

/// One day.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CalendarDay {
    /// Which.
    pub date: Date,
    /// Whether the office works.
    pub business_day: bool,
    /// Why.
    pub reason: DayReason,
    /// What the office calls it, when it is a day of its own.
    pub own_name: Option<String>,
    /// The national holiday on it, also when the office makes something else of it.
    pub holiday: Option<String>,
    /// What the answer about holidays rests on.
    pub source: HolidaySource,
    /// What a change must name as its `expectedVersion`; 0 where nothing had happened.
    pub version: Position,
    /// When it was changed last.
    pub changed_at: Option<DateTime>,
    /// The deadlines on it, in order.
    pub deadlines: Vec<Deadline>,
    #[graphql(skip)]
    changed_by: Option<String>,
}

#[ComplexObject]
impl CalendarDay {
    /// Who changed it last.
    async fn changed_by(&self, ctx: &Context<'_>) -> Result<Option<Actor>> {
        match &self.changed_by {
            Some(actor) => Ok(Some(actor_of(ctx, actor).await?)),
            None => Ok(None),
        }
    }
}

impl From<Month> for CalendarMonth {
    fn from(month: Month) -> Self {
        let mut deadlines = month.deadlines.into_iter().peekable();
        let mut own = month.own.into_iter().peekable();
        let mut days = Vec::with_capacity(month.days.len());
        for date in month.days {
            // All three are in order of their days.
            let row = own.next_if(|row| row.date == date);
            let mut on_day = Vec::new();
            while let Some(row) = deadlines.next_if(|row| row.deadline.day == date) {
                on_day.push(Deadline::from(row));
            }
            let verdict = month.calendar.verdict(date);
            days.push(CalendarDay {
                date: Date(date),
                business_day: verdict.is_business_day,
                reason: verdict.reason.into(),
                own_name: match verdict.reason {
                    Reason::Office(own) => Some(own.name.clone()),
                    _ => None,
                },
                holiday: domain::calendar::holiday(date).map(|holiday| holiday.name.to_owned()),
                source: Source::into(verdict.source),
                version: Position(row.as_ref().map_or(LogPosition::START, |row| row.version)),
                changed_at: row.as_ref().map(|row| DateTime(row.changed_at)),
                changed_by: row.map(|DayRow { changed_by, .. }| changed_by),
                deadlines: on_day,
            });
        }
        Self { days }
    }
}

impl From<Reason<'_>> for DayReason {
    fn from(reason: Reason<'_>) -> Self {
        match reason {
            Reason::Weekday => Self::Weekday,
            Reason::Weekend(_) => Self::Weekend,
            Reason::Holiday(_) => Self::Holiday,
            Reason::YearEnd => Self::YearEnd,
            Reason::Office(own) if own.kind == DayKind::Open => Self::OfficeOpen,
            Reason::Office(_) => Self::OfficeClosed,
        }
    }
}
