//! The calendar as of the head of the log: the office's own days and hours, and deadlines. Written in the transaction of the event.

mod deadlines;
mod office;
mod project;

pub use deadlines::{
    CursorError, DeadlinePage, DeadlineRow, DeadlineScope, PAGE_MAX, deadline, deadlines_between,
    deadlines_from, deadlines_named, deadlines_page,
};
pub use office::{DayRow, HoursRow, all_days, day, days_between, hours, newest};
pub use project::CalendarProjector;
pub(crate) use project::{is_projected, project_recorded};
