//! Saying how a file is read: from then on it is tried out so.

use domain::import::{ImportEvent, Mapped, Mapping, MappingProblem, fold_headings};
use domain::job::JobState;
use domain::legacy_register::HEADINGS;
use domain::staff::Permission;
use domain::{ImportId, JobId};
use event_store::{Append, AppendError};
use sha2::{Digest as _, Sha256};
use storage::import::{self as table, Import, ImportMovedOn};
use storage::{import_mapping, job};
use uuid::Uuid;

use crate::random::derived_id;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// How a file is read.
#[derive(Debug, Clone)]
pub struct MapImport {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which import.
    pub id: ImportId,
    /// Of a workbook: which of its visible sheets, from 0.
    pub sheet: u16,
    /// For each column of a register, in the order of its headings, which column of the file, from 0.
    pub places: Vec<Option<u16>>,
}

/// Why it is read as before.
#[derive(Debug, thiserror::Error)]
pub enum MapImportError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such import.
    #[error("there is no import {0}")]
    NotFound(ImportId),
    /// It was begun or discarded, is being tried out, or its file was destroyed.
    #[error("the import is not in a state for that")]
    OtherState,
    /// Columns are missing, or chosen twice.
    #[error("what was asked for has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Says how a file is read, and has it tried out by a job. Nothing of it is in the register yet.
    pub async fn map_import(&self, op: &OpContext, command: MapImport) -> Result<(), MapImportError> {
        op.require(Permission::ImportDeclarations)?;
        let database = self.store.database();
        let found = table::load(database, command.id).await;
        let import = found
            .map_err(Internal::new)?
            .ok_or(MapImportError::NotFound(command.id))?;
        let trial_job_id = JobId::new(derived_id(command.command_id, "import trial"));
        if import
            .reading
            .as_ref()
            .is_some_and(|it| it.trial_job == trial_job_id)
        {
            return Ok(());
        }
        self.may_be_mapped(&import).await?;
        let label = self.import_label(import.id).await?;
        let label = label.ok_or(MapImportError::OtherState)?;
        let sheet = label.sheets.into_iter().find(|it| it.place == command.sheet);
        let sheet = sheet.ok_or_else(|| MapImportError::Invalid(vec![no_sheet()]))?;
        let mapping = Mapping::of(&command.places).ok_or_else(|| MapImportError::Invalid(vec![shape()]))?;
        let problems = mapping.problems(sheet.headings.len());
        if !problems.is_empty() {
            let problems = problems.into_iter().map(at_column).collect();
            return Err(MapImportError::Invalid(problems));
        }
        let said = ImportEvent::Mapped(Mapped {
            import_id: import.id,
            sheet: command.sheet,
            places: mapping.places(),
            trial_job_id,
        });
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
                return Err(MapImportError::OtherState);
            }
            Err(AppendError::CommandReused { .. }) => return Err(MapImportError::CommandReused),
            Err(error) => return Err(Internal::new(error).into()),
        }
        let by = op.actor().to_string();
        let key = headings_key(&sheet.headings);
        let kept = import_mapping::keep(database, &key, &mapping, &by, op.now());
        Ok(kept.await.map_err(Internal::new)?)
    }

    async fn may_be_mapped(&self, import: &Import) -> Result<(), MapImportError> {
        if import.started.is_some() || import.discarded {
            return Err(MapImportError::OtherState);
        }
        let Some(reading) = &import.reading else {
            return Ok(());
        };
        let trial = job::load(self.store.database(), reading.trial_job).await;
        let runs = |state| matches!(state, JobState::Ready | JobState::Running);
        if trial
            .map_err(Internal::new)?
            .is_some_and(|trial| runs(trial.state))
        {
            return Err(MapImportError::OtherState);
        }
        Ok(())
    }
}

/// By which files with the same headings are known.
pub(super) fn headings_key(headings: &[String]) -> String {
    hex::encode(Sha256::digest(fold_headings(headings)))
}

fn at_column(problem: MappingProblem) -> InputProblem {
    let column = HEADINGS.iter().position(|it| *it == problem.heading());
    let field = format!("places.{}", column.unwrap_or_default());
    InputProblem::new(field, problem.code(), problem.japanese())
}

fn no_sheet() -> InputProblem {
    InputProblem::new("sheet", "sheet_unknown", "取り込むシートを選んでください。")
}

fn shape() -> InputProblem {
    let text = "列の対応を読み取れません。画面を開き直してから、もう一度選んでください。";
    InputProblem::new("places", "shape", text)
}
