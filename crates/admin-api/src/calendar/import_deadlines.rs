//! Taking deadlines over from a file, first as a dry run.

use app::calendar::{
    DeadlineFile, FileLimits, ImportDeadlines, ImportDeadlinesError, ImportReport, RowOutcome, RowReport,
};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject, Union};

use super::deadline::DeadlineText;
use crate::context::request;
use crate::fault;
use crate::input::{InputProblem, InvalidInput, read_command_id};
use crate::scalars::Position;

/// A file as text. Requests with more than 256 KiB are refused before they come here.
#[derive(InputObject)]
pub struct ImportDeadlinesInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// CSV with the headings date, time, name, source, note (日付, 時刻, 名称, 出典, 備考), or iCalendar.
    pub content: String,
    /// Where the deadlines are announced, for rows that do not say.
    pub source: String,
    /// The version that the dry run told; without it this is the dry run, and nothing is written.
    pub expected_version: Option<Position>,
}

/// The outcome of an import.
#[derive(Union)]
pub enum ImportDeadlinesResult {
    /// What became, or would become, of each row.
    Report(DeadlineImport),
    /// The deadlines were changed since the dry run.
    Outdated(ImportOutdated),
    /// The file as a whole cannot be taken.
    Invalid(InvalidInput),
}

/// With a row that is refused nothing is written.
#[derive(SimpleObject)]
pub struct DeadlineImport {
    /// Whether the calendar holds it now.
    pub written: bool,
    /// What the import after this dry run must name.
    pub version: Position,
    /// How many rows are added.
    pub added: usize,
    /// How many change a deadline.
    pub changed: usize,
    /// How many the calendar has already.
    pub same: usize,
    /// How many cannot be taken.
    pub refused: usize,
    /// In the order of the file.
    pub rows: Vec<ImportRow>,
}

/// The deadlines were changed since the dry run. Nothing was written: run it dry again.
#[derive(SimpleObject)]
pub struct ImportOutdated {
    /// For people, in Japanese.
    pub message: String,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ImportOutcome {
    /// It is added.
    Added,
    /// It changes a deadline.
    Changed,
    /// The calendar has it already.
    Same,
    /// It cannot be taken.
    Refused,
}

/// One row of the file.
#[derive(SimpleObject)]
pub struct ImportRow {
    /// Where it begins, 1-based.
    pub line: u64,
    /// What becomes of it.
    pub outcome: ImportOutcome,
    /// The name as it stands there, for rows that cannot be read.
    pub name: String,
    /// As it will be; null when it is refused.
    pub after: Option<DeadlineText>,
    /// As it is now, when it changes.
    pub before: Option<DeadlineText>,
    /// Why it is refused.
    pub problems: Vec<InputProblem>,
}

/// The mutation.
#[derive(Default)]
pub struct ImportDeadlinesMutation;

#[Object]
impl ImportDeadlinesMutation {
    /// Takes deadlines over from a file, all of them or none; without `expectedVersion` it only tells what would become of each.
    async fn import_deadlines(
        &self,
        ctx: &Context<'_>,
        input: ImportDeadlinesInput,
    ) -> Result<ImportDeadlinesResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(ImportDeadlinesResult::Invalid(invalid)),
        };
        let command = ImportDeadlines {
            command_id,
            file: DeadlineFile {
                content: input.content.into_bytes(),
                source: input.source,
                encoding: None,
                limits: FileLimits::CONSOLE,
            },
            expected_version: input.expected_version.map(|version| version.0),
        };
        match request.app().import_deadlines(op, command).await {
            Ok(report) => Ok(ImportDeadlinesResult::Report(report.into())),
            Err(ImportDeadlinesError::Stale) => Ok(ImportDeadlinesResult::Outdated(ImportOutdated {
                message: "確認の後で締切の一覧が変わりました。もう一度確認してから取り込んでください。"
                    .to_owned(),
            })),
            Err(ImportDeadlinesError::Invalid(problem)) => {
                Ok(ImportDeadlinesResult::Invalid(vec![problem].into()))
            }
            Err(ImportDeadlinesError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ImportDeadlinesError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

impl From<ImportReport> for DeadlineImport {
    fn from(report: ImportReport) -> Self {
        let rows: Vec<ImportRow> = report.rows.into_iter().map(ImportRow::from).collect();
        let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
        Self {
            written: report.written,
            version: Position(report.version),
            added: count(ImportOutcome::Added),
            changed: count(ImportOutcome::Changed),
            same: count(ImportOutcome::Same),
            refused: count(ImportOutcome::Refused),
            rows,
        }
    }
}

impl From<RowReport> for ImportRow {
    fn from(row: RowReport) -> Self {
        let told = |outcome, before, after, problems: InvalidInput| Self {
            line: row.line,
            outcome,
            name: row.typed.name.chars().take(SHOWN_NAME).collect(),
            after,
            before,
            problems: problems.problems,
        };
        let none = || InvalidInput { problems: Vec::new() };
        match &row.outcome {
            RowOutcome::New(deadline) => told(ImportOutcome::Added, None, Some(deadline.into()), none()),
            RowOutcome::Changed { before, after } => told(
                ImportOutcome::Changed,
                Some(before.into()),
                Some(after.into()),
                none(),
            ),
            RowOutcome::Same(deadline) => told(ImportOutcome::Same, None, Some(deadline.into()), none()),
            RowOutcome::Refused(problems) => {
                told(ImportOutcome::Refused, None, None, problems.clone().into())
            }
        }
    }
}

/// Characters that are shown of a name that may be a whole file.
const SHOWN_NAME: usize = 200;
