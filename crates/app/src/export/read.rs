//! Looking at exports: one's own, and for whoever may audit, everybody's.

use chrono::{DateTime, Utc};
use domain::ExportId;
use domain::approval::About;
use domain::export::{ExportEvent, ExportPart, TAG_EXPORT};
use domain::staff::Permission;
use event_store::{Position, Query, Tag};
use storage::approval::{self, ApprovalRow};
use storage::export::{self as table, Export};
use storage::job::Job;

use super::ExportContent;
use crate::{App, Forbidden, Internal, OpContext};

/// Takings that are told of one export.
const TAKINGS_MAX: usize = 100;

/// Everything about one export but its file.
#[derive(Clone)]
pub struct ExportDetail {
    /// As it stands.
    pub export: Export,
    /// What the view is narrowed to, and what the file is for; none: the key was destroyed.
    pub content: Option<ExportContent>,
    /// The job that makes it.
    pub job: Option<Job>,
    /// The request for a second person.
    pub approval: Option<ApprovalRow>,
    /// Each time that it was taken, the newest first.
    pub takings: Vec<Taking>,
    /// Whether the reader asked for it.
    pub is_mine: bool,
}

/// That something was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taking {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub part: ExportPart,
    /// Who, as in the actor of events.
    pub by: String,
}

/// Whose exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportsOf {
    /// The reader's own.
    Reader,
    /// Everybody's.
    Everybody,
}

/// Some exports, the newest first.
#[derive(Debug, Clone)]
pub struct ExportPage {
    /// They, each with its job.
    pub exports: Vec<(Export, Option<Job>)>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// Why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
pub enum ReadExportsError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// One export; none when there is none that the reader may see.
    pub async fn export(
        &self,
        op: &OpContext,
        id: ExportId,
    ) -> Result<Option<ExportDetail>, ReadExportsError> {
        op.require(Permission::ReadDeclarations)?;
        let database = self.store.database();
        let Some(export) = table::load(database, id).await.map_err(Internal::new)? else {
            return Ok(None);
        };
        let is_mine = export.requested_by == op.actor().to_string();
        if !is_mine && !op.may(Permission::ReadAudit) {
            return Ok(None);
        }
        let job = self.job_of(export.job).await?;
        // Once more, after its job: what one that is done wrote of it stands there.
        let Some(export) = table::load(database, id).await.map_err(Internal::new)? else {
            return Ok(None);
        };
        let approvals = approval::about(database, &[About::Export(id)]).await;
        Ok(Some(ExportDetail {
            content: self.export_content(id).await?,
            approval: approvals.map_err(Internal::new)?.into_iter().next(),
            takings: self.takings(id).await?,
            job,
            is_mine,
            export,
        }))
    }

    async fn takings(&self, id: ExportId) -> Result<Vec<Taking>, Internal> {
        let tag = Tag::new(TAG_EXPORT, id).map_err(Internal::new)?;
        let events = self
            .store
            .read(&Query::tagged(tag), Position::START, u32::MAX)
            .await;
        let events = events.map_err(Internal::new)?;
        let mut takings = Vec::new();
        for event in events.iter().rev() {
            let said = ExportEvent::decode(&event.event_type, event.schema_version, &event.data);
            if let ExportEvent::Taken { part, .. } = said.map_err(Internal::new)? {
                takings.push(Taking {
                    at: event.recorded_at,
                    part,
                    by: event.actor.clone(),
                });
            }
        }
        takings.truncate(TAKINGS_MAX);
        Ok(takings)
    }

    /// Exports before a place in the list, the newest first.
    pub async fn exports(
        &self,
        op: &OpContext,
        of: ExportsOf,
        before: Option<(DateTime<Utc>, ExportId)>,
        limit: u32,
    ) -> Result<ExportPage, ReadExportsError> {
        let me = op.actor().to_string();
        let of = match of {
            ExportsOf::Everybody => {
                op.require(Permission::ReadAudit)?;
                None
            }
            ExportsOf::Reader => {
                op.require(Permission::ExportDeclarations)?;
                Some(me.as_str())
            }
        };
        let database = self.store.database();
        let found = table::newest(database, of, before, limit.saturating_add(1)).await;
        let found = found.map_err(Internal::new)?;
        let page = self.with_jobs(found, limit, |export| export.job).await?;
        Ok(ExportPage {
            exports: page.things,
            has_more: page.has_more,
        })
    }
}
