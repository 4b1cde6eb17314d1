//! Short ways to write instants, definitions and histories.

use chrono::{DateTime, Utc};
use domain::{
    JobId, ScheduleId,
    schedule::{CronExpression, Definition, DefinitionInput, Misfire, Schedule, ScheduleEvent, Zone},
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

pub fn job(n: u128) -> JobId {
    JobId::new(Uuid::from_u128(100 + n))
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

pub fn defined(input: &DefinitionInput, due_after: &str) -> ScheduleEvent {
    ScheduleEvent::Defined {
        schedule_id: schedule_id(),
        definition: Box::new(read(input)),
        due_after: utc(due_after),
    }
}

/// The schedule of these events, recorded from position 1.
pub fn folded<'a>(events: impl IntoIterator<Item = &'a ScheduleEvent>) -> Schedule {
    let mut events = (1..).zip(events);
    let (position, first) = events.next().expect("a first event");
    let mut schedule = Schedule::begin(position, first).expect("a beginning");
    for (position, event) in events {
        schedule.evolve(position, event);
    }
    schedule
}

/// A history.
pub struct Given(Vec<ScheduleEvent>);

/// A history and what was decided on it.
pub struct When<E>(Vec<ScheduleEvent>, Result<Vec<ScheduleEvent>, E>);

/// Events in the order in which they were recorded, from position 1.
pub fn given<const N: usize>(events: [ScheduleEvent; N]) -> Given {
    Given(events.into())
}

impl Given {
    pub fn when<E>(self, decide: impl FnOnce(&Schedule) -> Result<ScheduleEvent, E>) -> When<E> {
        let decision = decide(&folded(&self.0)).map(|event| vec![event]);
        When(self.0, decision)
    }

    pub fn when_all<E>(self, decide: impl FnOnce(&Schedule) -> Result<Vec<ScheduleEvent>, E>) -> When<E> {
        let decision = decide(&folded(&self.0));
        When(self.0, decision)
    }
}

impl<E: std::fmt::Debug + PartialEq> When<E> {
    /// These events and no others.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "`then([…])` reads like the rule")]
    pub fn then<const N: usize>(self, expected: [ScheduleEvent; N]) -> Self {
        assert_eq!(self.1.as_deref(), Ok(&expected[..]));
        self
    }

    /// This refusal.
    #[track_caller]
    pub fn then_refused(self, expected: &E) {
        assert_eq!(self.1.as_ref().err(), Some(expected));
    }

    /// The schedule with the decided events recorded.
    #[track_caller]
    pub fn schedule(self) -> Schedule {
        let decided = self.1.expect("a decision");
        folded(self.0.iter().chain(&decided))
    }
}
