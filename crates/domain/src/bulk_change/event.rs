//! What the log keeps of a bulk change: that its records were chosen, and that it was begun. What is done and why is sealed; what became of
//! each record stands in the record's own events, which name it in their correlation.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::BulkKind;
use crate::ids::{BulkChangeId, JobId};
use crate::wire;

/// Kind of the tag that every event of a bulk change carries.
pub const TAG_BULK_CHANGE: &str = "bulk-change";
/// The name of the sealed part with what is done, and how the records were chosen.
pub const PART_CONTENT: &str = "content";
/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

/// Records were chosen; they are tried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frozen {
    /// Which bulk change.
    pub bulk_change_id: BulkChangeId,
    /// What is done.
    pub action: BulkKind,
    /// Whether the records are those that a filter leaves.
    pub by_filter: bool,
    /// How many records.
    pub count: u32,
    /// SHA-256 over their ids in order, hexadecimal.
    pub selection_hash: String,
    /// The bulk change that it takes back.
    pub undoes: Option<BulkChangeId>,
    /// The job that tries it out.
    pub trial_job_id: JobId,
}

/// It is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Started {
    /// Which bulk change.
    pub bulk_change_id: BulkChangeId,
    /// The job that carries it out.
    pub run_job_id: JobId,
}

/// An event of a bulk change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum BulkChangeEvent {
    /// Records were chosen; they are tried out.
    #[serde(rename = "bulk_change.frozen")]
    Frozen(Frozen),
    /// It is carried out.
    #[serde(rename = "bulk_change.started")]
    Started(Started),
}

impl BulkChangeEvent {
    /// The type in the log.
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::Frozen(_) => "bulk_change.frozen",
            Self::Started(_) => "bulk_change.started",
        }
    }

    /// Which bulk change.
    pub const fn bulk_change_id(&self) -> BulkChangeId {
        match self {
            Self::Frozen(frozen) => frozen.bulk_change_id,
            Self::Started(started) => started.bulk_change_id,
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
        let bulk_change_id = BulkChangeId::new(Uuid::from_u128(1));
        let id = r#""bulk_change_id":"00000000-0000-0000-0000-000000000001""#;
        let job = JobId::new(Uuid::from_u128(2));
        let cases = [
            (
                BulkChangeEvent::Frozen(Frozen {
                    bulk_change_id,
                    action: BulkKind::RaiseFlag,
                    by_filter: true,
                    count: 3,
                    selection_hash: "ab".to_owned(),
                    undoes: None,
                    trial_job_id: job,
                }),
                format!(
                    r#"bulk_change.frozen {{"action":"raise_flag",{id},"by_filter":true,"count":3,"selection_hash":"ab","trial_job_id":"00000000-0000-0000-0000-000000000002","undoes":null}}"#
                ),
            ),
            (
                BulkChangeEvent::Started(Started {
                    bulk_change_id,
                    run_job_id: job,
                }),
                format!(
                    r#"bulk_change.started {{{id},"run_job_id":"00000000-0000-0000-0000-000000000002"}}"#
                ),
            ),
        ];
        for (event, stored) in cases {
            assert_eq!(format!("{} {}", event.event_type(), event.data()), stored);
            let read = BulkChangeEvent::decode(event.event_type(), SCHEMA_VERSION, &event.data());
            assert_eq!(read.expect("it reads back"), event);
        }
        assert!(BulkChangeEvent::decode("bulk_change.started", 2, &Value::Null).is_err());
        assert!(BulkChangeEvent::decode("bulk_change.other", 1, &Value::Null).is_err());
    }
}
