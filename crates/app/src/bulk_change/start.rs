//! Beginning a bulk change that was tried out; above a limit, with a second person.

use domain::bulk_change::{BulkChangeEvent, Outcome, Started};
use domain::job::JobState;
use domain::staff::Permission;
use domain::{BulkChangeId, JobId};
use event_store::{Append, AppendError};
use storage::bulk_change::{self as table, BulkChange, NotBegun};
use storage::bulk_change_row::{self as rows, Pass};
use storage::job;
use uuid::Uuid;

use super::freeze::selection_hash;
use super::{BulkContent, ChosenBy, FreezeBulkChangeError};
use crate::approval::{Act, Consent};
use crate::random::derived_id;
use crate::{App, Forbidden, Internal, OpContext};

/// Begins a bulk change.
#[derive(Debug, Clone, Copy)]
pub struct StartBulkChange {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which.
    pub id: BulkChangeId,
}

/// Why a bulk change cannot be begun as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StartRefusal {
    /// It was not tried out to an end.
    #[error("the bulk change was not tried out")]
    NotTried,
    /// No record would be changed.
    #[error("no record would be changed")]
    NothingToDo,
}

impl StartRefusal {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotTried => "not_tried",
            Self::NothingToDo => "nothing_to_do",
        }
    }

    /// One sentence for whoever wanted it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::NotTried => "試行が終わっていません。終わってから、もう一度開始してください。",
            Self::NothingToDo => "変更される宣言がありません。対象か変更の内容を見直してください。",
        }
    }
}

/// Why a bulk change was not begun.
#[derive(Debug, thiserror::Error)]
pub enum StartBulkChangeError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such bulk change.
    #[error("there is no bulk change {0}")]
    NotFound(BulkChangeId),
    /// It cannot be begun as it stands.
    #[error(transparent)]
    Refused(#[from] StartRefusal),
    /// It changes so many records that a second person has to agree.
    #[error("the change of {count} records needs a second person")]
    NeedsApproval {
        /// Records that would be changed.
        count: u32,
        /// So many may be changed without.
        limit: u32,
    },
    /// The filter leaves other records now.
    #[error("the filter leaves {now} records that are not the chosen ones")]
    SelectionChanged {
        /// So many.
        now: u32,
    },
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Begins a bulk change. Begun twice, it is begun once.
    pub async fn start_bulk_change(
        &self,
        op: &OpContext,
        command: StartBulkChange,
    ) -> Result<(), StartBulkChangeError> {
        self.start_bulk_change_with(op, command, Consent::of(op)).await
    }

    pub(crate) async fn start_bulk_change_with(
        &self,
        op: &OpContext,
        command: StartBulkChange,
        consent: Consent,
    ) -> Result<(), StartBulkChangeError> {
        let change = self.bulk_to_start(op, command.id).await?;
        if change.started.is_some() {
            return Ok(());
        }
        let count = self.ready_to_start(op, &change).await?;
        let limit = self.bulk_rules.approval_above;
        if count > limit && consent == Consent::None {
            return Err(StartBulkChangeError::NeedsApproval { count, limit });
        }
        let said = BulkChangeEvent::Started(Started {
            bulk_change_id: change.id,
            run_job_id: JobId::new(derived_id(change.id.uuid(), "run")),
        });
        let append = Append {
            command_id: command.command_id,
            actor: op.actor().to_string(),
            correlation_id: change.id.uuid(),
            reason: None,
            events: vec![self.bulk_event(&said, Vec::new())?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(()),
            // In another window, at the same moment.
            Err(AppendError::Inline { source, .. }) if source.is::<NotBegun>() => Ok(()),
            Err(AppendError::CommandReused { .. }) => Err(StartBulkChangeError::CommandReused),
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    /// Whether it could be begun now, and how many records it would change. Whoever asked has the right; the second person need not. Nothing
    /// is written.
    pub(crate) async fn try_bulk_change(
        &self,
        op: &OpContext,
        id: BulkChangeId,
    ) -> Result<u32, StartBulkChangeError> {
        let found = table::load(self.store.database(), id).await;
        let found = found.map_err(Internal::new)?;
        let change = found.ok_or(StartBulkChangeError::NotFound(id))?;
        self.ready_to_start(op, &change).await
    }

    /// What a second person would be asked to agree to; none: there is no such bulk change.
    pub async fn bulk_change_act(&self, id: BulkChangeId) -> Result<Option<Act>, Internal> {
        let database = self.store.database();
        let Some(change) = table::load(database, id).await.map_err(Internal::new)? else {
            return Ok(None);
        };
        let count = self.would_change(&change).await?;
        Ok(Some(Act::ChangeMany {
            bulk_change_id: id,
            action: change.action,
            count,
            selection_hash: change.selection_hash,
        }))
    }

    async fn would_change(&self, change: &BulkChange) -> Result<u32, Internal> {
        let counts = rows::counts(self.store.database(), change.id, Pass::Trial).await;
        let counts = counts.map_err(Internal::new)?;
        let changed = counts.iter().find(|(of, _)| *of == Some(Outcome::Changed));
        Ok(changed.map_or(0, |(_, count)| *count))
    }

    async fn bulk_to_start(
        &self,
        op: &OpContext,
        id: BulkChangeId,
    ) -> Result<BulkChange, StartBulkChangeError> {
        op.require(Permission::ChangeMany)?;
        let found = table::load(self.store.database(), id).await;
        let Some(change) = found.map_err(Internal::new)? else {
            return Err(StartBulkChangeError::NotFound(id));
        };
        op.require(change.action.permission())?;
        Ok(change)
    }

    /// How many records would be changed, if it can be begun.
    async fn ready_to_start(&self, op: &OpContext, change: &BulkChange) -> Result<u32, StartBulkChangeError> {
        let database = self.store.database();
        let trial = job::load(database, change.trial_job)
            .await
            .map_err(Internal::new)?;
        if trial.is_none_or(|trial| trial.state != JobState::Done) {
            return Err(StartRefusal::NotTried.into());
        }
        let count = self.would_change(change).await?;
        if count == 0 {
            return Err(StartRefusal::NothingToDo.into());
        }
        self.still_matches(op, change).await?;
        Ok(count)
    }

    /// Whether the filter still leaves the records that were chosen: whoever looked at the trial looked at these.
    async fn still_matches(&self, op: &OpContext, change: &BulkChange) -> Result<(), StartBulkChangeError> {
        let content = self.bulk_content(change.id).await?;
        let Some(BulkContent {
            chosen_by: ChosenBy::Filter { filter, search },
            ..
        }) = content
        else {
            return Ok(());
        };
        let now = match self.matching(op, &filter, search.as_deref()).await {
            Ok(now) => now,
            // None at all, or more than can be changed at once.
            Err(FreezeBulkChangeError::Invalid(_)) => Vec::new(),
            Err(FreezeBulkChangeError::Forbidden(refused)) => return Err(refused.into()),
            Err(FreezeBulkChangeError::Internal(error)) => return Err(error.into()),
            Err(error @ FreezeBulkChangeError::CommandReused) => return Err(Internal::new(error).into()),
        };
        if selection_hash(&now) == change.selection_hash {
            return Ok(());
        }
        Err(StartBulkChangeError::SelectionChanged {
            now: u32::try_from(now.len()).unwrap_or(u32::MAX),
        })
    }
}
