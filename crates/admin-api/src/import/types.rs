//! An import as the console reads it.

use app::import::{
    FoundRow, Import as Stored, ImportDetail, ImportFile as StoredFile, ImportRowCount, ReadImportsError,
};
use app::{Guarded, OpContext, job::Job};
use async_graphql::{ComplexObject, Context, Error, ID, Result, SimpleObject, Union};
use domain::declaration::FlagCode;
use domain::import::{ImportCounts as StoredCounts, Mapping};
use domain::legacy_register::{HEADINGS, RefusalCode};

use crate::approval::types::ApprovalRef;
use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::declaration::list::PageInfo;
use crate::declaration::values::{OpenText, TextResult, Withheld, withheld};
use crate::fault;
use crate::job::types::JobState;
use crate::privacy_request::types::text;
use crate::said::Said;
use crate::scalars::DateTime;

mirrored! {
    /// What a file is.
    ImportFormat = domain::import::ImportFormat {
        /// Comma-separated text in UTF-8.
        CsvUtf8,
        /// Comma-separated text in code page 932.
        CsvCp932,
        /// A workbook.
        Xlsx,
    }
}

/// How many rows came to what.
#[derive(SimpleObject)]
pub struct ImportCounts {
    /// Rows after the headings; while it runs, those that are gone through.
    pub rows: u32,
    /// Taken over.
    pub accepted: u32,
    /// Repeat a row that is in the register.
    pub repeats: u32,
    /// Cannot be taken over.
    pub refused: u32,
    /// Doubts about rows that are taken over.
    pub warnings: u32,
}

impl From<StoredCounts> for ImportCounts {
    fn from(counts: StoredCounts) -> Self {
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            rows: number(counts.rows),
            accepted: number(counts.accepted),
            repeats: number(counts.repeats),
            refused: number(counts.refused),
            warnings: number(counts.warnings),
        }
    }
}

/// A job of an import.
#[derive(SimpleObject)]
pub struct ImportJob {
    /// Which.
    pub id: ID,
    /// Where it stands.
    pub state: JobState,
    /// Whether somebody wants it stopped.
    pub cancel_requested: bool,
    /// Rows that it went through.
    pub done: u32,
    /// Of so many; 0: not known yet.
    pub total: u32,
    /// Why the last attempt failed, or why it was given up.
    pub error: Option<Said>,
    /// When it ended.
    pub finished_at: Option<DateTime>,
}

impl From<&Job> for ImportJob {
    fn from(job: &Job) -> Self {
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            id: ID(job.id.to_string()),
            state: job.state.into(),
            cancel_requested: job.cancel_requested,
            done: number(job.progress.done),
            total: number(job.progress.total),
            error: job.error.as_deref().and_then(Said::read),
            finished_at: job.finished_at.map(DateTime),
        }
    }
}

/// How a file is read.
#[derive(SimpleObject)]
pub struct ImportReading {
    /// Of a workbook: which of its visible sheets, from 0.
    pub sheet: u32,
    /// For each column of a register, in the order of `columns`, which column of the file, from 0; null: none.
    pub places: Vec<Option<i32>>,
}

/// A column of a register.
#[derive(SimpleObject)]
pub struct ImportColumn {
    /// Its heading.
    pub heading: String,
    /// Whether no row can be taken over without it.
    pub required: bool,
}

/// The file of an import.
#[derive(SimpleObject)]
pub struct ImportFile {
    /// What it is called.
    pub name: String,
    /// One of a CSV; of a workbook those that are visible and not empty.
    pub sheets: Vec<ImportSheet>,
}

/// How a sheet begins.
#[derive(SimpleObject)]
pub struct ImportSheet {
    /// Its place among the visible sheets, from 0.
    pub place: u32,
    /// Its name; empty of a CSV.
    pub name: String,
    /// Rows after the headings.
    pub rows: u32,
    /// The first row.
    pub headings: Vec<String>,
    /// The first rows after it, 5 at most; cells are cut to 80 characters.
    pub sample: Vec<Vec<String>>,
    /// How the last file with the same headings was read, else what the names of the columns say.
    pub suggested: Vec<Option<i32>>,
}

/// The file of an import, for whoever may see persons.
#[derive(Union)]
pub enum ImportFileResult {
    /// It is here.
    Open(ImportFile),
    /// Not for this reader.
    Withheld(Withheld),
}

/// How often something was found.
#[derive(SimpleObject)]
pub struct ImportFound {
    /// What: stable.
    pub code: String,
    /// Whether rows are refused for it; else they are taken over with a warning.
    pub refused: bool,
    /// How often.
    pub count: u32,
    /// What it says, in Japanese.
    pub message: String,
    /// The same in English.
    pub english: String,
}

