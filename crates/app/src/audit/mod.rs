//! Questions about who read whose personal data. Answers hold ids and codes, never what was read.

mod exposure;
mod list;
mod sheet;

pub use exposure::{Exposure, ExposureQuery, SeenRecord, SubjectKind};
pub use list::{ReadsPage, ReadsQuery};
pub use sheet::ExposureSheet;

use domain::staff::Permission;

use crate::{Forbidden, InputProblem, Internal, OpContext};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was asked has problems.
    #[error("the question has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

pub(crate) fn allowed(op: &OpContext) -> Result<(), AuditError> {
    op.require(Permission::ReadAudit)?;
    Ok(())
}

pub(crate) fn forwards(time: &std::ops::Range<chrono::DateTime<chrono::Utc>>) -> Result<(), AuditError> {
    if time.start < time.end {
        return Ok(());
    }
    let text = "終わりの日時は、始まりの日時より後にしてください。";
    Err(AuditError::Invalid(vec![InputProblem::new(
        "until", "order", text,
    )]))
}
