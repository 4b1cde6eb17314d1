//! Makes a day the office's own.

use chrono::NaiveDate;
use domain::calendar::{CalendarEvent, DayKind, OfficeDay, set_day};
use domain::staff::Permission;

use super::change::{CalendarChange, CalendarChanged, ChangeCalendarError};
use crate::{App, OpContext};

impl App {
    /// Closes or opens a day, whatever it would be otherwise.
    pub async fn set_calendar_day(
        &self,
        op: &OpContext,
        change: CalendarChange,
        date: NaiveDate,
        kind: DayKind,
        name: &str,
    ) -> Result<CalendarChanged, ChangeCalendarError> {
        op.require(Permission::ManageCalendar)?;
        self.change_calendar(op, change, CalendarEvent::tag_of_day(date), |current| {
            Ok(set_day(own_day(current), date, kind, name)?)
        })
        .await
    }
}

/// What the newest event about a day makes of it.
pub(super) const fn own_day(event: Option<&CalendarEvent>) -> Option<&OfficeDay> {
    match event {
        Some(CalendarEvent::DaySet { day, .. }) => Some(day),
        _ => None,
    }
}
