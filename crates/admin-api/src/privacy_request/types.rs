//! A request of a data subject as those see it who handle it.

use app::privacy_request::{
    PrivacyRequestDetail, PrivacyRequestEntry, ReadPrivacyRequestsError, RecordOfRequest, Requester as Known,
};
use app::{CaseEntry, Guarded};
use async_graphql::{ComplexObject, Context, Enum, Error, ID, Result, SimpleObject, Union};
use domain::privacy_request::PrivacyRequestEvent as Event;
use domain::staff::StaffId;
use storage::approval::ApprovalRow;
use storage::privacy_request::PrivacyRequestRow;

use crate::approval::types::ApprovalStatus;
use crate::context::request;
use crate::declaration::enums::{PersonRole, mirrored};
use crate::declaration::history::{Actor, actor_of};
use crate::declaration::values::{Forgotten, OpenText, TextResult, Withheld, forgotten, withheld};
use crate::fault;
use crate::loaders::Loaders;
use crate::scalars::{Date, DateTime, Position};

mirrored! {
    /// What is asked for.
    PrivacyRequestKind = domain::privacy_request::PrivacyRequestKind {
        /// 開示: to see what is kept.
        Disclosure,
        /// 訂正: to have it corrected.
        Correction,
        /// 利用停止: to have it no longer used.
        StopOfUse,
        /// 消去: to have it erased.
        Erasure,
    }
}

mirrored! {
    /// The way a request came in or an answer went out.
    RequestChannel = domain::privacy_request::Channel {
        /// By electronic mail.
        Mail,
        /// By post.
        Post,
        /// By telephone.
        Telephone,
        /// In the office.
        Counter,
        /// Another way.
        Other,
    }
}

mirrored! {
    /// How it was looked at whether the person is who they say.
    IdentityMethod = domain::privacy_request::IdentityMethod {
        /// An official document.
        Document,
        /// They answered from a contact that the register had before.
        KnownContact,
        /// They signed in with GビズID.
        GbizId,
        /// Somebody acts for them, and proved both.
        Agent,
        /// Another way.
        Other,
    }
}

mirrored! {
    /// What was decided.
    RequestOutcome = domain::privacy_request::Outcome {
        /// All of it.
        Granted,
        /// Some of it.
        Partly,
        /// None of it.
        Refused,
    }
}

mirrored! {
    /// What was done.
    MeasureKind = domain::privacy_request::MeasureKind {
        /// The person was shown what is kept.
        Disclosed,
        /// Something was corrected.
        Corrected,
        /// Something is no longer used.
        UseStopped,
        /// Somebody was forgotten in the register, or that was asked for.
        Erased,
        /// Something else.
        Other,
    }
}

mirrored! {
    /// How a case ended.
    RequestClosing = domain::privacy_request::Closing {
        /// The person has their answer.
        Answered,
        /// They do not want it any more.
        Withdrawn,
    }
}

mirrored! {
    /// Where a case stands.
    PrivacyRequestStatus = domain::privacy_request::PrivacyRequestStatus {
        /// Nobody has decided about it.
        Open,
        /// Something is missing; the term stands still.
        Paused,
        /// Decided; the answer has not gone out.
        Decided,
        /// The answer has gone out.
        Answered,
        /// It is over.
        Closed,
    }
}

/// A case in the list.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct PrivacyRequestSummary {
    /// Which.
    pub id: ID,
    /// What is asked for.
    pub kind: PrivacyRequestKind,
    /// How it came in.
    pub channel: RequestChannel,
    /// On which day.
    pub received_on: Date,
    /// The last day for a decision.
    pub due_on: Date,
    /// Where it stands.
    pub status: PrivacyRequestStatus,
    /// What was decided.
    pub outcome: Option<RequestOutcome>,
    /// Whether it is proved who asked.
    pub is_identified: bool,
    /// When it was written down.
    pub opened_at: DateTime,
    /// Who handles it; null: nobody.
    pub handler_id: Option<ID>,
    #[graphql(skip)]
    handler: Option<StaffId>,
}

#[ComplexObject]
impl PrivacyRequestSummary {
    /// The name of whoever handles it.
    async fn handler(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        match self.handler {
            Some(id) => ctx.data::<Loaders>()?.staff_name(id).await,
            None => Ok(None),
        }
    }
}