impl From<ImportRowCount> for ImportFound {
    fn from(found: ImportRowCount) -> Self {
        let (message, english) = words(&found.code);
        Self {
            code: found.code,
            refused: found.refused,
            count: found.count,
            message,
            english,
        }
    }
}

/// An import in the list.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ImportSummary {
    /// Which.
    pub id: ID,
    /// What its file is.
    pub format: ImportFormat,
    /// Bytes of the file.
    pub size: u32,
    /// When it came.
    pub uploaded_at: DateTime,
    /// Whether somebody said how it is read.
    pub is_mapped: bool,
    /// What would become of its rows; null: not tried out.
    pub tried: Option<ImportCounts>,
    /// When it was begun; null: it was not.
    pub started_at: Option<DateTime>,
    /// What became of its rows; null: not at its end.
    pub finished: Option<ImportCounts>,
    /// Whether it is not wanted any more.
    pub discarded: bool,
    /// Where the job stands that it is at.
    pub state: Option<JobState>,
    #[graphql(skip)]
    by: String,
}

#[ComplexObject]
impl ImportSummary {
    /// Who sent the file.
    async fn uploaded_by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }
}

impl ImportSummary {
    /// As it stands, with the state of the job that it is at.
    pub fn new(import: Stored, state: Option<JobState>) -> Self {
        Self {
            id: ID(import.id.to_string()),
            format: import.format.into(),
            size: u32::try_from(import.size).unwrap_or(u32::MAX),
            uploaded_at: DateTime(import.uploaded_at),
            is_mapped: import.reading.is_some(),
            tried: import.tried.map(Into::into),
            started_at: import.started.map(|started| DateTime(started.at)),
            finished: import.finished.map(Into::into),
            discarded: import.discarded,
            state,
            by: import.uploaded_by,
        }
    }
}

/// One import.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Import {
    /// Which.
    pub id: ID,
    /// What its file is.
    pub format: ImportFormat,
    /// Bytes of the file.
    pub size: u32,
    /// SHA-256 of them, hexadecimal.
    pub sha256: String,
    /// When it came.
    pub uploaded_at: DateTime,
    /// The columns of a register.
    pub columns: Vec<ImportColumn>,
    /// Its file; null: it was destroyed, a week after the import was over.
    pub file: Option<ImportFileResult>,
    /// How it is read; null: nobody said yet.
    pub reading: Option<ImportReading>,
    /// The job that tries it out; null: nobody said how it is read.
    pub trial: Option<ImportJob>,
    /// What would become of its rows; null: not tried out to an end.
    pub tried: Option<ImportCounts>,
    /// How often what was found in the trial: refusals first.
    pub found: Vec<ImportFound>,
    /// When it was begun; null: it was not.
    pub started_at: Option<DateTime>,
    /// Why it was begun; null: it was not, or the key was destroyed.
    pub reason: Option<TextResult>,
    /// The job that carries it out.
    pub run: Option<ImportJob>,
    /// How far it is.
    pub progress: Option<ImportCounts>,
    /// What became of its rows; null: not at its end.
    pub finished: Option<ImportCounts>,
    /// Whether it is not wanted any more.
    pub discarded: bool,
    /// Whether beginning it needs a second person.
    pub needs_approval: bool,
    /// So many rows may be taken over without a second person.
    pub approval_above: u32,
    #[graphql(skip)]
    detail: Behind,
}

/// What is asked for only when it is wanted.
struct Behind {
    uploaded_by: String,
    started_by: Option<String>,
    approval: Option<storage::approval::ApprovalRow>,
}

#[ComplexObject]
impl Import {
    /// Who sent the file.
    async fn uploaded_by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.detail.uploaded_by).await
    }

    /// Who began it.
    async fn started_by(&self, ctx: &Context<'_>) -> Result<Option<Actor>> {
        match &self.detail.started_by {
            Some(by) => Ok(Some(actor_of(ctx, by).await?)),
            None => Ok(None),
        }
    }

    /// The newest request for a second person.
    async fn approval(&self, ctx: &Context<'_>) -> Result<Option<ApprovalRef>> {
        let op = request(ctx)?.operation()?;
        Ok(self.detail.approval.as_ref().map(|row| ApprovalRef::of(op, row)))
    }
}

