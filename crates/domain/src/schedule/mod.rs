//! When things fire: expressions, zones, what is due and what was missed, and what happens to a schedule.
//!
//! A [`CronExpression`] answers *when*, [`plan`] what is to be done about it now, [`decide`] turns that into events. What the
//! clock of a zone does to an expression is published in `docs/adr/0021-a-rule-for-clock-changes.md`.

mod cron;
pub mod decide;
mod definition;
mod due;
mod event;
mod japanese;
mod misfire;
mod state;
mod typed;
mod wire;
mod zone;

pub use cron::{CronError, CronExpression, CronField, Firings};
pub use definition::{Definition, DefinitionInput, DefinitionProblem, LONGEST_JITTER};
pub use due::{Firing, GRACE, Missed, MissedWhy, Plan, plan};
pub use event::{SCHEMA_VERSION, ScheduleEvent, TAG_SCHEDULE};
pub use misfire::{Misfire, MisfireError};
pub use state::Schedule;
pub use typed::{EndProblem, read_end, shown_end};
pub use wire::DecodeError;
pub use zone::{UnknownZone, Zone};

/// Digits and nothing else: no sign, no space.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
