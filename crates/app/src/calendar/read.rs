//! Reading the calendar: a month with what stands on its days, the hours, and lists of deadlines.

use std::sync::Arc;

use chrono::{Months, NaiveDate};
use domain::calendar::{Calendar, DeadlineId, covers};
use domain::staff::Permission;
use storage::calendar::{self, DayRow, DeadlinePage, DeadlineRow, DeadlineScope, HoursRow, PAGE_MAX};

use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Deadlines that are shown in one month.
const MONTH_DEADLINES_MAX: u32 = 500;

/// One month.
#[derive(Debug, Clone)]
pub struct CalendarMonth {
    /// What tells of each day whether the office works.
    pub calendar: Arc<Calendar>,
    /// Its days.
    pub days: Vec<NaiveDate>,
    /// Those of them that something happened to, in order.
    pub own: Vec<DayRow>,
    /// The deadlines of the month, in order.
    pub deadlines: Vec<DeadlineRow>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadCalendarError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was asked cannot be answered.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> ReadCalendarError {
    ReadCalendarError::Internal(Internal::new(error))
}

impl App {
    /// The month that a day lies in.
    pub async fn calendar_month(
        &self,
        op: &OpContext,
        day: NaiveDate,
    ) -> Result<CalendarMonth, ReadCalendarError> {
        op.require(Permission::ReadDeclarations)?;
        let days = days_of_month(day).ok_or_else(|| {
            ReadCalendarError::Invalid(InputProblem::new(
                "month",
                "day_out_of_range",
                "1955年から2099年までの月を指定してください。",
            ))
        })?;
        let (Some(first), Some(last)) = (days.first().copied(), days.last().copied()) else {
            return Ok(CalendarMonth {
                calendar: self.calendar().await?,
                days,
                own: Vec::new(),
                deadlines: Vec::new(),
            });
        };
        let database = self.store.database();
        let own = calendar::days_between(database, first, last)
            .await
            .map_err(internal)?;
        let deadlines = calendar::deadlines_between(database, [first, last], MONTH_DEADLINES_MAX).await;
        Ok(CalendarMonth {
            calendar: self.calendar().await?,
            days,
            own,
            deadlines: deadlines.map_err(internal)?,
        })
    }

    /// The hours of business days.
    pub async fn office_hours(&self, op: &OpContext) -> Result<HoursRow, ReadCalendarError> {
        op.require(Permission::ReadDeclarations)?;
        calendar::hours(self.store.database()).await.map_err(internal)
    }

    /// One page of the deadlines that are to come, or of those that have passed.
    pub async fn deadlines(
        &self,
        op: &OpContext,
        scope: DeadlineScope,
        first: u32,
        after: Option<&str>,
    ) -> Result<DeadlinePage, ReadCalendarError> {
        op.require(Permission::ReadDeclarations)?;
        if !(1..=PAGE_MAX).contains(&first) {
            return Err(ReadCalendarError::Invalid(InputProblem::new(
                "first",
                "page_size",
                format!("1ページの件数は1から{PAGE_MAX}で指定してください。"),
            )));
        }
        let page = calendar::deadlines_page(self.store.database(), scope, op.now(), first, after).await;
        page.map_err(internal)?.map_err(|_| {
            ReadCalendarError::Invalid(InputProblem::new(
                "after",
                "cursor",
                "この続きはもう表示できません。最初のページから表示し直してください。",
            ))
        })
    }

    /// One deadline; `None` when there is no such, or no longer.
    pub async fn deadline(
        &self,
        op: &OpContext,
        id: DeadlineId,
    ) -> Result<Option<DeadlineRow>, ReadCalendarError> {
        op.require(Permission::ReadDeclarations)?;
        calendar::deadline(self.store.database(), id)
            .await
            .map_err(internal)
    }
}

/// Every day of the month that a day lies in; `None` outside the years that are known.
fn days_of_month(day: NaiveDate) -> Option<Vec<NaiveDate>> {
    use chrono::Datelike as _;
    let first = day.with_day(1).filter(|first| covers(*first))?;
    let next = first.checked_add_months(Months::new(1))?;
    Some(first.iter_days().take_while(|day| *day < next).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_all_its_days_and_months_outside_the_known_years_have_none() {
        let days = |text: &str| days_of_month(text.parse().expect("a day")).map(|days| days.len());
        assert_eq!(days("2026-11-26"), Some(30));
        assert_eq!(days("2028-02-29"), Some(29));
        assert_eq!(days("2099-12-31"), Some(31));
        assert_eq!(days("2100-01-01"), None);
        assert_eq!(days_of_month(NaiveDate::MAX), None);
    }
}
