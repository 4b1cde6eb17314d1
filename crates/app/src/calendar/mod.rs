//! The calendar: the office's own days and hours, deadlines, and the service that answers from them.
//!
//! Every change is judged on the events of the day, the hours or the deadline that it is about, and is refused when somebody was
//! faster. [`App::calendar`](crate::App::calendar) is what others ask: the maintenance planner, reminders, the console.

mod add_deadline;
mod change;
mod change_deadline;
mod clear_day;
mod import;
mod read;
mod remove_deadline;
mod service;
mod set_day;
mod set_hours;

pub use add_deadline::{AddDeadline, DeadlineAdded};
pub use change::{CalendarChange, CalendarChanged, ChangeCalendarError, Standing};
pub use import::{
    DeadlineFile, FileLimits, FileProblem, FileSeen, ImportDeadlines, ImportDeadlinesError, ImportReport,
    RowOutcome, RowReport,
};
pub use read::{CalendarMonth, ReadCalendarError};
pub(crate) use service::Loaded;
