//! The calendar: months, the office's own days and hours, deadlines, and the three answers.

pub mod add_deadline;
pub mod change_deadline;
pub mod clear_day;
pub mod deadline;
pub mod import_deadlines;
pub mod month;
pub mod outcome;
pub mod query;
pub mod remove_deadline;
pub mod set_day;
pub mod set_hours;
