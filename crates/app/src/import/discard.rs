//! Discarding an import that was not begun.

use domain::ImportId;
use domain::import::{Discarded, ImportEvent};
use domain::staff::Permission;
use event_store::{Append, AppendError};
use storage::import::{self as table, ImportMovedOn};
use uuid::Uuid;

use crate::{App, Forbidden, Internal, OpContext};

/// Discards an import.
#[derive(Debug, Clone, Copy)]
pub struct DiscardImport {
    /// Made by the caller, once for each intent.
    pub command_id: Uuid,
    /// Which.
    pub id: ImportId,
}

/// Why an import is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DiscardImportError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such import.
    #[error("there is no import {0}")]
    NotFound(ImportId),
    /// It was begun.
    #[error("the import was begun")]
    OtherState,
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Discards an import that was not begun; its file is destroyed at once. Discarded twice, it is discarded once.
    pub async fn discard_import(
        &self,
        op: &OpContext,
        command: DiscardImport,
    ) -> Result<(), DiscardImportError> {
        op.require(Permission::ImportDeclarations)?;
        let found = table::load(self.store.database(), command.id).await;
        let import = found
            .map_err(Internal::new)?
            .ok_or(DiscardImportError::NotFound(command.id))?;
        if !import.discarded {
            let said = ImportEvent::Discarded(Discarded { import_id: import.id });
            let append = Append {
                command_id: command.command_id,
                actor: op.actor().to_string(),
                correlation_id: import.id.uuid(),
                reason: None,
                events: vec![self.import_event(&said, Vec::new())?],
                guards: Vec::new(),
                recorded_at: op.now(),
            };
            match self.store.append(append).await {
                Ok(_) => {}
                Err(AppendError::Inline { source, .. }) if source.is::<ImportMovedOn>() => {
                    return Err(DiscardImportError::OtherState);
                }
                Err(AppendError::CommandReused { .. }) => return Err(DiscardImportError::CommandReused),
                Err(error) => return Err(Internal::new(error).into()),
            }
        }
        Ok(self.destroy_import_file(import.id).await?)
    }
}
