//! Stopping the making of a file, or going on with it from its beginning.

use domain::ExportId;
use domain::staff::Permission;
use storage::export as table;
use uuid::Uuid;

use crate::job::TouchJobError;
use crate::{App, Forbidden, Internal, OpContext};

/// What is wanted of a file that is being made.
#[derive(Debug, Clone, Copy)]
pub struct TouchExport {
    /// Made by the caller, once for each intent.
    pub command_id: Uuid,
    /// Which.
    pub id: ExportId,
    /// Whether it is to be made after all; else its making is to stop.
    pub goes_on: bool,
}

/// Why an export is as it was.
#[derive(Debug, thiserror::Error)]
pub enum TouchExportError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The caller asked for no such file.
    #[error("there is no export {0} of the caller")]
    NotFound(ExportId),
    /// It is not being made, or has ended.
    #[error("the export is not in a state for that")]
    OtherState,
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Stops the making of a file, or has it made anew after it was stopped or given up.
    pub async fn touch_export(&self, op: &OpContext, command: TouchExport) -> Result<(), TouchExportError> {
        let permission = Permission::ExportDeclarations;
        op.require(permission)?;
        let found = table::load(self.store.database(), command.id).await;
        let mine = found
            .map_err(Internal::new)?
            .filter(|export| export.requested_by == op.actor().to_string());
        let export = mine.ok_or(TouchExportError::NotFound(command.id))?;
        let (Some(job_id), None, None) = (export.job, &export.made, export.ended) else {
            return Err(TouchExportError::OtherState);
        };
        let wanted = (job_id, command.goes_on);
        let outcome = self
            .stop_or_go_on(op, permission, command.command_id, wanted)
            .await;
        outcome.map_err(|error| match error {
            TouchJobError::Forbidden(refused) => refused.into(),
            TouchJobError::NotFound(_) => TouchExportError::NotFound(command.id),
            TouchJobError::OtherState => TouchExportError::OtherState,
            TouchJobError::CommandReused => TouchExportError::CommandReused,
            TouchJobError::Internal(error) => error.into(),
        })
    }
}
