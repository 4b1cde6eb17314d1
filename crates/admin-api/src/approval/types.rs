//! A request as those see it who decide about it.

use app::approval::{Act, ApprovalDetail, ApprovalEntry, ReadApprovalsError};
use app::declaration::ForgetPreview;
use app::{Guarded, OpContext, PersonalPart};
use async_graphql::{ComplexObject, Context, Enum, Error, ID, Result, SimpleObject, Union};
use domain::approval::{About, ApprovalEvent, Status};
use domain::staff::Permission;
use storage::approval::ApprovalRow;

use crate::bulk_change::types::BulkKind;
use crate::context::request;
use crate::declaration::enums::{DeclarationField, IdentityCheck, MergeSide, PersonRole, mirrored};
use crate::declaration::history::{Actor, actor_of};
use crate::declaration::merge::{MergeComparison, comparison};
use crate::declaration::values::{OpenText, TextResult};
use crate::export::types::ExportViewContent;
use crate::fault;
use crate::loaders::Loaders;
use crate::scalars::DateTime;
use crate::staff::types::Role;

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

/// What is asked for.
#[derive(Union)]
pub enum ApprovalContent {
    /// Other roles for somebody.
    ChangeRoles(ChangeRolesContent),
    /// A person is forgotten for ever.
    ForgetPerson(ForgetPersonContent),
    /// Many declarations are changed at once.
    ChangeMany(ChangeManyContent),
    /// Rows of an old register are taken over.
    Import(ImportContent),
    /// A file leaves with a view of the register.
    ExportView(ExportViewContent),
    /// Two declarations become one.
    Merge(MergeContent),
    /// A forgotten number goes to another address.
    SendNumber(SendNumberContent),
    /// Its key was destroyed.
    Gone(ContentGone),
}

/// Other roles for somebody.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ChangeRolesContent {
    /// Whose account.
    pub staff_id: ID,
    /// All roles from then on.
    pub roles: Vec<Role>,
    /// The roles they have now; null: there is no such account.
    pub now: Option<Vec<Role>>,
    #[graphql(skip)]
    id: domain::staff::StaffId,
}

#[ComplexObject]
impl ChangeRolesContent {
    /// Their name.
    async fn name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        ctx.data::<Loaders>()?.staff_name(self.id).await
    }
}

/// A person in one role of a declaration is forgotten for ever.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ForgetPersonContent {
    /// Which declaration.
    pub declaration_id: ID,
    /// In which role.
    pub person: PersonRole,
    /// What the history of the declaration will say about why.
    pub reason: TextResult,
    /// What it would mean now; null: there is no such declaration.
    pub effect: Option<ForgetEffect>,
    #[graphql(skip)]
    id: domain::DeclarationId,
}

#[ComplexObject]
impl ForgetPersonContent {
    /// Its number.
    async fn number(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        ctx.data::<Loaders>()?.declaration_number(self.id).await
    }
}

/// Many declarations are changed at once. Samples and counts are those of the bulk change.
#[derive(SimpleObject)]
pub struct ChangeManyContent {
    /// Which bulk change.
    pub bulk_change_id: ID,
    /// What is done to each record.
    pub action: BulkKind,
    /// Records that would be changed.
    pub count: u32,
}

/// Rows of an old register are taken over. What was found in them is that of the import.
#[derive(SimpleObject)]
pub struct ImportContent {
    /// Which import.
    pub import_id: ID,
    /// Rows that would be taken over.
    pub count: u32,
}

/// Two declarations of one organisation become one.
#[derive(SimpleObject)]
pub struct MergeContent {
    /// What the histories of both will say about why.
    pub reason: TextResult,
    /// Both as they are now; null: one of them is not there. Where they differ now is not what was chosen about when one was changed
    /// since: then nothing is carried out.
    pub comparison: Option<MergeComparison>,
    /// For each field that differed, whose value stays.
    pub choices: Vec<MergeChoice>,
}

/// A forgotten number goes to another address than the registered one.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct SendNumberContent {
    /// Of which declaration.
    pub declaration_id: ID,
    /// Where it goes.
    pub to: TextResult,
    /// What whoever asks was asked.
    pub asked: Vec<DeclarationField>,
    /// Which of their answers fit what is registered now; null: there is no such declaration.
    pub fitting: Option<Vec<DeclarationField>>,
    /// How it was made sure who they are.
    pub checks: Vec<IdentityCheck>,
    #[graphql(skip)]
    id: domain::DeclarationId,
}

#[ComplexObject]
impl SendNumberContent {
    /// Its number.
    async fn number(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        ctx.data::<Loaders>()?.declaration_number(self.id).await
    }
}

/// Whose value stays in one field.
#[derive(SimpleObject)]
pub struct MergeChoice {
    /// Which field.
    pub field: DeclarationField,
    /// Whose value.
    pub side: MergeSide,
}

/// What forgetting somebody would mean as things stand.
#[derive(SimpleObject)]
pub struct ForgetEffect {
    /// Whether anything is kept about anybody in that role.
    pub is_kept: bool,
    /// Other roles in which somebody of the same name, address or telephone stands: they stay.
    pub also_as: Vec<PersonRole>,
    /// Remarks, notes and reasons that name the person: they stay until the free text is forgotten.
    pub mentions: u32,
}

