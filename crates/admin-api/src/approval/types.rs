//! A request as those see it who decide about it.

use app::OpContext;
use app::approval::{Act, ApprovalDetail, ApprovalEntry, ReadApprovalsError};
use async_graphql::{ComplexObject, Context, Enum, Error, ID, Result, SimpleObject, Union};
use domain::approval::{About, ApprovalEvent, Status};
use storage::approval::ApprovalRow;

use super::content::{ApprovalContent, content, words};
use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::declaration::values::TextResult;
use crate::fault;
use crate::loaders::Loaders;
use crate::scalars::DateTime;

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ApprovalStatus {
    /// Somebody can decide about it.
    Open,
    /// Nobody decided in time.
    Lapsed,
    /// Agreed to, and being carried out.
    Approved,
    /// Being carried out without a second person.
    Bypassed,
    /// It is done.
    CarriedOut,
    /// A second person did not agree.
    Rejected,
    /// Whoever asked does not want it any more.
    Withdrawn,
    /// It could not be agreed to, or not be done, any more.
    Voided,
}

mirrored! {
    /// Why a request ended without anybody's decision.
    VoidReason = domain::approval::VoidReason {
        /// What it is about was changed since.
        Changed,
        /// Whoever asked may not do it any more.
        NotAllowed,
        /// It cannot be done as it was asked for.
        Impossible,
    }
}

impl ApprovalStatus {
    /// Where a request stands at a moment.
    pub fn of(row: &ApprovalRow, now: chrono::DateTime<chrono::Utc>) -> Self {
        match row.status_at(now) {
            "lapsed" => Self::Lapsed,
            "open" => Self::Open,
            "approved" => Self::Approved,
            "bypassed" => Self::Bypassed,
            "carried_out" => Self::CarriedOut,
            "rejected" => Self::Rejected,
            "withdrawn" => Self::Withdrawn,
            _ => Self::Voided,
        }
    }
}

/// A request in the inbox.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ApprovalSummary {
    /// Which.
    pub id: ID,
    /// What kind of act, such as `staff.roles`.
    pub kind: String,
    /// When it was asked for.
    pub requested_at: DateTime,
    /// Until when somebody can agree.
    pub expires_at: DateTime,
    /// Where it stands.
    pub status: ApprovalStatus,
    /// Whether nobody else agreed to it.
    pub is_bypass: bool,
    #[graphql(skip)]
    about: Option<About>,
    #[graphql(skip)]
    by: String,
    #[graphql(skip)]
    decided_by: Option<String>,
}

#[ComplexObject]
impl ApprovalSummary {
    /// What it is about; null: an older request, whose content says it.
    async fn about(&self, ctx: &Context<'_>) -> Result<Option<ApprovalSubject>> {
        let loaders = ctx.data::<Loaders>()?;
        Ok(match self.about {
            Some(About::Staff(id)) => Some(ApprovalSubject::Staff(StaffSubject {
                staff_id: ID(id.to_string()),
                name: loaders.staff_name(id).await?,
            })),
            Some(About::Declaration(id)) => Some(ApprovalSubject::Declaration(DeclarationSubject {
                declaration_id: ID(id.to_string()),
                number: loaders.declaration_number(id).await?,
            })),
            Some(About::BulkChange(id)) => Some(ApprovalSubject::BulkChange(BulkChangeSubject {
                bulk_change_id: ID(id.to_string()),
            })),
            Some(About::Import(id)) => Some(ApprovalSubject::Import(ImportSubject {
                import_id: ID(id.to_string()),
            })),
            Some(About::Export(id)) => Some(ApprovalSubject::Export(ExportSubject {
                export_id: ID(id.to_string()),
            })),
            None => None,
        })
    }

    /// Whether the reader asked for it.
    async fn is_mine(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(asked_by(request(ctx)?.operation()?, &self.by))
    }

    /// Who asked.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }

