//! What a schedule is, folded from its events.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    definition::Definition,
    due::{Plan, plan},
    event::ScheduleEvent,
};
use crate::ids::ScheduleId;

/// A schedule as its events up to some position make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Which.
    pub id: ScheduleId,
    /// What it says.
    pub definition: Definition,
    /// Whether it rests.
    pub paused: bool,
    /// Whether it never fires again.
    pub removed: bool,
    /// The instant until which everything that was due is settled: it fired, was missed, or does not count.
    pub cursor: DateTime<Utc>,
    /// Position of the newest fact-changing event that is folded in; what a change must name.
    pub version: i64,
}

impl Schedule {
    /// The schedule that a first event brings into being; `None` for every other event.
    pub fn begin(position: i64, event: &ScheduleEvent) -> Option<Self> {
        let ScheduleEvent::Defined {
            schedule_id,
            definition,
            due_after,
        } = event
        else {
            return None;
        };
        Some(Self {
            id: *schedule_id,
            definition: Definition::clone(definition),
            paused: false,
            removed: false,
            cursor: *due_after,
            version: position,
        })
    }

    /// Folds one more event in. The cursor never goes back, even if a clock did.
    pub fn evolve(&mut self, position: i64, event: &ScheduleEvent) {
        match event {
            // A second beginning does not happen: the log's guard sees it.
            ScheduleEvent::Defined { .. } | ScheduleEvent::RunRequested { .. } => {}
            ScheduleEvent::Changed {
                definition,
                due_after,
                ..
            } => {
                self.definition = Definition::clone(definition);
                self.settle(*due_after);
            }
            ScheduleEvent::Paused { .. } => self.paused = true,
            ScheduleEvent::Resumed { due_after, .. } => {
                self.paused = false;
                self.settle(*due_after);
            }
            ScheduleEvent::Removed { .. } => self.removed = true,
            ScheduleEvent::Fired { firing, .. } => self.settle(firing.due),
            ScheduleEvent::Missed { missed, .. } => self.settle(missed.last_due),
        }
        if event.changes_facts() {
            self.version = self.version.max(position);
        }
    }

    fn settle(&mut self, until: DateTime<Utc>) {
        self.cursor = self.cursor.max(until);
    }

    /// Whether it fires when it is due: neither paused nor removed, and enabled.
    pub fn is_active(&self) -> bool {
        !self.paused && !self.removed && self.definition.enabled
    }

    /// The first firing that is not settled, which may lie in the past; `None` when it does not fire any more, or not for now.
    pub fn next_due(&self) -> Option<DateTime<Utc>> {
        self.definition.next_due(self.cursor).filter(|_| self.is_active())
    }

    /// What is to be done now: see [`plan`]. Nothing while it is not active.
    pub fn plan(&self, now: DateTime<Utc>, grace: TimeDelta) -> Plan {
        if self.is_active() {
            plan(self.id, &self.definition, self.cursor, now, grace)
        } else {
            Plan::nothing(self.cursor)
        }
    }
}
