//! Short ways to write instants, zones and expressions.

use chrono::{DateTime, Utc};
use domain::schedule::{CronExpression, Zone};

/// The time of every decision, unless a test says another.
pub fn now() -> DateTime<Utc> {
    utc("2026-11-22T00:00:00Z")
}

pub fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

pub fn zone(name: &str) -> Zone {
    name.parse().expect("a zone")
}

pub fn cron(text: &str) -> CronExpression {
    text.parse().expect("an expression")
}
