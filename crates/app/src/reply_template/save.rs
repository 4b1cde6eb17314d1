//! A template is written, or written anew.

use domain::ReplyTemplateId;
use domain::reply_template::{TemplateDraft, save};
use domain::staff::Permission;
use event_store::Position;
use uuid::Uuid;

use super::read::template_of;
use super::{KnownTemplate, NotWritten, WriteTemplateError};
use crate::case_log::{CaseChange, CaseError};
use crate::random::derived_id;
use crate::{App, InputProblem, Internal, OpContext};

/// A template as it was typed.
#[derive(Debug, Clone)]
pub struct SaveTemplate {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which one, and the version that its author saw; none: a new one.
    pub change_of: Option<(ReplyTemplateId, Position)>,
    /// What was typed.
    pub draft: TemplateDraft,
}

impl App {
    /// Saves a template; answers with it as it is then.
    pub async fn save_reply_template(
        &self,
        op: &OpContext,
        command: SaveTemplate,
    ) -> Result<KnownTemplate, WriteTemplateError> {
        let allowed = op.require(Permission::ManageInquiries)?;
        let command_id = command.command_id;
        let (id, written) = match command.change_of {
            None => {
                // The same in every retry, which then finds what its first try made.
                let id = ReplyTemplateId::new(derived_id(command_id, "reply template"));
                let event = save(None, id, &command.draft)?;
                let first = (command_id, id.uuid());
                let opened: Result<Position, NotWritten> =
                    self.open_case(allowed, op, first, &event, Vec::new()).await;
                (id, opened)
            }
            Some((id, expected_version)) => {
                let change = CaseChange::new(command_id, id.uuid(), expected_version);
                let changed = self.change_case(allowed, op, change, |history| {
                    let current = template_of(history);
                    save(current.as_ref(), id, &command.draft).map(|event| (event, Vec::new()))
                });
                (id, changed.await)
            }
        };
        self.template_written(id, written).await
    }

    /// How a template stands after somebody wanted to write it.
    pub(super) async fn template_written(
        &self,
        id: ReplyTemplateId,
        written: Result<Position, NotWritten>,
    ) -> Result<KnownTemplate, WriteTemplateError> {
        let now = self.reply_template(id).await?;
        match written {
            Ok(_) => now.ok_or_else(|| Internal::new(Lost).into()),
            Err(CaseError::NotFound) => Err(WriteTemplateError::NotFound),
            Err(CaseError::Stale) => Err(now.map_or(WriteTemplateError::NotFound, |now| {
                WriteTemplateError::Stale(Box::new(now))
            })),
            Err(CaseError::CommandReused) => {
                Err(WriteTemplateError::Invalid(vec![InputProblem::command_reused()]))
            }
            Err(CaseError::Refused(refused)) => Err(refused.into()),
            Err(CaseError::Internal(error)) => Err(error.into()),
        }
    }
}

/// It was written a moment ago.
#[derive(Debug, thiserror::Error)]
#[error("the template that was written is not in the log")]
struct Lost;
