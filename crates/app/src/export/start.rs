//! Beginning to make a file that a second person agreed to.

use domain::ExportId;
use domain::staff::Permission;
use event_store::{Append, AppendError};
use storage::export::{self as table, Export, OutOfTurn};
use uuid::Uuid;

use super::request::{RequestExportError, began};
use crate::approval::Act;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Why a file is not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartExportError {
    /// Whoever asked lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is none, it has ended, or the view has far more records than were agreed to.
    #[error("the export is not as it was agreed to")]
    Changed,
    /// It cannot be made as it was asked for.
    #[error("it cannot be made: {} problems", .0.len())]
    Impossible(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Whether there are so many more than were agreed to that it is something else. A register goes on while somebody is asked, and an
/// estimate is one.
pub(super) fn is_far_more(now: u64, export: &Export) -> bool {
    let agreed = export.expected;
    let leeway = if export.is_estimated {
        agreed / 2
    } else {
        agreed / 20
    };
    now > agreed.saturating_add(leeway.max(100))
}

/// What a second person is asked to agree to.
pub(super) fn act_of(export: &Export) -> Act {
    Act::ExportView {
        export_id: export.id,
        format: export.format,
        columns: export.columns.clone(),
        count: export.expected,
        is_estimated: export.is_estimated,
    }
}

impl App {
    /// Whether a file could be made now of what was asked for. Whoever asked has the right; the second person need not. Nothing is written.
    pub(crate) async fn try_export(&self, op: &OpContext, id: ExportId) -> Result<(), StartExportError> {
        self.export_as_agreed(op, id).await.map(drop)
    }

    /// Begins to make it. Begun twice, it is begun once.
    pub(crate) async fn start_export(
        &self,
        op: &OpContext,
        command_id: Uuid,
        id: ExportId,
    ) -> Result<(), StartExportError> {
        op.require(Permission::ExportDeclarations)?;
        let export = self.export_as_agreed(op, id).await?;
        if export.asks_for_persons() {
            op.require(Permission::ReadPersonal)?;
        }
        if export.job.is_some() {
            return Ok(());
        }
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: vec![self.export_event(&began(id), Vec::new())?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(_) | Err(AppendError::CommandReused { .. }) => Ok(()),
            Err(AppendError::Inline { source, .. }) if source.is::<OutOfTurn>() => {
                Err(StartExportError::Changed)
            }
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    async fn export_as_agreed(&self, op: &OpContext, id: ExportId) -> Result<Export, StartExportError> {
        let found = table::load(self.store.database(), id).await;
        let export = found.map_err(Internal::new)?.ok_or(StartExportError::Changed)?;
        let content = self.export_content(id).await?.ok_or(StartExportError::Changed)?;
        if export.ended.is_some() || export.expires_at <= op.now() {
            return Err(StartExportError::Changed);
        }
        let total = self.exported(op, &content).await.map_err(|error| match error {
            RequestExportError::Forbidden(refused) => StartExportError::Forbidden(refused),
            RequestExportError::Invalid(problems) => StartExportError::Impossible(problems),
            RequestExportError::Internal(error) => StartExportError::Internal(error),
            error @ RequestExportError::CommandReused => Internal::new(error).into(),
        })?;
        if is_far_more(total.count(), &export) {
            return Err(StartExportError::Changed);
        }
        Ok(export)
    }
}
