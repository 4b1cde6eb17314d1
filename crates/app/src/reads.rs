//! The record of who looked at whose personal data, written before an answer leaves.

use storage::read_record::{ReadRecord, RecordError};

use crate::{App, OpContext};

/// The reads could not be recorded: the answer must not leave.
pub type ReadRecordError = RecordError;

impl App {
    /// Writes what an operation revealed so far; returns when it is on disk.
    pub async fn record_reads(&self, op: &OpContext) -> Result<(), ReadRecordError> {
        let request_id = op.request_id().to_string();
        let records = op
            .take_reads()
            .into_iter()
            .map(|(declaration_id, part)| ReadRecord {
                at: op.now(),
                actor: op.actor().to_string(),
                declaration_id,
                field_class: part.as_str().to_owned(),
                purpose: op.purpose().to_owned(),
                request_id: request_id.clone(),
            })
            .collect();
        self.storage.read_recorder().record(records).await
    }
}
