//! Schedules: what expressions say, and when they fire.

mod clock_changes;
mod cron_reading;
mod harness;
mod properties;
mod rule;
mod walking;
