//! A bulk change as the console reads it.

use app::bulk_change::{BulkChange as Stored, BulkDetail, BulkRow as StoredRow, ChosenBy, Pass};
use app::{Guarded, OpContext};
use async_graphql::{ComplexObject, Context, Error, ID, Result, SimpleObject};
use domain::DeclarationId;
use domain::bulk_change::{BulkAction, Outcome};
use uuid::Uuid;

use crate::approval::types::ApprovalRef;
use crate::context::request;
use crate::declaration::enums::{DeclarationField, FlagCode, StopKind, mirrored};
use crate::declaration::history::{Actor, actor_of};
use crate::declaration::list::PageInfo;
use crate::declaration::narrowed::NarrowedBy;
use crate::declaration::values::{OpenText, TextResult};
use crate::fault;
use crate::job::types::JobState;
use crate::loaders::Loaders;
use crate::said::Said;
use crate::scalars::{Date, DateTime};

mirrored! {
    /// What is done to each record.
    BulkKind = domain::bulk_change::BulkKind {
        /// Fields get other values.
        Correct,
        /// A warning is raised.
        RaiseFlag,
        /// A warning is cleared.
        ClearFlag,
        /// A note is written.
        AddNote,
        /// It is shown in the public search.
        Publish,
        /// It is no longer shown.
        Unpublish,
        /// It is stopped.
        Stop,
        /// It goes from two stars to one.
        StepDown,
        /// The right to the logo is suspended.
        SuspendLogo,
        /// The right to the logo is given back.
        RestoreLogo,
        /// What another bulk change did is taken back.
        Undo,
    }
}

mirrored! {
    /// What became of one record, or would.
    BulkOutcome = domain::bulk_change::Outcome {
        /// It is changed.
        Changed,
        /// It is as it is wanted to be already.
        Unchanged,
        /// The same change of this one record would be refused.
        Refused,
        /// Somebody changed it after the records were chosen.
        ChangedSince,
        /// There is no such record.
        Gone,
    }
}

mirrored! {
    /// TRIAL: what would become of records. RUN: what became of them.
    BulkPass = app::bulk_change::Pass {
        /// What would become of records.
        Trial,
        /// What became of them.
        Run,
    }
}

/// How far a pass over the records is.
#[derive(SimpleObject)]
pub struct BulkProgress {
    /// The job that does it.
    pub job_id: ID,
    /// Where it stands.
    pub state: JobState,
    /// Whether somebody wants it stopped.
    pub cancel_requested: bool,
    /// Records of which it is known.
    pub done: u32,
    /// Of so many.
    pub total: u32,
    /// How many have which outcome.
    pub counts: Vec<BulkCount>,
    /// Why the last attempt failed, or why it was given up.
    pub error: Option<Said>,
    /// When it ended.
    pub finished_at: Option<DateTime>,
}

/// How many records have an outcome.
#[derive(SimpleObject)]
pub struct BulkCount {
    /// Which.
    pub outcome: BulkOutcome,
    /// How many.
    pub count: u32,
}

/// What is done to each record, and why.
#[derive(SimpleObject)]
pub struct BulkContent {
    /// Why; of a note, what it says.
    pub reason: TextResult,
    /// Of a correction: what is put into which field.
    pub fields: Vec<BulkFieldValue>,
    /// Of a correction of a fact that changed: since when.
    pub since: Option<Date>,
    /// Of a warning.
    pub flag: Option<FlagCode>,
    /// Of a stop: in which way.
    pub stop: Option<StopKind>,
    /// Of a stop or a step: on which day; null: nobody knows.
    pub on: Option<Date>,
}

/// What is put into a field.
#[derive(SimpleObject)]
pub struct BulkFieldValue {
    /// Which.
    pub field: DeclarationField,
    /// As it was typed; empty: the field is emptied.
    pub value: String,
}

/// A bulk change by which another one is named.
#[derive(SimpleObject)]
pub struct BulkChangeRef {
    /// Which.
    pub id: ID,
    /// What is done.
    pub action: BulkKind,
}

/// A bulk change in the list.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct BulkChangeSummary {
    /// Which.
    pub id: ID,
    /// What is done to each record.
    pub action: BulkKind,
    /// How many records.
    pub count: u32,
    /// When its records were chosen.
    pub frozen_at: DateTime,
    /// When it was begun; null: it was not.
    pub started_at: Option<DateTime>,
    /// Where the job stands that it is at.
    pub state: Option<JobState>,
    #[graphql(skip)]
    by: String,
}

#[ComplexObject]
impl BulkChangeSummary {
    /// Who chose its records.
    async fn frozen_by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }
}

