//! Takes deadlines over from a file: CSV or iCalendar, all of them or none, and first as a dry run.

mod csv_rows;
mod file;
mod ics_rows;
mod plan;

use domain::calendar::{CalendarEvent, Deadline, TypedDeadline};
use domain::staff::Permission;
use event_store::{AppendError, Guard, Position, Query, QueryItem};
use storage::calendar;
use uuid::Uuid;

pub use file::{DeadlineFile, FileLimits, FileProblem, FileSeen};

use crate::{Allowed, App, Forbidden, InputProblem, Internal, OpContext};

/// A file to take over.
#[derive(Debug, Clone)]
pub struct ImportDeadlines {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// The file.
    pub file: DeadlineFile,
    /// The calendar's version that a dry run told; `None`: this is the dry run, and nothing is written.
    pub expected_version: Option<Position>,
}

/// What became, or would become, of each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// In the order of the file.
    pub rows: Vec<RowReport>,
    /// The calendar's version that this was judged on, or that the import has made.
    pub version: Position,
    /// Whether it is in the log.
    pub written: bool,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowReport {
    /// Where it begins in the file, 1-based.
    pub line: u64,
    /// What stands there.
    pub typed: TypedDeadline,
    /// What becomes of it.
    pub outcome: RowOutcome,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOutcome {
    /// It is added.
    New(Deadline),
    /// A deadline of the calendar becomes what the row says.
    Changed {
        /// As it is.
        before: Deadline,
        /// As it will be.
        after: Deadline,
    },
    /// The calendar has it already.
    Same(Deadline),
    /// It cannot be taken, and so nothing is.
    Refused(Vec<InputProblem>),
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ImportDeadlinesError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The file as a whole cannot be taken.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// The deadlines have changed since the dry run: look at the list again.
    #[error("the deadlines were changed since the dry run")]
    Stale,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> ImportDeadlinesError {
    ImportDeadlinesError::Internal(Internal::new(error))
}

impl App {
    /// Takes a file over, or says what would become of each row. With a row that is refused nothing is written.
    pub async fn import_deadlines(
        &self,
        op: &OpContext,
        command: ImportDeadlines,
    ) -> Result<ImportReport, ImportDeadlinesError> {
        let allowed = op.require(Permission::ManageCalendar)?;
        let (rows, _) =
            file::rows(&command.file).map_err(|problem| ImportDeadlinesError::Invalid(problem.into()))?;
        let rows = plan::read_rows(rows, command.command_id);
        // Before the deadlines are read: what comes after it breaks the guard.
        let version = calendar::newest(self.store.database()).await.map_err(internal)?;
        let mut names: Vec<String> = rows
            .iter()
            .filter_map(|row| Some(row.name()?.to_owned()))
            .collect();
        names.sort_unstable();
        names.dedup();
        let existing = calendar::deadlines_named(self.store.database(), &names)
            .await
            .map_err(internal)?;
        let existing: Vec<Deadline> = existing.into_iter().map(|row| row.deadline).collect();
        let report = ImportReport {
            rows: plan::plan(rows, &existing, op.now()),
            version,
            written: false,
        };
        let Some(expected) = command.expected_version else {
            return Ok(report);
        };
        self.write_import(allowed, op, command.command_id, expected, report)
            .await
    }

    async fn write_import(
        &self,
        allowed: Allowed,
        op: &OpContext,
        command_id: Uuid,
        expected: Position,
        report: ImportReport,
    ) -> Result<ImportReport, ImportDeadlinesError> {
        let events = plan::events(&report.rows);
        let refused = report
            .rows
            .iter()
            .any(|row| matches!(row.outcome, RowOutcome::Refused(_)));
        if let Some(receipt) = self.store.receipt(command_id).await.map_err(internal)? {
            // A retry finds everything as its first try left it.
            return if events.is_empty() && !refused {
                Ok(ImportReport {
                    version: receipt.last,
                    written: true,
                    ..report
                })
            } else {
                Err(ImportDeadlinesError::Invalid(InputProblem::command_reused()))
            };
        }
        if events.is_empty() || refused {
            return Ok(report);
        }
        let guard = Guard {
            query: any_deadline(),
            after: expected,
        };
        match self
            .append_calendar(allowed, op, command_id, events, guard)
            .await?
        {
            Ok(version) => Ok(ImportReport {
                version,
                written: true,
                ..report
            }),
            Err(AppendError::Conflict(_)) => Err(ImportDeadlinesError::Stale),
            Err(AppendError::CommandReused { .. }) => {
                Err(ImportDeadlinesError::Invalid(InputProblem::command_reused()))
            }
            Err(error) => Err(internal(error)),
        }
    }
}

/// Everything that happens to deadlines.
fn any_deadline() -> Query {
    let types = CalendarEvent::DEADLINE_TYPES.map(str::to_owned).to_vec();
    Query {
        items: vec![QueryItem {
            types,
            tags: Vec::new(),
        }],
    }
}
