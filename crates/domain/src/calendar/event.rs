//! What happens to the calendar, and its stored shape. Shapes are frozen: `tests/golden/calendar.*.json`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::business_day::{DayKind, OfficeDay};
use super::deadline::{Deadline, DeadlineId};
use super::open::Hours;
use super::time_of_day::TimeOfDay;

/// Kind of the tag of a day.
const TAG_DAY: &str = "calendar-day";
/// Kind of the tag of a deadline.
const TAG_DEADLINE: &str = "deadline";
/// The tag of the hours, of which there is one set.
const TAG_HOURS: (&str, &str) = ("calendar-hours", "office");
const SCHEMA_VERSION: u16 = 1;

/// Something that happened to the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarEvent {
    /// A day became the office's own.
    DaySet {
        /// Which.
        date: NaiveDate,
        /// What it is now.
        day: OfficeDay,
    },
    /// A day is an ordinary one again.
    DayCleared {
        /// Which.
        date: NaiveDate,
    },
    /// The hours of business days, and the turn of the year.
    HoursSet {
        /// From when to when.
        hours: Hours,
        /// Whether the office is closed from 29 December to 3 January.
        closed_at_year_end: bool,
    },
    /// A deadline came in.
    DeadlineAdded(Deadline),
    /// A deadline is another one now; all of it as it is now.
    DeadlineChanged(Deadline),
    /// A deadline is no more.
    DeadlineRemoved {
        /// Which.
        id: DeadlineId,
    },
}

/// An event as the log takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedEvent {
    /// Its type.
    pub event_type: &'static str,
    /// The version of its shape.
    pub schema_version: u16,
    /// Kind and value of its tag.
    pub tag: (&'static str, String),
    /// What happened. None of it is personal.
    pub data: Value,
}

/// A stored event cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No such type, or a version of it that is newer than this program.
    #[error("no event {event_type} of version {schema_version} is known; a newer Sengen wrote it")]
    Unknown {
        /// Its type.
        event_type: String,
        /// The version of its shape.
        schema_version: u16,
    },
    /// Not the shape that the type has.
    #[error("the data of {event_type} has another shape")]
    Shape {
        /// Its type.
        event_type: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A value that is none.
    #[error("the data of {event_type} holds {what} that is none")]
    Value {
        /// Its type.
        event_type: String,
        /// What it should be.
        what: &'static str,
    },
}

#[derive(Serialize, Deserialize)]
struct DayData {
    date: NaiveDate,
    kind: DayKind,
    name: String,
}

#[derive(Serialize, Deserialize)]
struct ClearedData {
    date: NaiveDate,
}

#[derive(Serialize, Deserialize)]
struct HoursData {
    opens: String,
    closes: String,
    closed_at_year_end: bool,
}

#[derive(Serialize, Deserialize)]
struct DeadlineData {
    deadline_id: DeadlineId,
    date: NaiveDate,
    time: String,
    name: String,
    source: String,
    note: String,
}

#[derive(Serialize, Deserialize)]
struct RemovedData {
    deadline_id: DeadlineId,
}

impl CalendarEvent {
    /// Every type.
    pub const TYPES: [&'static str; 6] = [
        "calendar.day_set",
        "calendar.day_cleared",
        "calendar.hours_set",
        "calendar.deadline_added",
        "calendar.deadline_changed",
        "calendar.deadline_removed",
    ];

