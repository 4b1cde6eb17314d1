//! Removes a deadline.

use domain::calendar::{CalendarEvent, DeadlineId, remove_deadline};
use domain::staff::Permission;

use super::change::{CalendarChange, CalendarChanged, ChangeCalendarError};
use super::change_deadline::{gone, there_is};
use crate::{App, OpContext};

impl App {
    /// Removes a deadline; the log keeps what it was.
    pub async fn remove_deadline(
        &self,
        op: &OpContext,
        change: CalendarChange,
        id: DeadlineId,
    ) -> Result<CalendarChanged, ChangeCalendarError> {
        op.require(Permission::ManageCalendar)?;
        let changed = self.change_calendar(op, change, CalendarEvent::tag_of_deadline(id), |current| {
            Ok(remove_deadline(there_is(current)?))
        });
        changed.await.map_err(gone)
    }
}
