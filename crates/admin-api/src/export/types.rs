//! An export as the console reads it.

use app::approval::Act;
use app::export::{Ended, Export as Stored, ExportDetail, ReadExportsError};
use app::job::Job;
use app::{Guarded, OpContext};
use async_graphql::{ComplexObject, Context, Enum, Error, ID, Result, SimpleObject};
use domain::job::JobState;

use crate::approval::types::ApprovalRef;
use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::declaration::narrowed::NarrowedBy;
use crate::declaration::values::{OpenText, TextResult};
use crate::fault;
use crate::said::Said;
use crate::scalars::{Date, DateTime, Position};

mirrored! {
    /// A column of an export.
    ExportColumn = domain::export::Column {
        /// 自己宣言ID.
        Number,
        /// 事業者名. A sole trader's is shown to whoever may see what is personal.
        Name,
        /// フリガナ; the same.
        Kana,
        /// 屋号.
        TradeName,
        /// 区分.
        EntityType,
        /// 法人番号.
        CorporateNumber,
        /// 取組段階.
        Star,
        /// 状態.
        State,
        /// 宣言日.
        DeclaredOn,
        /// 停止日.
        StoppedOn,
        /// 都道府県.
        Prefecture,
        /// 市区町村.
        City,
        /// 業種.
        Industry,
        /// 規模の目安.
        Size,
        /// 従業員数.
        Employees,
        /// 資本金, in yen.
        CapitalYen,
        /// 誓約.
        Pledge,
        /// 登録の経路.
        Origin,
        /// 公表.
        Published,
        /// 基本方針.
        Policy,
        /// 基本方針の公開場所.
        PolicyUrl,
        /// 連絡先の登録.
        Contact,
        /// 警告.
        Flags,
        /// 更新日.
        ChangedAt,
        /// 郵便番号. Personal, as the address of a sole trader is a home.
        PostalCode,
        /// 番地. Personal.
        Street,
        /// 建物. Personal.
        Building,
        /// 代表者役職. Personal.
        RepresentativeTitle,
        /// 代表者名. Personal.
        RepresentativeName,
        /// 担当者名. Personal.
        ContactName,
        /// 担当部署. Personal.
        ContactDepartment,
        /// 担当者のメール. Personal.
        ContactEmail,
        /// 担当者の電話. Personal.
        ContactPhone,
    }
}

mirrored! {
    /// What kind of file.
    ExportFormat = domain::export::Format {
        /// CSV in UTF-8 with a byte order mark.
        CsvUtf8,
        /// CSV in CP932.
        CsvCp932,
        /// A workbook.
        Xlsx,
    }
}

mirrored! {
    /// What can be taken of an export.
    ExportPart = domain::export::ExportPart {
        /// The file.
        File,
        /// What could not be written as it stands in the register.
        Report,
    }
}

/// Where an export stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ExportState {
    /// A second person has to agree.
    NeedsApproval,
    /// It waits to be made.
    Waiting,
    /// It is being made.
    Making,
    /// Its making was stopped.
    Stopped,
    /// It could not be made.
    Failed,
    /// It can be taken.
    Made,
    /// Whoever asked did not want it any more.
    Discarded,
    /// Its time is over.
    Expired,
    /// Somebody of whom it may tell was forgotten in the register.
    Forgotten,
}

impl ExportState {
    fn of(export: &Stored, job: Option<&Job>, now: chrono::DateTime<chrono::Utc>) -> Self {
        if let Some((how, _)) = export.ended {
            return match how {
                Ended::Discarded => Self::Discarded,
                Ended::Expired => Self::Expired,
                Ended::Forgotten => Self::Forgotten,
            };
        }
        if export.expires_at <= now {
            return Self::Expired;
        }
        if export.made.is_some() {
            return Self::Made;
        }
        match job.map(|job| job.state) {
            None if export.needs_approval => Self::NeedsApproval,
            None | Some(JobState::Ready) => Self::Waiting,
            Some(JobState::Running) => Self::Making,
            Some(JobState::Cancelled) => Self::Stopped,
            // Done without a file is nothing that happens.
            Some(JobState::Dead | JobState::Done) => Self::Failed,
        }
    }
}

/// How far the making of a file is.
#[derive(SimpleObject)]
pub struct ExportProgress {
    /// The job that makes it.
    pub job_id: ID,
    /// Whether somebody wants it stopped.
    pub cancel_requested: bool,
    /// Records so far.
    pub done: u64,
    /// Of so many, about; 0: not known yet.
    pub total: u64,
    /// Why the last attempt failed, or why it was given up.
    pub error: Option<Said>,
}

impl From<&Job> for ExportProgress {
    fn from(job: &Job) -> Self {
        Self {
            job_id: ID(job.id.to_string()),
            cancel_requested: job.cancel_requested,
            done: job.progress.done,
            total: job.progress.total,
            error: job.error.as_deref().and_then(Said::read),
        }
    }
}

/// A file that can be taken, or could.
#[derive(SimpleObject)]
pub struct ExportedFile {
    /// Records in it.
    pub rows: u64,
    /// It is the register as of this position of the log.
    pub position: Position,
    /// And of this day in Japan.
    pub day: Date,
    /// Whether anything in it is about a person.
    pub is_personal: bool,
    /// Bytes.
    pub size: u64,
    /// Places where something does not stand as it does in the register: characters that CP932 has not, texts that no cell takes. The report
    /// says which.
    pub unwritten: u64,
}

/// That something was taken.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ExportTaking {
    /// When.
    pub at: DateTime,
    /// What.
    pub part: ExportPart,
    #[graphql(skip)]
    by: String,
}

