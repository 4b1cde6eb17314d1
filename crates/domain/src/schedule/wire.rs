//! The JSON of schedule events, version 1. Frozen: see `tests/golden/schedule`. Instants are microseconds UTC.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de};
use serde_json::Value;

use super::{
    definition::Definition,
    due::{Firing, Missed, MissedWhy},
    event::{SCHEMA_VERSION, ScheduleEvent},
};
use crate::ids::{JobId, ScheduleId};

/// Why a stored event cannot be read. Each means that the log was written by something newer or broken.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No schedule event has that type.
    #[error("unknown event type {0:?}")]
    UnknownType(String),
    /// That type was never written with that version.
    #[error("event type {event_type} has no schema version {version}")]
    UnknownVersion {
        /// The type.
        event_type: String,
        /// The version found.
        version: u16,
    },
    /// The data does not have the shape of that version.
    #[error("data of {event_type} does not have its shape")]
    Shape {
        /// The type.
        event_type: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
}

#[derive(Serialize, Deserialize)]
struct WireDefined {
    schedule_id: ScheduleId,
    definition: WireDefinition,
    due_after: i64,
}

#[derive(Serialize, Deserialize)]
struct WireDefinition {
    name: String,
    expression: String,
    zone: String,
    command: String,
    misfire: String,
    not_after: Option<i64>,
    jitter: u32,
    enabled: bool,
}

#[derive(Serialize, Deserialize)]
struct WireSchedule {
    schedule_id: ScheduleId,
}

#[derive(Serialize, Deserialize)]
struct WireResumed {
    schedule_id: ScheduleId,
    due_after: i64,
}

#[derive(Serialize, Deserialize)]
struct WireFired {
    schedule_id: ScheduleId,
    due_at: i64,
    run_at: i64,
    late: bool,
    makes_up_for: u32,
    job_id: JobId,
    command: String,
}

#[derive(Serialize, Deserialize)]
struct WireMissed {
    schedule_id: ScheduleId,
    count: u32,
    first_due: i64,
    last_due: i64,
    why: MissedWhy,
}

#[derive(Serialize, Deserialize)]
struct WireRunRequested {
    schedule_id: ScheduleId,
    job_id: JobId,
    command: String,
}

impl ScheduleEvent {
    /// The data as the log takes it, all of it in the clear.
    pub fn data(&self) -> Value {
        match self {
            Self::Defined {
                schedule_id,
                definition,
                due_after,
            }
            | Self::Changed {
                schedule_id,
                definition,
                due_after,
            } => to_json(&WireDefined {
                schedule_id: *schedule_id,
                definition: definition_out(definition),
                due_after: due_after.timestamp_micros(),
            }),
            Self::Paused { schedule_id } | Self::Removed { schedule_id } => to_json(&WireSchedule {
                schedule_id: *schedule_id,
            }),
            Self::Resumed {
                schedule_id,
                due_after,
            } => to_json(&WireResumed {
                schedule_id: *schedule_id,
                due_after: due_after.timestamp_micros(),
            }),
            Self::Fired {
                schedule_id,
                firing,
                job_id,
                command,
            } => to_json(&WireFired {
                schedule_id: *schedule_id,
                due_at: firing.due.timestamp_micros(),
                run_at: firing.run_at.timestamp_micros(),
                late: firing.late,
                makes_up_for: firing.makes_up_for,
                job_id: *job_id,
                command: command.clone(),
            }),
            Self::Missed { schedule_id, missed } => to_json(&WireMissed {
                schedule_id: *schedule_id,
                count: missed.count,
                first_due: missed.first_due.timestamp_micros(),
                last_due: missed.last_due.timestamp_micros(),
                why: missed.why,
            }),
            Self::RunRequested {
                schedule_id,
                job_id,
                command,
            } => to_json(&WireRunRequested {
                schedule_id: *schedule_id,
                job_id: *job_id,
                command: command.clone(),
            }),
        }
    }

