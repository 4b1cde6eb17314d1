//! The end of a file: whoever asked does not want it any more, its time is over, or somebody of whom it tells was forgotten. The key goes first.

use domain::ExportId;
use domain::export::{ExportEvent, WhyExpired};
use domain::job::JobState;
use domain::staff::Permission;
use event_store::{Append, AppendError, NewEvent, Position, Query, QueryItem};
use storage::export::{self as table, Export, OutOfTurn};
use storage::{export_piece, job};
use uuid::Uuid;

use crate::{App, Forbidden, Internal, OpContext};

/// Files that are ended by one run; the next night takes the others.
const AT_ONCE: u32 = 500;

/// Has a file destroyed.
#[derive(Debug, Clone, Copy)]
pub struct DiscardExport {
    /// Made by the caller, once for each intent.
    pub command_id: Uuid,
    /// Which.
    pub id: ExportId,
}

/// Why a file is there still.
#[derive(Debug, thiserror::Error)]
pub enum DiscardExportError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The caller asked for no such file.
    #[error("there is no export {0} of the caller")]
    NotFound(ExportId),
    /// It is being made, or has ended.
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
    /// Destroys a file that its owner does not want any more.
    pub async fn discard_export(
        &self,
        op: &OpContext,
        command: DiscardExport,
    ) -> Result<(), DiscardExportError> {
        op.require_either(Permission::ExportDeclarations, Permission::ReadDeclarations)?;
        let database = self.store.database();
        let found = table::load(database, command.id).await;
        let mine = found
            .map_err(Internal::new)?
            .filter(|export| export.requested_by == op.actor().to_string());
        let export = mine.ok_or(DiscardExportError::NotFound(command.id))?;
        if self.is_being_made(&export).await? {
            return Err(DiscardExportError::OtherState);
        }
        let said = ExportEvent::Discarded {
            export_id: export.id,
            subject: export.file_subject,
        };
        let append = Append {
            command_id: command.command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: vec![self.export_event(&said, Vec::new())?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(_) => {}
            Err(AppendError::Inline { source, .. }) if source.is::<OutOfTurn>() => {
                return Err(DiscardExportError::OtherState);
            }
            Err(AppendError::CommandReused { .. }) => return Err(DiscardExportError::CommandReused),
            Err(error) => return Err(Internal::new(error).into()),
        }
        // Whoever follows the log does the same; here nobody has to wait for it.
        let key = event_store::SubjectId(export.file_subject.uuid());
        let destroyed = self.store.keyring().destroy_all(&[key]).await;
        destroyed.map_err(Internal::new)?;
        export_piece::remove_ended(database)
            .await
            .map_err(Internal::new)?;
        Ok(())
    }

    async fn is_being_made(&self, export: &Export) -> Result<bool, Internal> {
        let (Some(id), None) = (export.job, &export.made) else {
            return Ok(false);
        };
        let job = job::load(self.store.database(), id).await;
        let job = job.map_err(Internal::new)?;
        Ok(job.is_some_and(|job| matches!(job.state, JobState::Ready | JobState::Running)))
    }

    /// What ends every file whose time is over or that tells of somebody who was forgotten: to be appended. The keys are destroyed after it.
    pub(crate) async fn exports_to_end(&self) -> Result<Vec<NewEvent>, Internal> {
        let database = self.store.database();
        let over = table::over(database, self.now(), AT_ONCE).await;
        let there = table::there(database, self.now(), AT_ONCE).await;
        let mut events = Vec::new();
        for export in over.map_err(Internal::new)? {
            events.push(self.expiry(&export, WhyExpired::Time)?);
        }
        for export in there.map_err(Internal::new)? {
            if self.tells_of_forgotten(&export).await? {
                events.push(self.expiry(&export, WhyExpired::Forgotten)?);
            }
        }
        Ok(events)
    }

    fn expiry(&self, export: &Export, why: WhyExpired) -> Result<NewEvent, Internal> {
        let said = ExportEvent::Expired {
            export_id: export.id,
            subject: export.file_subject,
            why,
        };
        self.export_event(&said, Vec::new())
    }

    /// Whether somebody was forgotten in the register since a file about persons was made. Whether just they stand in it is not asked: a file
    /// can be made again, and who was forgotten must not be looked up for it.
    pub(super) async fn tells_of_forgotten(&self, export: &Export) -> Result<bool, Internal> {
        let Some(made) = export.made.as_ref().filter(|made| made.is_personal) else {
            return Ok(false);
        };
        let query = Query {
            items: vec![QueryItem {
                types: vec!["declaration.person_forgotten".to_owned()],
                tags: Vec::new(),
            }],
        };
        let since = self.store.read(&query, Position::new(made.position), 1).await;
        Ok(!since.map_err(Internal::new)?.is_empty())
    }
}
