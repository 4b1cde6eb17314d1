//! Changes a deadline.

use domain::calendar::{CalendarEvent, Deadline, DeadlineId, TypedDeadline, change_deadline};
use domain::staff::Permission;

use super::change::{CalendarChange, CalendarChanged, ChangeCalendarError};
use crate::{App, OpContext};

impl App {
    /// Changes a deadline into what was typed.
    pub async fn change_deadline(
        &self,
        op: &OpContext,
        change: CalendarChange,
        id: DeadlineId,
        typed: &TypedDeadline,
    ) -> Result<CalendarChanged, ChangeCalendarError> {
        op.require(Permission::ManageCalendar)?;
        let changed = self.change_calendar(op, change, CalendarEvent::tag_of_deadline(id), |current| {
            Ok(change_deadline(there_is(current)?, typed)?)
        });
        changed.await.map_err(gone)
    }
}

/// The deadline that the newest event leaves.
pub(super) const fn there_is(event: Option<&CalendarEvent>) -> Result<&Deadline, ChangeCalendarError> {
    match event {
        Some(CalendarEvent::DeadlineAdded(deadline) | CalendarEvent::DeadlineChanged(deadline)) => {
            Ok(deadline)
        }
        _ => Err(ChangeCalendarError::NotFound),
    }
}

/// What somebody else has removed meanwhile is not there, rather than another version.
pub(super) fn gone(error: ChangeCalendarError) -> ChangeCalendarError {
    match error {
        ChangeCalendarError::Stale(now)
            if now.as_ref().is_none_or(|now| there_is(Some(&now.event)).is_err()) =>
        {
            ChangeCalendarError::NotFound
        }
        other => other,
    }
}