    /// Reads an event of the log.
    pub fn decode(event_type: &str, schema_version: u16, data: &Value) -> Result<Self, DecodeError> {
        let named = || event_type.to_owned();
        if !Self::TYPES.contains(&event_type) {
            return Err(DecodeError::UnknownType(named()));
        }
        match schema_version {
            SCHEMA_VERSION => decode_v1(event_type, data).map_err(|source| DecodeError::Shape {
                event_type: named(),
                source,
            }),
            version => Err(DecodeError::UnknownVersion {
                event_type: named(),
                version,
            }),
        }
    }
}

fn decode_v1(event_type: &str, data: &Value) -> Result<ScheduleEvent, serde_json::Error> {
    Ok(match event_type {
        "schedule.defined" => {
            let (schedule_id, definition, due_after) = defined_in(data)?;
            ScheduleEvent::Defined {
                schedule_id,
                definition,
                due_after,
            }
        }
        "schedule.changed" => {
            let (schedule_id, definition, due_after) = defined_in(data)?;
            ScheduleEvent::Changed {
                schedule_id,
                definition,
                due_after,
            }
        }
        "schedule.paused" => {
            let WireSchedule { schedule_id } = read(data)?;
            ScheduleEvent::Paused { schedule_id }
        }
        "schedule.resumed" => {
            let wire: WireResumed = read(data)?;
            ScheduleEvent::Resumed {
                schedule_id: wire.schedule_id,
                due_after: instant(wire.due_after)?,
            }
        }
        "schedule.removed" => {
            let WireSchedule { schedule_id } = read(data)?;
            ScheduleEvent::Removed { schedule_id }
        }
        "schedule.fired" => fired_in(read(data)?)?,
        "schedule.missed" => missed_in(&read(data)?)?,
        _ => {
            let wire: WireRunRequested = read(data)?;
            ScheduleEvent::RunRequested {
                schedule_id: wire.schedule_id,
                job_id: wire.job_id,
                command: wire.command,
            }
        }
    })
}

fn definition_out(definition: &Definition) -> WireDefinition {
    WireDefinition {
        name: definition.name.clone(),
        expression: definition.expression.to_string(),
        zone: definition.zone.to_string(),
        command: definition.command.clone(),
        misfire: definition.misfire.to_string(),
        not_after: definition.not_after.map(|end| end.timestamp_micros()),
        jitter: definition.jitter,
        enabled: definition.enabled,
    }
}

type Defined = (ScheduleId, Box<Definition>, DateTime<Utc>);

fn defined_in(data: &Value) -> Result<Defined, serde_json::Error> {
    let WireDefined {
        schedule_id,
        definition: wire,
        due_after,
    } = read(data)?;
    let definition = Definition {
        name: wire.name,
        expression: wire.expression.parse().map_err(de::Error::custom)?,
        zone: wire.zone.parse().map_err(de::Error::custom)?,
        command: wire.command,
        misfire: wire.misfire.parse().map_err(de::Error::custom)?,
        not_after: wire.not_after.map(instant).transpose()?,
        jitter: wire.jitter,
        enabled: wire.enabled,
    };
    Ok((schedule_id, Box::new(definition), instant(due_after)?))
}

fn fired_in(wire: WireFired) -> Result<ScheduleEvent, serde_json::Error> {
    Ok(ScheduleEvent::Fired {
        schedule_id: wire.schedule_id,
        firing: Firing {
            due: instant(wire.due_at)?,
            run_at: instant(wire.run_at)?,
            late: wire.late,
            makes_up_for: wire.makes_up_for,
        },
        job_id: wire.job_id,
        command: wire.command,
    })
}

fn missed_in(wire: &WireMissed) -> Result<ScheduleEvent, serde_json::Error> {
    Ok(ScheduleEvent::Missed {
        schedule_id: wire.schedule_id,
        missed: Missed {
            count: wire.count,
            first_due: instant(wire.first_due)?,
            last_due: instant(wire.last_due)?,
            why: wire.why,
        },
    })
}

fn instant(micros: i64) -> Result<DateTime<Utc>, serde_json::Error> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| de::Error::custom(format_args!("{micros} is no instant")))
}

fn read<'a, T: Deserialize<'a>>(data: &'a Value) -> Result<T, serde_json::Error> {
    T::deserialize(data)
}

fn to_json<T: Serialize>(wire: &T) -> Value {
    serde_json::to_value(wire).expect("text, numbers and ids become JSON")
}
