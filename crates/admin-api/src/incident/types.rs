//! An incident as those see it who handle it.

use app::incident::{IncidentDetail, IncidentEntry, ReadIncidentsError, Report, report_json, report_text};
use app::{App, CaseEntry, Guarded};
use async_graphql::{ComplexObject, Context, Enum, Error, ID, Result, SimpleObject, Union};
use domain::incident::{IncidentEvent as Event, IncidentStatus as Status};
use storage::incident::IncidentRow;

use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::declaration::values::{Forgotten, TextResult, Withheld, forgotten, withheld};
use crate::fault;
use crate::loaders::Loaders;
use crate::privacy_request::types::text;
use crate::scalars::{Date, DateTime, Position};

mirrored! {
    /// Why an incident must be reported.
    IncidentCategory = domain::incident::Category {
        /// 要配慮個人情報.
        Sensitive,
        /// 財産的被害のおそれ.
        Financial,
        /// 不正の目的によるおそれ.
        Wrongful,
        /// 多数の本人.
        ManyPersons,
    }
}

mirrored! {
    /// Which report.
    ReportStage = domain::incident::ReportStage {
        /// 速報.
        First,
        /// 確報.
        Final,
    }
}

mirrored! {
    /// An item of the report.
    ReportItem = domain::incident::ReportItem {
        /// 概要.
        Outline,
        /// 個人データの項目.
        DataItems,
        /// 本人の数.
        Persons,
        /// 原因.
        Cause,
        /// 二次被害.
        SecondaryDamage,
        /// 本人への対応.
        Response,
        /// 公表.
        Publication,
        /// 再発防止.
        Prevention,
        /// その他.
        Other,
    }
}

mirrored! {
    /// Where an incident stands.
    IncidentStatus = domain::incident::IncidentStatus {
        /// Nothing was reported.
        Open,
        /// The first report went out.
        FirstReported,
        /// The final report went out.
        FinalReported,
        /// It is over.
        Closed,
    }
}

/// The next report that is missing.
#[derive(SimpleObject)]
pub struct ReportDue {
    /// Which.
    pub stage: ReportStage,
    /// Its last day.
    pub on: Date,
}

/// An incident in the list.
#[derive(SimpleObject)]
pub struct IncidentSummary {
    /// Which.
    pub id: ID,
    /// When the office became aware.
    pub aware_at: DateTime,
    /// Why it must be reported.
    pub categories: Vec<IncidentCategory>,
    /// How many persons; null: not known.
    pub persons: Option<u32>,
    /// The last day for the first report.
    pub first_due_on: Date,
    /// The last day for the final report.
    pub final_due_on: Date,
    /// Where it stands.
    pub status: IncidentStatus,
    /// The next report that is missing; null: none is.
    pub next_due: Option<ReportDue>,
    /// When it was written down.
    pub opened_at: DateTime,
}

impl IncidentSummary {
    /// A row of the list.
    pub fn new(app: &App, row: IncidentRow) -> Self {
        let next_due = app.incident_due(&row);
        Self {
            id: ID(row.id.to_string()),
            aware_at: DateTime(row.aware_at),
            categories: row.categories.into_iter().map(Into::into).collect(),
            persons: row.persons,
            first_due_on: Date(row.first_due_on),
            final_due_on: Date(row.final_due_on),
            status: Status::from_code(&row.status).unwrap_or(Status::Open).into(),
            next_due: next_due.map(|(stage, on)| ReportDue {
                stage: stage.into(),
                on: Date(on),
            }),
            opened_at: DateTime(row.opened_at),
        }
    }
}

/// The report for whoever may see what happened.
#[derive(Union)]
pub enum ReportResult {
    /// Readable.
    Open(IncidentReport),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
}

/// The nine items.
#[derive(SimpleObject)]
pub struct IncidentReport {
    /// In the order of the law.
    pub items: Vec<IncidentReportItem>,
    /// The same as plain text.
    pub text: String,
    /// The same as JSON.
    pub json: String,
}

/// One item.
#[derive(SimpleObject)]
pub struct IncidentReportItem {
    /// Which.
    pub item: ReportItem,
    /// What the form of the authority calls it.
    pub heading: String,
    /// What is written there; empty: nothing.
    pub text: String,
}

impl From<Guarded<Report>> for ReportResult {
    fn from(value: Guarded<Report>) -> Self {
        match value {
            Guarded::Open(report) => Self::Open(IncidentReport {
                items: report
                    .iter()
                    .map(|(item, text)| IncidentReportItem {
                        item: item.into(),
                        heading: item.japanese().to_owned(),
                        text: text.to_owned(),
                    })
                    .collect(),
                text: report_text(&report),
                json: report_json(&report),
            }),
            Guarded::Withheld(permission) => Self::Withheld(withheld(permission)),
            Guarded::Forgotten(subject) => Self::Forgotten(forgotten(subject)),
        }
    }
}

/// Whose data may have been seen: what an account opened in a time.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct IncidentScope {
    /// The account.
    pub account_id: ID,
    /// From when.
    pub from: DateTime,
    /// Until when.
    pub to: DateTime,
    #[graphql(skip)]
    account: domain::staff::StaffId,
}

#[ComplexObject]
impl IncidentScope {
    /// Whose account.
    async fn account_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        ctx.data::<Loaders>()?.staff_name(self.account).await
    }
}

