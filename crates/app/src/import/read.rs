//! Looking at imports.

use chrono::{DateTime, Utc};
use domain::approval::About;
use domain::import::{ImportCounts, Mapping};
use domain::staff::Permission;
use domain::{ImportId, JobId};
use storage::approval::{self, ApprovalRow};
use storage::import::{self as table, Import};
use storage::import_row::{self as rows, ImportRowCount, Which};
use storage::job::Job;
use storage::{import_file, import_mapping};

use super::content::{ImportLabel, subject};
use super::map::headings_key;
use crate::{App, Forbidden, Guarded, Internal, OpContext};

/// Everything about one import but what was found in its rows.
pub struct ImportDetail {
    /// As it stands.
    pub import: Import,
    /// Its file; none: it was destroyed.
    pub file: Option<Guarded<ImportFile>>,
    /// The job that tries it out.
    pub trial_job: Option<Job>,
    /// The job that carries it out.
    pub run_job: Option<Job>,
    /// How often what was found in the trial.
    pub found: Vec<ImportRowCount>,
    /// Why it was begun; none: it was not, or the key was destroyed.
    pub reason: Option<String>,
    /// How far the run is; `rows` are those that are gone through.
    pub progress: Option<ImportCounts>,
    /// The newest request for a second person.
    pub approval: Option<ApprovalRow>,
    /// An import of more rows than this needs a second person.
    pub approval_above: u32,
}

/// The file of an import.
#[derive(Clone, PartialEq, Eq)]
pub struct ImportFile {
    /// What it is called and how its sheets begin.
    pub label: ImportLabel,
    /// For each sheet how it is read: as the last file with the same headings was, else by the names of its columns.
    pub suggested: Vec<Mapping>,
}

/// Some imports, the newest first.
pub struct ImportPage {
    /// They, each with the job that it is at.
    pub imports: Vec<(Import, Option<Job>)>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// Something that was found in one row.
pub struct FoundRow {
    /// Its place among what was found, from 1.
    pub ordinal: u32,
    /// Which row of the file, from 1 after the headings.
    pub row: u64,
    /// Whether the row is refused; else it is taken over with a warning.
    pub refused: bool,
    /// Why: a stable code.
    pub code: String,
    /// The column of a register; none: it is about the whole row.
    pub heading: Option<String>,
    /// What stands there.
    pub found: Guarded<String>,
}

/// Why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
pub enum ReadImportsError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// The job that it is at.
fn job_at(import: &Import) -> Option<JobId> {
    let run = import.started.as_ref().map(|started| started.run_job);
    run.or_else(|| import.reading.as_ref().map(|reading| reading.trial_job))
}

impl App {
    /// One import; none when there is none.
    pub async fn import(
        &self,
        op: &OpContext,
        id: ImportId,
    ) -> Result<Option<ImportDetail>, ReadImportsError> {
        op.require(Permission::ReadDeclarations)?;
        let database = self.store.database();
        let Some(import) = table::load(database, id).await.map_err(Internal::new)? else {
            return Ok(None);
        };
        let trial = import.reading.as_ref().map(|reading| reading.trial_job);
        let run = import.started.as_ref().map(|started| started.run_job);
        let trial_job = self.job_of(trial).await?;
        let run_job = self.job_of(run).await?;
        // Once more, after its jobs: what one that is done wrote of it stands there.
        let Some(import) = table::load(database, id).await.map_err(Internal::new)? else {
            return Ok(None);
        };
        let found = match trial {
            Some(trial) => rows::counts(database, trial).await,
            None => Ok(Vec::new()),
        };
        let approvals = approval::about(database, &[About::Import(id)]).await;
        let progress = import_file::progress(database, id).await;
        let reason = match run {
            Some(_) => self.import_reason(id).await?,
            None => None,
        };
        Ok(Some(ImportDetail {
            file: self.import_file(op, id).await?,
            trial_job,
            run_job,
            reason,
            found: found.map_err(Internal::new)?,
            progress: progress.map_err(Internal::new)?.filter(|_| run.is_some()),
            approval: approvals.map_err(Internal::new)?.into_iter().next(),
            approval_above: self.bulk_rules.import_approval_above,
            import,
        }))
    }

    /// Imports before a place in the list, the newest first.
    pub async fn imports(
        &self,
        op: &OpContext,
        before: Option<(DateTime<Utc>, ImportId)>,
        limit: u32,
    ) -> Result<ImportPage, ReadImportsError> {
        op.require(Permission::ReadDeclarations)?;
        let database = self.store.database();
        let found = table::newest(database, before, limit.saturating_add(1)).await;
        let found = found.map_err(Internal::new)?;
        let page = self.with_jobs(found, limit, job_at).await?;
        Ok(ImportPage {
            imports: page.things,
            has_more: page.has_more,
        })
    }

    /// What the trial of an import found after a place.
    pub async fn import_rows(
        &self,
        op: &OpContext,
        id: ImportId,
        which: Which<'_>,
        after: u32,
        limit: u32,
    ) -> Result<Vec<FoundRow>, ReadImportsError> {
        op.require(Permission::ReadDeclarations)?;
        let database = self.store.database();
        let import = table::load(database, id).await.map_err(Internal::new)?;
        let Some(trial) = import.and_then(|it| it.reading).map(|it| it.trial_job) else {
            return Ok(Vec::new());
        };
        let page = rows::page(database, trial, which, after, limit).await;
        let mut found = Vec::new();
        for row in page.map_err(Internal::new)? {
            let text = if op.may(Permission::ReadPersonal) {
                self.open_found(id, trial, row.ordinal, &row.found).await?
            } else {
                None
            };
            found.push(FoundRow {
                ordinal: row.ordinal,
                row: row.row,
                refused: row.refused,
                code: row.code,
                heading: row.heading,
                found: op.reveal_import_rows(id.uuid(), || match text {
                    Some(text) => Guarded::Open(text),
                    None => Guarded::Forgotten(subject(id).0),
                }),
            });
        }
        Ok(found)
    }

    async fn import_file(
        &self,
        op: &OpContext,
        id: ImportId,
    ) -> Result<Option<Guarded<ImportFile>>, Internal> {
        if !op.may(Permission::ReadPersonal) {
            return Ok(Some(Guarded::Withheld(Permission::ReadPersonal)));
        }
        let Some(label) = self.import_label(id).await? else {
            return Ok(None);
        };
        let mut suggested = Vec::new();
        for sheet in &label.sheets {
            let known = import_mapping::find(self.store.database(), &headings_key(&sheet.headings)).await;
            let known = known.map_err(Internal::new)?;
            suggested.push(known.unwrap_or_else(|| Mapping::by_name(&sheet.headings)));
        }
        let file = ImportFile { label, suggested };
        Ok(Some(op.reveal_import(id.uuid(), || Guarded::Open(file))))
    }
}