#[ComplexObject]
impl ExportTaking {
    /// Who.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }
}

/// What an export was narrowed to, and what it is for.
#[derive(SimpleObject)]
pub struct ExportContent {
    /// What the file is for.
    pub reason: TextResult,
    /// What the list was narrowed to.
    pub narrowed_by: NarrowedBy,
}

/// An export in the list.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ExportSummary {
    /// Which.
    pub id: ID,
    /// Where it stands.
    pub state: ExportState,
    /// What kind of file.
    pub format: ExportFormat,
    /// Which columns, in order.
    pub columns: Vec<ExportColumn>,
    /// Whether a column of it is only for whoever may see what is personal.
    pub asks_for_persons: bool,
    /// Whether the view is narrowed.
    pub is_narrowed: bool,
    /// Records of the view when it was asked for.
    pub expected: u64,
    /// Whether that is an estimate.
    pub is_estimated: bool,
    /// When it was asked for.
    pub requested_at: DateTime,
    /// How far its making is; null: it was not begun.
    pub progress: Option<ExportProgress>,
    /// What came of it; null: it is not made.
    pub file: Option<ExportedFile>,
    /// Until when it is kept; before it is made, until when it may be.
    pub expires_at: DateTime,
    /// How often it was taken.
    pub taken: u64,
    /// When for the last time.
    pub taken_at: Option<DateTime>,
    /// When it ended; null: it is there.
    pub ended_at: Option<DateTime>,
    #[graphql(skip)]
    by: String,
}

#[ComplexObject]
impl ExportSummary {
    /// Who asked.
    async fn requested_by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }
}

impl ExportSummary {
    /// As it stands at a moment.
    pub fn new(export: Stored, job: Option<&Job>, now: chrono::DateTime<chrono::Utc>) -> Self {
        Self {
            id: ID(export.id.to_string()),
            state: ExportState::of(&export, job, now),
            format: export.format.into(),
            columns: export.columns.iter().map(|column| (*column).into()).collect(),
            asks_for_persons: export.asks_for_persons(),
            is_narrowed: export.is_narrowed,
            expected: export.expected,
            is_estimated: export.is_estimated,
            requested_at: DateTime(export.requested_at),
            progress: job.map(ExportProgress::from),
            file: export.made.map(|made| ExportedFile {
                rows: made.rows,
                position: Position(event_store::Position::new(made.position)),
                day: Date(made.day),
                is_personal: made.is_personal,
                size: made.file.size,
                unwritten: made.unwritten,
            }),
            expires_at: DateTime(export.expires_at),
            taken: export.taken,
            taken_at: export.taken_at.map(DateTime),
            ended_at: export.ended.map(|(_, at)| DateTime(at)),
            by: export.requested_by,
        }
    }
}

/// One export.
#[derive(SimpleObject)]
pub struct Export {
    /// As the list shows it.
    pub summary: ExportSummary,
    /// Whether the reader asked for it: nobody else takes it.
    pub is_mine: bool,
    /// What it was narrowed to, and what it is for; null: the key was destroyed.
    pub content: Option<ExportContent>,
    /// The request for a second person; null: none is needed.
    pub approval: Option<ApprovalRef>,
    /// Each time that it was taken, the newest first, 100 at most.
    pub takings: Vec<ExportTaking>,
}

impl Export {
    /// As it stands at a moment, for whoever may read free text, on record, or may not.
    pub fn new(op: &OpContext, detail: ExportDetail) -> Self {
        let (id, now) = (detail.export.id.uuid(), op.now());
        let text = |text: &str| {
            let text = text.to_owned();
            TextResult::from(op.reveal_export(id, || Guarded::Open(OpenText { text })))
        };
        Self {
            is_mine: detail.is_mine,
            content: detail.content.as_ref().map(|content| ExportContent {
                reason: text(&content.reason),
                narrowed_by: NarrowedBy::new(&content.filter, content.search.as_deref().map(text)),
            }),
            approval: detail.approval.as_ref().map(|row| ApprovalRef::of(op, row)),
            takings: detail
                .takings
                .into_iter()
                .map(|taking| ExportTaking {
                    at: DateTime(taking.at),
                    part: taking.part.into(),
                    by: taking.by,
                })
                .collect(),
            summary: ExportSummary::new(detail.export, detail.job.as_ref(), now),
        }
    }
}

/// A file leaves with a view of the register.
#[derive(SimpleObject)]
pub struct ExportViewContent {
    /// Which export.
    pub export_id: ID,
    /// What kind of file.
    pub format: ExportFormat,
    /// Which columns, in order.
    pub columns: Vec<ExportColumn>,
    /// Whether one of them is about persons.
    pub asks_for_persons: bool,
    /// Records of the view when it was asked for.
    pub count: u64,
    /// Whether that is an estimate.
    pub is_estimated: bool,
}

impl ExportViewContent {
    /// What an act asks for; none: it asks for something else.
    pub fn of(act: &Act) -> Option<Self> {
        let Act::ExportView {
            export_id,
            format,
            columns,
            count,
            is_estimated,
        } = act
        else {
            return None;
        };
        Some(Self {
            export_id: ID(export_id.to_string()),
            format: (*format).into(),
            columns: columns.iter().map(|column| (*column).into()).collect(),
            asks_for_persons: columns.iter().any(|column| column.is_personal()),
            count: *count,
            is_estimated: *is_estimated,
        })
    }
}

/// Why there is no answer, as a fault.
pub fn refusal(ctx: &Context<'_>, error: ReadExportsError) -> Error {
    match (error, request(ctx)) {
        (ReadExportsError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadExportsError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (ReadExportsError::Internal(_), Err(fault)) => fault,
    }
}
