//! Declarations: list, detail, history, correction.

pub mod correct;
pub mod detail;
pub mod enums;
pub mod history;
pub mod list;
pub mod row;
pub mod values;
pub mod watch;
