//! The inbox of requests, and one with what it asks for.

use chrono::{DateTime, Utc};
use domain::ApprovalId;
use domain::approval::{Approval, ApprovalEvent, PART_CONTENT, PART_REASON, TAG_APPROVAL};
use domain::staff::{Actor, Permission};
use event_store::{PartBody, Position, Query, RecordedEvent, Tag};
use serde::Deserialize as _;
use storage::approval::{self as rows, ApprovalRow};

use super::Act;
use crate::{App, Forbidden, Internal, OpContext};

/// Events of one request that are read at most; there are three or four.
const HISTORY_MAX: u32 = 100;

/// Something that happened to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalEntry {
    /// Where it stands.
    pub position: Position,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: Actor,
    /// What.
    pub event: ApprovalEvent,
    /// Why, in their words; none: nothing was said, or it was forgotten.
    pub reason: Option<String>,
}

/// A request with what it asks for.
#[derive(Debug, Clone)]
pub struct ApprovalDetail {
    /// As its events make it.
    pub approval: Approval,
    /// The exact content; none: its key was destroyed.
    pub act: Option<Act>,
    /// Of its newest event.
    pub version: Position,
    /// The oldest first.
    pub history: Vec<ApprovalEntry>,
}

/// Why requests cannot be seen.
#[derive(Debug, thiserror::Error)]
pub enum ReadApprovalsError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// What somebody can still decide about, the oldest first.
    pub async fn open_approvals(&self, op: &OpContext) -> Result<Vec<ApprovalRow>, ReadApprovalsError> {
        op.require(Permission::ReadApprovals)?;
        let open = rows::open(self.store.database(), op.now()).await;
        Ok(open.map_err(Internal::new)?)
    }

    /// Requests that were made before a moment, whatever became of them, the newest first.
    pub async fn approvals(
        &self,
        op: &OpContext,
        before: Option<DateTime<Utc>>,
        first: u32,
    ) -> Result<Vec<ApprovalRow>, ReadApprovalsError> {
        op.require(Permission::ReadApprovals)?;
        let before = before.unwrap_or(DateTime::<Utc>::MAX_UTC);
        let newest = rows::newest(self.store.database(), before, first).await;
        Ok(newest.map_err(Internal::new)?)
    }

    /// One request, of one's own or of anybody's with the right; none when there is none.
    pub async fn approval(
        &self,
        op: &OpContext,
        id: ApprovalId,
    ) -> Result<Option<ApprovalDetail>, ReadApprovalsError> {
        let detail = self.approval_detail(id).await?;
        may_see(op, detail.as_ref())?;
        Ok(detail)
    }

    /// The same without asking for the right: for decisions.
    pub(crate) async fn approval_detail(&self, id: ApprovalId) -> Result<Option<ApprovalDetail>, Internal> {
        let tag = Tag::new(TAG_APPROVAL, id).map_err(Internal::new)?;
        let events = self
            .store
            .read(&Query::tagged(tag), Position::START, HISTORY_MAX)
            .await
            .map_err(Internal::new)?;
        let content = events.first().and_then(|event| open(event, PART_CONTENT));
        let act = content.map(Act::deserialize).transpose().map_err(Internal::new)?;
        let history = events.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
        let said = history.iter().map(|entry| (&entry.event, &entry.by, entry.at));
        let approval = Approval::of(said);
        let version = history.last().map(|entry| entry.position);
        Ok(approval.zip(version).map(|(approval, version)| ApprovalDetail {
            approval,
            act,
            version,
            history,
        }))
    }
}

/// Whoever sees requests sees this one, and so does whoever made it.
pub(crate) fn may_see(op: &OpContext, detail: Option<&ApprovalDetail>) -> Result<(), Forbidden> {
    let requester = detail.and_then(|detail| detail.approval.requester());
    if requester.is_some() && requester == op.staff_id() {
        return Ok(());
    }
    op.require(Permission::ReadApprovals).map(|_| ())
}

fn open<'e>(event: &'e RecordedEvent, part: &str) -> Option<&'e serde_json::Value> {
    match &event.part(part)?.body {
        PartBody::Open(body) => Some(body),
        PartBody::Redacted => None,
    }
}

fn entry(event: &RecordedEvent) -> Result<ApprovalEntry, Internal> {
    let reason = open(event, PART_REASON).or_else(|| open(event, "reason"));
    Ok(ApprovalEntry {
        position: event.position,
        at: event.recorded_at,
        by: event.actor.parse().map_err(Internal::new)?,
        event: ApprovalEvent::decode(&event.event_type, event.schema_version, &event.data)
            .map_err(Internal::new)?,
        reason: reason.and_then(serde_json::Value::as_str).map(str::to_owned),
    })
}
