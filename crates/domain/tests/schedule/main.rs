//! Schedules: what expressions say, when they fire, and what was missed.

mod clock_changes;
mod cron_reading;
mod definition;
mod due;
mod harness;
mod properties;
mod rule;
mod walking;