    /// Who agreed, did not, or did without; null: nobody.
    async fn decided_by(&self, ctx: &Context<'_>) -> Result<Option<Actor>> {
        match &self.decided_by {
            Some(by) => Ok(Some(actor_of(ctx, by).await?)),
            None => Ok(None),
        }
    }
}

impl ApprovalSummary {
    /// As it stands at a moment.
    pub fn new(row: ApprovalRow, now: chrono::DateTime<chrono::Utc>) -> Self {
        let status = ApprovalStatus::of(&row, now);
        Self {
            id: ID(row.id.to_string()),
            kind: row.kind,
            requested_at: DateTime(row.requested_at),
            expires_at: DateTime(row.expires_at),
            status,
            is_bypass: row.is_bypass,
            about: row.about,
            by: row.requested_by,
            decided_by: row.decided_by,
        }
    }
}

/// What a request is about.
#[derive(Union)]
pub enum ApprovalSubject {
    /// An account.
    Staff(StaffSubject),
    /// A declaration.
    Declaration(DeclarationSubject),
    /// A change of many declarations.
    BulkChange(BulkChangeSubject),
    /// An import.
    Import(ImportSubject),
    /// A file that leaves.
    Export(ExportSubject),
}

/// An account of a member of staff.
#[derive(SimpleObject)]
pub struct StaffSubject {
    /// Which.
    pub staff_id: ID,
    /// Their name.
    pub name: Option<String>,
}

/// A declaration.
#[derive(SimpleObject)]
pub struct DeclarationSubject {
    /// Which.
    pub declaration_id: ID,
    /// Its number.
    pub number: Option<String>,
}

/// A change of many declarations.
#[derive(SimpleObject)]
pub struct BulkChangeSubject {
    /// Which.
    pub bulk_change_id: ID,
}

/// An import.
#[derive(SimpleObject)]
pub struct ImportSubject {
    /// Which.
    pub import_id: ID,
}

/// A file that leaves with a view of the register.
#[derive(SimpleObject)]
pub struct ExportSubject {
    /// Which.
    pub export_id: ID,
}

/// What kind of thing happened to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ApprovalEntryKind {
    /// Somebody asked.
    Requested,
    /// A second person agreed.
    Approved,
    /// A second person did not agree.
    Rejected,
    /// Whoever asked withdrew it.
    Withdrawn,
    /// It could not be agreed to, or not be done, any more.
    Voided,
    /// An administrator did without a second person.
    Bypassed,
    /// It was done.
    CarriedOut,
}

/// Something that happened to a request.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ApprovalHistoryEntry {
    /// When.
    pub at: DateTime,
    /// What.
    pub kind: ApprovalEntryKind,
    /// Why, in their words; null: nothing was said, or it was forgotten.
    pub reason: Option<TextResult>,
    /// Why it ended, when nobody decided.
    pub void: Option<VoidReason>,
    #[graphql(skip)]
    by: String,
}

#[ComplexObject]
impl ApprovalHistoryEntry {
    /// Who did it.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }
}

impl ApprovalHistoryEntry {
    fn new(op: &OpContext, about: Option<About>, entry: ApprovalEntry) -> Self {
        let (kind, void) = match &entry.event {
            ApprovalEvent::Requested(_) => (ApprovalEntryKind::Requested, None),
            ApprovalEvent::Approved { .. } => (ApprovalEntryKind::Approved, None),
            ApprovalEvent::Rejected { .. } => (ApprovalEntryKind::Rejected, None),
            ApprovalEvent::Withdrawn { .. } => (ApprovalEntryKind::Withdrawn, None),
            ApprovalEvent::Voided { why, .. } => (ApprovalEntryKind::Voided, Some((*why).into())),
            ApprovalEvent::Bypassed { .. } => (ApprovalEntryKind::Bypassed, None),
            ApprovalEvent::CarriedOut { .. } => (ApprovalEntryKind::CarriedOut, None),
        };
        Self {
            at: DateTime(entry.at),
            kind,
            reason: entry.reason.map(|text| words(op, about, text)),
            void,
            by: entry.by.to_string(),
        }
    }
}

