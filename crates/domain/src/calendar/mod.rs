//! Days on which the office works, and days by which others must.
//!
//! **What it is for.** [`Calendar`] answers three questions: which day is N business days away, is the office open now, and
//! which deadline is next. It rests on the national holidays ([`holiday()`]), on what the office keeps itself ([`OfficeDays`]) and
//! on the deadlines of subsidies ([`Deadline`]).
//!
//! **What it must never do.** Ask a clock: now is an argument. All days and times of day are Japan's, which has had one offset and
//! no summer time since 1951.

mod business_day;
mod deadline;
mod decide;
mod event;
mod holiday;
mod law;
mod minutes;
mod open;
mod service;
mod term;
mod time_of_day;

pub use business_day::{
    CountError, DayKind, MOST_BUSINESS_DAYS, OfficeDay, OfficeDays, Reason, Verdict, covers,
};
pub use deadline::{Deadline, DeadlineId, NAME_MAX, NOTE_MAX, SOURCE_MAX, TypedDeadline};
pub use decide::{add_deadline, change_deadline, clear_day, remove_deadline, set_day, set_hours};
pub use event::{CalendarEvent, DecodeError, EncodedEvent};
pub use holiday::{Holiday, Source, holiday, source_of};
pub use law::by_law;
pub use minutes::BusinessMinutes;
pub use open::{Hours, Opening};
pub use service::Calendar;
pub use term::{Term, moved};
pub use time_of_day::TimeOfDay;