impl PrivacyRequestSummary {
    /// A row of the list; none when a newer version wrote a code that this one does not know.
    pub fn new(row: &PrivacyRequestRow) -> Option<Self> {
        use domain::privacy_request as domain;
        let outcome = row.outcome.as_deref().and_then(domain::Outcome::from_code);
        let handler = row.handler.map(StaffId);
        Some(Self {
            id: ID(row.id.to_string()),
            kind: domain::PrivacyRequestKind::from_code(&row.kind)?.into(),
            channel: domain::Channel::from_code(&row.channel)?.into(),
            received_on: Date(row.received_on),
            due_on: Date(row.due_on),
            status: domain::PrivacyRequestStatus::from_code(&row.status)?.into(),
            outcome: outcome.map(Into::into),
            is_identified: row.is_identified,
            opened_at: DateTime(row.opened_at),
            handler_id: handler.map(|id| ID(id.to_string())),
            handler,
        })
    }
}

/// Who asked, for whoever may see persons.
#[derive(Union)]
pub enum RequesterResult {
    /// Readable.
    Open(Requester),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
}

/// Who asked.
#[derive(SimpleObject)]
pub struct Requester {
    /// Their name.
    pub name: String,
    /// Where the answer goes.
    pub contact: String,
    /// For whom they act, when for somebody else.
    pub acts_for: Option<String>,
}

impl From<Guarded<Known>> for RequesterResult {
    fn from(value: Guarded<Known>) -> Self {
        match value {
            Guarded::Open(known) => Self::Open(Requester {
                name: known.name,
                contact: known.contact,
                acts_for: known.acts_for,
            }),
            Guarded::Withheld(permission) => Self::Withheld(withheld(permission)),
            Guarded::Forgotten(subject) => Self::Forgotten(forgotten(subject)),
        }
    }
}

/// A text of a case for a reader.
pub fn text(value: Guarded<String>) -> TextResult {
    let value = match value {
        Guarded::Open(text) => Guarded::Open(OpenText { text }),
        Guarded::Withheld(permission) => Guarded::Withheld(permission),
        Guarded::Forgotten(subject) => Guarded::Forgotten(subject),
    };
    value.into()
}

/// A record that a case is about.
#[derive(SimpleObject)]
pub struct RecordOfCase {
    /// Which declaration.
    pub id: ID,
    /// Its number.
    pub number: Option<String>,
    /// Of its newest fact.
    pub version: Position,
    /// Who was forgotten in it.
    pub forgotten: Vec<ForgottenInRecord>,
    /// Roles in which something about somebody is kept.
    pub kept: Vec<PersonRole>,
}

/// Somebody was forgotten in a record.
#[derive(SimpleObject)]
pub struct ForgottenInRecord {
    /// In which role.
    pub person: PersonRole,
    /// When.
    pub at: DateTime,
}

impl From<RecordOfRequest> for RecordOfCase {
    fn from(record: RecordOfRequest) -> Self {
        Self {
            id: ID(record.id.to_string()),
            number: record.number,
            version: Position(record.version),
            kept: record.kept.into_iter().map(Into::into).collect(),
            forgotten: record
                .forgotten
                .into_iter()
                .map(|(role, at)| ForgottenInRecord {
                    person: role.into(),
                    at: DateTime(at),
                })
                .collect(),
        }
    }
}

/// Something that was done.
#[derive(SimpleObject)]
pub struct CaseMeasure {
    /// What kind of thing.
    pub kind: MeasureKind,
    /// In which record.
    pub declaration_id: Option<ID>,
    /// The version of the record that it made.
    pub version: Option<Position>,
    /// The request to a second person by which it is done.
    pub approval_id: Option<ID>,
    /// Where that stands.
    pub approval_status: Option<ApprovalStatus>,
    /// Until when somebody can agree.
    pub approval_expires_at: Option<DateTime>,
    /// Who is to be forgotten in the record.
    pub person: Option<PersonRole>,
}

