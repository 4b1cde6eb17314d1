//! Taking a bulk change back by another one: about the records that it changed, tried out and carried out like every other.

use chrono::TimeDelta;
use domain::BulkChangeId;
use domain::bulk_change::{BulkAction, Outcome};
use domain::job::JobState;
use domain::staff::Permission;
use event_store::Position;
use storage::bulk_change::{self as table, BulkChange};
use storage::bulk_change_row::{self as rows, Chosen, Judged, Pass};
use storage::job;
use uuid::Uuid;

use super::freeze::bulk_change_id;
use super::row::row_command;
use super::work::BATCH;
use super::{BulkContent, ChosenBy, FreezeBulkChangeError};
use crate::{App, InputProblem, Internal, OpContext};

/// For so many days a bulk change can be taken back.
pub const UNDO_DAYS: i64 = 30;
/// Rows that are read at once.
const PAGE: u32 = 2_000;

/// Takes a bulk change back.
#[derive(Clone)]
pub struct UndoBulkChange {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which.
    pub id: BulkChangeId,
    /// Why.
    pub reason: String,
}

/// Why a bulk change is not taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoBulkChangeError {
    /// There is no such bulk change.
    #[error("there is no bulk change {0}")]
    NotFound(BulkChangeId),
    /// As for every other.
    #[error(transparent)]
    Freeze(#[from] FreezeBulkChangeError),
}

impl From<Internal> for UndoBulkChangeError {
    fn from(error: Internal) -> Self {
        Self::Freeze(error.into())
    }
}

impl App {
    /// Chooses the records that a bulk change changed, to take back what it did to each where nothing later rests on it.
    pub async fn undo_bulk_change(
        &self,
        op: &OpContext,
        command: UndoBulkChange,
    ) -> Result<BulkChangeId, UndoBulkChangeError> {
        op.require(Permission::ChangeMany)
            .map_err(FreezeBulkChangeError::from)?;
        let database = self.store.database();
        let found = table::load(database, command.id).await.map_err(Internal::new)?;
        let change = found.ok_or(UndoBulkChangeError::NotFound(command.id))?;
        op.require(change.action.permission())
            .map_err(FreezeBulkChangeError::from)?;
        let content = BulkContent {
            action: BulkAction::Undo {
                of: change.id,
                reason: command.reason,
            },
            chosen_by: ChosenBy::Undo,
        };
        let earlier = self.store.receipt(command.command_id).await;
        if earlier.map_err(Internal::new)?.is_some() {
            let id = bulk_change_id(command.command_id);
            return Ok(self.frozen_before(id, &content).await?);
        }
        let mut problems: Vec<InputProblem> = content.action.problems().into_iter().map(Into::into).collect();
        problems.extend(self.why_not_undone(op, &change).await?);
        if !problems.is_empty() {
            return Err(FreezeBulkChangeError::Invalid(problems).into());
        }
        self.note_what_was_written(change.id).await?;
        let chosen = self.changed_by(change.id).await?;
        if chosen.is_empty() {
            return Err(FreezeBulkChangeError::Invalid(vec![nothing_done()]).into());
        }
        Ok(self.freeze(op, command.command_id, &content, &chosen).await?)
    }

    /// Whether there is anything that can be taken back of a bulk change, and until when it can be.
    pub(super) async fn why_not_undone(
        &self,
        op: &OpContext,
        change: &BulkChange,
    ) -> Result<Option<InputProblem>, Internal> {
        if !change.action.can_be_undone() {
            return Ok(Some(not_undoable()));
        }
        let Some(started) = &change.started else {
            return Ok(Some(nothing_done()));
        };
        if op.now() >= started.at + TimeDelta::days(UNDO_DAYS) {
            return Ok(Some(too_late()));
        }
        let job = job::load(self.store.database(), started.run_job).await;
        let job = job.map_err(Internal::new)?;
        let runs = job.is_some_and(|job| matches!(job.state, JobState::Ready | JobState::Running));
        Ok(runs.then(still_running))
    }

    /// A process that ended after it had written some records, and before it said so, does not say so any more when the job was stopped before it
    /// went on. They are among the next that it would have judged.
    async fn note_what_was_written(&self, id: BulkChangeId) -> Result<(), Internal> {
        let database = self.store.database();
        let open = rows::open(database, id, Pass::Run, 0, BATCH).await;
        let mut written = Vec::new();
        for row in open.map_err(Internal::new)? {
            let command_id = row_command(id, row.declaration_id);
            let receipt = self.store.receipt(command_id).await.map_err(Internal::new)?;
            written.extend(receipt.map(|_| Judged {
                ordinal: row.ordinal,
                outcome: Outcome::Changed,
                code: None,
                message: None,
                differences: row.differences,
            }));
        }
        let noted = rows::judge(database, id, Pass::Run, &written).await;
        noted.map_err(Internal::new)
    }

    async fn changed_by(&self, id: BulkChangeId) -> Result<Vec<Chosen>, Internal> {
        let mut chosen = Vec::new();
        let mut after = 0;
        let of = Some((Pass::Run, Outcome::Changed));
        loop {
            let page = rows::page(self.store.database(), id, of, after, PAGE).await;
            let page = page.map_err(Internal::new)?;
            let Some(last) = page.last() else { break };
            after = last.ordinal;
            chosen.extend(page.iter().map(|row| Chosen {
                declaration_id: row.declaration_id,
                // What is taken back is judged on everything that happened since.
                version: Position::START,
            }));
        }
        Ok(chosen)
    }
}

fn not_undoable() -> InputProblem {
    InputProblem::new("id", "not_undoable", "この一括変更は元に戻せません。")
}

fn nothing_done() -> InputProblem {
    let text = "この一括変更で変更された宣言はないため、元に戻すものがありません。";
    InputProblem::new("id", "nothing_done", text)
}

fn too_late() -> InputProblem {
    let text = format!("元に戻せる期間（{UNDO_DAYS}日）を過ぎました。改めて一括変更を行ってください。");
    InputProblem::new("id", "undo_too_late", text)
}

fn still_running() -> InputProblem {
    let text = "実行中の一括変更は元に戻せません。終わるのを待つか、停止してから、元に戻してください。";
    InputProblem::new("id", "still_running", text)
}
