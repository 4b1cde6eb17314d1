//! Schedules: what expressions say, when they fire, what was missed, and what is decided.

mod clock_changes;
mod cron_reading;
mod decisions;
mod definition;
mod due;
mod events;
mod harness;
mod properties;
mod rule;
mod walking;