impl Import {
    /// As it stands, for whoever may read free text, on record, or may not.
    pub fn new(op: &OpContext, detail: ImportDetail) -> Self {
        let import = detail.import;
        let id = import.id.uuid();
        let accepted = import.tried.map_or(0, |tried| tried.accepted);
        Self {
            id: ID(import.id.to_string()),
            format: import.format.into(),
            size: u32::try_from(import.size).unwrap_or(u32::MAX),
            sha256: import.sha256,
            uploaded_at: DateTime(import.uploaded_at),
            columns: columns(),
            file: detail.file.and_then(file),
            reading: import.reading.as_ref().map(|reading| ImportReading {
                sheet: reading.sheet.into(),
                places: places(&reading.mapping),
            }),
            trial: detail.trial_job.as_ref().map(Into::into),
            tried: import.tried.map(Into::into),
            found: detail.found.into_iter().map(Into::into).collect(),
            started_at: import.started.as_ref().map(|started| DateTime(started.at)),
            reason: detail
                .reason
                .map(|text| op.reveal_import(id, || Guarded::Open(OpenText { text })).into()),
            run: detail.run_job.as_ref().map(Into::into),
            progress: detail.progress.map(Into::into),
            finished: import.finished.map(Into::into),
            discarded: import.discarded,
            needs_approval: accepted > u64::from(detail.approval_above),
            approval_above: detail.approval_above,
            detail: Behind {
                uploaded_by: import.uploaded_by,
                started_by: import.started.map(|started| started.by),
                approval: detail.approval,
            },
        }
    }
}

fn columns() -> Vec<ImportColumn> {
    let columns = HEADINGS.iter().enumerate();
    columns
        .map(|(column, heading)| ImportColumn {
            heading: (*heading).to_owned(),
            required: Mapping::is_required(column),
        })
        .collect()
}

fn places(mapping: &Mapping) -> Vec<Option<i32>> {
    let places = mapping.places().into_iter();
    places.map(|place| place.map(i32::from)).collect()
}

fn file(file: Guarded<StoredFile>) -> Option<ImportFileResult> {
    match file {
        Guarded::Open(file) => Some(ImportFileResult::Open(ImportFile {
            name: file.label.name,
            sheets: file
                .label
                .sheets
                .into_iter()
                .zip(&file.suggested)
                .map(|(sheet, suggested)| ImportSheet {
                    place: sheet.place.into(),
                    name: sheet.name,
                    rows: u32::try_from(sheet.rows).unwrap_or(u32::MAX),
                    headings: sheet.headings,
                    sample: sheet.sample,
                    suggested: places(suggested),
                })
                .collect(),
        })),
        Guarded::Withheld(permission) => Some(ImportFileResult::Withheld(withheld(permission))),
        Guarded::Forgotten(_) => None,
    }
}

/// What was found in one row.
#[derive(SimpleObject)]
pub struct ImportFinding {
    /// Its place among what was found, from 1.
    pub ordinal: u32,
    /// Which row of the file, from 1 after the headings.
    pub row: u32,
    /// Whether the row is refused; else it is taken over with a warning.
    pub refused: bool,
    /// Why: stable.
    pub code: String,
    /// The column of a register; null: it is about the whole row.
    pub heading: Option<String>,
    /// What stands there.
    pub found: TextResult,
    /// What it says, in Japanese.
    pub message: String,
    /// The same in English.
    pub english: String,
}

impl From<FoundRow> for ImportFinding {
    fn from(row: FoundRow) -> Self {
        let (message, english) = words(&row.code);
        Self {
            ordinal: row.ordinal,
            row: u32::try_from(row.row).unwrap_or(u32::MAX),
            refused: row.refused,
            code: row.code,
            heading: row.heading,
            found: text(row.found),
            message,
            english,
        }
    }
}

/// One page of what was found.
#[derive(SimpleObject)]
pub struct ImportFindingConnection {
    /// In the order of the file.
    pub nodes: Vec<ImportFinding>,
    /// Whether there is more.
    pub page_info: PageInfo,
}

/// What a code says; one of another version as it is.
fn words(code: &str) -> (String, String) {
    let refusal = RefusalCode::from_code(code).map(RefusalCode::words);
    let found = refusal.or_else(|| FlagCode::from_code(code).map(FlagCode::words));
    found.map_or_else(
        || (code.to_owned(), code.to_owned()),
        |words| (words.japanese.to_owned(), words.english.to_owned()),
    )
}

/// Why there is no answer, as a fault.
pub fn refusal(ctx: &Context<'_>, error: ReadImportsError) -> Error {
    match (error, request(ctx)) {
        (ReadImportsError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadImportsError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (ReadImportsError::Internal(_), Err(fault)) => fault,
    }
}
