//! What the log keeps of an export: that it was asked for, made, taken, and when the file was destroyed. What the view was narrowed to and
//! what the file is for are sealed under a key that stays; the file has a key of its own, which is destroyed with it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Column;
use crate::ids::{ExportId, JobId, SubjectId};
use crate::wire::{self, wire_enum};

/// Kind of the tag that every event of an export carries.
pub const TAG_EXPORT: &str = "export";
/// The name of the sealed part with what the view is narrowed to, and what the file is for.
pub const PART_CONTENT: &str = "content";
/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

wire_enum! {
    /// What kind of file.
    Format {
        /// CSV in UTF-8 with a byte order mark.
        CsvUtf8 = "csv_utf8",
        /// CSV in CP932, as old programs want it.
        CsvCp932 = "csv_cp932",
        /// A workbook.
        Xlsx = "xlsx",
    }
}

wire_enum! {
    /// What can be taken of an export.
    ExportPart {
        /// The file.
        File = "file",
        /// What could not be written as it stands in the register.
        Report = "report",
    }
}

wire_enum! {
    /// Why a file was destroyed without anybody asking.
    WhyExpired {
        /// Its time is over.
        Time = "time",
        /// Somebody of whom it tells was forgotten in the register.
        Forgotten = "forgotten",
    }
}

/// Somebody asks for a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requested {
    /// Which export.
    pub export_id: ExportId,
    /// What kind of file.
    pub format: Format,
    /// Which columns, in order.
    pub columns: Vec<Column>,
    /// Whether the view is narrowed.
    pub is_narrowed: bool,
    /// How many records the view had then.
    pub expected: u64,
    /// Whether that is an estimate.
    pub is_estimated: bool,
    /// Whether a second person has to agree.
    pub needs_approval: bool,
    /// Whose key seals the file.
    pub file_subject: SubjectId,
}

/// It is being made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Began {
    /// Which export.
    pub export_id: ExportId,
    /// The job that makes it.
    pub job_id: JobId,
}

/// What is kept of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Pieces.
    pub pieces: u32,
    /// Bytes before it was sealed.
    pub size: u64,
    /// SHA-256 over the sealed pieces, hexadecimal.
    pub sealed_sha256: String,
}

/// It can be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// Which export.
    pub export_id: ExportId,
    /// The term of the job that made it: its pieces are kept under it.
    pub term: i64,
    /// Records in it.
    pub rows: u64,
    /// It is the register as of this position of the log.
    pub position: i64,
    /// And of this day in Japan.
    pub day: NaiveDate,
    /// Whether anything in it is about a person.
    pub is_personal: bool,
    /// Characters that could not be written as they stand in the register.
    pub unwritten: u64,
    /// The file.
    pub file: Kept,
    /// What could not be written; none: everything could.
    pub report: Option<Kept>,
    /// Until when it can be taken.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub expires_at: DateTime<Utc>,
}

/// An event of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum ExportEvent {
    /// Somebody asks for a file.
    #[serde(rename = "export.requested")]
    Requested(Requested),
    /// It is being made.
    #[serde(rename = "export.started")]
    Started(Began),
    /// It can be taken.
    #[serde(rename = "export.made")]
    Made(Made),
    /// Somebody took it.
    #[serde(rename = "export.taken")]
    Taken {
        /// Which export.
        export_id: ExportId,
        /// Which part of it.
        part: ExportPart,
    },
    /// Whoever asked does not want it any more: the key of the file is destroyed.
    #[serde(rename = "export.discarded")]
    Discarded {
        /// Which export.
        export_id: ExportId,
        /// Whose key.
        subject: SubjectId,
    },
    /// It is kept no longer: the key of the file is destroyed.
    #[serde(rename = "export.expired")]
    Expired {
        /// Which export.
        export_id: ExportId,
        /// Whose key.
        subject: SubjectId,
        /// Why.
        why: WhyExpired,
    },
}

impl ExportEvent {
    /// The type in the log by which a file is destroyed on demand.
    pub const DISCARDED: &'static str = "export.discarded";
    /// The type in the log by which a file is destroyed by itself.
    pub const EXPIRED: &'static str = "export.expired";

