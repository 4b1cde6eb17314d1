//! What a request asks for, as far as a reader may see it.

use app::approval::{Act, ApprovalDetail};
use app::declaration::ForgetPreview;
use app::{Guarded, OpContext, PersonalPart};
use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject, Union};
use domain::approval::About;
use domain::staff::Permission;

use super::types::{about, refusal};
use crate::bulk_change::types::BulkKind;
use crate::context::request;
use crate::declaration::enums::{DeclarationField, IdentityCheck, MergeSide, PersonRole};
use crate::declaration::merge::{MergeComparison, comparison};
use crate::declaration::values::{OpenText, TextResult};
use crate::export::types::ExportViewContent;
use crate::loaders::Loaders;
use crate::staff::types::Role;

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

/// What is asked for, as far as this reader may see it.
pub async fn content(ctx: &Context<'_>, op: &OpContext, detail: &ApprovalDetail) -> Result<ApprovalContent> {
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

/// Why somebody asks or decides, in their words. They may name whoever the request is about: only for those who may read persons, and on
/// the record of reads of that. Of an account they are words among colleagues.
pub fn words(op: &OpContext, about: Option<About>, text: String) -> TextResult {
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
