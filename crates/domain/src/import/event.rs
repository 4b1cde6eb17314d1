//! What the log keeps of an import: that a file came, how it is read, what it would do, that it was begun, and what it did. Nothing about a
//! person: names and rows lie sealed beside the log for as long as they are needed, and only why it was begun is sealed in it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::{ImportId, JobId};
use crate::wire::{self, wire_enum};

/// Kind of the tag that every event of an import carries.
pub const TAG_IMPORT: &str = "import";
/// The type of the event that it was begun, in which the sealed part is.
pub const STARTED: &str = "import.started";
/// The name of the sealed part that says why it was begun.
pub const PART_REASON: &str = "reason";
/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

wire_enum! {
    /// What a file is.
    ImportFormat {
        /// Comma-separated text in UTF-8, with or without a byte order mark.
        CsvUtf8 = "csv_utf8",
        /// Comma-separated text in code page 932.
        CsvCp932 = "csv_cp932",
        /// A workbook.
        Xlsx = "xlsx",
    }
}

/// How many rows came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportCounts {
    /// Rows after the headings.
    pub rows: u64,
    /// Rows that are taken over, or were.
    pub accepted: u64,
    /// Rows that repeat one that is in the register.
    pub repeats: u64,
    /// Rows that cannot be taken over.
    pub refused: u64,
    /// Doubts about rows that are taken over.
    pub warnings: u64,
}

/// A file came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uploaded {
    /// Which import.
    pub import_id: ImportId,
    /// What the file is.
    pub format: ImportFormat,
    /// Its bytes.
    pub size: u64,
    /// SHA-256 of them, hexadecimal.
    pub sha256: String,
}

/// How it is read was said; it is tried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapped {
    /// Which import.
    pub import_id: ImportId,
    /// Of a workbook: which of its visible sheets, from 0.
    pub sheet: u16,
    /// For each column of a register, in the order of the headings, which column of the file, from 0.
    pub places: Vec<Option<u16>>,
    /// The job that tries it out.
    pub trial_job_id: JobId,
}

/// It was tried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// Which import.
    pub import_id: ImportId,
    /// The job that tried it out.
    pub trial_job_id: JobId,
    /// What would become of its rows.
    pub counts: ImportCounts,
}

/// It is carried out. Why is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Started {
    /// Which import.
    pub import_id: ImportId,
    /// The trial that was looked at: of another one nothing was agreed to.
    pub trial_job_id: JobId,
    /// The job that carries it out.
    pub run_job_id: JobId,
}

/// Every row was gone through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finished {
    /// Which import.
    pub import_id: ImportId,
    /// What became of its rows.
    pub counts: ImportCounts,
}

/// It is not wanted any more; its file is destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discarded {
    /// Which import.
    pub import_id: ImportId,
}

/// An event of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum ImportEvent {
    /// A file came.
    #[serde(rename = "import.uploaded")]
    Uploaded(Uploaded),
    /// How it is read was said; it is tried out.
    #[serde(rename = "import.mapped")]
    Mapped(Mapped),
    /// It was tried out.
    #[serde(rename = "import.tried")]
    Tried(Tried),
    /// It is carried out.
    #[serde(rename = "import.started")]
    Started(Started),
    /// Every row was gone through.
    #[serde(rename = "import.finished")]
    Finished(Finished),
    /// It is not wanted any more.
    #[serde(rename = "import.discarded")]
    Discarded(Discarded),
}

impl ImportEvent {
    /// The type in the log.
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::Uploaded(_) => "import.uploaded",
            Self::Mapped(_) => "import.mapped",
            Self::Tried(_) => "import.tried",
            Self::Started(_) => STARTED,
            Self::Finished(_) => "import.finished",
            Self::Discarded(_) => "import.discarded",
        }
    }

    /// Which import.
    pub const fn import_id(&self) -> ImportId {
        match self {
            Self::Uploaded(it) => it.import_id,
            Self::Mapped(it) => it.import_id,
            Self::Tried(it) => it.import_id,
            Self::Started(it) => it.import_id,
            Self::Finished(it) => it.import_id,
            Self::Discarded(it) => it.import_id,
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

    #[test]
    fn the_stored_shapes_are_frozen_and_read_back() {
        let import_id = ImportId::new(Uuid::from_u128(1));
        let job = JobId::new(Uuid::from_u128(2));
        let id = r#""import_id":"00000000-0000-0000-0000-000000000001""#;
        let trial = r#""trial_job_id":"00000000-0000-0000-0000-000000000002""#;
        let counts = ImportCounts {
            rows: 5,
            accepted: 1,
            repeats: 2,
            refused: 2,
            warnings: 4,
        };
        let counted = r#""counts":{"accepted":1,"refused":2,"repeats":2,"rows":5,"warnings":4}"#;
        let cases = [
            (
                ImportEvent::Uploaded(Uploaded {
                    import_id,
                    format: ImportFormat::CsvCp932,
                    size: 9,
                    sha256: "ab".to_owned(),
                }),
                format!(r#"import.uploaded {{"format":"csv_cp932",{id},"sha256":"ab","size":9}}"#),
            ),
            (
                ImportEvent::Mapped(Mapped {
                    import_id,
                    sheet: 1,
                    places: vec![Some(3), None],
                    trial_job_id: job,
                }),
                format!(r#"import.mapped {{{id},"places":[3,null],"sheet":1,{trial}}}"#),
            ),
            (
                ImportEvent::Tried(Tried {
                    import_id,
                    trial_job_id: job,
                    counts,
                }),
                format!("import.tried {{{counted},{id},{trial}}}"),
            ),
            (
                ImportEvent::Started(Started {
                    import_id,
                    trial_job_id: job,
                    run_job_id: job,
                }),
                format!(
                    r#"import.started {{{id},"run_job_id":"00000000-0000-0000-0000-000000000002",{trial}}}"#
                ),
            ),
            (
                ImportEvent::Finished(Finished { import_id, counts }),
                format!("import.finished {{{counted},{id}}}"),
            ),
            (
                ImportEvent::Discarded(Discarded { import_id }),
                format!("import.discarded {{{id}}}"),
            ),
        ];
        for (event, stored) in cases {
            let data = event.data();
            assert_eq!(format!("{} {data}", event.event_type()), stored);
            let back = ImportEvent::decode(event.event_type(), SCHEMA_VERSION, &data);
            assert_eq!(back.expect("it reads back"), event);
        }
    }
}