impl BulkChangeSummary {
    /// As it stands, with the state of the job that it is at.
    pub fn new(change: Stored, state: Option<JobState>) -> Self {
        Self {
            id: ID(change.id.to_string()),
            action: change.action.into(),
            count: change.count,
            frozen_at: DateTime(change.frozen_at),
            started_at: change.started.map(|started| DateTime(started.at)),
            state,
            by: change.frozen_by,
        }
    }
}

/// One bulk change.
#[derive(SimpleObject)]
#[graphql(complex)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that have nothing to do with each other"
)]
pub struct BulkChange {
    /// Which.
    pub id: ID,
    /// What is done to each record.
    pub action: BulkKind,
    /// Whether the records are those that a filter left.
    pub by_filter: bool,
    /// Whether the records were named by their numbers, in a list.
    pub by_numbers: bool,
    /// How many records.
    pub count: u32,
    /// When its records were chosen.
    pub frozen_at: DateTime,
    /// When it was begun; null: it was not.
    pub started_at: Option<DateTime>,
    /// What would become of the records.
    pub trial: Option<BulkProgress>,
    /// What became of them; null: it was not begun.
    pub run: Option<BulkProgress>,
    /// The bulk change that it takes back.
    pub undoes: Option<ID>,
    /// Those that take it back, the newest first.
    pub undone_by: Vec<BulkChangeRef>,
    /// Whether it can be taken back.
    pub can_be_undone: bool,
    /// Whether beginning it needs a second person.
    pub needs_approval: bool,
    /// So many records may be changed without a second person.
    pub approval_above: u32,
    #[graphql(skip)]
    inner: BulkDetail,
}

#[ComplexObject]
impl BulkChange {
    /// What is done and why; null: its key was destroyed.
    async fn content(&self, ctx: &Context<'_>) -> Result<Option<BulkContent>> {
        let op = request(ctx)?.operation()?;
        let id = self.inner.change.id.uuid();
        Ok(self.inner.content.as_ref().map(|it| content(op, id, &it.action)))
    }

    /// The filter that left these records; null: they were chosen otherwise, or its key was destroyed.
    async fn narrowed_by(&self, ctx: &Context<'_>) -> Result<Option<NarrowedBy>> {
        let op = request(ctx)?.operation()?;
        let id = self.inner.change.id.uuid();
        let chosen_by = self.inner.content.as_ref().map(|it| &it.chosen_by);
        Ok(match chosen_by {
            Some(ChosenBy::Filter { filter, search }) => {
                let search = search.as_ref().map(|text| {
                    let text = text.clone();
                    op.reveal_bulk_change(id, || Guarded::Open(OpenText { text }))
                });
                Some(NarrowedBy::new(filter, search.map(TextResult::from)))
            }
            Some(ChosenBy::Ids | ChosenBy::Numbers | ChosenBy::Undo) | None => None,
        })
    }

    /// Who chose its records.
    async fn frozen_by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.inner.change.frozen_by).await
    }

    /// Who began it.
    async fn started_by(&self, ctx: &Context<'_>) -> Result<Option<Actor>> {
        match &self.inner.change.started {
            Some(started) => Ok(Some(actor_of(ctx, &started.by).await?)),
            None => Ok(None),
        }
    }

    /// The newest request for a second person.
    async fn approval(&self, ctx: &Context<'_>) -> Result<Option<ApprovalRef>> {
        let op = request(ctx)?.operation()?;
        Ok(self.inner.approval.as_ref().map(|row| ApprovalRef::of(op, row)))
    }
}

impl From<BulkDetail> for BulkChange {
    fn from(detail: BulkDetail) -> Self {
        let change = &detail.change;
        let changed = count_of(&detail.trial, Some(Outcome::Changed));
        let progress = |job: Option<&app::job::Job>, counts: &[(Option<Outcome>, u32)]| {
            job.map(|job| progress(job, counts))
        };
        Self {
            id: ID(change.id.to_string()),
            action: change.action.into(),
            by_filter: change.by_filter,
            by_numbers: detail
                .content
                .as_ref()
                .is_some_and(|it| matches!(it.chosen_by, ChosenBy::Numbers)),
            count: change.count,
            frozen_at: DateTime(change.frozen_at),
            started_at: change.started.as_ref().map(|started| DateTime(started.at)),
            trial: progress(detail.trial_job.as_ref(), &detail.trial),
            run: progress(detail.run_job.as_ref(), &detail.result),
            undoes: change.undoes.map(|id| ID(id.to_string())),
            undone_by: detail
                .undone_by
                .iter()
                .map(|it| BulkChangeRef {
                    id: ID(it.id.to_string()),
                    action: it.action.into(),
                })
                .collect(),
            can_be_undone: detail.can_be_undone,
            needs_approval: changed > detail.approval_above,
            approval_above: detail.approval_above,
            inner: detail,
        }
    }
}

