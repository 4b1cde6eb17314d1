//! Adds a deadline.

use domain::calendar::{CalendarEvent, DeadlineId, TypedDeadline, add_deadline};
use domain::staff::Permission;
use event_store::Position;
use uuid::Uuid;

use super::change::{CalendarChange, ChangeCalendarError};
use crate::random::derived_id;
use crate::{App, OpContext};

/// A deadline as it was typed.
#[derive(Debug, Clone)]
pub struct AddDeadline {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// What was typed.
    pub typed: TypedDeadline,
}

/// The deadline is in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadlineAdded {
    /// Its id from now on.
    pub id: DeadlineId,
    /// What its next change must name.
    pub version: Position,
}

impl App {
    /// Adds a deadline.
    pub async fn add_deadline(
        &self,
        op: &OpContext,
        command: AddDeadline,
    ) -> Result<DeadlineAdded, ChangeCalendarError> {
        op.require(Permission::ManageCalendar)?;
        // The same in every retry, which then finds what its first try made.
        let id = DeadlineId(derived_id(command.command_id, "deadline"));
        let change = CalendarChange {
            command_id: command.command_id,
            expected_version: Position::START,
        };
        let changed = self
            .change_calendar(op, change, CalendarEvent::tag_of_deadline(id), |_| {
                Ok(add_deadline(id, &command.typed)?)
            })
            .await?;
        Ok(DeadlineAdded {
            id,
            version: changed.version,
        })
    }
}
