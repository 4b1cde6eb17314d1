//! Makes an own day of the office an ordinary one again.

use chrono::NaiveDate;
use domain::calendar::{CalendarEvent, clear_day};
use domain::staff::Permission;

use super::change::{CalendarChange, CalendarChanged, ChangeCalendarError};
use super::set_day::own_day;
use crate::{App, OpContext};

impl App {
    /// Takes away what the office had made of a day.
    pub async fn clear_calendar_day(
        &self,
        op: &OpContext,
        change: CalendarChange,
        date: NaiveDate,
    ) -> Result<CalendarChanged, ChangeCalendarError> {
        op.require(Permission::ManageCalendar)?;
        self.change_calendar(op, change, CalendarEvent::tag_of_day(date), |current| {
            Ok(clear_day(own_day(current), date)?)
        })
        .await
    }
}