fn count_of(counts: &[(Option<Outcome>, u32)], of: Option<Outcome>) -> u32 {
    let found = counts.iter().find(|(outcome, _)| *outcome == of);
    found.map_or(0, |(_, count)| *count)
}

fn progress(job: &app::job::Job, counts: &[(Option<Outcome>, u32)]) -> BulkProgress {
    let total: u32 = counts.iter().map(|(_, count)| *count).sum();
    BulkProgress {
        job_id: ID(job.id.to_string()),
        state: job.state.into(),
        cancel_requested: job.cancel_requested,
        done: total - count_of(counts, None),
        total,
        counts: Outcome::ALL
            .iter()
            .map(|outcome| BulkCount {
                outcome: (*outcome).into(),
                count: count_of(counts, Some(*outcome)),
            })
            .collect(),
        error: job.error.as_deref().and_then(Said::read),
        finished_at: job.finished_at.map(DateTime),
    }
}

/// What is done, for whoever may read free text, on record, or may not.
fn content(op: &OpContext, id: Uuid, action: &BulkAction) -> BulkContent {
    let reason = op.reveal_bulk_change(id, || {
        let text = action.reason().to_owned();
        Guarded::Open(OpenText { text })
    });
    let mut content = BulkContent {
        reason: reason.into(),
        fields: Vec::new(),
        since: None,
        flag: None,
        stop: None,
        on: None,
    };
    match action {
        BulkAction::Correct { fields, since, .. } => {
            content.fields = fields
                .iter()
                .map(|it| BulkFieldValue {
                    field: it.field.into(),
                    value: it.typed.clone(),
                })
                .collect();
            content.since = since.map(Date);
        }
        BulkAction::RaiseFlag { flag, .. } | BulkAction::ClearFlag { flag, .. } => {
            content.flag = Some((*flag).into());
        }
        BulkAction::Stop { how, on, .. } => {
            content.stop = Some((*how).into());
            content.on = on.map(Date);
        }
        BulkAction::StepDown { on, .. } => content.on = Some(Date(*on)),
        _ => {}
    }
    content
}

/// One record of a bulk change.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct BulkRow {
    /// Its place among the records, from 1.
    pub ordinal: u32,
    /// Which record.
    pub declaration_id: ID,
    /// What would become of it; null: not known yet.
    pub trial: Option<BulkOutcome>,
    /// What became of it; null: not known yet.
    pub outcome: Option<BulkOutcome>,
    /// Why it is left as it is: stable.
    pub code: Option<String>,
    /// The same for people.
    pub message: Option<String>,
    /// What is different then.
    pub differences: Vec<BulkDifference>,
    #[graphql(skip)]
    id: DeclarationId,
}

#[ComplexObject]
impl BulkRow {
    /// Its number; null: there is no such record.
    async fn number(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        ctx.data::<Loaders>()?.declaration_number(self.id).await
    }
}

/// Something that is different: the code of a field, `state`, `published`, `logo`, or `flag:` with its code.
#[derive(SimpleObject)]
pub struct BulkDifference {
    /// What.
    pub what: String,
    /// What stood there.
    pub before: Option<String>,
    /// What stands there then.
    pub after: Option<String>,
}

impl From<StoredRow> for BulkRow {
    fn from(row: StoredRow) -> Self {
        let differences = row.differences.into_iter().map(|it| BulkDifference {
            what: it.what,
            before: it.before,
            after: it.after,
        });
        Self {
            ordinal: row.ordinal,
            declaration_id: ID(row.declaration_id.to_string()),
            trial: row.trial.map(Into::into),
            outcome: row.outcome.map(Into::into),
            code: row.code,
            message: row.message,
            differences: differences.collect(),
            id: row.declaration_id,
        }
    }
}

/// One page of records.
#[derive(SimpleObject)]
pub struct BulkRowConnection {
    /// In their order.
    pub nodes: Vec<BulkRow>,
    /// Whether there is more.
    pub page_info: PageInfo,
}

/// Of which pass an outcome is meant.
pub fn pass(of: BulkPass) -> Pass {
    of.into()
}

/// Why there is no answer, as a fault.
pub fn refusal(ctx: &Context<'_>, error: app::bulk_change::ReadBulkChangesError) -> Error {
    use app::bulk_change::ReadBulkChangesError as Refused;
    match (error, request(ctx)) {
        (Refused::Forbidden(refused), _) => fault::forbidden(refused),
        (Refused::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (Refused::Internal(_), Err(fault)) => fault,
    }
}