    /// The types that change the list of deadlines.
    pub const DEADLINE_TYPES: [&'static str; 3] = [Self::TYPES[3], Self::TYPES[4], Self::TYPES[5]];

    /// Its type in the log.
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::DaySet { .. } => Self::TYPES[0],
            Self::DayCleared { .. } => Self::TYPES[1],
            Self::HoursSet { .. } => Self::TYPES[2],
            Self::DeadlineAdded(_) => Self::TYPES[3],
            Self::DeadlineChanged(_) => Self::TYPES[4],
            Self::DeadlineRemoved { .. } => Self::TYPES[5],
        }
    }

    /// Kind and value of the tag of everything about a day.
    pub fn tag_of_day(date: NaiveDate) -> (&'static str, String) {
        (TAG_DAY, date.to_string())
    }

    /// Kind and value of the tag of everything about the hours.
    pub fn tag_of_hours() -> (&'static str, String) {
        (TAG_HOURS.0, TAG_HOURS.1.to_owned())
    }

    /// Kind and value of the tag of everything about a deadline.
    pub fn tag_of_deadline(id: DeadlineId) -> (&'static str, String) {
        (TAG_DEADLINE, id.to_string())
    }

    /// Kind and value of the tag that it carries: what it is about.
    pub fn tag(&self) -> (&'static str, String) {
        match self {
            Self::DaySet { date, .. } | Self::DayCleared { date } => Self::tag_of_day(*date),
            Self::HoursSet { .. } => Self::tag_of_hours(),
            Self::DeadlineAdded(deadline) | Self::DeadlineChanged(deadline) => {
                Self::tag_of_deadline(deadline.id)
            }
            Self::DeadlineRemoved { id } => Self::tag_of_deadline(*id),
        }
    }

    /// As the log takes it.
    pub fn encode(&self) -> EncodedEvent {
        let data = match self {
            Self::DaySet { date, day } => to_value(&DayData {
                date: *date,
                kind: day.kind,
                name: day.name.clone(),
            }),
            Self::DayCleared { date } => to_value(&ClearedData { date: *date }),
            Self::HoursSet {
                hours,
                closed_at_year_end,
            } => to_value(&HoursData {
                opens: hours.opens.to_string(),
                closes: hours.closes.to_string(),
                closed_at_year_end: *closed_at_year_end,
            }),
            Self::DeadlineAdded(deadline) | Self::DeadlineChanged(deadline) => to_value(&DeadlineData {
                deadline_id: deadline.id,
                date: deadline.day,
                time: deadline.time.to_string(),
                name: deadline.name.clone(),
                source: deadline.source.clone(),
                note: deadline.note.clone(),
            }),
            Self::DeadlineRemoved { id } => to_value(&RemovedData { deadline_id: *id }),
        };
        EncodedEvent {
            event_type: self.event_type(),
            schema_version: SCHEMA_VERSION,
            tag: self.tag(),
            data,
        }
    }

    /// From the log.
    pub fn decode(event_type: &str, schema_version: u16, data: &Value) -> Result<Self, DecodeError> {
        let index = Self::TYPES.iter().position(|known| *known == event_type);
        let (Some(index), SCHEMA_VERSION) = (index, schema_version) else {
            return Err(DecodeError::Unknown {
                event_type: event_type.to_owned(),
                schema_version,
            });
        };
        let reader = Reader { event_type, data };
        match index {
            0 => {
                let DayData { date, kind, name } = reader.read()?;
                Ok(Self::DaySet {
                    date,
                    day: OfficeDay { kind, name },
                })
            }
            1 => reader
                .read()
                .map(|ClearedData { date }| Self::DayCleared { date }),
            2 => reader.hours(),
            3 => reader.deadline().map(Self::DeadlineAdded),
            4 => reader.deadline().map(Self::DeadlineChanged),
            _ => reader
                .read()
                .map(|RemovedData { deadline_id: id }| Self::DeadlineRemoved { id }),
        }
    }
}

fn to_value(data: &impl Serialize) -> Value {
    serde_json::to_value(data).expect("texts, days and flags are JSON")
}

struct Reader<'a> {
    event_type: &'a str,
    data: &'a Value,
}

impl<'a> Reader<'a> {
    fn read<T: Deserialize<'a>>(&self) -> Result<T, DecodeError> {
        T::deserialize(self.data).map_err(|source| DecodeError::Shape {
            event_type: self.event_type.to_owned(),
            source,
        })
    }

    fn none(&self, what: &'static str) -> DecodeError {
        DecodeError::Value {
            event_type: self.event_type.to_owned(),
            what,
        }
    }

    fn time(&self, text: &str) -> Result<TimeOfDay, DecodeError> {
        TimeOfDay::parse(text).ok_or_else(|| self.none("a time of day"))
    }

    fn hours(&self) -> Result<CalendarEvent, DecodeError> {
        let data: HoursData = self.read()?;
        let hours = Hours::new(self.time(&data.opens)?, self.time(&data.closes)?);
        Ok(CalendarEvent::HoursSet {
            hours: hours.ok_or_else(|| self.none("a span of hours"))?,
            closed_at_year_end: data.closed_at_year_end,
        })
    }

    fn deadline(&self) -> Result<Deadline, DecodeError> {
        let data: DeadlineData = self.read()?;
        Ok(Deadline {
            id: data.deadline_id,
            day: data.date,
            time: self.time(&data.time)?,
            name: data.name,
            source: data.source,
            note: data.note,
        })
    }
}
