//! Short ways to write instants and definitions.

use chrono::{DateTime, Utc};
use domain::{
    ScheduleId,
    schedule::{CronExpression, Definition, DefinitionInput, Misfire, Zone},
};
use uuid::Uuid;

/// The commands that there are in every test.
pub const KNOWN: [&str; 3] = ["send-reminders", "fetch-mail", "purge-2"];

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

pub fn schedule_id() -> ScheduleId {
    ScheduleId::new(Uuid::from_u128(1))
}

/// Nine o'clock every day in Tokyo.
pub fn input() -> DefinitionInput {
    DefinitionInput {
        name: "毎朝の督促".to_owned(),
        expression: "0 9 * * *".to_owned(),
        zone: "Asia/Tokyo".to_owned(),
        command: "send-reminders".to_owned(),
        misfire: Misfire::Once,
        not_after: None,
        jitter: 0,
        enabled: true,
    }
}

/// A definition as it was read at the beginning of 2016.
pub fn read(input: &DefinitionInput) -> Definition {
    Definition::read(input, &KNOWN, utc("2016-01-01T00:00:00Z")).expect("a definition")
}

pub fn definition(expression: &str, misfire: Misfire) -> Definition {
    read(&DefinitionInput {
        expression: expression.to_owned(),
        misfire,
        ..input()
    })
}