/// One request with what it asks for.
#[derive(SimpleObject)]
pub struct Approval {
    /// As the inbox has it.
    pub summary: ApprovalSummary,
    /// What is asked for.
    pub content: ApprovalContent,
    /// Of exactly that content: whoever agrees names it.
    pub content_hash: String,
    /// The oldest first.
    pub history: Vec<ApprovalHistoryEntry>,
}

impl Approval {
    /// A request as somebody sees it who may see requests.
    pub async fn new(ctx: &Context<'_>, detail: ApprovalDetail) -> Result<Self> {
        let op = request(ctx)?.operation()?;
        let content = content(ctx, op, &detail).await?;
        let about = about(&detail);
        let history = detail.history.iter().cloned();
        let history = history.map(|entry| ApprovalHistoryEntry::new(op, about, entry));
        Ok(Self {
            summary: summary(&detail, op.now()),
            content,
            content_hash: detail.approval.requested.content_hash.clone(),
            history: history.collect(),
        })
    }
}

/// A request for a second person about something that a page shows.
#[derive(SimpleObject)]
pub struct ApprovalRef {
    /// Which.
    pub id: ID,
    /// Where it stands.
    pub status: ApprovalStatus,
    /// Whether the reader asked for it: they see it, and can take it back.
    pub is_mine: bool,
}

impl ApprovalRef {
    /// As somebody sees it.
    pub fn of(op: &OpContext, row: &ApprovalRow) -> Self {
        Self {
            id: ID(row.id.to_string()),
            status: ApprovalStatus::of(row, op.now()),
            is_mine: asked_by(op, &row.requested_by),
        }
    }
}

fn asked_by(op: &OpContext, requester: &str) -> bool {
    op.staff_id().is_some() && op.actor().to_string() == requester
}

/// What a request is about; of an old one only its content says so.
pub fn about(detail: &ApprovalDetail) -> Option<About> {
    let said = detail.approval.requested.about;
    detail.act.as_ref().map(Act::about).or(said)
}

fn summary(detail: &ApprovalDetail, now: chrono::DateTime<chrono::Utc>) -> ApprovalSummary {
    let approval = &detail.approval;
    let (status, decided_by, is_bypass) = match &approval.status {
        Status::Open if approval.is_open_at(now) => (ApprovalStatus::Open, None, false),
        Status::Open => (ApprovalStatus::Lapsed, None, false),
        Status::Approved { by } => (ApprovalStatus::Approved, Some(by), false),
        Status::Bypassed { by } => (ApprovalStatus::Bypassed, Some(by), true),
        Status::CarriedOut { by, is_bypass } => (ApprovalStatus::CarriedOut, Some(by), *is_bypass),
        Status::Rejected { by } => (ApprovalStatus::Rejected, Some(by), false),
        Status::Withdrawn => (ApprovalStatus::Withdrawn, None, false),
        Status::Voided(_) => (ApprovalStatus::Voided, None, false),
    };
    ApprovalSummary {
        id: ID(approval.requested.approval_id.to_string()),
        kind: approval.requested.kind.clone(),
        requested_at: DateTime(approval.at),
        expires_at: DateTime(approval.requested.expires_at),
        status,
        is_bypass,
        about: about(detail),
        by: approval.by.to_string(),
        decided_by: decided_by.map(ToString::to_string),
    }
}

/// Why requests cannot be seen, as a fault.
pub fn refusal(ctx: &Context<'_>, error: ReadApprovalsError) -> Error {
    match (error, request(ctx)) {
        (ReadApprovalsError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadApprovalsError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (ReadApprovalsError::Internal(_), Err(error)) => error,
    }
}
