//! Stopping an import, or going on with one.

use domain::ImportId;
use domain::staff::Permission;
use storage::import as table;
use uuid::Uuid;

use crate::job::TouchJobError;
use crate::{App, Forbidden, Internal, OpContext};

/// What is wanted of an import that was begun, or is tried out.
#[derive(Debug, Clone, Copy)]
pub struct TouchImport {
    /// Made by the caller, once for each intent.
    pub command_id: Uuid,
    /// Which.
    pub id: ImportId,
    /// Whether it is to go on; else it is to stop.
    pub goes_on: bool,
}

/// Why an import is as it was.
#[derive(Debug, thiserror::Error)]
pub enum TouchImportError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such import.
    #[error("there is no import {0}")]
    NotFound(ImportId),
    /// It has ended and cannot be stopped, or it has not and cannot go on.
    #[error("the import is not in a state for that")]
    OtherState,
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Stops an import after the rows that are under way, or goes on with those that are left. What is in the register stays.
    pub async fn touch_import(&self, op: &OpContext, command: TouchImport) -> Result<(), TouchImportError> {
        let permission = Permission::ImportDeclarations;
        op.require(permission)?;
        let found = table::load(self.store.database(), command.id).await;
        let Some(import) = found.map_err(Internal::new)? else {
            return Err(TouchImportError::NotFound(command.id));
        };
        let run = import.started.map(|started| started.run_job);
        let trial = import.reading.map(|reading| reading.trial_job);
        let job_id = run.or(trial).ok_or(TouchImportError::OtherState)?;
        let wanted = (job_id, command.goes_on);
        let outcome = self
            .stop_or_go_on(op, permission, command.command_id, wanted)
            .await;
        outcome.map_err(|error| match error {
            TouchJobError::Forbidden(refused) => refused.into(),
            TouchJobError::NotFound(_) => TouchImportError::NotFound(command.id),
            TouchJobError::OtherState => TouchImportError::OtherState,
            TouchJobError::CommandReused => TouchImportError::CommandReused,
            TouchJobError::Internal(error) => error.into(),
        })
    }
}
