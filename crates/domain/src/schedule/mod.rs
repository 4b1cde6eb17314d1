//! When things fire: expressions, zones, what is due and what was missed, and what happens to a schedule.
//!
//! What the clock of a zone does to an expression is published in `docs/adr/0021-a-rule-for-clock-changes.md`.

mod cron;
mod definition;
mod due;
mod misfire;
mod zone;

pub use cron::{CronError, CronExpression, CronField, Firings};
pub use definition::{Definition, DefinitionInput, DefinitionProblem, LONGEST_JITTER};
pub use due::{Firing, GRACE, Missed, MissedWhy, Plan, plan};
pub use misfire::{Misfire, MisfireError};
pub use zone::{UnknownZone, Zone};

/// Digits and nothing else: no sign, no space.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
