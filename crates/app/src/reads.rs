//! The record of who looked at whose personal data, written before an answer leaves.

use std::collections::BTreeMap;

use storage::read_record::{ReadRecord, RecordError};

use crate::{App, OpContext};

/// The reads could not be recorded: the answer must not leave.
pub type ReadRecordError = RecordError;

impl App {
    /// Writes what an operation revealed so far; returns when it is on disk.
    pub async fn record_reads(&self, op: &OpContext) -> Result<(), ReadRecordError> {
        let mut by_part: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (id, part) in op.take_reads() {
            by_part.entry(part).or_default().push(id);
        }
        let records = by_part
            .into_iter()
            .map(|(part, ids)| ReadRecord {
                at: op.now(),
                actor: op.actor().to_string(),
                ids,
                field_class: part.as_str().to_owned(),
                purpose: op.purpose().to_owned(),
                request_id: op.request_id().to_string(),
            })
            .collect();
        self.storage.read_recorder().record(records).await
    }
}