impl CaseMeasure {
    fn new(
        measure: &domain::privacy_request::Measure,
        approvals: &[ApprovalRow],
        now: chrono::DateTime<chrono::Utc>,
    ) -> Self {
        let row = approvals.iter().find(|row| measure.approval_id == Some(row.id));
        Self {
            kind: measure.kind.into(),
            declaration_id: measure.declaration_id.map(|id| ID(id.to_string())),
            version: measure.version.map(|it| Position(event_store::Position::new(it))),
            approval_id: measure.approval_id.map(|id| ID(id.to_string())),
            approval_status: row.map(|row| ApprovalStatus::of(row, now)),
            approval_expires_at: row.map(|row| DateTime(row.expires_at)),
            person: measure.person.map(Into::into),
        }
    }
}

/// What kind of thing happened to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum PrivacyRequestEntryKind {
    /// Somebody asked.
    Opened,
    /// It is about other records.
    Concerned,
    /// Somebody handles it, or nobody any more.
    Assigned,
    /// It was looked at who asked.
    IdentityChecked,
    /// Something is missing.
    Paused,
    /// It came in.
    Resumed,
    /// It takes longer.
    Extended,
    /// It was decided.
    Decided,
    /// Something was done.
    MeasureRecorded,
    /// The answer went out.
    Answered,
    /// Something to remember.
    Noted,
    /// It is over.
    Closed,
    /// It was kept for its time: who asked, and every text, is forgotten.
    Forgotten,
}

/// Something that happened to a case. What does not belong to its kind is null.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct PrivacyRequestHistoryEntry {
    /// When.
    pub at: DateTime,
    /// What.
    pub kind: PrivacyRequestEntryKind,
    /// What was written with it.
    pub text: Option<TextResult>,
    /// The day that it names.
    pub on: Option<Date>,
    /// The last day from then on.
    pub due_on: Option<Date>,
    /// How it was looked at who asked.
    pub method: Option<IdentityMethod>,
    /// Whether they are who they say.
    pub is_confirmed: Option<bool>,
    /// What was decided.
    pub outcome: Option<RequestOutcome>,
    /// What was done.
    pub measure: Option<CaseMeasure>,
    /// Which way it came in or went out.
    pub channel: Option<RequestChannel>,
    /// How it ended.
    pub closing: Option<RequestClosing>,
    #[graphql(skip)]
    by: String,
    #[graphql(skip)]
    handler: Option<StaffId>,
}

#[ComplexObject]
impl PrivacyRequestHistoryEntry {
    /// Who did it.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }

    /// The name of whoever handles it from then on.
    async fn handler(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        match self.handler {
            Some(id) => ctx.data::<Loaders>()?.staff_name(id).await,
            None => Ok(None),
        }
    }
}

impl PrivacyRequestHistoryEntry {
    fn new(
        entry: PrivacyRequestEntry,
        approvals: &[ApprovalRow],
        now: chrono::DateTime<chrono::Utc>,
    ) -> Self {
        let CaseEntry { at, by, event, .. } = entry.entry;
        let mut shown = Self {
            at: DateTime(at),
            kind: PrivacyRequestEntryKind::Noted,
            text: entry.text.map(text),
            on: None,
            due_on: None,
            method: None,
            is_confirmed: None,
            outcome: None,
            measure: None,
            channel: None,
            closing: None,
            by: by.to_string(),
            handler: None,
        };
        if let Event::MeasureRecorded { measure, .. } = &event {
            shown.measure = Some(CaseMeasure::new(measure, approvals, now));
        }
        shown.kind = shown.fill(event);
        shown
    }
}

