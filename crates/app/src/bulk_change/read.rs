//! Looking at bulk changes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::approval::About;
use domain::bulk_change::Outcome;
use domain::staff::Permission;
use domain::{BulkChangeId, JobId};
use storage::approval::{self, ApprovalRow};
use storage::bulk_change::{self as table, BulkChange};
use storage::bulk_change_row::{self as rows, BulkRow, Pass};
use storage::job::Job;
use uuid::Uuid;

use super::BulkContent;
use crate::{App, Forbidden, Internal, OpContext};

/// Everything about one bulk change but its records.
#[derive(Clone)]
pub struct BulkDetail {
    /// As it stands.
    pub change: BulkChange,
    /// What is done and why; none: its key was destroyed.
    pub content: Option<BulkContent>,
    /// The job that tries it out.
    pub trial_job: Option<Job>,
    /// The job that carries it out.
    pub run_job: Option<Job>,
    /// How many records have which outcome in the trial; none: not known yet.
    pub trial: Vec<(Option<Outcome>, u32)>,
    /// The same of what was done.
    pub result: Vec<(Option<Outcome>, u32)>,
    /// Those that take it back, the newest first.
    pub undone_by: Vec<BulkChange>,
    /// The newest request for a second person.
    pub approval: Option<ApprovalRow>,
    /// Whether it can be taken back.
    pub can_be_undone: bool,
    /// A change of more records than this needs a second person.
    pub approval_above: u32,
}

/// Some bulk changes, the newest first.
#[derive(Debug, Clone)]
pub struct BulkPage {
    /// They, each with the job that it is at.
    pub changes: Vec<(BulkChange, Option<Job>)>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// Why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
pub enum ReadBulkChangesError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// The job that it is at.
fn job_at(change: &BulkChange) -> JobId {
    let started = change.started.as_ref();
    started.map_or(change.trial_job, |started| started.run_job)
}

impl App {
    /// One bulk change; none when there is none.
    pub async fn bulk_change(
        &self,
        op: &OpContext,
        id: BulkChangeId,
    ) -> Result<Option<BulkDetail>, ReadBulkChangesError> {
        op.require(Permission::ReadDeclarations)?;
        let database = self.store.database();
        let Some(change) = table::load(database, id).await.map_err(Internal::new)? else {
            return Ok(None);
        };
        let run = change.started.as_ref().map(|started| started.run_job);
        // Before what they write: of a job that is done, all is counted then.
        let trial_job = self.job_of(Some(change.trial_job)).await?;
        let run_job = self.job_of(run).await?;
        let trial = rows::counts(database, id, Pass::Trial).await;
        let result = rows::counts(database, id, Pass::Run).await;
        let approvals = approval::about(database, &[About::BulkChange(id)]).await;
        let undone_by = table::undoing(database, id).await.map_err(Internal::new)?;
        Ok(Some(BulkDetail {
            content: self.bulk_content(id).await?,
            trial_job,
            run_job,
            trial: trial.map_err(Internal::new)?,
            result: result.map_err(Internal::new)?,
            can_be_undone: self.why_not_undone(op, &change).await?.is_none(),
            undone_by,
            approval: approvals.map_err(Internal::new)?.into_iter().next(),
            approval_above: self.bulk_rules.approval_above,
            change,
        }))
    }

    /// Bulk changes before a place in the list, the newest first.
    pub async fn bulk_changes(
        &self,
        op: &OpContext,
        before: Option<(DateTime<Utc>, BulkChangeId)>,
        limit: u32,
    ) -> Result<BulkPage, ReadBulkChangesError> {
        op.require(Permission::ReadDeclarations)?;
        let database = self.store.database();
        let found = table::newest(database, before, limit.saturating_add(1)).await;
        let found = found.map_err(Internal::new)?;
        let page = self
            .with_jobs(found, limit, |change| Some(job_at(change)))
            .await?;
        Ok(BulkPage {
            changes: page.things,
            has_more: page.has_more,
        })
    }

    /// Records of a bulk change after a place: all, or those of one outcome.
    pub async fn bulk_rows(
        &self,
        op: &OpContext,
        id: BulkChangeId,
        of: Option<(Pass, Outcome)>,
        after: u32,
        limit: u32,
    ) -> Result<Vec<BulkRow>, ReadBulkChangesError> {
        op.require(Permission::ReadDeclarations)?;
        let page = rows::page(self.store.database(), id, of, after, limit).await;
        Ok(page.map_err(Internal::new)?)
    }

    /// Those of these ids that are of bulk changes, for one look-up of a whole page.
    pub async fn bulk_changes_of(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, BulkChange>, Internal> {
        let found = table::by_ids(self.store.database(), ids).await;
        let found = found.map_err(Internal::new)?;
        Ok(found.into_iter().map(|it| (it.id.uuid(), it)).collect())
    }
}
