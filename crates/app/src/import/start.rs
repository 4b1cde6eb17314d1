//! Beginning an import that was tried out; above a limit, with a second person.

use domain::import::{ImportEvent, Started};
use domain::staff::Permission;
use domain::text::{self, Lines, TextProblem};
use domain::{ImportId, JobId};
use event_store::{Append, AppendError};
use storage::import::{self as table, Import, ImportMovedOn};
use uuid::Uuid;

use crate::approval::{Act, Consent};
use crate::random::derived_id;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Characters of a reason.
const LONGEST_REASON: usize = 1_000;

/// Begins an import.
#[derive(Clone)]
pub struct StartImport {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which.
    pub id: ImportId,
    /// The trial that its author looked at.
    pub trial_job: JobId,
    /// Why.
    pub reason: String,
}

/// Why an import cannot be begun as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StartImportRefusal {
    /// It was not tried out to an end.
    #[error("the import was not tried out")]
    NotTried,
    /// No row would be taken over.
    #[error("no row would be taken over")]
    NothingToDo,
    /// It was discarded.
    #[error("the import was discarded")]
    Discarded,
}

impl StartImportRefusal {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotTried => "not_tried",
            Self::NothingToDo => "nothing_to_do",
            Self::Discarded => "import_discarded",
        }
    }

    /// One sentence for whoever wanted it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::NotTried => "試行が終わっていません。終わってから、もう一度開始してください。",
            Self::NothingToDo => "取り込まれる行がありません。ファイルか列の対応を見直してください。",
            Self::Discarded => "この取り込みは破棄されています。ファイルを選び直してください。",
        }
    }
}

/// Why an import was not begun.
#[derive(Debug, thiserror::Error)]
pub enum StartImportError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such import.
    #[error("there is no import {0}")]
    NotFound(ImportId),
    /// It cannot be begun as it stands.
    #[error(transparent)]
    Refused(#[from] StartImportRefusal),
    /// What was typed has problems.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// It takes over so many rows that a second person has to agree.
    #[error("the import of {count} rows needs a second person")]
    NeedsApproval {
        /// Rows that would be taken over.
        count: u64,
        /// So many may be taken over without.
        limit: u32,
    },
    /// It was tried out in another way since its author looked.
    #[error("the import was tried out in another way since")]
    TriedAnew,
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Begins an import. Begun twice, it is begun once.
    pub async fn start_import(&self, op: &OpContext, command: StartImport) -> Result<(), StartImportError> {
        self.start_import_with(op, command, Consent::of(op)).await
    }

    pub(crate) async fn start_import_with(
        &self,
        op: &OpContext,
        command: StartImport,
        consent: Consent,
    ) -> Result<(), StartImportError> {
        op.require(Permission::ImportDeclarations)?;
        let import = self.import_to_start(command.id).await?;
        if import.started.is_some() {
            return if is_of(&import, command.trial_job) {
                Ok(())
            } else {
                Err(StartImportError::TriedAnew)
            };
        }
        if let Some(problem) = reason_problem(&command.reason) {
            return Err(StartImportError::Invalid(vec![problem]));
        }
        let count = ready_to_start(&import, command.trial_job)?;
        let limit = self.bulk_rules.import_approval_above;
        if count > u64::from(limit) && consent == Consent::None {
            return Err(StartImportError::NeedsApproval { count, limit });
        }
        let said = ImportEvent::Started(Started {
            import_id: import.id,
            trial_job_id: command.trial_job,
            run_job_id: JobId::new(derived_id(import.id.uuid(), "run")),
        });
        let part = self.import_reason_part(import.id, &command.reason).await?;
        let append = Append {
            command_id: command.command_id,
            actor: op.actor().to_string(),
            correlation_id: import.id.uuid(),
            reason: None,
            events: vec![self.import_event(&said, vec![part])?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(()),
            // In another window, at the same moment: the same trial, or another one.
            Err(AppendError::Inline { source, .. }) if source.is::<ImportMovedOn>() => {
                let now = self.import_to_start(command.id).await?;
                if now.started.is_some() && is_of(&now, command.trial_job) {
                    Ok(())
                } else {
                    Err(StartImportError::TriedAnew)
                }
            }
            Err(AppendError::CommandReused { .. }) => Err(StartImportError::CommandReused),
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    /// Whether it could be begun now, and how many rows it would take over. Nothing is written.
    pub(crate) async fn try_import(&self, id: ImportId, trial: JobId) -> Result<u64, StartImportError> {
        let import = self.import_to_start(id).await?;
        ready_to_start(&import, trial)
    }

    /// What a second person would be asked to agree to; none: there is no such import, or it was not tried out.
    pub async fn import_act(
        &self,
        id: ImportId,
        trial_job: JobId,
        reason: String,
    ) -> Result<Option<Act>, Internal> {
        let found = table::load(self.store.database(), id).await;
        let import = found.map_err(Internal::new)?;
        Ok(import.and_then(|it| it.tried).map(|tried| Act::Import {
            import_id: id,
            trial_job,
            count: tried.accepted,
            reason,
        }))
    }

    async fn import_to_start(&self, id: ImportId) -> Result<Import, StartImportError> {
        let found = table::load(self.store.database(), id).await;
        found
            .map_err(Internal::new)?
            .ok_or(StartImportError::NotFound(id))
    }
}

fn is_of(import: &Import, trial: JobId) -> bool {
    import
        .reading
        .as_ref()
        .is_some_and(|reading| reading.trial_job == trial)
}

fn ready_to_start(import: &Import, trial: JobId) -> Result<u64, StartImportError> {
    if import.discarded {
        return Err(StartImportRefusal::Discarded.into());
    }
    let Some(tried) = import.tried else {
        return Err(StartImportRefusal::NotTried.into());
    };
    if !is_of(import, trial) {
        return Err(StartImportError::TriedAnew);
    }
    if tried.accepted == 0 {
        return Err(StartImportRefusal::NothingToDo.into());
    }
    Ok(tried.accepted)
}

fn reason_problem(reason: &str) -> Option<InputProblem> {
    match text::check(reason, LONGEST_REASON, Lines::Many) {
        Ok(()) => None,
        Err(TextProblem::Empty) => Some(InputProblem::new("reason", "empty", "理由を入力してください。")),
        Err(refused) => Some(InputProblem::new("reason", refused.code(), refused.japanese())),
    }
}