    /// The type in the log.
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::Requested(_) => "export.requested",
            Self::Started(_) => "export.started",
            Self::Made(_) => "export.made",
            Self::Taken { .. } => "export.taken",
            Self::Discarded { .. } => Self::DISCARDED,
            Self::Expired { .. } => Self::EXPIRED,
        }
    }

    /// Which export.
    pub const fn export_id(&self) -> ExportId {
        match self {
            Self::Requested(Requested { export_id, .. })
            | Self::Started(Began { export_id, .. })
            | Self::Made(Made { export_id, .. })
            | Self::Taken { export_id, .. }
            | Self::Discarded { export_id, .. }
            | Self::Expired { export_id, .. } => *export_id,
        }
    }

    /// Whose key it destroys.
    pub const fn destroys(&self) -> Option<SubjectId> {
        match self {
            Self::Discarded { subject, .. } | Self::Expired { subject, .. } => Some(*subject),
            Self::Requested(_) | Self::Started(_) | Self::Made(_) | Self::Taken { .. } => None,
        }
    }

    /// What stands in the clear.
    pub fn data(&self) -> Value {
        wire::clear_data(self)
    }

    /// Reads what stands in the clear.
    pub fn decode(event_type: &str, version: u16, data: &Value) -> Result<Self, wire::UnreadableEvent> {
        wire::read_clear_data(SCHEMA_VERSION, (event_type, version), data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ID: &str = r#""export_id":"00000000-0000-0000-0000-000000000001""#;

    #[test]
    fn the_stored_shapes_are_frozen_and_read_back() {
        let export_id = ExportId::new(Uuid::from_u128(1));
        let subject = SubjectId::new(Uuid::from_u128(2));
        let two = "00000000-0000-0000-0000-000000000002";
        let cases = [
            (
                ExportEvent::Requested(Requested {
                    export_id,
                    format: Format::CsvCp932,
                    columns: vec![Column::Number, Column::ContactEmail],
                    is_narrowed: true,
                    expected: 12_000,
                    is_estimated: true,
                    needs_approval: true,
                    file_subject: subject,
                }),
                format!(
                    r#"export.requested {{"columns":["number","contact_email"],"expected":12000,{ID},"file_subject":"{two}","format":"csv_cp932","is_estimated":true,"is_narrowed":true,"needs_approval":true}}"#
                ),
            ),
            (
                ExportEvent::Started(Began {
                    export_id,
                    job_id: JobId::new(Uuid::from_u128(2)),
                }),
                format!(r#"export.started {{{ID},"job_id":"{two}"}}"#),
            ),
            (
                ExportEvent::Made(Made {
                    export_id,
                    term: 1,
                    rows: 2,
                    position: 3,
                    day: NaiveDate::from_ymd_opt(2026, 4, 1).expect("a day"),
                    is_personal: false,
                    unwritten: 0,
                    file: Kept {
                        pieces: 1,
                        size: 4,
                        sealed_sha256: "ab".to_owned(),
                    },
                    report: None,
                    expires_at: DateTime::UNIX_EPOCH,
                }),
                format!(
                    r#"export.made {{"day":"2026-04-01","expires_at":0,{ID},"file":{{"pieces":1,"sealed_sha256":"ab","size":4}},"is_personal":false,"position":3,"report":null,"rows":2,"term":1,"unwritten":0}}"#
                ),
            ),
            (
                ExportEvent::Taken {
                    export_id,
                    part: ExportPart::Report,
                },
                format!(r#"export.taken {{{ID},"part":"report"}}"#),
            ),
            (
                ExportEvent::Discarded { export_id, subject },
                format!(r#"export.discarded {{{ID},"subject":"{two}"}}"#),
            ),
            (
                ExportEvent::Expired {
                    export_id,
                    subject,
                    why: WhyExpired::Time,
                },
                format!(r#"export.expired {{{ID},"subject":"{two}","why":"time"}}"#),
            ),
        ];
        for (event, stored) in cases {
            assert_eq!(format!("{} {}", event.event_type(), event.data()), stored);
            let read = ExportEvent::decode(event.event_type(), SCHEMA_VERSION, &event.data());
            assert_eq!(read.expect("it reads back"), event);
        }
        assert!(ExportEvent::decode("export.started", 2, &Value::Null).is_err());
        assert!(ExportEvent::decode("export.other", 1, &Value::Null).is_err());
    }
}
