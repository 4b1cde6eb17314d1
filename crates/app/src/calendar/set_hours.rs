//! Sets the hours of business days, and whether the office is closed at the turn of the year.

use domain::calendar::{CalendarEvent, Hours, set_hours};
use domain::staff::Permission;

use super::change::{CalendarChange, CalendarChanged, ChangeCalendarError};
use crate::{App, OpContext};

impl App {
    /// Sets the hours as typed.
    pub async fn set_office_hours(
        &self,
        op: &OpContext,
        change: CalendarChange,
        [opens, closes]: [&str; 2],
        closed_at_year_end: bool,
    ) -> Result<CalendarChanged, ChangeCalendarError> {
        op.require(Permission::ManageCalendar)?;
        self.change_calendar(op, change, CalendarEvent::tag_of_hours(), |current| {
            let current = match current {
                Some(CalendarEvent::HoursSet {
                    hours,
                    closed_at_year_end,
                }) => (*hours, *closed_at_year_end),
                _ => (Hours::default(), true),
            };
            Ok(set_hours(current, opens, closes, closed_at_year_end)?)
        })
        .await
    }
}