impl From<ForgetPreview> for ForgetEffect {
    fn from(preview: ForgetPreview) -> Self {
        Self {
            is_kept: preview.is_kept,
            also_as: preview.also_as.into_iter().map(Into::into).collect(),
            mentions: u32::try_from(preview.mentions).unwrap_or(u32::MAX),
        }
    }
}

/// What was asked for cannot be read any more.
#[derive(SimpleObject)]
pub struct ContentGone {
    /// True.
    pub forgotten: bool,
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

/// What is asked for, as far as this reader may see it.
async fn content(ctx: &Context<'_>, op: &OpContext, detail: &ApprovalDetail) -> Result<ApprovalContent> {
    Ok(match &detail.act {
        Some(Act::ChangeRoles { staff_id, roles, .. }) => {
            let account = request(ctx)?.app().account(op, *staff_id).await;
            let account = account.map_err(|error| crate::staff::accounts::refusal(ctx, error))?;
            let roles = roles.iter().filter_map(|role| role.parse().ok());
            ApprovalContent::ChangeRoles(ChangeRolesContent {
                staff_id: ID(staff_id.to_string()),
                id: *staff_id,
                roles: roles.map(|role: domain::staff::Role| role.into()).collect(),
                now: account.map(|it| it.account.roles.into_iter().map(Into::into).collect()),
            })
        }
        Some(Act::ForgetPerson {
            declaration_id,
            person,
            reason,
            ..
        }) => {
            let app = request(ctx)?.app();
            let effect = app
                .preview_requested_forgetting(op, detail, *declaration_id, *person)
                .await;
            ApprovalContent::ForgetPerson(ForgetPersonContent {
                declaration_id: ID(declaration_id.to_string()),
                person: (*person).into(),
                reason: words(op, about(detail), reason.clone()),
                effect: effect.map_err(|error| refusal(ctx, error))?.map(Into::into),
                id: *declaration_id,
            })
        }
        Some(Act::ChangeMany {
            bulk_change_id,
            action,
            count,
            ..
        }) => ApprovalContent::ChangeMany(ChangeManyContent {
            bulk_change_id: ID(bulk_change_id.to_string()),
            action: (*action).into(),
            count: *count,
        }),
        Some(Act::Import { import_id, count, .. }) => ApprovalContent::Import(ImportContent {
            import_id: ID(import_id.to_string()),
            count: u32::try_from(*count).unwrap_or(u32::MAX),
        }),
        Some(act @ Act::ExportView { .. }) => ExportViewContent::of(act).map_or(
            ApprovalContent::Gone(ContentGone { forgotten: true }),
            ApprovalContent::ExportView,
        ),
        Some(Act::MergeDeclarations {
            survivor,
            merged,
            choices,
            reason,
            ..
        }) => {
            let app = request(ctx)?.app();
            let found = app.preview_requested_merge(op, detail, *survivor, *merged).await;
            let found = found.map_err(|error| refusal(ctx, error))?;
            let choices = choices.iter().map(|(field, side)| MergeChoice {
                field: (*field).into(),
                side: (*side).into(),
            });
            ApprovalContent::Merge(MergeContent {
                reason: words(op, about(detail), reason.clone()),
                comparison: found.map(|found| comparison(ctx, &found)).transpose()?,
                choices: choices.collect(),
            })
        }
        Some(Act::SendNumber {
            declaration_id,
            asked,
            checks,
            to,
            ..
        }) => {
            let app = request(ctx)?.app();
            let found = app
                .preview_requested_number(op, detail, *declaration_id, asked)
                .await;
            let found = found.map_err(|error| refusal(ctx, error))?;
            let to = op.reveal(*declaration_id, PersonalPart::FreeText, || {
                Guarded::Open(OpenText { text: to.clone() })
            });
            ApprovalContent::SendNumber(SendNumberContent {
                declaration_id: ID(declaration_id.to_string()),
                to: to.into(),
                asked: asked.keys().map(|field| (*field).into()).collect(),
                fitting: found.map(|found| found.fitting.into_iter().map(Into::into).collect()),
                checks: checks.iter().map(|check| (*check).into()).collect(),
                id: *declaration_id,
            })
        }
        None => ApprovalContent::Gone(ContentGone { forgotten: true }),
    })
}

/// What a request is about; of an old one only its content says so.
fn about(detail: &ApprovalDetail) -> Option<About> {
    let said = detail.approval.requested.about;
    detail.act.as_ref().map(Act::about).or(said)
}

/// Why somebody asks or decides, in their words. They may name whoever the request is about: only for those who may read persons, and on
/// the record of reads of that. Of an account they are words among colleagues.
fn words(op: &OpContext, about: Option<About>, text: String) -> TextResult {
    let open = || Guarded::Open(OpenText { text });
    match about {
        Some(About::Staff(_)) => open(),
        Some(About::Declaration(id)) => op.reveal(id, PersonalPart::FreeText, open),
        Some(About::BulkChange(id)) => op.reveal_bulk_change(id.uuid(), open),
        Some(About::Import(id)) => op.reveal_import(id.uuid(), open),
        Some(About::Export(id)) => op.reveal_export(id.uuid(), open),
        // Nothing says whom to record: nobody reads it.
        None => Guarded::Withheld(Permission::ReadPersonal),
    }
    .into()
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
