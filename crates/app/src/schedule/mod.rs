//! When things happen by themselves: schedules that staff keep, and firing what is due.
//!
//! A firing, the job it starts and the event that says so are one append. It is refused when its row exists, when it is not due by
//! the clock that decides, and when another process looks after the schedules by now; see `storage/projections/schedule.rs`.

mod change;
mod fire;
mod list;
mod shipped;

pub use change::{ChangeSchedule, ChangeScheduleError, Refusal, ScheduleChanged};
pub use fire::{FireError, Fired};
pub use list::{PastEntry, ReadSchedulesError, ScheduleDeed, ScheduleHistory};

use chrono::NaiveDate;
use domain::ScheduleId;
use domain::schedule::{SCHEMA_VERSION, ScheduleEvent, TAG_SCHEDULE};
use event_store::{NewEvent, Tag};

use crate::{App, Internal};

fn tag(id: ScheduleId) -> Result<Tag, Internal> {
    Tag::new(TAG_SCHEDULE, id).map_err(Internal::new)
}

impl App {
    /// Events of schedules as the log takes them.
    fn schedule_events(
        &self,
        events: &[ScheduleEvent],
        effective_at: NaiveDate,
    ) -> Result<Vec<NewEvent>, Internal> {
        let event = |said: &ScheduleEvent| {
            Ok(NewEvent {
                id: self.new_id().map_err(Internal::new)?,
                event_type: said.event_type().to_owned(),
                schema_version: SCHEMA_VERSION,
                tags: vec![tag(said.schedule_id())?],
                effective_at,
                data: said.data(),
                personal: Vec::new(),
            })
        };
        events.iter().map(event).collect()
    }
}
