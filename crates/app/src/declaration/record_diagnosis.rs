//! Records a self-diagnosis that was carried out.

use domain::declaration::decide::{RecordDiagnosis, RecordDiagnosisError, record_diagnosis};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Records a self-diagnosis that was carried out.
    pub async fn record_diagnosis(
        &self,
        op: &OpContext,
        change: Change,
        command: RecordDiagnosis,
    ) -> Result<Changed, ChangeError<RecordDiagnosisError>> {
        self.change(op, Permission::RecordDiagnosis, change, |timeline, today| {
            record_diagnosis(timeline, &command, today)
        })
        .await
    }
}