impl PrivacyRequestHistoryEntry {
    fn fill(&mut self, event: Event) -> PrivacyRequestEntryKind {
        match event {
            Event::Opened(opened) => {
                self.on = Some(Date(opened.received_on));
                self.due_on = Some(Date(opened.due_on));
                self.channel = Some(opened.channel.into());
                PrivacyRequestEntryKind::Opened
            }
            Event::Concerned { .. } => PrivacyRequestEntryKind::Concerned,
            Event::Assigned { handler, .. } => {
                self.handler = handler;
                PrivacyRequestEntryKind::Assigned
            }
            Event::IdentityChecked {
                method, is_confirmed, ..
            } => {
                self.method = Some(method.into());
                self.is_confirmed = Some(is_confirmed);
                PrivacyRequestEntryKind::IdentityChecked
            }
            Event::Paused { on, .. } => {
                self.on = Some(Date(on));
                PrivacyRequestEntryKind::Paused
            }
            Event::Resumed { on, due_on, .. } => {
                self.on = Some(Date(on));
                self.due_on = Some(Date(due_on));
                PrivacyRequestEntryKind::Resumed
            }
            Event::Extended { due_on, .. } => {
                self.due_on = Some(Date(due_on));
                PrivacyRequestEntryKind::Extended
            }
            Event::Decided { outcome, .. } => {
                self.outcome = Some(outcome.into());
                PrivacyRequestEntryKind::Decided
            }
            Event::MeasureRecorded { .. } => PrivacyRequestEntryKind::MeasureRecorded,
            Event::Answered { on, channel, .. } => {
                self.on = Some(Date(on));
                self.channel = Some(channel.into());
                PrivacyRequestEntryKind::Answered
            }
            Event::Noted { .. } => PrivacyRequestEntryKind::Noted,
            Event::Closed { how, .. } => {
                self.closing = Some(how.into());
                PrivacyRequestEntryKind::Closed
            }
            Event::Forgotten { .. } => PrivacyRequestEntryKind::Forgotten,
        }
    }
}

/// A case.
#[derive(SimpleObject)]
pub struct PrivacyRequest {
    /// As the list has it.
    pub summary: PrivacyRequestSummary,
    /// Today in Japan, which days left are counted from.
    pub today: Date,
    /// Who asked.
    pub requester: RequesterResult,
    /// What they want.
    pub wanted: TextResult,
    /// The records that it is about.
    pub records: Vec<RecordOfCase>,
    /// How often it was extended.
    pub extensions: u32,
    /// Since when the term stands still.
    pub paused_on: Option<Date>,
    /// When the answer went out.
    pub answered_on: Option<Date>,
    /// The last day on which it is kept; null: it is not over.
    pub kept_until: Option<Date>,
    /// What the next change must name.
    pub version: Position,
    /// The oldest first.
    pub history: Vec<PrivacyRequestHistoryEntry>,
    /// Who the office is, for the letter.
    pub letterhead: Letterhead,
}

/// Who the office is, as the configuration says; what is null is typed for each letter.
#[derive(SimpleObject)]
pub struct Letterhead {
    /// Its name.
    pub name: Option<String>,
    /// Where it is.
    pub address: Option<String>,
    /// How it is reached.
    pub contact: Option<String>,
}

impl PrivacyRequest {
    /// A case as its reader sees it.
    pub fn new(ctx: &Context<'_>, detail: PrivacyRequestDetail) -> Result<Self> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let letterhead = request.app().letterhead().clone();
        let case = &detail.request;
        let summary = PrivacyRequestSummary {
            id: ID(case.opened.request_id.to_string()),
            kind: case.opened.kind.into(),
            channel: case.opened.channel.into(),
            received_on: Date(case.opened.received_on),
            due_on: Date(case.due_on),
            status: case.status().into(),
            outcome: case.decision.as_ref().map(|it| it.outcome.into()),
            is_identified: case.is_identified(),
            opened_at: DateTime(case.at),
            handler_id: case.handler.map(|id| ID(id.to_string())),
            handler: case.handler,
        };
        Ok(Self {
            summary,
            today: Date(op.today()),
            extensions: case.extensions,
            paused_on: case.paused_on.map(Date),
            answered_on: case.answer.as_ref().map(|answer| Date(answer.on)),
            requester: detail.requester.into(),
            wanted: text(detail.wanted),
            records: detail.records.into_iter().map(Into::into).collect(),
            version: Position(detail.version),
            history: detail
                .history
                .into_iter()
                .map(|entry| PrivacyRequestHistoryEntry::new(entry, &detail.approvals, op.now()))
                .collect(),
            kept_until: detail.kept_until.map(Date),
            letterhead: Letterhead {
                name: letterhead.name,
                address: letterhead.address,
                contact: letterhead.contact,
            },
        })
    }
}

/// Why cases cannot be seen, as a fault.
pub fn refusal(ctx: &Context<'_>, error: ReadPrivacyRequestsError) -> Error {
    match (error, request(ctx)) {
        (ReadPrivacyRequestsError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadPrivacyRequestsError::Internal(error), Ok(request)) => {
            fault::internal(request.request_id(), &error)
        }
        (ReadPrivacyRequestsError::Internal(_), Err(error)) => error,
    }
}