impl From<domain::incident::Scope> for IncidentScope {
    fn from(scope: domain::incident::Scope) -> Self {
        Self {
            account_id: ID(scope.account.to_string()),
            from: DateTime(scope.from),
            to: DateTime(scope.to),
            account: scope.account,
        }
    }
}

/// What kind of thing happened to an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum IncidentEntryKind {
    /// Somebody became aware.
    Opened,
    /// It is of other kinds.
    Classified,
    /// So many persons.
    PersonsCounted,
    /// The report says something else.
    ReportWritten,
    /// A report went out.
    Reported,
    /// Persons were told.
    PersonsNotified,
    /// Something to remember.
    Noted,
    /// It is over.
    Closed,
}

/// Something that happened to an incident. What does not belong to its kind is null.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct IncidentHistoryEntry {
    /// When.
    pub at: DateTime,
    /// What.
    pub kind: IncidentEntryKind,
    /// What was written with it: what is known, a receipt number, how persons were told, a note.
    pub text: Option<TextResult>,
    /// The day that it names.
    pub on: Option<Date>,
    /// The kinds from then on.
    pub categories: Option<Vec<IncidentCategory>>,
    /// How many persons.
    pub persons: Option<u32>,
    /// Which report.
    pub stage: Option<ReportStage>,
    #[graphql(skip)]
    by: String,
}

#[ComplexObject]
impl IncidentHistoryEntry {
    /// Who did it.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }
}

impl From<IncidentEntry> for IncidentHistoryEntry {
    fn from(entry: IncidentEntry) -> Self {
        let CaseEntry { at, by, event, .. } = entry.entry;
        let mut shown = Self {
            at: DateTime(at),
            kind: IncidentEntryKind::Noted,
            text: entry.text.map(text),
            on: None,
            categories: None,
            persons: None,
            stage: None,
            by: by.to_string(),
        };
        shown.kind = shown.fill(event);
        shown
    }
}

impl IncidentHistoryEntry {
    fn fill(&mut self, event: Event) -> IncidentEntryKind {
        let kinds = |categories: Vec<domain::incident::Category>| {
            categories.into_iter().map(Into::into).collect::<Vec<_>>()
        };
        match event {
            Event::Opened(opened) => {
                self.categories = Some(kinds(opened.categories));
                IncidentEntryKind::Opened
            }
            Event::Classified { categories, .. } => {
                self.categories = Some(kinds(categories));
                IncidentEntryKind::Classified
            }
            Event::PersonsCounted { persons, .. } => {
                self.persons = Some(persons);
                IncidentEntryKind::PersonsCounted
            }
            Event::ReportWritten { .. } => IncidentEntryKind::ReportWritten,
            Event::Reported { stage, on, .. } => {
                self.stage = Some(stage.into());
                self.on = Some(Date(on));
                IncidentEntryKind::Reported
            }
            Event::PersonsNotified { persons, on, .. } => {
                self.persons = Some(persons);
                self.on = Some(Date(on));
                IncidentEntryKind::PersonsNotified
            }
            Event::Noted { .. } => IncidentEntryKind::Noted,
            Event::Closed { .. } => IncidentEntryKind::Closed,
        }
    }
}

/// An incident.
#[derive(SimpleObject)]
pub struct Incident {
    /// As the list has it.
    pub summary: IncidentSummary,
    /// Today in Japan, which days left are counted from.
    pub today: Date,
    /// What is known, as it was written first.
    pub known: TextResult,
    /// Whether it must be reported.
    pub must_be_reported: bool,
    /// More persons than so many make it one that must be.
    pub threshold: u32,
    /// What was counted; null: the number was typed, or there is none.
    pub scope: Option<IncidentScope>,
    /// The report as somebody wrote it; null: nobody has.
    pub report: Option<ReportResult>,
    /// How many persons were told.
    pub notified: u32,
    /// What the next change must name.
    pub version: Position,
    /// The oldest first.
    pub history: Vec<IncidentHistoryEntry>,
}

impl Incident {
    /// An incident as its reader sees it.
    pub fn new(ctx: &Context<'_>, detail: IncidentDetail) -> Result<Self> {
        let request = request(ctx)?;
        let incident = detail.incident;
        let summary = IncidentSummary {
            id: ID(incident.opened.incident_id.to_string()),
            aware_at: DateTime(incident.opened.aware_at),
            categories: incident.categories.iter().copied().map(Into::into).collect(),
            persons: incident.persons,
            first_due_on: Date(incident.opened.first_due_on),
            final_due_on: Date(incident.final_due_on),
            status: incident.status().into(),
            next_due: detail.next_due.map(|(stage, on)| ReportDue {
                stage: stage.into(),
                on: Date(on),
            }),
            opened_at: DateTime(incident.at),
        };
        let notified = incident.notified.iter().map(|it| it.persons);
        Ok(Self {
            summary,
            today: Date(request.operation()?.today()),
            known: text(detail.known),
            must_be_reported: detail.must_be_reported,
            threshold: request.app().case_rules().reportable_persons,
            notified: notified.fold(0, u32::saturating_add),
            scope: incident.scope.map(Into::into),
            report: detail.report.map(Into::into),
            version: Position(detail.version),
            history: detail.history.into_iter().map(Into::into).collect(),
        })
    }
}

/// Why incidents cannot be seen, as a fault.
pub fn refusal(ctx: &Context<'_>, error: ReadIncidentsError) -> Error {
    match (error, request(ctx)) {
        (ReadIncidentsError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadIncidentsError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (ReadIncidentsError::Internal(_), Err(error)) => error,
    }
}
