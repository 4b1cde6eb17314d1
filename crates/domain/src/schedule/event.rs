//! What can happen to a schedule. Nothing here is personal.

use chrono::{DateTime, Utc};

use super::{
    definition::Definition,
    due::{Firing, Missed},
};
use crate::ids::{JobId, ScheduleId};

/// The tag under which everything about a schedule is found.
pub const TAG_SCHEDULE: &str = "schedule";

/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

/// What happened. The wire types are in [`ScheduleEvent::event_type`], the stored shapes in `tests/golden/schedule`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleEvent {
    /// It exists from here on.
    Defined {
        /// Which.
        schedule_id: ScheduleId,
        /// What it says.
        definition: Box<Definition>,
        /// What is due after this instant fires.
        due_after: DateTime<Utc>,
    },
    /// It says something else.
    Changed {
        /// Which.
        schedule_id: ScheduleId,
        /// All that it says now.
        definition: Box<Definition>,
        /// What is due after this instant fires.
        due_after: DateTime<Utc>,
    },
    /// It rests.
    Paused {
        /// Which.
        schedule_id: ScheduleId,
    },
    /// It rests no longer.
    Resumed {
        /// Which.
        schedule_id: ScheduleId,
        /// What is due after this instant fires; what was due while it rested does not.
        due_after: DateTime<Utc>,
    },
    /// It never fires again.
    Removed {
        /// Which.
        schedule_id: ScheduleId,
    },
    /// It fired.
    Fired {
        /// Which.
        schedule_id: ScheduleId,
        /// When it was due, and when it runs.
        firing: Firing,
        /// The job that does the work.
        job_id: JobId,
        /// What is done.
        command: String,
    },
    /// It was due and never fires.
    Missed {
        /// Which.
        schedule_id: ScheduleId,
        /// How often, and why.
        missed: Missed,
    },
    /// Somebody wanted it done now.
    RunRequested {
        /// Which.
        schedule_id: ScheduleId,
        /// The job that does the work.
        job_id: JobId,
        /// What is done.
        command: String,
    },
}

impl ScheduleEvent {
    /// The wire types of all events, for queries.
    pub const TYPES: [&'static str; 8] = [
        "schedule.defined",
        "schedule.changed",
        "schedule.paused",
        "schedule.resumed",
        "schedule.removed",
        "schedule.fired",
        "schedule.missed",
        "schedule.run_requested",
    ];

    /// The wire types of the events that change facts, as [`ScheduleEvent::changes_facts`] has it: what the guard of a change
    /// asks for.
    pub const FACT_TYPES: [&'static str; 5] = {
        let [defined, changed, paused, resumed, removed, ..] = Self::TYPES;
        [defined, changed, paused, resumed, removed]
    };

    /// The wire type.
    pub const fn event_type(&self) -> &'static str {
        let index = match self {
            Self::Defined { .. } => 0,
            Self::Changed { .. } => 1,
            Self::Paused { .. } => 2,
            Self::Resumed { .. } => 3,
            Self::Removed { .. } => 4,
            Self::Fired { .. } => 5,
            Self::Missed { .. } => 6,
            Self::RunRequested { .. } => 7,
        };
        Self::TYPES[index]
    }

    /// Which schedule it is about.
    pub const fn schedule_id(&self) -> ScheduleId {
        match self {
            Self::Defined { schedule_id, .. }
            | Self::Changed { schedule_id, .. }
            | Self::Paused { schedule_id }
            | Self::Resumed { schedule_id, .. }
            | Self::Removed { schedule_id }
            | Self::Fired { schedule_id, .. }
            | Self::Missed { schedule_id, .. }
            | Self::RunRequested { schedule_id, .. } => *schedule_id,
        }
    }

    /// Kind and value of each tag.
    pub fn tags(&self) -> Vec<(&'static str, String)> {
        vec![(TAG_SCHEDULE, self.schedule_id().to_string())]
    }

    /// Whether it changes what the schedule says or does, so that a change made without having seen it must be refused. Firing
    /// does not.
    pub const fn changes_facts(&self) -> bool {
        !matches!(
            self,
            Self::Fired { .. } | Self::Missed { .. } | Self::RunRequested { .. }
        )
    }
}
